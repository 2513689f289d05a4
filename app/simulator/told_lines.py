"""How the lines of a decided claim are told in its 835: each, in halves, or bundled (835.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from app.simulator.decisions import Decided
from app.simulator.received import Line
from app.simulator.scenarios import CENT, NOTHING, LineAdjustment, LineDecision, Telling
from edi.guides import x221_remittance as guide
from edi.segments import AMT, CAS, DTM, REF, SVC, Adjustment, Procedure

BUNDLE = "G0463"  # the procedure that bundled lines are paid under
HALF = Decimal("0.5")


def service_payments(decided: Decided) -> list[guide.ServicePayment]:
    """None where the claim was decided as a whole."""
    lines = decided.claim.lines if decided.told_lines else ()
    told = list(zip(lines, decided.told_lines, strict=True))
    if decided.adjudication.telling is Telling.SPLIT:
        return [half for line, decision in told for half in _halves(line, decision)]
    if decided.adjudication.telling is Telling.BUNDLED and len(told) > 1:
        return [_under(BUNDLE, line, decision) for line, decision in told]
    return [_service_payment(line, decision) for line, decision in told]


def _service_payment(
    line: Line, decision: LineDecision, *, one_of_several: bool = False
) -> guide.ServicePayment:
    allowed = decision.allowed
    return guide.ServicePayment(
        svc=SVC(
            procedure=Procedure(
                qualifier=line.procedure.qualifier,
                code=line.procedure.code,
                modifiers=list(line.procedure.modifiers),
            ),
            charge=decision.charge,
            paid=decision.paid,
            revenue_code=line.revenue_code,
            units_paid=Decimal(1) if one_of_several else line.units,
            units_submitted=line.units if one_of_several and line.units != 1 else None,
        ),
        dates=_service_dates(line),
        adjustments=told_adjustments(decision.adjustments),
        references=[REF(qualifier="6R", value=line.control_number)] if line.control_number else [],
        amounts=[AMT(qualifier="B6", amount=allowed)] if allowed else [],
    )


def _service_dates(line: Line) -> list[DTM]:
    if line.first_date is None or line.last_date is None:
        return []
    if line.first_date == line.last_date:
        return [DTM(qualifier="472", on=line.first_date)]
    return [DTM(qualifier="150", on=line.first_date), DTM(qualifier="151", on=line.last_date)]


def told_adjustments(decided: Iterable[LineAdjustment]) -> list[CAS]:
    """One CAS a group; there are never more than six reasons in one."""
    by_group: dict[str, list[Adjustment]] = {}
    for item in decided:
        triplet = Adjustment(reason=item.reason, amount=item.amount)
        by_group.setdefault(item.group, []).append(triplet)
    return [CAS(group=group, adjustments=triplets) for group, triplets in by_group.items()]


def _halves(line: Line, decision: LineDecision) -> list[guide.ServicePayment]:
    """Two services that share the line's number and come to its amounts."""
    charge = _half(decision.charge)
    adjustments = tuple(replace(a, amount=_half(a.amount)) for a in decision.adjustments)
    first = LineDecision(charge, charge - _sum(adjustments), adjustments)
    rest = tuple(
        replace(whole, amount=whole.amount - part.amount)
        for whole, part in zip(decision.adjustments, adjustments, strict=True)
    )
    second = LineDecision(decision.charge - charge, decision.paid - first.paid, rest)
    return [_service_payment(line, half, one_of_several=True) for half in (first, second)]


def _under(code: str, line: Line, decision: LineDecision) -> guide.ServicePayment:
    """The line as it was billed (SVC06), paid or not under the code that stands for all."""
    told = _service_payment(line, decision)
    told.svc.submitted_procedure = told.svc.procedure
    told.svc.procedure = Procedure(qualifier=line.procedure.qualifier, code=code)
    return told


def _half(amount: Decimal) -> Decimal:
    return (amount * HALF).quantize(CENT, ROUND_HALF_UP)


def _sum(adjustments: Iterable[LineAdjustment]) -> Decimal:
    return sum((a.amount for a in adjustments), NOTHING)
