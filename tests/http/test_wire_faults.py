"""The night the line breaks: for each fault the exact states, no double delivery, no loss.

One row a fault, which docs/partners.md repeats as its table: what the partner's server does, what
the attempt is called, how long until the next one, and that the next one delivers the very bytes
once when the fault is gone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from app import shipped
from app.transport.secrets import TenantSecrets
from app.transport.sftp import SftpTransport
from tests.http.loop import Practice
from tests.http.test_loop import claimed
from tests.transport.partner_server import Faults, PartnerServer, partner_server

SOON = timedelta(seconds=5)
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Night:
    """What goes wrong, and what must be seen of it."""

    name: str  # as the table in docs/partners.md has it
    breaks: Callable[[Wire], None]
    fault: str
    pause: timedelta = SOON
    seen: int = 0  # files that appeared at the partner during the first attempt
    goes_on: bool = False  # the second attempt gets further and arrives, though the fault stays


class Wire:
    """A practice, and its partner behind SFTP."""

    def __init__(self, practice: Practice, server: PartnerServer, secrets: Path) -> None:
        self.practice, self.server, self.secrets = practice, server, secrets
        self.members: dict[str, Any] = {}
        (secrets / "ACME").mkdir(parents=True)
        self.set_password(server.password)
        self.connect()

    def set_password(self, password: str) -> None:
        (self.secrets / "ACME" / "wire").write_text(f"{password}\n")

    def connect(self, **members: Any) -> None:
        """The profile's connection with these members; without, as it is right."""
        connection = self.server.connection(**members)
        self.practice.partner = SftpTransport(connection, TenantSecrets(self.secrets, "ACME"))

    def batch(self) -> dict[str, Any]:
        """A claim is ready, and its batch is sealed."""
        claimed(self.practice)
        (batch,) = self.practice.ask("POST", "/v1/batches", json={}).json()["items"]
        assert isinstance(batch, dict)
        return batch

    def state(self, batch: dict[str, Any]) -> str:
        return str(self.practice.get(f"/v1/batches/{batch['id']}")["state"])

    def steps(self, batch: dict[str, Any]) -> list[tuple[int, str, str | None]]:
        found = self.practice.get(f"/v1/batches/{batch['id']}/transmission")["steps"]
        return [(step["attempt"], step["step"], step["fault"]) for step in found]

    def stages(self) -> set[str]:
        return {claim["stage"] for claim in self.practice.get("/v1/claims")["items"]}

    def later(self, by: timedelta) -> list[str]:
        """Time passes, and what is due is done."""
        self.practice.clock.pass_by(by)
        due = self.practice.come_due()
        self.practice.work()
        return due


@pytest.fixture
def wire(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Wire]:
    shutil.copy(migrated_sqlite, tmp_path / "claimloop.db")
    practice = Practice(f"sqlite:///{tmp_path / 'claimloop.db'}", tmp_path / "raw")
    practice.set_partner(secondOpinion="off")
    with partner_server(tmp_path / "partner") as server:
        yield Wire(practice, server, tmp_path / "secrets")
    practice.engine.dispose()


def faulty(**faults: Any) -> Callable[[Wire], None]:
    def broken(wire: Wire) -> None:
        wire.server.faults = Faults(**faults)

    return broken


def other_host_key(wire: Wire) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    wire.connect(host_keys=(other,))


def wrong_password(wire: Wire) -> None:
    wire.set_password("guess")


def no_secret(wire: Wire) -> None:
    (wire.secrets / "ACME" / "wire").unlink()


def gone(wire: Wire) -> None:
    wire.server.stop()


def other_file_of_that_name(wire: Wire) -> None:
    name = wire.practice.get("/v1/batches")["items"][0]["fileName"]
    (wire.server.folder / "in" / name).write_bytes(b"ISA of someone else")


