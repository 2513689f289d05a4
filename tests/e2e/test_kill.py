"""kill -9 in the middle, the same command again: as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e import books
from tests.e2e.ready_claims import Billed, billed_claims, remittance
from tests.e2e.running import Answer, KillPoint, claimloop, start
from tests.e2e.waiting import until

KILLED = -signal.SIGKILL
ENCOUNTERS = "42"  # some of every outcome but those a 277CA or 999 rejects; the last has a PLB

# Five points of the loop and the two in between that are dearest to get wrong.
DEMO_POINTS = {
    "in the middle of intake": KillPoint(r"INSERT INTO encounter\b", count=12),
    "while the batch is being sealed": KillPoint(r"INSERT INTO batch_position\b"),
    "sealed, before a byte has left": KillPoint(
        r"FROM batch\b", after=r"INSERT INTO batch_position\b"
    ),
    "sent, before that is on record": KillPoint(r"UPDATE batch\b"),
    "while answers are read": KillPoint(
        r"INSERT INTO evidence_match\b", count=2, after=r"UPDATE batch\b"
    ),
    "an 835's deposit booked, its claims not": KillPoint(r"INSERT INTO claim_payment\b"),
    "in the middle of posting an 835": KillPoint(
        r"INSERT INTO journal_line\b", after=r"INSERT INTO claim_payment\b"
    ),
    "posted, before its PLB pairs": KillPoint(
        r"INSERT INTO provider_adjustment\b", after=r"INSERT INTO claim_payment\b"
    ),
}


@dataclass
class Outcome:
    """Everything of a run that must not depend on when it was killed."""

    claims: dict[str, tuple[str, Decimal, Decimal, Decimal, Decimal]]
    journal: Counter[tuple[str, str, str, Decimal]]
    facts: Counter[tuple[str, str, str]]
    batches: int
    delivered: int  # distinct files at the receiver
    copies: int  # files at the receiver


def outcome(home: Path) -> Outcome:
    receiver = home / "data" / "tenants" / "demo" / "test" / "out"
    delivered = books.contents(receiver)
    with books.opened(f"sqlite:///{home}/claimloop.db") as connection:
        return Outcome(
            books.claims(connection),
            books.journal(connection),
            books.facts(connection),
            books.batches(connection),
            len(delivered),
            delivered.total(),
        )


def demo(home: Path, *, kill_at: KillPoint | None = None) -> Answer:
    return claimloop(
        "demo",
        "--json",
        "--encounters",
        ENCOUNTERS,
        "--keep",
        home,
        url="sqlite:///unused.db",
        data=home,
        kill_at=kill_at,
    )


@pytest.fixture(scope="module")
def unkilled(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    home = tmp_path_factory.mktemp("unkilled")
    assert demo(home).code == 0
    return outcome(home)


@pytest.mark.parametrize("point", DEMO_POINTS.values(), ids=DEMO_POINTS.keys())
def test_a_killed_demo_goes_on(point: KillPoint, unkilled: Outcome, tmp_path: Path) -> None:
    assert demo(tmp_path, kill_at=point).code == KILLED
    assert outcome(tmp_path) != unkilled  # it did die on the way
    again = demo(tmp_path)
    assert again.code == 0, again.err
    assert outcome(tmp_path) == unkilled


def test_a_demo_killed_at_every_point_in_turn_still_ends_right(
    unkilled: Outcome, tmp_path: Path
) -> None:
    points = [replace(point, after="") for point in DEMO_POINTS.values()]
    deaths = [demo(tmp_path, kill_at=point).code for point in points]
    assert deaths == [KILLED] * len(points)
    assert demo(tmp_path).code == 0
    assert outcome(tmp_path) == unkilled
    checked = claimloop("verify", url=f"sqlite:///{tmp_path}/claimloop.db", data=tmp_path / "data")
    assert checked.code == 0, checked.out


# ── A large 835, posted in chunks ──────────────────────────────────────────

CLAIMS = 1_100  # three chunks of posting
BETWEEN_CHUNKS = KillPoint(r"INSERT INTO claim_payment\b", count=2)
IN_A_CHUNK = KillPoint(r"INSERT INTO journal_line\b", after=r"INSERT INTO claim_payment\b", count=2)


@pytest.fixture(scope="module")
def unpaid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenant that has billed many claims; made once, and copied by each test."""
    home = tmp_path_factory.mktemp("unpaid")
    billed_claims(url=f"sqlite:///{home}/claimloop.db", data=home / "data", count=CLAIMS)
    return home


