"""Which deposit pays which remittance (835.md section 7, api.md 5.4, CAQH CORE 370).

The key is TRN02 and TRN03, confirmed by amount and by date within three business days. What has
the full key is joined by itself, also where the amount differs: that difference is what a poster
has to see. What lacks the payer's identifier is joined only where the amount agrees. The rest is
suggested.

A group is one deposit with its remittances or one remittance with its deposits, never more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.business_days import business_days_between
from app.domain.deposit import WINDOW_BUSINESS_DAYS, StoredDeposit, same_payer, trace_key
from app.domain.money import ZERO

_CHECK, _NON_PAYMENT = "CHK", "NON"  # BPR04


class Reassociation(StrEnum):
    """Where a remittance and its money stand to one another."""

    ERA_ONLY = "ERA_ONLY"  # paid by EFT, and no deposit is known
    EFT_ONLY = "EFT_ONLY"  # a deposit without a remittance
    MATCHED = "MATCHED"  # one and one, of the same amount
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    SPLIT_DEPOSIT = "SPLIT_DEPOSIT"  # several of one side, of the same amount together
    CHECK = "CHECK"  # paid by check, whose deposit is not known
    VIRTUAL_CARD = "VIRTUAL_CARD"  # BPR04 NON with an amount: neither EFT nor check brings it
    ZERO_PAY = "ZERO_PAY"  # BPR02 0: no money is due


@dataclass(frozen=True, slots=True)
class Expected:
    """A remittance as far as a bank can confirm it."""

    id: UUID
    amount: Decimal  # BPR02, negative where BPR03 is D
    date: date | None  # BPR16
    trace_number: str  # TRN02
    payer_identifier: str | None  # TRN03
    payer_name: str | None
    payment_method: str  # BPR04


@dataclass(frozen=True, slots=True)
class Pair:
    """A deposit joined to a remittance, and how that was found."""

    deposit_id: UUID
    remittance_id: UUID
    method: str  # trace, trace_sum, trace_amount, check_number, by_hand
    confidence: str  # certain, probable


Edges = Collection[tuple[UUID, UUID]]  # deposit, remittance


def group_state(expected: Sequence[Expected], arrived: Sequence[Decimal]) -> Reassociation:
    """The state of the remittances and the amounts of the deposits that are joined."""
    if not expected:
        return Reassociation.EFT_ONLY
    due = sum((e.amount for e in expected), ZERO)
    if not arrived:
        return _without_deposit(expected[0])
    if due != sum(arrived, ZERO):
        return Reassociation.AMOUNT_MISMATCH
    if len(expected) == len(arrived) == 1:
        return Reassociation.MATCHED
    return Reassociation.SPLIT_DEPOSIT


def is_late(state: Reassociation, day: date | None, *, today: date) -> bool:
    """Whether the other side should have come by now: three business days after `day`."""
    waits = state in (Reassociation.ERA_ONLY, Reassociation.EFT_ONLY)
    return (
        waits
        and day is not None
        and day < today
        and business_days_between(day, today) > WINDOW_BUSINESS_DAYS
    )


def join(
    deposits: Collection[StoredDeposit],
    remittances: Sequence[Expected],
    *,
    standing: Edges,
    barred: Edges,
) -> list[Pair]:
    """The pairs that can be joined without a person.

    `standing` are joined already, `barred` were taken apart by a person and stay so.
    """
    edges = set(standing)
    amounts = {d.id: d.deposit.amount for d in deposits}
    found: list[Pair] = []
    for deposit in sorted(deposits, key=lambda d: (d.deposit.date, d.id)):
        if any(joined == deposit.id for joined, _ in edges):
            continue
        candidates = [
            e
            for e in remittances
            if (deposit.id, e.id) not in barred and _is_open(e, edges, amounts)
        ]
        for pair in _pairs(deposit, candidates, edges):
            edges.add((pair.deposit_id, pair.remittance_id))
            found.append(pair)
    return found


def suggestions(
    deposit: StoredDeposit, remittances: Iterable[Expected], *, standing: Edges
) -> list[Expected]:
    """Remittances without a deposit that a person may join, the likeliest first."""
    taken = {remittance for _, remittance in standing}
    money = deposit.deposit

    def unlikely(expected: Expected) -> tuple[bool, bool, int]:
        days = business_days_between(money.date, expected.date) if expected.date else 99
        return (
            not _same_trace(deposit, expected),
            same_payer(money.payer_identifier, expected.payer_identifier) is not True,
            days,
        )

    open_ones = [
        e
        for e in remittances
        if e.id not in taken and (e.amount == money.amount or _same_trace(deposit, e))
    ]
    return sorted(open_ones, key=lambda e: (*unlikely(e), e.id))


def _pairs(deposit: StoredDeposit, candidates: list[Expected], edges: Edges) -> list[Pair]:
    money = deposit.deposit
    taken = {remittance for _, remittance in edges}
    of_trace = [e for e in candidates if _same_trace(deposit, e) and _in_time(deposit, e)]
    keyed = [e for e in of_trace if money.trace_number and _payer(deposit, e) is True]
    if keyed:
        exact = [e for e in keyed if e.amount == money.amount and e.id not in taken]
        if len(exact) == 1:
            return [Pair(deposit.id, exact[0].id, "trace", "certain")]
        whole = [e for e in keyed if e.id not in taken]
        if not exact and len(whole) > 1 and sum((e.amount for e in whole), ZERO) == money.amount:
            return [Pair(deposit.id, e.id, "trace_sum", "certain") for e in whole]
        if len(keyed) == 1 and keyed[0].amount * money.amount > ZERO:
            return [Pair(deposit.id, keyed[0].id, "trace", "certain")]
        return []
    agreeing = [
        e
        for e in of_trace
        if _payer(deposit, e) is None and e.amount == money.amount and e.id not in taken
    ]
    if len(agreeing) != 1:
        return []
    method = "trace_amount" if money.trace_number else "check_number"
    return [Pair(deposit.id, agreeing[0].id, method, "probable")]


def _is_open(expected: Expected, edges: Edges, amounts: dict[UUID, Decimal]) -> bool:
    """Not joined, or joined to parts of its money alone, which do not make it whole yet."""
    parts = [deposit for deposit, remittance in edges if remittance == expected.id]
    if not parts:
        return expected.amount != ZERO
    alone = all(sum(d == part for d, _ in edges) == 1 for part in parts)
    there = sum((amounts.get(part, ZERO) for part in parts), ZERO)
    return alone and abs(there) < abs(expected.amount)


def _same_trace(deposit: StoredDeposit, expected: Expected) -> bool:
    """A deposit without a trace may tell a check's number in its reference."""
    money = deposit.deposit
    if money.trace_number is None and expected.payment_method != _CHECK:
        return False
    return money.trace_key is not None and money.trace_key == trace_key(expected.trace_number)


def _payer(deposit: StoredDeposit, expected: Expected) -> bool | None:
    return same_payer(deposit.deposit.payer_identifier, expected.payer_identifier)


def _in_time(deposit: StoredDeposit, expected: Expected) -> bool:
    if expected.date is None:
        return deposit.deposit.amount == expected.amount
    return business_days_between(deposit.deposit.date, expected.date) <= WINDOW_BUSINESS_DAYS


def _without_deposit(expected: Expected) -> Reassociation:
    if expected.amount == ZERO:
        return Reassociation.ZERO_PAY
    if expected.payment_method == _NON_PAYMENT:
        return Reassociation.VIRTUAL_CARD
    if expected.payment_method == _CHECK:
        return Reassociation.CHECK
    return Reassociation.ERA_ONLY
