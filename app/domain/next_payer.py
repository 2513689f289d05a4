"""What the next payer is told of an earlier one: from its 835 to coverage and lines (lifecycle.md
section 6).

The claim to the next payer is the encounter as it stands, the same lines and charges, with the
decision of each payer before: `PayerDecision` on its coverage (2320, 2330) and `LineDecision` on
the lines (2430). Whether the sums make the charge is for edit COB01 to say, which holds the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.domain.carc import CarcClass, carc_class
from app.domain.claim import Frequency
from app.domain.encounter import REVENUE_CODE, Coverage, Encounter, ServiceLine
from app.domain.money import ZERO
from app.domain.other_payer import LineDecision, PayerDecision, PriorAdjustment
from app.domain.procedure import Procedure
from app.domain.remittance import Adjustment, ClaimPayment, Remittance, ServicePayment

PATIENT = "PR"
MEDICARE = frozenset({"MA", "MB"})
_MOST_REMARKS = 5  # MOA03 to 07, MIA05 and 20 to 23
# CR was a group of the 835 before 5010; the guides of today know it no more.
_GROUPS = {"CR": "OA"}
_TOLD_IN_SVD03 = frozenset({"AD", "ER", "HC", "HP", "IV", "WK"})


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """A posted claim payment that nothing took back; `lines` maps service ordinals to the place of
    our line in the claim, counted from 0."""

    id: UUID
    payment: ClaimPayment
    remittance: Remittance
    lines: Mapping[int, int]
    told_on: date | None = None  # the day on which the next payer is told of it

    @property
    def decided_on(self) -> date | None:
        """What DTP*573 says. Payers date a payment days ahead (BPR16 is when the money moves), but
        what we can read was decided by now: on the remittance's own day (DTM*405), else today."""
        day = self.remittance.decided_on
        if day is None or self.told_on is None or day <= self.told_on:
            return day
        produced = self.remittance.produced_on
        return produced if produced and produced <= self.told_on else self.told_on


def standing(found: Iterable[Adjudicated]) -> list[Adjudicated]:
    """What a payer holds to now: of two decisions on the same line the later one.

    Payers that split a claim decide on each part under a number of its own; such parts stand
    beside each other. The order of arrival does not matter.
    """
    kept: list[Adjudicated] = []
    decided: set[int] = set()
    for item in sorted(found, key=_age, reverse=True):
        own = set(item.lines.values())
        if kept and (not own or not decided or own & decided):
            continue
        kept.append(item)
        decided |= own
    return sorted(kept, key=_age)


def with_decision(
    encounter: Encounter,
    position: str,
    found: Sequence[Adjudicated],
    *,
    decided_again: bool = False,
) -> Encounter:
    """The encounter with what the payer in `position` decided; without one where it has none.

    `decided_again` says that the next payer was told of another decision before (REF*T4).
    """
    payer = encounter.coverage(position)
    if payer is None:
        raise LookupError(f"the encounter has no coverage in position {position}")
    held = standing(found)
    lines = tuple(
        replace(
            line,
            decisions=(
                *(d for d in line.decisions if d.payer_id != payer.payer_id),
                *_line_decisions(held, number, payer, encounter.service_lines),
            ),
        )
        for number, line in enumerate(encounter.service_lines)
    )
    told = _coverage(payer, held, decided_again=decided_again)
    return replace(
        encounter,
        coverages=tuple(told if c is payer else c for c in encounter.coverages),
        service_lines=lines,
    )


def for_next(encounter: Encounter, position: str) -> Encounter:
    """The encounter as the payer in `position` is asked for the first time: as an original."""
    if encounter.claim_control_number is None:
        return encounter
    return replace(
        encounter, claim_frequency_code=Frequency.ORIGINAL.value, claim_control_number=None
    )


def given_away(found: Sequence[Adjudicated], *, line: int | None) -> Decimal:
    """All that stands under group PR on that line, or (None) on the claim itself."""
    total = ZERO
    for item in standing(found):
        if line is None:
            total += _patient_share(item.payment.adjustments)
            continue
        for service in item.payment.services:
            if item.lines.get(service.ordinal) == line:
                total += _patient_share(service.adjustments)
    return total


# ── The coverage: 2320 and 2330 ────────────────────────────────────────────


def _coverage(payer: Coverage, held: Sequence[Adjudicated], *, decided_again: bool) -> Coverage:
    if not held:
        return replace(payer, decision=None)
    latest = held[-1]
    member_id = next(
        (i.payment.corrected_member_id for i in reversed(held) if i.payment.corrected_member_id),
        payer.member_id,
    )
    own = [a for item in held for a in item.payment.adjustments]
    remarks = dict.fromkeys(code for item in held for code in item.payment.remarks)
    first_payer = payer.responsibility == "P"
    return replace(
        payer,
        member_id=member_id,
        # Why Medicare is not the first payer is only said where it is not.
        insurance_type_code=None
        if first_payer and payer.claim_filing_code in MEDICARE
        else payer.insurance_type_code,
        decision=PayerDecision(
            paid=sum((item.payment.paid for item in held), ZERO),
            adjustments=_merged(own),
            remaining_patient_liability=_liability(own),
            decided_on=latest.decided_on,
            payer_claim_control_number=latest.payment.payer_claim_control_number,
            decided_again=decided_again,
            remarks=tuple(remarks)[:_MOST_REMARKS],
        ),
    )


