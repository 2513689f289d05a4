"""A sealed file reaches the partner's folder once, whole, whatever happens on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.transmission import (
    NameTaken,
    SendFault,
    SendOutcome,
    SendState,
    Superseded,
    Transport,
)
from app.transport.folder import FolderTransport
from app.transport.memory import MemoryTransport

NAME, BYTES = "837P-000000101.edi", b"ISA*00*...~IEA*1*000000101~"


@pytest.fixture(params=["folder", "memory"])
def transport(request: pytest.FixtureRequest, tmp_path: Path) -> Transport:
    return FolderTransport(tmp_path / "out") if request.param == "folder" else MemoryTransport()


def test_the_same_file_may_be_handed_over_again(transport: Transport) -> None:
    assert transport.send(NAME, BYTES).state is SendState.SENT
    assert transport.send(NAME, BYTES).state is SendState.SENT


def test_a_name_is_never_reused_for_other_content(transport: Transport) -> None:
    transport.send(NAME, BYTES)
    with pytest.raises(NameTaken):
        transport.send(NAME, BYTES.replace(b"101", b"102"))


def test_the_folder_shows_the_whole_file_and_no_leftovers(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.77-1.part").write_bytes(b"ISA*00")  # a killed attempt left this
    (tmp_path / "837P-000000102.edi.77-1.part").write_bytes(b"ISA*00")  # another file's attempt

    FolderTransport(tmp_path).send(NAME, BYTES)

    assert (tmp_path / NAME).read_bytes() == BYTES
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        NAME,
        "837P-000000102.edi.77-1.part",
    ]


def test_a_full_disk_fails_before_a_byte_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    outcome = FolderTransport(tmp_path).send(NAME, BYTES)

    assert outcome == SendOutcome(SendState.FAILED, "No space left on device", SendFault.NO_SPACE)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_fails(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    assert FolderTransport(tmp_path / "out").send(NAME, BYTES).state is SendState.FAILED


def test_a_rename_that_failed_after_all_bytes_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    assert FolderTransport(tmp_path).send(NAME, BYTES).state is SendState.FAILED
    assert not (tmp_path / NAME).exists()


def test_a_rename_that_worked_though_it_was_reported_failed_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def worked_but(self: Path, target: Path) -> Path:
        rename(self, target)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", worked_but)
    assert FolderTransport(tmp_path).send(NAME, BYTES).state is SendState.SENT


def test_what_may_have_been_taken_away_is_not_sent_again(tmp_path: Path) -> None:
    outcome = FolderTransport(tmp_path).send(NAME, BYTES, published=True)
    assert outcome.state is SendState.UNKNOWN
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_lies_there_tells_that_the_file_was_never_shown(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.77-1.part").write_bytes(BYTES)
    assert FolderTransport(tmp_path).send(NAME, BYTES, published=True).state is SendState.SENT
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_an_attempt_that_was_overtaken_shows_nothing(tmp_path: Path) -> None:
    def overtaken() -> None:
        raise Superseded

    with pytest.raises(Superseded):
        FolderTransport(tmp_path).send(NAME, BYTES, publish=overtaken)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../x.edi", "a/b.edi", ".hidden", "x.edi.part"])
def test_a_name_that_is_no_plain_file_name_is_a_program_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        FolderTransport(tmp_path).send(name, BYTES)


def test_the_memory_partner_can_lose_the_answer() -> None:
    partner = MemoryTransport([SendOutcome(SendState.FAILED), SendOutcome(SendState.UNKNOWN)])
    assert partner.send(NAME, BYTES).state is SendState.FAILED
    assert partner.delivered == {}
    assert partner.send(NAME, BYTES).state is SendState.UNKNOWN
    assert partner.delivered == {NAME: BYTES}
