"""What a patient owes of one encounter, line by line.

Nothing is due while insurance is open: a payer that has not spoken, has denied, or is being
appealed to may still change what is left to the patient (lifecycle.md section 5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.encounter import Encounter
from app.domain.lifecycle import Status
from app.domain.money import ZERO
from app.domain.patient_money import PatientPayment, Received, Share
from app.domain.procedure import Procedure

_SPOKEN = frozenset({Status.PROCESSED, Status.DENIED, Status.CLOSED, Status.VOIDED})


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One charge; without a procedure: what payers said of the claim as a whole."""

    service_date: date | None
    procedure: str | None
    charge: Decimal
    insurance_paid: Decimal
    adjusted: Decimal
    patient_share: Decimal
    patient_paid: Decimal

    @property
    def insurance_open(self) -> Decimal:
        """What no payer has paid, adjusted or left to the patient."""
        return self.charge - self.insurance_paid - self.adjusted - self.patient_share


@dataclass(frozen=True, slots=True)
class Statement:
    """An encounter's charges and what became of them; money that came is listed by its day."""

    encounter: Encounter
    as_of: date
    lines: tuple[StatementLine, ...]
    payments: tuple[
        tuple[PatientPayment, Decimal], ...
    ]  # with what was kept of each, if anything was
    credit: Decimal
    insurance_is_open: bool

    @property
    def due(self) -> Decimal:
        if self.insurance_is_open:
            return ZERO
        return max(self.total("patient_share") - self.total("patient_paid"), ZERO)

    def total(self, column: str) -> Decimal:
        """The sum of one column of the lines."""
        return sum((getattr(line, column) for line in self.lines), ZERO)


def statement(
    encounter: Encounter,
    *,
    claims: Sequence[StoredClaim],
    shares: Sequence[Share],
    received: Sequence[tuple[PatientPayment, Received]],
    as_of: date,
) -> Statement:
    """The statement of an encounter from its claims, and what the journal says of the patient."""
    share = {s.charge_id: s.amount for s in shares}
    applied: defaultdict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    for _, payment in received:
        for charge_id, amount in payment.applied.items():
            applied[charge_id] += amount
    paid: defaultdict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    adjusted: defaultdict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    charges: dict[UUID, tuple[str, Decimal, Procedure]] = {}
    for claim in claims:
        paid[None] += claim.paid - sum((line.paid for line in claim.lines), ZERO)
        adjusted[None] += claim.adjusted - sum((line.adjusted for line in claim.lines), ZERO)
        for line in claim.lines:
            paid[line.charge_id] += line.paid
            adjusted[line.charge_id] += line.adjusted
            charged = ZERO if line.predetermination else line.charge
            charges.setdefault(line.charge_id, (line.line_control_number, charged, line.procedure))
    days = {line.line_id: line.service_date for line in encounter.service_lines}
    lines = [
        StatementLine(
            days.get(number),
            procedure.code,
            charged,
            paid[id],
            adjusted[id],
            share.get(id, ZERO),
            applied[id],
        )
        for id, (number, charged, procedure) in charges.items()
    ]
    whole = StatementLine(
        None, None, ZERO, paid[None], adjusted[None], share.get(None, ZERO), applied[None]
    )
    if any((whole.insurance_paid, whole.adjusted, whole.patient_share, whole.patient_paid)):
        lines.append(whole)
    unsettled = sum((line.insurance_open for line in lines), ZERO) != ZERO
    return Statement(
        encounter=encounter,
        as_of=as_of,
        lines=tuple(lines),
        payments=tuple((row, payment.kept) for row, payment in received if payment.kept),
        credit=sum((payment.credit for _, payment in received), ZERO),
        insurance_is_open=unsettled or any(c.status not in _SPOKEN for c in claims) or not claims,
    )
