"""A payer takes a payment back and pays again: in one file, in several, in any order."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import permutations
from pathlib import Path

import pytest

from app.domain.lifecycle import Stage
from tests.flows.clinic import Clinic
from tests.flows.eras import Clp, Svc, era, paid, taken_back

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


def test_reversal_and_correction_in_one_file(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    clinic.take(era(REVERSAL, CORRECTION, trace="CHK0001"))
    corrected(clinic)
    assert clinic.balances() == BOOKS


FILES = [era(ORIGINAL, trace="EFT1"), era(REVERSAL, trace="EFT2"), era(CORRECTION, trace="EFT3")]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda o: "".join(map(str, o)))
def test_in_three_files_in_any_order(clinic: Clinic, order: tuple[int, ...]) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(*(FILES[turn] for turn in order))
    corrected(clinic)
    # The second remittance paid nothing: it carried its -100 forward (PLB FB).
    carried = {"cash": D(210), "payer_recoupment": D(-100)}
    assert clinic.balances() == BOOKS | carried
    clinic.take(*FILES)  # all of it again
    corrected(clinic)
    assert clinic.balances() == BOOKS | carried


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


def test_a_void_leaves_the_claim_reversed_and_owed(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(REVERSAL, trace="EFT2"))
    assert clinic.figures("1001-1") == (Stage.REVERSED, D(0), D(0), D(0), D(150))
    assert clinic.verify() == []


def test_a_reversal_without_its_original_changes_no_claim(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(REVERSAL, trace="EFT2", plb=[("WO:ICN0001", D(-100))]))
    assert clinic.figures("1001-1") == (Stage.TRANSMITTED, D(0), D(0), D(0), D(150))
    assert clinic.states() == [("22", "waiting", "reversal_without_original")]
    # Deposit 0, taken back by PLB: the -100 of the 22 is what unapplied holds.
    assert clinic.balances()["unapplied"] == D(100)
    assert clinic.verify() == []


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
