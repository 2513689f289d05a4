"""What was made of lines that payers allowed, and of what people gave up, compared with its facts.

A line that was judged is judged once more by the fee that its row keeps; the treatments of its day
are not kept, so what posting left open of it is asked of the journal instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.carc import CarcClass, carc_class
from app.domain.claim import StoredClaim
from app.domain.contract import Fee, allowed_by_fee
from app.domain.identity import Prefix, public_id
from app.domain.money import ZERO, money_text
from app.domain.remittance import ServicePayment
from app.domain.treatment import Terms
from app.domain.underpayment import (
    UNDERPAYMENTS,
    ExpectedPayment,
    Finding,
    expected_payments,
)
from app.flows.ports import KeptPayment

_Found = Iterator[tuple[str, str]]  # place and message


@dataclass(frozen=True, slots=True)
class JudgedPayment:
    """A payment on the books whose lines were judged, by the rows of its last posting."""

    kept: KeptPayment
    claim: StoredClaim
    rows: Sequence[ExpectedPayment]
    adjusted: Mapping[UUID | None, Decimal]  # what its entry wrote off, by charge


@dataclass(frozen=True, slots=True)
class BookedAct:
    """A write-off that a person decided, beside what its entries wrote off."""

    subject: str  # public id of the denial or underpayment
    ordinal: int
    decided: Decimal  # nothing, once it was taken back
    booked: Decimal


class JudgedRecords(Protocol):
    """The rows of one tenant; payments come in parts, so that memory stays flat."""

    def judged(self) -> Iterator[list[JudgedPayment]]: ...
    def scheduled(self, payer_id: str, version: int, row: int) -> Fee | None:
        """A row of a fee schedule as it was set."""
        ...

    def acts(self) -> Iterator[BookedAct]: ...
    def entries_without_act(self) -> Iterator[UUID]:
        """Entries that write off by an act which is not there."""
        ...


def lines_judged_otherwise(records: JudgedRecords) -> _Found:
    """Place and message of each judged line whose row is not what its facts say."""
    for payments in records.judged():
        for payment in payments:
            place = public_id(Prefix.CLAIM_PAYMENT, payment.kept.id)
            if any(row.claim_id != payment.claim.id for row in payment.rows):
                yield place, "its lines were judged as another claim's"
                continue
            again = {one.service_ordinal: one for one in _judged_again(payment)}
            for row in payment.rows:
                for message in _differences(records, payment, row, again.get(row.service_ordinal)):
                    yield f"{place} line {row.service_ordinal}", message


def acts_booked_otherwise(records: JudgedRecords) -> _Found:
    """Place and message of each write-off by a person that is not booked as decided."""
    for act in records.acts():
        if act.decided != act.booked:
            yield (
                f"{act.subject} act {act.ordinal}",
                f"{money_text(act.decided)} of it is written off, booked {money_text(act.booked)}",
            )
    for entry_id in records.entries_without_act():
        yield f"journal entry {entry_id}", "nobody decided on what it writes off"


# Where a line was cut for other reasons, its entry does not say how much of which was written off.
_TOLD_APART = frozenset({CarcClass.CONTRACTUAL, CarcClass.PATIENT})
_TOLD = ("finding", "charge", "expected", "allowed", "set_apart", "difference")


def _judged_again(payment: JudgedPayment) -> list[ExpectedPayment]:
    """By the fees that the rows keep, and the charges of that day: both may be others by now."""
    charges = {row.line_id: row.charge for row in payment.rows}
    claim = replace(
        payment.claim,
        lines=tuple(
            replace(line, charge=charges.get(line.id, line.charge)) for line in payment.claim.lines
        ),
    )
    agreed = {row.line_id: row.agreed for row in payment.rows if row.line_id and row.agreed}
    on = payment.kept.payment.service_date
    return expected_payments(
        payment.kept.payment,
        claim,
        payment_id=payment.kept.id,
        lines=payment.kept.lines,
        terms=Terms(agreed=agreed),
        on=on or date.max,  # it matters to treatments alone
    )


def _differences(
    records: JudgedRecords,
    payment: JudgedPayment,
    row: ExpectedPayment,
    again: ExpectedPayment | None,
) -> Iterator[str]:
    if row.finding is Finding.NOT_JUDGED:
        return
    if again is None:
        yield f"it is kept as {row.finding}, nothing of its payment can be judged so"
        return
    for name in _TOLD:
        kept, found = getattr(row, name), getattr(again, name)
        if kept != found:
            what = name.replace("_", " ")
            yield f"{what} is kept as {_told(kept)}, its payment says {_told(found)}"
    if row.agreed is not None:
        yield from _fee_differs(records, payment.claim, row, row.agreed.fee)
    left_open = _left_open(payment, row)
    if left_open is not None and left_open != row.left_open:
        yield (
            f"{money_text(row.left_open)} of it is kept as left open, booked"
            f" {money_text(left_open)}"
        )


def _fee_differs(
    records: JudgedRecords, claim: StoredClaim, row: ExpectedPayment, kept: Fee
) -> Iterator[str]:
    set_as = records.scheduled(claim.payer_id or "", kept.version, kept.position)
    if set_as is None or replace(kept, payer_id=set_as.payer_id) != set_as:
        yield f"its fee is not row {kept.position} of version {kept.version} of the schedule"
    line = next((x for x in claim.lines if x.id == row.line_id), None)
    if line is None or line.charge != row.charge:
        return  # corrected since, its units too
    told = allowed_by_fee(kept, units=line.units, charge=row.charge)
    if told != row.expected:
        yield f"expected is kept as {_told(row.expected)}, its fee makes {money_text(told)}"


def _left_open(payment: JudgedPayment, row: ExpectedPayment) -> Decimal | None:
    """Of the cut to the fee, what its entry did not write off; None where it cannot be told."""
    if row.finding not in UNDERPAYMENTS:
        return ZERO
    said = payment.kept.payment
    if row.line_id is None:
        cuts, charge_id = list(said.adjustments), None
        if said.services:
            return None
    else:
        services: list[ServicePayment] = [
            s for s in said.services if payment.kept.lines.get(s.ordinal) == row.line_id
        ]
        cuts = [a for s in services for a in s.adjustments]
        charge_id = next(x.charge_id for x in payment.claim.lines if x.id == row.line_id)
    kinds = {carc_class(a.reason) for a in cuts}
    if not kinds <= _TOLD_APART:
        return None
    cut = sum((a.amount for a in cuts if carc_class(a.reason) is CarcClass.CONTRACTUAL), ZERO)
    return cut - payment.adjusted.get(charge_id, ZERO)


def _told(value: Decimal | Finding | None) -> str:
    return money_text(value) if isinstance(value, Decimal) else str(value)
