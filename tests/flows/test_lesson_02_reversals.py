"""Lesson 2: a payer takes a payment back and pays again, in one file, in several, in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from itertools import permutations
from pathlib import Path

import pytest

from app.domain.lifecycle import Stage
from app.domain.patient_money import Method
from app.flows.patient_money import take_payment
from tests.flows.clinic import Clinic
from tests.flows.eras import Clp, Svc, era, paid, taken_back
from tests.flows.stories import story

TRAP = Path(__file__).parents[3] / "shared" / "corpus" / "traps" / "23_reversal_correction"

# Trap 23: paid 100 with 20 left to the patient; taken back; paid 110 with 10 left to the patient.
ORIGINAL = paid("1001-1", Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn="ICN0001")
REVERSAL = taken_back(ORIGINAL)
CORRECTION = paid("1001-1", Svc(D(150), D(110), "CO*45*30 PR*2*10"), icn="ICN0001A")
CORRECTED = (Stage.PAID, D(110), D(30), D(10), D(0))
BOOKS = {
    "cash": D(110),
    "charges": D(-150),
    "contractual": D(30),
    "receivable_patient": D(10),
}


def corrected(clinic: Clinic) -> None:
    assert clinic.figures("1001-1") == CORRECTED
    assert sorted(clinic.states()) == [
        ("1", "posted", None),
        ("1", "reversed", None),
        ("22", "posted", None),
    ]
    assert clinic.claim("1001-1").payer_claim_control_number == "ICN0001A"
    assert clinic.verify() == []


def test_lesson_02_reversal_and_correction_in_one_file(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(story("02_a_original"), story("02_b_reversal_and_correction"))
    corrected(clinic)
    assert clinic.balances() == BOOKS
    # The original's entry stands as it was; the reversal's is its mirror, and names it.
    original, reversal, _ = clinic.payments()
    with clinic.work() as uow:
        [(entry_id, entry)] = uow.journal.entries_of("claim_payment", original.id)
        [(_, back)] = uow.journal.entries_of("claim_payment", reversal.id)
        deposits = [r.deposit for r in uow.remittances.page(limit=9, after=None)]
    assert back.reverses_id == entry_id
    assert [line.amount for line in back.lines] == [-line.amount for line in entry.lines]
    assert deposits == [D(100), D(10)]


FILES = [story("02_a_original"), story("02_c_reversal_alone"), story("02_d_correction_alone")]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda o: "".join(map(str, o)))
def test_lesson_02_in_three_files_in_any_order(clinic: Clinic, order: tuple[int, ...]) -> None:
    """What the second could not pay (-100) it carried forward; the third took it back (PLB FB)."""
    clinic.bill("1001-1", 150)
    clinic.take(*(FILES[turn] for turn in order))
    corrected(clinic)
    assert clinic.balances() == BOOKS
    clinic.take(*FILES)  # all of it again
    corrected(clinic)
    assert clinic.balances() == BOOKS


@pytest.mark.parametrize("paid_at", range(4))
def test_lesson_02_with_patient_money_already_moved(small_clinic: Clinic, paid_at: int) -> None:
    """The patient pays the 20.00 of the first decision, whenever; 10.00 of it is credit then."""
    clinic = small_clinic
    clinic.bill("1001-1", 150)
    steps = [lambda file=file: clinic.take(file) for file in FILES]
    steps.insert(paid_at, lambda: pay(clinic, "20.00"))
    for step in steps:
        step()
    corrected(clinic)
    patients = {"patient_cash": D(20), "patient_credit": D(-10)}
    assert clinic.balances() == {k: v for k, v in BOOKS.items() if "patient" not in k} | patients


def pay(clinic: Clinic, amount: str) -> None:
    encounter = clinic.claim("1001-1").encounter_id
    with clinic.work() as uow:
        take_payment(
            uow,
            encounter,
            amount=D(amount),
            method=Method.CASH,
            paid_on=date(2026, 11, 21),
            reference=None,
        )


def test_lesson_02_a_reversal_of_nothing_changes_no_claim(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 80)
    clinic.take(story("02_e_reversal_of_nothing"))
    assert clinic.figures("1001-1") == (Stage.TRANSMITTED, D(0), D(0), D(0), D(150))
    assert clinic.figures("1002-1") == (Stage.PAID, D(80), D(0), D(0), D(0))
    assert clinic.states()[1] == ("22", "waiting", "reversal_without_original")
    # 30.00 came for 80.00 that were paid: what the reversal takes is missing in unapplied.
    assert (clinic.balances()["cash"], clinic.balances()["unapplied"]) == (D(30), D(50))
    assert clinic.listed("remits.reversals_open") == [
        ("9999-1", "reversal_without_original", D(-50))
    ]
    assert clinic.verify() == []


def test_lesson_02_a_void_leaves_the_claim_reversed_and_owed(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 80)
    clinic.take(story("02_a_original"), story("02_f_void"))
    assert clinic.figures("1001-1") == (Stage.REVERSED, D(0), D(0), D(0), D(150))
    assert clinic.verify() == []


def test_the_correction_stands_before_the_reversal_in_the_file(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    clinic.take(era(CORRECTION, REVERSAL, trace="CHK0001"))
    corrected(clinic)


def test_original_reversal_and_correction_in_one_file(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(CORRECTION, REVERSAL, ORIGINAL))
    corrected(clinic)
    assert clinic.balances() == BOOKS


@pytest.mark.skipif(not TRAP.is_file(), reason="the trap files (../shared/corpus) are not here")
def test_trap_23(clinic: Clinic) -> None:
    told = TRAP.read_text()
    file = told.replace("DTM*472*20241201~", "DTM*472*20241201~REF*6R*1~").replace("SE*25", "SE*27")
    clinic.bill("1001-1", 150, code="99213")
    first = Clp("1001-1", "1", "ICN0001", (Svc(D(150), D(100), "CO*45*30 PR*2*20", code="99213"),))
    clinic.take(era(first, trace="EFT0"))
    reversal = taken_back(first)
    assert reversal.paid == D(-100)
    clinic.take(file.encode())
    corrected(clinic)
    assert clinic.balances() == BOOKS


def test_the_same_reversal_twice_takes_back_once(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(REVERSAL, trace="EFT2"))
    clinic.take(era(REVERSAL, trace="EFT3"))
    assert clinic.figures("1001-1") == (Stage.REVERSED, D(0), D(0), D(0), D(150))
    assert clinic.states()[-1] == ("22", "waiting", "reversal_without_original")
    assert clinic.verify() == []


def test_a_reversal_of_other_amounts_waits(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    other = paid("1001-1", Svc(D(150), D(100), "CO*45*50"), icn="ICN0001")
    clinic.take(era(ORIGINAL, trace="EFT1"), era(taken_back(other), trace="EFT2"))
    assert clinic.figures("1001-1") == (Stage.PAID, D(100), D(30), D(20), D(0))
    assert clinic.states() == [("1", "posted", None), ("22", "waiting", "reversal_differs")]
    assert clinic.verify() == []


def test_a_reversal_under_a_number_of_its_own_names_the_original_by_ref_f8(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    reversal = taken_back(ORIGINAL, icn="ICN0001R", f8="ICN0001")
    clinic.take(era(ORIGINAL, trace="EFT1"), era(reversal, CORRECTION, trace="EFT2"))
    corrected(clinic)


def test_a_reversal_under_another_number_is_not_believed(clinic: Clinic) -> None:
    """The original was paid before our time; what stands under another number is its correction."""
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(taken_back(ORIGINAL, icn="ICN9"), trace="EFT2"))
    assert clinic.figures("1001-1")[0] is Stage.PAID
    assert clinic.states()[-1] == ("22", "waiting", "reversal_differs")


def test_a_denial_is_taken_back_and_paid(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    denial = paid("1001-1", Svc(D(150), D(0), "CO*197*150"), icn="ICN0001")
    clinic.take(era(denial, trace="EFT1"))
    assert clinic.figures("1001-1") == (Stage.DENIED, D(0), D(0), D(0), D(150))
    clinic.take(era(taken_back(denial), CORRECTION, trace="EFT2"))
    corrected(clinic)


def test_an_interim_payment_is_reversed_by_the_final_one(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150, 50)
    interim = paid("1001-1", Svc(D(150), D(60), "CO*45*30 OA*133*60"), icn="ICN1")
    final = paid(
        "1001-1",
        Svc(D(150), D(110), "CO*45*30 PR*2*10"),
        Svc(D(50), D(50), line="2"),
        icn="ICN2",
    )
    clinic.take(era(interim, trace="EFT1"))
    assert clinic.figures("1001-1")[4] == D(110)
    clinic.take(era(final, trace="EFT2"))
    assert clinic.states()[-1] == ("1", "waiting", "overpaid")
    clinic.take(era(taken_back(interim), trace="EFT3"))
    assert clinic.figures("1001-1") == (Stage.PAID, D(160), D(30), D(10), D(0))
    assert clinic.verify() == []


def test_claim_level_adjustments_and_split_lines_are_taken_back(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    split = (Svc(D(100), D(70), "CO*45*30"), Svc(D(50), D(50)))
    first = paid("1001-1", *split, icn="ICN1", cas="CO*253*2.40")
    clinic.take(era(first, trace="EFT1"))
    assert clinic.figures("1001-1") == (Stage.PAID, D("117.60"), D("32.40"), D(0), D(0))
    joined = Clp("1001-1", "22", "ICN1", (Svc(D(-150), D(-120), "CO*45*-30"),), "CO*253*-2.40")
    clinic.take(era(joined, trace="EFT2"))
    assert clinic.figures("1001-1") == (Stage.REVERSED, D(0), D(0), D(0), D(150))
    assert clinic.verify() == []
