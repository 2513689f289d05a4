"""Lesson 5: what is denied is posted as denied, stays open and is worked; no rule writes it off.

One remittance of seven claims: CLP02 says 4 on a denial like any other, and 1 on claims that were
denied in part or in whole.
"""

from __future__ import annotations

from decimal import Decimal as D
from uuid import UUID

from app.domain.lifecycle import Stage
from app.flows.denials import write_off
from app.flows.unpost import unpost_payment
from tests.flows.clinic import Clinic
from tests.flows.eras import Svc, era, paid, taken_back
from tests.flows.stories import story

# Number, charges; stage, paid, adjusted, patient, open; denials: CARC, category, at stake.
CLAIMS = [
    ("5001-1", [100], (Stage.DENIED, 0, 0, 0, 100), [("197", "authorization", 100)]),
    ("5002-1", [100, 50], (Stage.PARTIALLY_PAID, 80, 20, 0, 50), [("50", "medical_necessity", 50)]),
    ("5003-1", [90], (Stage.DENIED, 0, 0, 0, 90), [("29", "timely_filing", 90)]),
    ("5004-1", [80], (Stage.DENIED, 0, 0, 0, 80), [("96", "non_covered", 80)]),
    ("5005-1", [70], (Stage.DENIED, 0, 0, 0, 70), [("22", "coordination", 70)]),
    ("5006-1", [60], (Stage.DENIED, 0, 20, 0, 40), [("16", "coding", 40)]),
    ("5007-1", [40], (Stage.DENIED, 0, 0, 0, 40), [("31", "eligibility", 40)]),
]


def test_lesson_05_denials_stay_open_and_are_worked(clinic: Clinic) -> None:
    for number, charges, _, _ in CLAIMS:
        clinic.bill(number, *charges)
    clinic.take(story("05_denied_in_whole_and_in_part"))
    for number, _, figures, denied in CLAIMS:
        assert clinic.figures(number) == figures, number
        assert clinic.denials(number) == denied, number
    # Line 1 of the one that was denied in part is settled; line 2 is what is open.
    assert [line.balance for line in clinic.claim("5002-1").lines] == [D(0), D(50)]
    assert clinic.balances() == {
        "cash": D(80),
        "charges": D(-590),
        "contractual": D(40),
        "receivable_payer": D(470),
    }
    assert {state for _, state, _ in clinic.states()} == {"posted"}
    worked = clinic.listed("denials.new")
    assert sum((amount or D(0) for _, _, amount in worked), D(0)) == D(470)
    assert clinic.verify() == []


def test_a_write_off_goes_with_the_decision_it_gave_up_on(clinic: Clinic) -> None:
    """The denial is given up; then the payer takes it back and pays after all."""
    denied = paid("5008-1", Svc(D(150), D(0), "CO*197*150"), status="4", icn="ICN1")
    clinic.bill("5008-1", 150)
    clinic.take(era(denied, trace="EFT1"))
    [denial] = open_denials(clinic, "5008-1")
    with clinic.work() as uow:
        write_off(uow, denial, reason="too small", amount=D(60), limit=None)
        write_off(uow, denial, reason="too late", amount=None, limit=None)
    assert clinic.balances() == {"charges": D(-150), "write_off": D(150)}
    clinic.take(era(taken_back(denied), trace="EFT2", control=10))
    assert clinic.figures("5008-1") == (Stage.REVERSED, 0, 0, 0, 150)
    assert clinic.balances() == {"charges": D(-150), "receivable_payer": D(150)}
    assert clinic.verify() == []
    again = paid("5008-1", Svc(D(150), D(120), "CO*45*30"), icn="ICN2")
    clinic.take(era(again, trace="EFT3", control=11))
    assert clinic.figures("5008-1") == (Stage.PAID, 120, 30, 0, 0)
    assert clinic.balances() == {"cash": D(120), "charges": D(-150), "contractual": D(30)}
    assert clinic.verify() == []


def test_a_write_off_goes_with_a_posting_that_a_person_takes_back(clinic: Clinic) -> None:
    denied = paid("5009-1", Svc(D(150), D(0), "CO*197*150"), status="4", icn="ICN1")
    clinic.bill("5009-1", 150)
    clinic.take(era(denied))
    [denial] = open_denials(clinic, "5009-1")
    [payment] = clinic.payments()
    with clinic.work() as uow:
        write_off(uow, denial, reason="too late", amount=None, limit=None)
        unpost_payment(uow, payment.id, reason="another patient's")
    assert clinic.balances() == {"charges": D(-150), "receivable_payer": D(150)}
    assert clinic.verify() == []


def test_an_open_denial_hides_nothing_else_that_is_open(clinic: Clinic) -> None:
    """What the payer leaves to an earlier one is not in the denial of another line."""
    clinic.bill("5010-1", 100, 50, 30)
    clinic.take(
        era(
            paid(
                "5010-1",
                Svc(D(100), D(80), "CO*45*20"),
                Svc(D(50), D(0), "CO*197*50", line="2"),
                Svc(D(30), D(0), "OA*23*30", line="3"),
            )
        )
    )
    assert clinic.denials("5010-1") == [("197", "authorization", D(50))]
    assert clinic.listed("claims.open_balance") == [("5010-1", "earlier_payer", D(30))]
    assert clinic.claim("5010-1").balance == D(80)


def open_denials(clinic: Clinic, number: str) -> list[UUID]:
    claim = clinic.claim(number)
    with clinic.work() as uow:
        return [d.id for d in uow.denials.of_claims([claim.id])[claim.id] if d.verdict.is_open]
