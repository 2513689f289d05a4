"""What of the other payers one payer is told, in wire form: which, in what order, nothing twice
(domain/837.md section 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from app.domain.encounter import ClaimType, Coverage, Encounter, ServiceLine
from app.domain.other_payer import LineDecision, PriorAdjustment
from app.x12.other_payers import PROVIDERS_AT_PAYER

_ROLES = list(PROVIDERS_AT_PAYER)


def in_order(claim_coverage: Coverage, coverages: Sequence[Coverage]) -> list[int]:
    """Places of the coverages that are told: the one asked first, then by responsibility.

    A later payer stands there for information only, so one that the encounter does not name in
    full is left out; of a prior payer edit COB01 asks for all of it.
    """
    asked = coverages.index(claim_coverage)
    others = [
        place
        for place, coverage in enumerate(coverages)
        if place != asked and (coverage.settled or _is_named(coverage))
    ]
    return [asked, *sorted(others, key=lambda place: coverages[place].rank)]


def _is_named(c: Coverage) -> bool:
    named = c.patient_is_subscriber or c.subscriber is not None
    return named and all(len(id or "") > 1 for id in (c.payer_id, c.payer_name, c.member_id))


def decisions_told(e: Encounter) -> Encounter:
    """An encounter whose coverages are in order, with decisions as the guide has them.

    What a line tells is not repeated for the claim, Medicare is told no remaining liability, and a
    line's decision names the procedure that was adjudicated.
    """
    asked, *others = e.coverages
    payers = {c.payer_id for c in others}
    medicare = asked.claim_filing_code in ("MA", "MB")
    lines = tuple(
        replace(
            line,
            decisions=tuple(
                _line_decision_told(d, line, e.claim_type, medicare=medicare)
                for d in line.decisions
                if d.payer_id in payers
            ),
        )
        for line in e.service_lines
    )
    told = [d for line in lines for d in line.decisions]
    return replace(
        e,
        coverages=(
            replace(asked, decision=None, never_covers=False),
            *(_other_told(c, told, e.claim_type, medicare=medicare) for c in others),
        ),
        service_lines=lines,
    )


def _other_told(
    c: Coverage, told: Sequence[LineDecision], kind: ClaimType, *, medicare: bool
) -> Coverage:
    own = [d for d in told if d.payer_id == c.payer_id]
    by_line = any(d.remaining_patient_liability is not None for d in own)
    decision = c.decision and replace(
        c.decision,
        adjustments=_merged(c.decision.adjustments),
        remaining_patient_liability=None
        if by_line or medicare
        else c.decision.remaining_patient_liability,
        decided_on=None if own else c.decision.decided_on,
    )
    professional = kind is ClaimType.PROFESSIONAL
    return replace(
        c,
        insurance_type_code=c.insurance_type_code if professional else None,
        providers=tuple(sorted(c.providers, key=lambda own: _ROLES.index(own.role))),
        decision=decision,
    )


def _line_decision_told(
    d: LineDecision, line: ServiceLine, kind: ClaimType, *, medicare: bool
) -> LineDecision:
    institutional = line.institutional if kind is ClaimType.INSTITUTIONAL else None
    return replace(
        d,
        procedure=d.procedure or line.procedure,
        revenue_code=(d.revenue_code or institutional.revenue_code) if institutional else None,
        adjustments=_merged(d.adjustments),
        remaining_patient_liability=None if medicare else d.remaining_patient_liability,
    )


def _merged(adjustments: Iterable[PriorAdjustment]) -> tuple[PriorAdjustment, ...]:
    """Group by group in the order they came, the same reason of a group once."""
    found: dict[tuple[str, str], PriorAdjustment] = {}
    for a in adjustments:
        before = found.get((a.group, a.reason))
        if before is None:
            found[a.group, a.reason] = a
            continue
        counted = [q for q in (before.quantity, a.quantity) if q is not None]
        found[a.group, a.reason] = replace(
            before,
            amount=before.amount + a.amount,
            quantity=sum(counted, Decimal(0)) if counted else None,
        )
    groups = list(dict.fromkeys(group for group, _ in found))
    return tuple(sorted(found.values(), key=lambda a: groups.index(a.group)))
