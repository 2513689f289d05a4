"""The double-entry ledger: accounts, entries that sum to zero, and their trial balance.

A debit is positive. Nothing is edited or deleted; undo is a mirror entry that names its original.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.money import ZERO


class Account(StrEnum):
    """The accounts (contracts.md)."""

    CASH = "cash"
    UNAPPLIED = "unapplied"
    RECEIVABLE_PAYER = "receivable_payer"
    RECEIVABLE_PATIENT = "receivable_patient"
    CHARGES = "charges"
    CONTRACTUAL = "contractual"
    SEQUESTRATION = "sequestration"
    WRITE_OFF = "write_off"
    PROVIDER_ADJUSTMENTS = "provider_adjustments"
    PAYER_RECOUPMENT = "payer_recoupment"
    INTEREST = "interest"
    PATIENT_CASH = "patient_cash"
    PATIENT_CREDIT = "patient_credit"


class JournalLine(NamedTuple):
    """One account's part of an entry. The most numerous of all: a tuple is made in a third of the
    time of a frozen dataclass."""

    account: Account
    amount: Decimal  # debit positive
    charge_id: UUID | None = None
    claim_id: UUID | None = None
    payer_position: str | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Lines that sum to zero, posted together; its source makes a second posting a no-op."""

    source_type: str  # charge, remittance, claim_payment, provider_adjustment
    source_id: UUID
    lines: tuple[JournalLine, ...]
    ordinal: int = 0
    effective_date: date | None = None
    reverses_id: UUID | None = None

    def __post_init__(self) -> None:
        total = sum([line.amount for line in self.lines], ZERO)
        if total != ZERO:
            raise ValueError(f"a journal entry must sum to zero, this one sums to {total}")


def transfer(
    *,
    debit: Account,
    credit: Account,
    amount: Decimal,
    charge_id: UUID | None = None,
    claim_id: UUID | None = None,
    payer_position: str | None = None,
) -> tuple[JournalLine, JournalLine]:
    """The two lines that move `amount`; a negative amount moves it back."""
    return (
        JournalLine(debit, amount, charge_id, claim_id, payer_position),
        JournalLine(credit, -amount, charge_id, claim_id, payer_position),
    )


def mirror(
    entry: JournalEntry, *, entry_id: UUID, ordinal: int, source_id: UUID | None = None
) -> JournalEntry:
    """The entry that takes `entry` (stored under `entry_id`) back.

    `source_id` says whose act that is where it is not the original's own: a reversal's.
    """
    return JournalEntry(
        source_type=entry.source_type,
        source_id=source_id or entry.source_id,
        lines=tuple(
            JournalLine(x.account, -x.amount, x.charge_id, x.claim_id, x.payer_position)
            for x in entry.lines
        ),
        ordinal=ordinal,
        effective_date=entry.effective_date,
        reverses_id=entry_id,
    )


def said_by(entries: Sequence[tuple[UUID, UUID | None]]) -> list[UUID]:
    """Of the entries of one source, in order as (id, the entry it takes back): those that say
    something new. The others only take back, or put back, what another of them says.

    A reversal says that it takes somebody else's entry back; whoever posts of his own accord takes
    back nothing but what he said, even where the last word on it is his reversal's.
    """
    of_its_own = [id for id, reverses in entries if reverses is None]
    own = {id for id, _ in entries}
    return of_its_own or [id for id, reverses in entries if reverses not in own]


def trial_balance(lines: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Every account with its balance, also those that nothing was posted to."""
    balances = {str(account): ZERO for account in Account}
    for account, amount in lines:
        balances[account] += amount
    return balances
