"""Money that a bank says has arrived, however it tells us, and when two tellings are one deposit.

A deposit posts nothing: cash is booked by the remittance (BPR02). It confirms what is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.business_days import business_days_between

# CORE 370: remittance and payment come within three business days of one another.
WINDOW_BUSINESS_DAYS = 3
# Banks announce credits a few days before; what is dated later than this is a slip of the pen.
MOST_DAYS_AHEAD = 31


def is_misdated(day: date, *, today: date) -> bool:
    """Whether money cannot be said to come, or to have come, on that day."""
    return day > today + timedelta(days=MOST_DAYS_AHEAD)


class DepositSource(StrEnum):
    """How we were told."""

    JSON = "json"
    CCD = "ccd"
    BAI2 = "bai2"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Deposit:
    """One credit to an account of ours; a debit by a payer is negative."""

    amount: Decimal
    date: date  # of the bank: effective entry date, value date, as-of date
    source: DepositSource
    trace_number: str | None = None  # TRN02 of its addenda
    payer_identifier: str | None = None  # TRN03
    payer_name: str | None = None
    account: str | None = None
    reference: str | None = None  # the bank's or the customer's own number: a check's, a lockbox's
    line: int | None = None  # in its file, from 1

    @property
    def trace_key(self) -> str | None:
        """What it is looked up by: the trace, else the reference, which for a check is TRN02."""
        return trace_key(self.trace_number or self.reference)


@dataclass(frozen=True, slots=True)
class StoredDeposit:
    """A deposit that is kept, under its id."""

    id: UUID
    deposit: Deposit
    file_id: UUID | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """One of the ways by which a deposit was told of."""

    source: DepositSource
    file_id: UUID | None
    line: int | None
    at: datetime


def trace_key(text: str | None) -> str | None:
    """A trace spelled one way: banks pad it and turn it to capitals."""
    return (text or "").strip().upper() or None


def same_payer(one: str | None, other: str | None) -> bool | None:
    """Whether two payer identifiers (TRN03) are one; None where one of them is missing.

    TRN03 is the digit 1 and the payer's tax id; some banks leave the 1 out.
    """
    if not one or not other:
        return None
    return _tax_id(one) == _tax_id(other)


def recognised(
    new: Sequence[Deposit], known: Sequence[StoredDeposit]
) -> list[tuple[Deposit, StoredDeposit | None]]:
    """Each new deposit with the known one that it is, if any.

    `new` come from one telling, in which two equal deposits are two: a known deposit is recognised
    once.
    """
    free = sorted(known, key=lambda k: (k.recorded_at, k.id))
    found: list[tuple[Deposit, StoredDeposit | None]] = []
    for deposit in new:
        same = next((k for k in free if _is_same(deposit, k.deposit)), None)
        if same is not None:
            free.remove(same)
        found.append((deposit, same))
    return found


def _is_same(one: Deposit, other: Deposit) -> bool:
    """Amount, account, date, and the trace or, where no telling has one, the bank's reference."""
    if one.amount != other.amount or _differ(one.account, other.account):
        return False
    if one.trace_number and other.trace_number:
        return (
            trace_key(one.trace_number) == trace_key(other.trace_number)
            and same_payer(one.payer_identifier, other.payer_identifier) is not False
            # One way tells the effective entry date, the other the day of its statement.
            and business_days_between(one.date, other.date) <= WINDOW_BUSINESS_DAYS
        )
    if one.trace_number or other.trace_number:
        return False  # two payers may pay the same on one day: a person joins these
    return (
        one.date == other.date and one.account == other.account and one.reference == other.reference
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _tax_id(identifier: str) -> str:
    text = identifier.strip().upper()
    return text[1:] if len(text) == 10 and text.startswith("1") else text
