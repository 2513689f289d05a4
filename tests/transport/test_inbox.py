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


def test_a_file_that_somebody_still_writes_is_left_however_long_it_stands(folder: Path) -> None:
    inbox = Inbox(folder, archive=None)
    with (folder / "day.csv").open("wb") as stream:
        stream.write(b"sourceSystem,externalId\n")
        stream.flush()
        assert [names(inbox) for _ in range(3)] == [[], [], []]
    assert names(inbox) == ["day.csv"]


def test_an_empty_file_may_be_about_to_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("app.transport.inbox.time.monotonic", lambda: now)
    inbox = Inbox(folder, archive=None)
    (folder / "day.csv").touch()
    assert [names(inbox), names(inbox)] == [[], []]
    now += 59
    assert names(inbox) == []
    now += 1
    assert names(inbox) == ["day.csv"]


def test_a_file_has_to_stand_so_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.transport.inbox.time.monotonic", lambda: now)
    inbox = Inbox(folder, archive=None, settle_seconds=3)
    (folder / "day.csv").write_bytes(b"a")
    assert [names(inbox), names(inbox)] == [[], []]
    now += 2
    (folder / "day.csv").write_bytes(b"ab")
    assert names(inbox) == []
    now += 2
    assert names(inbox) == []
    now += 1
    assert names(inbox) == ["day.csv"]