# ── The lines: 2430 ────────────────────────────────────────────────────────


def _line_decisions(
    held: Sequence[Adjudicated], number: int, payer: Coverage, lines: Sequence[ServiceLine]
) -> list[LineDecision]:
    """One for each procedure that was adjudicated on our line; a split line gives several SVC, and
    those of one procedure are told as one."""
    found: list[LineDecision] = []
    for item in held:
        by_procedure: dict[tuple[Procedure | None, str | None], list[ServicePayment]] = {}
        for service in item.payment.services:
            if item.lines.get(service.ordinal) == number:
                by_procedure.setdefault(_adjudicated_as(service), []).append(service)
        for (procedure, revenue_code), services in by_procedure.items():
            adjustments = [a for s in services for a in s.adjustments]
            found.append(
                LineDecision(
                    payer_id=payer.payer_id or "",
                    paid=sum((s.paid for s in services), ZERO),
                    units=sum((s.units for s in services if s.units is not None), ZERO),
                    decided_on=item.decided_on or _day_of(services, lines[number]),
                    procedure=procedure,
                    revenue_code=revenue_code,
                    bundled_line=_bundled_into(item, services),
                    adjustments=_merged(adjustments),
                    remaining_patient_liability=_liability(adjustments),
                )
            )
    return found


def _adjudicated_as(service: ServicePayment) -> tuple[Procedure | None, str | None]:
    """SVC01 as SVD03, and SVC04 as SVD04; a revenue code in SVC01 is no procedure, and a drug code
    has no place in SVD03, so that the procedure we billed stands there."""
    if service.procedure.qualifier == REVENUE_CODE:
        return None, service.procedure.code.zfill(4)
    revenue_code = service.revenue_code.zfill(4) if service.revenue_code else None
    if service.procedure.qualifier not in _TOLD_IN_SVD03:
        return None, revenue_code
    return replace(service.procedure, description=None), revenue_code


def _bundled_into(item: Adjudicated, services: Sequence[ServicePayment]) -> int | None:
    """The number of the line that was paid for this one too: both were adjudicated as the same
    procedure, and this one says that it was billed as another and is paid with it."""
    last = services[-1]
    if any(s.paid for s in services) or last.submitted_procedure is None:
        return None
    if not any(carc_class(a.reason) is CarcClass.BUNDLED for s in services for a in s.adjustments):
        return None
    own = item.lines[last.ordinal]
    for other in item.payment.services:
        line = item.lines.get(other.ordinal)
        if line not in (None, own) and other.paid and _same(other.procedure, last.procedure):
            return line + 1 if line is not None else None
    return None


def _same(one: Procedure, other: Procedure) -> bool:
    return (one.qualifier, one.code) == (other.qualifier, other.code)


def _day_of(services: Sequence[ServicePayment], line: ServiceLine) -> date:
    """A remittance without any date: that of the service stands in, and a person sees it."""
    days = [s.service_date for s in services if s.service_date] + [line.service_date]
    return next((day for day in days if day is not None), date.min)


# ── Amounts ────────────────────────────────────────────────────────────────


def _merged(adjustments: Iterable[Adjustment]) -> tuple[PriorAdjustment, ...]:
    """The same reason of a group once, group by group in the order they came; what comes to nothing
    is not told."""
    found: dict[tuple[str, str], PriorAdjustment] = {}
    for a in adjustments:
        group = _GROUPS.get(a.group, a.group)
        before = found.get((group, a.reason))
        quantities = [q for q in (before.quantity if before else None, a.quantity) if q is not None]
        found[group, a.reason] = PriorAdjustment(
            group,
            a.reason,
            a.amount + (before.amount if before else ZERO),
            sum(quantities, Decimal(0)) if quantities else None,
        )
    groups = list(dict.fromkeys(group for group, _ in found))
    told = sorted(found.values(), key=lambda a: groups.index(a.group))
    return tuple(a for a in told if a.amount != ZERO)


def _liability(adjustments: Iterable[Adjustment]) -> Decimal | None:
    """AMT*EAF: what the payer left to the patient, where it left anything."""
    share = _patient_share(adjustments)
    return share if share > ZERO else None


def _patient_share(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((a.amount for a in adjustments if a.group == PATIENT), ZERO)


def _age(item: Adjudicated) -> tuple[date, str, int]:
    """By the day of the decision; within a day by where it stands."""
    day = item.remittance.effective_date or item.decided_on or date.min
    return day, item.remittance.body_sha256, item.payment.ordinal
