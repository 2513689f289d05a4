"""What patients pay, what it is applied to, and what is left over as credit.

A payment becomes credit when it comes and is applied to what the books say the patient owes of the
encounter's charges, oldest payment and first charge first. That is worked out anew after each
change: a later 835 that gives the patient a share takes from the credit, and a reversal gives back.
The outcome depends on what is owed and paid alone, not on the order in which either became known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.ledger import Account, JournalEntry, JournalLine, transfer
from app.domain.money import ZERO

SOURCE = "patient_payment"


class PaymentKind(StrEnum):
    """A payment, or what gives one back."""

    PAYMENT = "payment"
    REFUND = "refund"
    VOID = "void"  # it never was: entered by mistake, or the check bounced


class Method(StrEnum):
    """How the money changed hands."""

    CASH = "cash"
    CHECK = "check"
    CARD = "card"
    ACH = "ach"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PatientPayment:
    """One row of patient money; a refund or a void names the payment it gives back."""

    id: UUID
    encounter_id: UUID
    kind: PaymentKind
    payment_id: UUID | None
    amount: Decimal  # above zero, whatever its kind
    method: Method
    paid_on: date
    reference: str | None
    reason: str | None
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient owes of one charge by the payers' word; no charge: of the claim itself."""

    charge_id: UUID | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Received:
    """A payment as the journal has it."""

    payment_id: UUID
    kept: Decimal  # what was paid and not given back
    applied: Mapping[UUID | None, Decimal]  # by charge
    entries: int  # of it in the journal: the ordinal of the next one

    @property
    def credit(self) -> Decimal:
        return self.kept - sum(self.applied.values(), ZERO)


def received_entry(payment_id: UUID, amount: Decimal, *, on: date) -> JournalEntry:
    """Money from a patient, applied to nothing yet."""
    return _entry(
        payment_id,
        transfer(debit=Account.PATIENT_CASH, credit=Account.PATIENT_CREDIT, amount=amount),
        ordinal=0,
        on=on,
    )


def refund_entry(received: Received, amount: Decimal, *, on: date) -> JournalEntry:
    """Credit given back to the patient."""
    return _entry(
        received.payment_id,
        transfer(debit=Account.PATIENT_CREDIT, credit=Account.PATIENT_CASH, amount=amount),
        ordinal=received.entries,
        on=on,
    )


def received_of(payment_id: UUID, entries: Sequence[JournalEntry]) -> Received:
    """What the journal entries of a payment say of it."""
    kept, applied = ZERO, dict[UUID | None, Decimal]()
    for entry in entries:
        for line in entry.lines:
            if line.account is Account.PATIENT_CASH:
                kept += line.amount
            elif line.account is Account.RECEIVABLE_PATIENT:
                applied[line.charge_id] = applied.get(line.charge_id, ZERO) - line.amount
    return Received(payment_id, kept, applied, len(entries))


def apply(shares: Sequence[Share], payments: Sequence[Received]) -> list[JournalEntry]:
    """The entries that bring what payments are applied to up to what is owed; none if it is so.

    `shares` in the order of the charges, `payments` in the order they came.
    """
    left = {share.charge_id: max(share.amount, ZERO) for share in shares}
    entries: list[JournalEntry] = []
    for payment in payments:
        available, moves = payment.kept, list[tuple[UUID | None, Decimal]]()
        for charge_id in (*left, *(c for c in payment.applied if c not in left)):
            due = left.get(charge_id, ZERO)
            taken = min(due, available)
            available -= taken
            if charge_id in left:
                left[charge_id] = due - taken
            more = taken - payment.applied.get(charge_id, ZERO)
            if more != ZERO:
                moves.append((charge_id, more))
        if moves:
            lines = tuple(line for move in moves for line in _applied(*move))
            entries.append(_entry(payment.payment_id, lines, ordinal=payment.entries, on=None))
    return entries


def _applied(charge_id: UUID | None, amount: Decimal) -> tuple[JournalLine, JournalLine]:
    # No claim is named: what the patient paid is not what a payer's decision moved.
    return transfer(
        debit=Account.PATIENT_CREDIT,
        credit=Account.RECEIVABLE_PATIENT,
        amount=amount,
        charge_id=charge_id,
    )


def _entry(
    payment_id: UUID, lines: tuple[JournalLine, ...], *, ordinal: int, on: date | None
) -> JournalEntry:
    return JournalEntry(
        source_type=SOURCE,
        source_id=payment_id,
        lines=lines,
        ordinal=ordinal,
        effective_date=on,
    )
