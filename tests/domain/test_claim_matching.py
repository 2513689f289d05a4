"""Which claim a payment is about: an exact number, or two confirmations of one claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from app.domain.claim import StoredClaim
from app.domain.claim_matching import (
    Candidate,
    Confidence,
    find_claim,
    number_key,
    suggestions,
)
from app.domain.lifecycle import Stage
from app.domain.remittance import ClaimPayment

from .remits import claim, payment, remittance, service

DAY = date(2026, 10, 5)
ANN = replace(claim("100", "50"), billing_npi="1234567893")


def known(
    number: str,
    n: int = 1,
    *,
    member: bool = False,
    icn: str | None = None,
    ours: StoredClaim = ANN,
) -> Candidate:
    """A claim that went out under this number; `member`: its member is that of the payment."""
    found = replace(
        ours,
        id=UUID(int=n),
        submission_id=UUID(int=100 + n),
        patient_control_number=number,
        payer_claim_control_number=icn,
    )
    return Candidate(found, ((number, found.submission_id),), same_member=member)


def says(number: str, *, icn: str = "ICN1", f8: str | None = None) -> ClaimPayment:
    """A payment of both lines of ANN."""
    paid = payment(
        service("100", "80", "CO*45*20"), service("50", "50", line="2", ordinal=2), number=number
    )
    return replace(paid, payer_claim_control_number=icn, original_claim_number=f8, service_date=DAY)


OURS = "b-0000042-1/Main"
CHANGED = [
    ("upper-cased", "B-0000042-1/MAIN", "patient_control_number_changed"),
    ("punctuation left out", "B00000421MAIN", "patient_control_number_changed"),
    ("padded with zeros", "0000B-0000042-1/MAIN", "patient_control_number_changed"),
    ("padded with blanks", "  b-0000042-1/Main ", "patient_control_number"),
    ("cut", "B-0000042-1/", "patient_control_number_cut"),
]


@pytest.mark.parametrize(("number", "how"), [c[1:] for c in CHANGED], ids=[c[0] for c in CHANGED])
def test_lesson_07_a_changed_number_needs_a_second_confirmation(number: str, how: str) -> None:
    alone = [known(OURS)]
    exact = how == "patient_control_number"
    [told] = suggestions(says(number), alone, remittance=remittance())
    assert told.method == how
    assert told.confidence is (Confidence.CERTAIN if exact else Confidence.LIKELY)
    assert (find_claim(says(number), alone, remittance=remittance()) is not None) is exact
    if exact:
        return
    by_payer = find_claim(says(number), [known(OURS, icn="ICN1")], remittance=remittance())
    by_bill = find_claim(says(number), [known(OURS, member=True)], remittance=remittance())
    assert by_payer is not None
    assert by_payer.method == f"{how}+payer_claim_control_number"
    assert by_bill is not None
    assert by_bill.method == f"{how}+member_date_charge_lines"
    assert by_bill.confidence is Confidence.CONFIRMED


def test_lesson_07_leading_zeros_stripped() -> None:
    found = find_claim(says("931100"), [known("000931100", icn="ICN1")], remittance=remittance())
    assert found is not None
    assert found.method == "patient_control_number_changed+payer_claim_control_number"
    assert number_key("000931100") == number_key("931100") == "931100"


@pytest.mark.parametrize("blank", ["0", "000", "", "   "])
def test_lesson_07_a_number_that_says_nothing_confirms_nothing(blank: str) -> None:
    only_payer, both = known(OURS, icn="ICN1"), known(OURS, icn="ICN1", member=True)
    assert find_claim(says(blank), [only_payer], remittance=remittance()) is None
    found = find_claim(says(blank), [both], remittance=remittance())
    assert found is not None
    assert found.method == "payer_claim_control_number+member_date_charge_lines"


def test_lesson_07_two_claims_with_a_common_beginning_go_to_the_queue() -> None:
    two = [known("C000000042-1", 1), known("C000000042-2", 2)]
    told = suggestions(says("C000000042"), two, remittance=remittance())
    assert [s.confidence for s in told] == [Confidence.POSSIBLE, Confidence.POSSIBLE]
    assert find_claim(says("C000000042"), two, remittance=remittance()) is None


def test_two_submissions_of_one_claim_are_one_claim() -> None:
    first, second = UUID(int=7), UUID(int=8)
    numbers = (("C000000042-2", second), ("C000000042-1", first))
    ours = replace(known("C000000042-2", icn="ICN1"), numbers=numbers)
    found = find_claim(says("c000000042-1"), [ours], remittance=remittance())
    assert found is not None
    assert (found.claim.submission_id, found.claim.patient_control_number) == (
        first,
        "C000000042-1",
    )


def test_two_marks_that_lead_to_two_claims_confirm_neither() -> None:
    by_number, by_payer = known(OURS, 1), known("X9", 2, icn="ICN1")
    one = says("B-0000042-1/MAIN")
    assert find_claim(one, [by_number, by_payer], remittance=remittance()) is None
    twice = known(OURS, 1, member=True)
    assert find_claim(one, [twice, by_payer], remittance=remittance()) is None
    assert len(suggestions(one, [twice, by_payer], remittance=remittance())) == 2


def test_the_payers_number_may_come_as_the_number_of_the_original() -> None:
    found = find_claim(
        says("0", icn="ICN1A", f8="ICN1"),
        [known(OURS, icn="ICN1", member=True)],
        remittance=remittance(),
    )
    assert found is not None


NOT_BILLED = [
    ("another day", replace(ANN, first_service_date=date(2026, 10, 4),
        lines=tuple(replace(x, service_date=date(2026, 10, 4)) for x in ANN.lines))),
    ("another charge", replace(ANN, charge=D(151))),
    ("another line", replace(ANN, lines=(*ANN.lines, replace(ANN.lines[0], id=UUID(int=9))))),
    ("another payee", replace(ANN, billing_npi="1999999984")),
]  # fmt: skip


@pytest.mark.parametrize("ours", [n[1] for n in NOT_BILLED], ids=[n[0] for n in NOT_BILLED])
def test_member_date_charge_and_every_line_confirm_together_or_not_at_all(
    ours: StoredClaim,
) -> None:
    candidate = known(OURS, icn="ICN1", member=True, ours=ours)
    assert find_claim(says("0"), [candidate], remittance=remittance()) is None


def test_a_claim_that_never_left_is_paid_by_its_exact_number_alone() -> None:
    held = replace(ANN, stage=Stage.ON_HOLD)
    candidate = known(OURS, icn="ICN1", member=True, ours=held)
    assert suggestions(says("0"), [candidate], remittance=remittance()) == []
    assert find_claim(says(OURS), [candidate], remittance=remittance()) is not None