NIGHTS = [
    Night("the server is gone", gone, "unreachable"),
    Night("it drops the connection at the door", faulty(drop_logins=9), "unreachable"),
    Night("it shows another host key", other_host_key, "host_key", AN_HOUR),
    Night("it refuses the password", wrong_password, "login", AN_HOUR),
    Night("the secret is not there", no_secret, "secret", AN_HOUR),
    Night("the folder may not be written", faulty(refused=frozenset({"open"})), "permission",
          AN_HOUR),
    Night("the folder may not be looked into", faulty(refused=frozenset({"stat"})), "permission",
          AN_HOUR),
    Night("the rename is refused", faulty(refused=frozenset({"rename"})), "permission", AN_HOUR),
    Night("the disk fills up in the middle", faulty(no_space_after=500), "no_space"),
    Night("the connection is cut at the first byte", faulty(cut_after=0), "cut"),
    Night("the connection is cut in the middle", faulty(cut_after=500), "cut"),
    Night("a byte is lost without a word", faulty(loses_at=0), "size", goes_on=True),
    Night("it answers too slowly", faulty(drip_seconds=2), "timeout", goes_on=True),
    Night("the answer to the rename is lost", faulty(cut_after_rename=True), "cut", seen=1),
    Night("another file has the name", other_file_of_that_name, "name_taken", AN_HOUR),
]  # fmt: skip


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.name)
def test_the_attempt_fails_by_name_and_the_next_one_delivers_once(wire: Wire, night: Night) -> None:
    batch = wire.batch()
    sealed = wire.practice.ask("GET", f"/v1/batches/{batch['id']}/x12").content
    wire.connect(timeout_seconds=1)
    night.breaks(wire)
    wire.practice.work()

    assert wire.state(batch) == "FAILED_TRANSPORT"
    first = wire.steps(batch)
    assert first[0] == (1, "BEGUN", None)
    assert first[-1] == (1, "FAILED", night.fault)
    assert wire.stages() == {"BATCHED"}
    assert len(wire.server.received) == night.seen

    # The fault stays: the next attempt comes when it is due, not before, and ends as the first.
    assert wire.later(night.pause - timedelta(seconds=1)) == []
    if not night.seen and not night.goes_on:
        assert wire.later(timedelta(seconds=1)) == ["transmit_batch"]
        assert wire.steps(batch)[-1] == (2, "FAILED", night.fault)

    if not night.goes_on:
        mend(wire)
    assert wire.later(AN_HOUR) == ["transmit_batch"]
    assert wire.state(batch) == "TRANSMITTED"
    assert wire.stages() == {"TRANSMITTED"}
    assert [data for _, data in wire.server.received] == [sealed]
    assert wire.later(timedelta(days=2)) == []
    assert wire.practice.differences() == []


def mend(wire: Wire) -> None:
    """Everything as it should be."""
    wire.server.faults = Faults()
    wire.set_password(wire.server.password)
    wire.connect()
    if wire.server._loop is None:
        wire.server.start()
    for left in (wire.server.folder / "in").iterdir():
        if left.read_bytes().startswith(b"ISA of someone else"):
            left.unlink()


def test_a_file_the_partner_took_before_its_answer_was_lost_waits_for_evidence(wire: Wire) -> None:
    batch = wire.batch()
    wire.server.collects = True
    wire.server.faults = Faults(cut_after_rename=True)
    wire.practice.work()
    assert wire.state(batch) == "FAILED_TRANSPORT"
    wire.server.faults = Faults()
    assert wire.later(SOON) == ["transmit_batch"]
    assert wire.state(batch) == "SEND_UNKNOWN"
    assert wire.stages() == {"SEND_UNKNOWN"}
    assert wire.later(timedelta(days=2)) == []
    assert len(wire.server.received) == 1

    # A person asked the partner, who has nothing: it goes out once more, the same bytes.
    refused = wire.practice.ask("POST", f"/v1/batches/{batch['id']}:retransmit", json={})
    assert refused.status_code == 400
    answer = wire.practice.ask(
        "POST", f"/v1/batches/{batch['id']}:retransmit", json={"reason": "They have nothing."}
    )
    assert answer.status_code == 200, answer.text
    wire.later(timedelta(0))
    assert wire.state(batch) == "TRANSMITTED"
    assert len({data for _, data in wire.server.received}) == 1


def test_what_the_partner_has_is_not_sent_again_by_anybody(wire: Wire) -> None:
    batch = wire.batch()
    wire.practice.work()
    answer = wire.practice.ask(
        "POST", f"/v1/batches/{batch['id']}:retransmit", json={"reason": "to be sure"}
    )
    assert answer.status_code == 409
    assert wire.later(AN_HOUR) == []
    assert len(wire.server.received) == 1


def test_an_hour_without_the_server_ends_by_itself(wire: Wire) -> None:
    batch = wire.batch()
    wire.server.stop()
    wire.practice.work()
    for _ in range(60):
        wire.later(timedelta(minutes=1))
    attempts = wire.practice.get(f"/v1/batches/{batch['id']}/transmission")["attempts"]
    assert 5 < attempts < 20
    wire.server.start()
    wire.later(timedelta(minutes=15))
    assert wire.state(batch) == "TRANSMITTED"
    assert len(wire.server.received) == 1


def test_many_batches_that_come_back_at_once_are_each_delivered_once(wire: Wire) -> None:
    wire.server.faults = Faults(drop_logins=1000)
    batches = []
    for number in range(1, 7):
        claimed(wire.practice, number)
        batches += wire.practice.ask("POST", "/v1/batches", json={}).json()["items"]
    wire.practice.work()
    wire.server.faults = Faults(drop_logins=3)
    for _ in range(3):
        wire.later(timedelta(minutes=15))
    assert {wire.state(batch) for batch in batches} == {"TRANSMITTED"}
    assert sorted(name for name, _ in wire.server.received) == sorted(
        batch["fileName"] for batch in batches
    )


def test_the_documentation_lists_every_fault() -> None:
    text = (shipped("docs") / "partners.md").read_text()
    for night in NIGHTS:
        minutes = "5 s" if night.pause == SOON else "1 h"
        assert f"| {night.name} | {night.fault} | {minutes} |" in text
