"""Lesson 7: a claim is found by its number as it left, or by two confirmations; else a person.

The file `07_b` gives numbers back as payers do; `07_a` is an earlier answer that told us the
payer's own numbers of two claims.
"""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from app.domain.claim_matching import Confidence
from app.flows.suggest import Suggested, suggest
from app.store.tenants import Tenants
from tests.e2e.ready_claims import Asked, load
from tests.flows.clinic import Clinic
from tests.store.practice import CLOCK

LESSONS = Path(__file__).parents[2] / "fixtures/x12/835/lessons"
OURS = {
    "Maple-0001/a": 71,
    "MAPLE-0002": 72,
    "000931100": 73,
    "MAPLE-2026-10-05-VISIT-7": 74,
    "C000000075-1": 75,
    "C000000076-1": 76,
    "TWIN-000001-A": 77,
    "TWIN-000001-B": 91,
    "MAPLE-0009-X": 79,
    "MAPLE-0010": 80,
}


def story(name: str) -> bytes:
    return (LESSONS / f"07_{name}.edi").read_bytes()


@pytest.fixture
def billed(clinic: Clinic) -> Clinic:
    for number, charge in OURS.items():
        clinic.bill(number, charge, code="G0463")
    neighbour = Tenants(clinic.practice.engine, clock=CLOCK).ensure("Elm Street")
    asked = Asked("ELM-STREET-0001", (("1", "G0463", D(78)),))
    load(SimpleNamespace(units=clinic.practice.units), neighbour, iter([asked]))  # type: ignore[arg-type]
    clinic.take(story("a_denied_at_first"))
    return clinic


def suggested(clinic: Clinic, charge: int) -> Suggested:
    [payment] = [p for p in clinic.payments() if p.charge == charge and p.paid == charge]
    with clinic.work() as uow:
        found = suggest(uow, payment.id)
    assert found is not None
    return found


FOUND = [
    ("other case", "Maple-0001/a", "patient_control_number_changed+member_date_charge_lines"),
    ("padded", "MAPLE-0002", "patient_control_number_changed+member_date_charge_lines"),
    ("zeros stripped", "000931100", "patient_control_number_changed+member_date_charge_lines"),
    ("cut to 20", "MAPLE-2026-10-05-VISIT-7",
     "patient_control_number_cut+member_date_charge_lines"),
    ("`0`", "C000000075-1", "payer_claim_control_number+member_date_charge_lines"),
    ("blank", "C000000076-1", "payer_claim_control_number+member_date_charge_lines"),
]  # fmt: skip


def test_lesson_07_two_confirmations_post_and_say_which(billed: Clinic) -> None:
    billed.take(story("b_numbers_as_payers_return_them"))
    for case, number, method in FOUND:
        claim = billed.claim(number)
        assert (claim.paid, claim.balance) == (D(OURS[number]), D(0)), case
        [payment] = [p for p in billed.payments() if p.paid == OURS[number]]
        with billed.work() as uow:
            kept = uow.payments.get(payment.id)
        assert kept is not None
        assert (kept.method, kept.claim_id) == (method, claim.id), case
    assert billed.verify() == []


WAITING = [
    ("two claims begin with it", 77,
     [("TWIN-000001-A", Confidence.LIKELY), ("TWIN-000001-B", Confidence.POSSIBLE)]),
    ("a number of another tenant", 78, []),
    ("cut, and nothing else", 79, [("MAPLE-0009-X", Confidence.LIKELY)]),
    ("no number, and only what was billed", 80, [("MAPLE-0010", Confidence.LIKELY)]),
]  # fmt: skip


def test_lesson_07_everything_else_waits_with_what_comes_near(billed: Clinic) -> None:
    billed.take(story("b_numbers_as_payers_return_them"))
    waiting = {int(p.charge): p for p in billed.payments() if str(p.state) == "waiting"}
    assert set(waiting) == {charge for _, charge, _ in WAITING}
    for case, charge, expected in WAITING:
        assert waiting[charge].reason == "unmatched", case
        claims = suggested(billed, charge).claims
        told = [(s.claim.patient_control_number, s.confidence) for s in claims]
        assert told[: len(expected)] == expected, case
        assert all(s.why for s in claims)
        assert "GUS" not in str([s.why for s in claims]) + (waiting[charge].message or "")
        for number, _ in expected:
            assert billed.claim(number).paid == 0, case
    unapplied = sum(D(charge) for _, charge, _ in WAITING)
    assert billed.balances()["unapplied"] == -unapplied
    with billed.work() as uow:
        assert sum(s.posted for s in uow.remittances.page(limit=9, after=None)) == 8


def test_candidates_are_looked_for_in_bulk(billed: Clinic) -> None:
    """As many queries for ten payments as for one."""

    def queries(payments: int) -> int:
        with billed.work() as uow:
            [_, stored] = uow.remittances.page(limit=9, after=None)
            some = [k.payment for k in uow.payments.of_remittance(stored.id, limit=9, after=0)]
            told: list[str] = []

            def tell(*args: object) -> None:
                told.append(str(args[2]))

            event.listen(billed.practice.engine, "before_cursor_execute", tell)
            uow.candidates.of_payments(some[:payments])
            event.remove(billed.practice.engine, "before_cursor_execute", tell)
        return len(told)

    billed.take(story("b_numbers_as_payers_return_them"))
    assert queries(1) == queries(9)
