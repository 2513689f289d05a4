"""A sealed file reaches a partner's SFTP server once and whole, and every fault has its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from app.domain.connection import SftpConnection
from app.domain.transmission import NameTaken, SendFault, SendOutcome, SendState, Superseded
from app.transport.secrets import SecretMissing
from app.transport.sftp import SftpTransport
from tests.transport.partner_server import Faults, PartnerServer, partner_server

NAME = "837P_default_000000101.edi"
BYTES = b"ISA*00*" + b"0123456789abcde~" * 20_000 + b"IEA*1*000000101~"  # 320 kB, five blocks


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[PartnerServer]:
    with partner_server(tmp_path / "partner") as server:
        yield server


def secrets(name: str) -> str:
    if name != "wire":
        raise SecretMissing(name)
    return "correct horse"


def to(partner: PartnerServer, **members: object) -> SftpTransport:
    return SftpTransport(partner.connection(**members), secrets)


def sent(outcome: SendOutcome) -> bool:
    return outcome.state is SendState.SENT


def failed(outcome: SendOutcome, fault: SendFault) -> bool:
    assert outcome.reason
    return (outcome.state, outcome.fault) == (SendState.FAILED, fault)


def test_it_is_seen_whole_under_its_name_once(partner: PartnerServer) -> None:
    assert sent(to(partner).send(NAME, BYTES))
    assert sent(to(partner).send(NAME, BYTES))
    assert partner.received == [(NAME, BYTES)]
    assert [path.name for path in (partner.folder / "in").iterdir()] == [NAME]


def test_a_name_is_never_used_for_other_content(partner: PartnerServer) -> None:
    to(partner).send(NAME, BYTES)
    with pytest.raises(NameTaken):
        to(partner).send(NAME, BYTES[::-1])
    with pytest.raises(NameTaken):
        to(partner).send(NAME, BYTES + b"more")
    assert partner.received == [(NAME, BYTES)]


@pytest.mark.parametrize("offset", [0, 1, 65_536, 100_000, 319_999])
def test_a_cut_upload_goes_on_where_it_stopped(partner: PartnerServer, offset: int) -> None:
    partner.faults.cut_after = offset
    assert failed(to(partner).send(NAME, BYTES), SendFault.CUT)
    assert partner.received == []
    partner.faults = Faults()
    left = (partner.folder / "in" / f"{NAME}.part").stat().st_size
    assert left == offset
    assert sent(to(partner).send(NAME, BYTES))
    assert partner.received == [(NAME, BYTES)]


def test_what_another_left_under_the_name_of_the_part_is_written_anew(
    partner: PartnerServer,
) -> None:
    for left in (b"not ours", b"x" * len(BYTES), BYTES + b"longer"):
        (partner.folder / "in" / f"{NAME}.part").write_bytes(left)
        assert sent(to(partner).send(NAME, BYTES))
        (partner.folder / "in" / NAME).unlink()
    assert partner.received == [(NAME, BYTES)] * 3


@pytest.mark.parametrize(
    ("faults", "fault"),
    [
        (Faults(no_space_after=100_000), SendFault.NO_SPACE),
        (Faults(refused=frozenset({"open"})), SendFault.PERMISSION),
        (Faults(refused=frozenset({"stat"})), SendFault.PERMISSION),
        (Faults(refused=frozenset({"rename"})), SendFault.PERMISSION),
        (Faults(loses_at=0), SendFault.CONTENT),
        (Faults(loses_at=len(BYTES) - 1), SendFault.SIZE),
        (Faults(drop_logins=1), SendFault.UNREACHABLE),
    ],
    ids=["no space", "open", "stat", "rename", "byte lost", "end lost", "dropped at the door"],
)
def test_a_fault_is_named_and_the_next_attempt_delivers_once(
    partner: PartnerServer, faults: Faults, fault: SendFault
) -> None:
    partner.faults = faults
    assert failed(to(partner).send(NAME, BYTES), fault)
    assert partner.received == []
    partner.faults = Faults()
    assert sent(to(partner).send(NAME, BYTES))
    assert partner.received == [(NAME, BYTES)]


def test_a_server_that_drips_is_given_up_at_its_time(partner: PartnerServer) -> None:
    partner.faults.drip_seconds = 3
    assert failed(to(partner, timeout_seconds=1).send(NAME, BYTES), SendFault.TIMEOUT)
    assert partner.received == []


def test_another_host_key_is_told_nothing(partner: PartnerServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    outcome = to(partner, host_keys=(other,)).send(NAME, BYTES)
    assert failed(outcome, SendFault.HOST_KEY)
    assert list((partner.folder / "in").iterdir()) == []


def test_a_wrong_password_a_missing_secret_and_nobody_there(partner: PartnerServer) -> None:
    partner.password = "changed"
    assert failed(to(partner).send(NAME, BYTES), SendFault.LOGIN)
    assert failed(to(partner, password="other").send(NAME, BYTES), SendFault.SECRET)
    partner.stop()
    assert failed(to(partner).send(NAME, BYTES), SendFault.UNREACHABLE)


def test_no_reason_tells_a_secret(partner: PartnerServer) -> None:
    partner.password = "changed"
    outcome = to(partner).send(NAME, BYTES)
    assert "correct horse" not in (outcome.reason or "")


def test_a_rename_whose_answer_was_lost_is_found_by_the_next_attempt(
    partner: PartnerServer,
) -> None:
    partner.faults.cut_after_rename = True
    assert failed(to(partner).send(NAME, BYTES), SendFault.CUT)
    partner.faults = Faults()
    assert sent(to(partner).send(NAME, BYTES, published=True))
    assert partner.received == [(NAME, BYTES)]


def test_what_the_partner_may_have_taken_is_not_sent_again(partner: PartnerServer) -> None:
    partner.collects = True
    partner.faults.cut_after_rename = True
    shown = []
    outcome = to(partner).send(NAME, BYTES, publish=lambda: shown.append(NAME))
    assert failed(outcome, SendFault.CUT)
    assert shown == [NAME]
    partner.faults = Faults()
    again = to(partner).send(NAME, BYTES, published=True)
    assert again.state is SendState.UNKNOWN
    assert partner.received == [(NAME, BYTES)]


def test_an_attempt_that_was_overtaken_shows_nothing(partner: PartnerServer) -> None:
    def overtaken() -> None:
        raise Superseded

    with pytest.raises(Superseded):
        to(partner).send(NAME, BYTES, publish=overtaken)
    assert partner.received == []


def test_a_mailbox_that_may_not_be_read_takes_the_file(partner: PartnerServer) -> None:
    partner.faults.refused = frozenset({"read"})
    assert sent(to(partner).send(NAME, BYTES))
    assert sent(to(partner).send(NAME, BYTES))
    assert partner.received == [(NAME, BYTES)]


def test_a_private_key_opens_the_door_as_well(partner: PartnerServer) -> None:
    def none_such(name: str) -> str:
        return "not a key"

    connection: SftpConnection = replace(partner.connection(), private_key="key", password=None)
    assert failed(SftpTransport(connection, none_such).send(NAME, BYTES), SendFault.SECRET)
