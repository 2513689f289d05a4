"""From an 835 to what the next payer is told (lifecycle.md section 6): lesson 12 as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from app.domain.claim import position_after
from app.domain.crossover import position_paying, why_not_due
from app.domain.encounter import Coverage
from app.domain.next_payer import Adjudicated, given_away, standing, with_decision
from app.domain.other_payer import PriorAdjustment
from app.domain.procedure import Procedure
from app.domain.remittance import ClaimPayment, Remittance
from tests.domain import remits
from tests.domain.encounters import CLEAN, SECOND

D = Decimal
BOTH = replace(CLEAN, coverages=(CLEAN.coverages[0], SECOND))
THIRD = replace(SECOND, responsibility="T", payer_id="33333", payer_name="THIRD HEALTH")
FIRST_LINE = remits.service("150", "100", "CO*45*30 PR*1*15 PR*2*5")
SECOND_LINE = remits.service("75.5", "60.5", "CO*45*15", line="2", ordinal=2)


def decided(
    payment: ClaimPayment, *, on: date = date(2026, 10, 20), id: int = 1, **remittance: object
) -> Adjudicated:
    header = replace(remits.remittance(), effective_date=on, **remittance)  # type: ignore[arg-type]
    lines = {s.ordinal: int(s.line_control_number or 1) - 1 for s in payment.services}
    return Adjudicated(UUID(int=id), payment, header, lines)


def test_what_a_payer_decided_stands_on_its_coverage_and_lines() -> None:
    paid = replace(remits.payment(FIRST_LINE, SECOND_LINE), remarks=("MA01",))
    told = with_decision(BOTH, "P", [decided(paid)])
    decision = told.coverages[0].decision
    assert decision is not None
    assert (decision.paid, decision.payer_claim_control_number) == (D("160.5"), "ICN1")
    assert (decision.adjustments, decision.remarks) == ((), ("MA01",))
    (first,), (second,) = (line.decisions for line in told.service_lines)
    assert (first.payer_id, first.paid, first.decided_on) == ("60054", D(100), date(2026, 10, 20))
    assert [(a.group, a.reason, a.amount) for a in first.adjustments] == [
        ("CO", "45", D(30)),
        ("PR", "1", D(15)),
        ("PR", "2", D(5)),
    ]
    assert (first.remaining_patient_liability, second.remaining_patient_liability) == (D(20), None)
    assert told.coverages[1] == SECOND


def test_reasons_that_come_twice_are_one_and_the_old_group_is_told_in_a_new_one() -> None:
    service = remits.service("150", "100", "CO*45*20 PR*1*10 CO*45*10 CR*59*10")
    told = with_decision(BOTH, "P", [decided(remits.payment(service))])
    assert told.service_lines[0].decisions[0].adjustments == (
        PriorAdjustment("CO", "45", D(30)),
        PriorAdjustment("PR", "1", D(10)),
        PriorAdjustment("OA", "59", D(10)),
    )


def test_of_two_decisions_on_a_line_the_later_stands_whichever_came_first() -> None:
    denied = decided(remits.payment(remits.service("150", "0", "CO*16*150")), id=1)
    paid = decided(remits.payment(FIRST_LINE), on=date(2026, 11, 3), id=2)
    assert standing([denied, paid]) == standing([paid, denied]) == [paid]


def test_parts_of_a_claim_that_the_payer_split_stand_together() -> None:
    one = decided(remits.payment(FIRST_LINE), id=1)
    other = decided(remits.payment(SECOND_LINE), on=date(2026, 11, 3), id=2)
    assert standing([other, one]) == [one, other]
    told = with_decision(BOTH, "P", [one, other])
    decision = told.coverages[0].decision
    assert decision is not None
    assert decision.paid == D("160.5")


def test_a_split_line_is_told_once_a_procedure() -> None:
    half = remits.service("100", "80", "CO*45*20")
    other = remits.service("50", "40", "CO*45*10", ordinal=2)
    same = with_decision(BOTH, "P", [decided(remits.payment(half, other))])
    (one,) = same.service_lines[0].decisions
    assert (one.paid, one.units) == (D(120), D(2))
    changed = replace(other, procedure=Procedure("G0438"))
    several = with_decision(BOTH, "P", [decided(remits.payment(half, changed))])
    codes = [d.procedure.code for d in several.service_lines[0].decisions if d.procedure]
    assert codes == ["G0439", "G0438"]


def test_the_payers_own_spelling_of_the_member_and_of_drugs() -> None:
    drug = replace(FIRST_LINE, procedure=Procedure("00409379501", qualifier="N4"))
    paid = replace(remits.payment(drug), corrected_member_id="W999")
    told = with_decision(BOTH, "P", [decided(paid)])
    assert told.coverages[0].member_id == "W999"
    assert told.service_lines[0].decisions[0].procedure is None  # ours stands in its place


def test_without_a_decision_that_stands_nothing_is_told() -> None:
    told = with_decision(BOTH, "P", [decided(remits.payment(FIRST_LINE))])
    assert with_decision(told, "P", []) == BOTH


def test_a_notice_of_nothing_is_dated_by_its_own_day() -> None:
    days = {"on": date(2026, 10, 20), "produced_on": date(2026, 10, 18)}
    paid = decided(remits.payment(FIRST_LINE), **days)  # type: ignore[arg-type]
    none = decided(remits.payment(FIRST_LINE), payment_method="NON", **days)  # type: ignore[arg-type]
    assert (paid.decided_on, none.decided_on) == (date(2026, 10, 20), date(2026, 10, 18))


def test_all_under_group_pr_is_given_away_line_by_line() -> None:
    denied = replace(SECOND_LINE, adjustments=remits.adjustments("PR*96*75.5"), paid=D(0))
    found = [decided(remits.payment(FIRST_LINE, denied))]
    assert [given_away(found, line=n) for n in (0, 1, None)] == [D(20), D("75.5"), D(0)]


def test_the_payer_behind_is_the_first_that_is_not_settled() -> None:
    three = replace(CLEAN, coverages=(THIRD, CLEAN.coverages[0], SECOND))
    assert [position_after(three, p) for p in "PST"] == ["S", "T", None]
    never = replace(three, coverages=(*three.coverages[:2], replace(SECOND, never_covers=True)))
    assert position_after(never, "P") == "T"


# CLP02, payer's id in REF*2U, payer's name -> the position that is paid for
WHOSE = [
    ("1", "60054", "EXAMPLE HEALTH", "P"),
    ("2", "87726", "SECOND HEALTH", "S"),
    ("1", "87726", "SECOND HEALTH", "S"),
    ("2", "60054", "EXAMPLE HEALTH", "P"),
    ("2", "99999", "SOME TRUST", "S"),
    ("3", "99999", "SOME TRUST", "T"),
    ("1", "99999", "SOME TRUST", "P"),
    ("4", "99999", "SOME TRUST", "P"),
    ("4", "99999", "Second-Health", "S"),
    ("22", "87726", "ANYTHING", "S"),
    ("20", "00087726", "SECOND HEALTH INC", "S"),
]


@pytest.mark.parametrize(("status", "id", "name", "position"), WHOSE)
def test_lesson_13_whose_payment_it_is(status: str, id: str, name: str, position: str) -> None:
    header: Remittance = replace(remits.remittance(), payer_name=name, payer_ids=(("2U", id),))
    payment = remits.payment(FIRST_LINE, status=status)
    asked: Coverage = CLEAN.coverages[0]
    assert position_paying(header, payment, asked=asked, later=[SECOND, THIRD]) == position


def test_a_payer_that_left_a_share_lets_the_next_be_asked() -> None:
    assert why_not_due([decided(remits.payment(FIRST_LINE))]) is None
    nothing = why_not_due([])
    assert nothing is not None
    assert not nothing.insist


@pytest.mark.parametrize(
    ("effective", "produced", "told"),
    [
        (date(2026, 10, 20), date(2026, 10, 18), date(2026, 10, 20)),
        (date(2026, 10, 27), date(2026, 10, 18), date(2026, 10, 18)),
        (date(2026, 10, 27), None, date(2026, 10, 24)),
        (date(2026, 10, 27), date(2026, 10, 26), date(2026, 10, 24)),
    ],
)
def test_a_payment_of_days_to_come_was_decided_on_by_now(
    effective: date, produced: date | None, told: date
) -> None:
    item = decided(remits.payment(FIRST_LINE), on=effective, produced_on=produced)
    assert replace(item, told_on=date(2026, 10, 24)).decided_on == told
