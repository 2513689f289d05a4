"""What a payer allowed beside what was agreed: a line's story as its CAS tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from app.domain.contract import Agreed, Fee
from app.domain.money import ZERO
from app.domain.posting import post
from app.domain.remittance import ClaimPayment
from app.domain.treatment import NO_TERMS, Terms
from app.domain.underpayment import ExpectedPayment, Finding

from .remits import claim, payment, remittance, service

FEE = Fee("60054", "G0439", D(80), since=date(2026, 1, 1), version=3, position=7)


def judged(
    paid: ClaimPayment, *charges: str, fee: str | None = "80", position: str = "P"
) -> list[ExpectedPayment]:
    """A claim of these lines, each with that fee, and what its payment is found to be."""
    asked = replace(claim(*(charges or ("100",))), responsibility=position)
    terms = NO_TERMS
    if fee is not None:
        terms = Terms(agreed={x.id: Agreed(min(D(fee), x.charge), FEE) for x in asked.lines})
    lines = {
        s.ordinal: asked.lines[int(s.line_control_number) - 1].id
        for s in paid.services
        if s.line_control_number
    }
    found = post(
        paid, asked, payment_id=UUID(int=9), lines=lines, remittance=remittance(), terms=terms
    )
    return list(found.expected)


def of(cas: str, paid: str, *, allowed: str | None = None) -> ClaimPayment:
    return payment(replace(service("100", paid, cas), allowed=D(allowed) if allowed else None))


# One line of 100.00 with a fee of 80.00: CAS, paid, AMT*B6 -> finding, allowed, short, left open
LINES = [
    ("as agreed", of("CO*45*20", "80"), Finding.AS_AGREED, "80", "0", "0"),
    ("as agreed, a share of the patient", of("CO*45*20 PR*2*16", "64"), Finding.AS_AGREED,
     "80", "0", "0"),
    ("lessons 22: ten less than agreed", of("CO*45*30", "70"), Finding.UNDERPAID,
     "70", "10", "10"),
    ("ten less, and all of it deductible", of("CO*45*30 PR*1*70", "0"), Finding.UNDERPAID,
     "70", "10", "10"),
    ("the payer itself says it allows 70", of("CO*45*30", "70", allowed="70"), Finding.UNDERPAID,
     "70", "10", "10"),
    ("a cut by another reason of the contract is short too, and was written off",
     of("CO*139*30", "70"), Finding.UNDERPAID, "70", "10", "0"),
    ("the whole charge above the fee schedule", of("CO*45*100", "0"), Finding.WHOLE_CHARGE,
     "0", "80", "100"),
    ("cut beyond what it says it allows", of("CO*45*30", "70", allowed="80"),
     Finding.BEYOND_ALLOWED, "80", "10", "10"),
    ("more than agreed", of("CO*45*10", "90"), Finding.OVERPAID, "90", "-10", "0"),
    ("paid in full", of("", "100"), Finding.OVERPAID, "100", "-20", "0"),
    ("sequestration is after what is allowed", of("CO*45*20 CO*253*1.6", "78.4"),
     Finding.AS_AGREED, "80", "0", "0"),
    ("a discount for prompt payment too", of("CO*45*20 CO*44*2", "78"), Finding.AS_AGREED,
     "80", "0", "0"),
    ("units cut are a denial", of("CO*45*20 CO*151*40", "40"), Finding.AS_AGREED, "40", "0", "0"),
    ("units cut, and the rest short", of("CO*45*30 CO*151*40", "30"), Finding.UNDERPAID,
     "30", "10", "10"),
    ("a multiple procedure rule says so itself", of("CO*45*20 CO*59*40", "40"),
     Finding.AS_AGREED, "40", "0", "0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "finding", "allowed", "short", "left_open"),
    [line[1:] for line in LINES],
    ids=[line[0] for line in LINES],
)
def test_a_line_is_held_to_its_fee(
    paid: ClaimPayment, finding: Finding, allowed: str, short: str, left_open: str
) -> None:
    (one,) = judged(paid)
    assert (one.finding, one.allowed, one.difference, one.left_open) == (
        finding, D(allowed), D(short), D(left_open)
    )  # fmt: skip
    assert (one.expected, one.procedure_code, one.service_ordinal) == (D(80), "G0439", 1)
    assert one.agreed is not None
    assert (one.agreed.fee.version, one.agreed.fee.position) == (3, 7)


NOT_JUDGED = [
    ("denied: it has a denial", of("CO*197*100", "0"), {}),
    ("denied after the fee", of("CO*45*20 CO*50*80", "0"), {}),
    ("bundled into another line", of("CO*97*100", "0"), {}),
    ("paid by the head", of("CO*24*100", "0"), {}),
    ("beside another payer", of("OA*23*60 CO*45*30", "10"), {}),
    ("a payer that says it is the second", replace(of("CO*45*30", "70"), status="2"), {}),
    ("our claim to the second payer", of("CO*45*30", "70"), {"position": "S"}),
    ("a payment above its charge, for two lines in one", of("OA*94*-50 CO*45*20", "130"), {}),
    ("no fee is agreed", of("CO*45*30", "70"), {"fee": None}),
    ("forwarded, not decided", replace(of("OA*B11*100", "0"), status="23"), {}),
    ("CLP02 = 4", replace(of("CO*31*100", "0"), status="4"), {}),
    ("a service that the payer added", payment(service("0", "10", "OA*94*-10", line=None)), {}),
    ("a cut of the claim is of no line",
     payment(service("100", "100"), charge="100", paid="70", cas="CO*45*30"), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paid", "how"), [n[1:] for n in NOT_JUDGED], ids=[n[0] for n in NOT_JUDGED]
)
def test_some_lines_are_not_judged(paid: ClaimPayment, how: dict[str, str | None]) -> None:
    assert judged(paid, **how) == []  # type: ignore[arg-type]


def test_lessons_6_the_whole_charge_is_suspect_without_any_fee() -> None:
    (one,) = judged(of("CO*45*100", "0"), fee=None)
    assert (one.finding, one.expected, one.difference, one.left_open) == (
        Finding.WHOLE_CHARGE, None, D(100), D(100)
    )  # fmt: skip
    (whole,) = judged(payment(charge="100", paid="0", cas="CO*45*100"), fee=None)
    assert (whole.service_ordinal, whole.line_id, whole.difference) == (0, None, D(100))


def test_a_cut_beyond_what_it_allows_is_suspect_without_any_fee() -> None:
    (one,) = judged(of("CO*45*40", "60", allowed="75"), fee=None)
    assert (one.finding, one.difference, one.left_open) == (Finding.BEYOND_ALLOWED, D(15), D(15))


def test_a_line_split_into_two_services_is_one_line() -> None:
    split = payment(
        service("60", "40", "CO*45*20"), service("40", "30", "CO*45*10", line="1", ordinal=2)
    )
    (one,) = judged(split)
    assert (one.finding, one.allowed, one.difference) == (Finding.UNDERPAID, D(70), D(10))


def test_the_fee_is_never_above_the_charge() -> None:
    (one,) = judged(of("", "100"), fee="120")
    assert (one.finding, one.expected, one.difference) == (Finding.AS_AGREED, D(100), ZERO)


def test_each_line_by_itself() -> None:
    both = payment(service("100", "70", "CO*45*30"), service("50", "50", ordinal=2, line="2"))
    found = judged(both, "100", "50")
    assert [(x.service_ordinal, x.finding, x.difference) for x in found] == [
        (1, Finding.UNDERPAID, D(10)), (2, Finding.AS_AGREED, ZERO)
    ]  # fmt: skip