@pytest.fixture
def billed(unpaid: Path, tmp_path: Path) -> Billed:
    shutil.copytree(unpaid, tmp_path, dirs_exist_ok=True)
    return Billed(f"sqlite:///{tmp_path}/claimloop.db", tmp_path / "data", CLAIMS)


def ingest(billed: Billed, path: Path, *, kill_at: KillPoint | None = None) -> Answer:
    return claimloop(
        "ingest", path, "--tenant", billed.tenant, "--json",
        url=billed.url, data=billed.data, kill_at=kill_at,
    )  # fmt: skip


def posted(billed: Billed) -> tuple[object, ...]:
    with books.opened(billed.url) as connection:
        return books.claims(connection), books.journal(connection), books.facts(connection)


def as_paid(billed: Billed) -> None:
    """Every claim is paid once, to the cent, and the deposit is used up."""
    with books.opened(billed.url) as connection:
        accounts = books.balances(connection)
        claims = books.claims(connection)
        (one,) = books.remittances(connection)
    assert (one.state, one.posted, one.waiting) == ("posted", CLAIMS, 0)
    assert Counter(claim[0] for claim in claims.values()) == {"PAID": CLAIMS}
    assert accounts["cash"] == billed.payment
    assert accounts["unapplied"] == accounts["receivable_payer"] == 0
    assert accounts["receivable_patient"] == billed.patient
    checked = claimloop("verify", url=billed.url, data=billed.data)
    assert checked.code == 0, checked.out


@pytest.mark.parametrize("point", [BETWEEN_CHUNKS, IN_A_CHUNK], ids=["between", "inside"])
def test_a_killed_ingest_is_finished_by_the_same_command(
    billed: Billed, point: KillPoint, tmp_path: Path
) -> None:
    path = remittance(billed, tmp_path / "large.835")
    assert ingest(billed, path, kill_at=point).code == KILLED
    half_done(billed)
    again = ingest(billed, path)
    assert again.code == 0, again.err
    assert again.json[0]["state"] == "duplicate"
    as_paid(billed)
    before = posted(billed)
    ingest(billed, path)
    assert posted(billed) == before


def test_a_killed_ingest_is_taken_over_by_an_ingest_of_another_file(
    billed: Billed, tmp_path: Path
) -> None:
    path = remittance(billed, tmp_path / "large.835")
    assert ingest(billed, path, kill_at=BETWEEN_CHUNKS).code == KILLED
    half_done(billed)
    other = tmp_path / "other.txt"
    other.write_text("not the file that was killed")
    assert ingest(billed, other).json[0]["state"] == "failed"
    worker = start("worker", url=billed.url, data=billed.data)
    try:
        until(lambda: finished(billed), 60)
    finally:
        os.kill(worker.pid, signal.SIGTERM)
        worker.communicate(timeout=60)
    as_paid(billed)


def test_a_killed_ingest_is_taken_over_by_a_worker(billed: Billed, tmp_path: Path) -> None:
    path = remittance(billed, tmp_path / "large.835")
    assert ingest(billed, path, kill_at=BETWEEN_CHUNKS).code == KILLED
    half_done(billed)
    worker = start("worker", url=billed.url, data=billed.data)
    try:
        until(lambda: finished(billed), 60)
    finally:
        os.kill(worker.pid, signal.SIGTERM)
        worker.communicate(timeout=60)
    assert worker.returncode == 0
    as_paid(billed)


def half_done(billed: Billed) -> None:
    with books.opened(billed.url) as connection:
        (one,) = books.remittances(connection)
        claims = books.claims(connection)
    assert not one.finished
    assert 0 < one.cursor < CLAIMS
    assert sum(claim[0] == "PAID" for claim in claims.values()) == one.cursor


def finished(billed: Billed) -> bool:
    with books.opened(billed.url) as connection:
        return all(row.finished for row in books.remittances(connection)) and all(
            row.state not in ("received", "processing") for row in books.files(connection).values()
        )
