"""Lesson 5: what is denied is posted as denied, stays open and is worked; no rule writes it off.

One remittance of seven claims: CLP02 says 4 on a denial like any other, and 1 on claims that were
denied in part or in whole.
"""

from __future__ import annotations

from decimal import Decimal as D

from app.domain.lifecycle import Stage
from tests.flows.clinic import Clinic
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
