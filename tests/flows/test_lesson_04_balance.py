"""Lesson 4: what does not add up is not posted, to the cent; its cash is in unapplied.

The files lie in fixtures/x12/835/lessons; traps 40, 41 and 42 break the same three equations.
"""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from tests.flows.clinic import Clinic

LESSONS = Path(__file__).parents[2] / "fixtures/x12/835/lessons"
TRAPS = Path(__file__).parents[3] / "shared/corpus/traps"


def story(name: str) -> bytes:
    return (LESSONS / f"04_{name}.edi").read_bytes()


@pytest.fixture
def billed(clinic: Clinic) -> Clinic:
    clinic.bill("C000000001-1", 100, 50, code="G0463")
    clinic.bill("C000000002-1", 200, code="G0463")
    return clinic


@pytest.mark.parametrize(
    ("name", "deposit", "sums"),
    [
        ("claim_off_by_a_cent", "230.01", ("110.01", "110.00")),
        ("line_off_by_a_cent", "230.00", ("80.01", "80.00")),
    ],
)
def test_lesson_04_a_claim_that_is_off_by_a_cent_waits_and_the_other_posts(
    billed: Clinic, name: str, deposit: str, sums: tuple[str, str]
) -> None:
    billed.take(story(name))
    off, right = billed.payments()
    assert (str(off.state), off.reason) == ("waiting", "unbalanced")
    assert all(amount in (off.message or "") for amount in sums)
    assert (str(right.state), right.paid) == ("posted", D("120.00"))
    assert billed.claim("C000000001-1").paid == 0
    assert billed.claim("C000000002-1").paid == D("120.00")
    books = billed.balances()
    assert books["cash"] == D(deposit)
    assert books["unapplied"] == D("120.00") - D(deposit)
    assert billed.verify() == []


def test_lesson_04_a_payment_that_is_off_by_a_cent_waits_whole(billed: Clinic) -> None:
    billed.take(story("payment_off_by_a_cent"))
    with billed.work() as uow:
        [stored] = uow.remittances.page(limit=9, after=None)
    assert str(stored.state) == "waiting"
    assert "BPR02 says 230.01" in (stored.reason or "")
    assert "come to 230.00" in (stored.reason or "")
    assert "0.01 is missing" in (stored.reason or "")
    assert {p.reason for p in billed.payments()} == {"transaction_waits"}
    books = billed.balances()
    assert (books["cash"], books["unapplied"]) == (D("230.01"), D("-230.01"))
    assert billed.verify() == []


def test_lesson_04_a_tenth_and_two_tenths_are_three_tenths(billed: Clinic) -> None:
    billed.take(story("a_tenth_and_two_tenths"))
    assert [str(p.state) for p in billed.payments()] == ["posted"]
    claim = billed.claim("C000000001-1")
    assert (claim.paid, claim.adjusted, claim.balance) == (D("149.70"), D("0.30"), D("0.00"))


@pytest.mark.skipif(not TRAPS.is_dir(), reason="the corpus (../shared/corpus) is not here")
@pytest.mark.parametrize("trap", ["40_unbalanced_claim", "41_unbalanced_bpr", "42_svc_unbalanced"])
def test_lesson_04_traps_post_nothing_of_what_is_off(clinic: Clinic, trap: str) -> None:
    clinic.take((TRAPS / trap).read_bytes())
    with clinic.work() as uow:
        [stored] = uow.remittances.page(limit=9, after=None)
    assert str(stored.state) in ("waiting", "posted_with_exceptions")
    assert stored.posted == 0
    books = clinic.balances()
    assert books["cash"] == stored.remittance.deposit == -books["unapplied"]
    assert clinic.verify() == []
