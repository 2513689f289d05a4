"""A drop folder gives whole files once they stand still, and loses none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.transport.inbox import Inbox


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def names(inbox: Inbox) -> list[str]:
    return [arrival.name for arrival in inbox.arrivals()]


def test_a_file_is_taken_at_the_second_look_when_it_has_not_changed(folder: Path) -> None:
    inbox = Inbox(folder, archive=None)
    (folder / "b.835").write_bytes(b"ISA")
    (folder / "a.835").write_bytes(b"ISA")
    assert names(inbox) == []
    (folder / "b.835").write_bytes(b"ISA*00")  # its sender is still writing
    assert names(inbox) == ["a.835"]
    assert names(inbox) == ["a.835", "b.835"]


@pytest.mark.parametrize("name", ["x.part", "x.TMP", "x.filepart", ".hidden"])
def test_what_is_being_written_or_hidden_stays(folder: Path, name: str) -> None:
    inbox = Inbox(folder, archive=None)
    (folder / name).write_bytes(b"ISA")
    assert names(inbox) == names(inbox) == []


def test_the_archive_keeps_two_files_of_one_name(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    inbox = Inbox(folder, archive=archive)
    for content in (b"first", b"second"):
        (folder / "era.835").write_bytes(content)
        names(inbox)
        (arrival,) = inbox.arrivals()
        assert arrival.read() == content
        inbox.taken(arrival)
    assert {p.name: p.read_bytes() for p in archive.iterdir()} == {
        "era.835": b"first",
        "era.2.835": b"second",
    }
    assert list(folder.iterdir()) == []


def test_without_an_archive_no_copy_is_left(folder: Path) -> None:
    inbox = Inbox(folder, archive=None)
    (folder / "era.835").write_bytes(b"ISA")
    names(inbox)
    (arrival,) = inbox.arrivals()
    inbox.taken(arrival)
    assert list(folder.iterdir()) == []
