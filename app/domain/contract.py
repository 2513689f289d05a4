"""What a payer has agreed to allow: fees by payer and date, and what they expect of a line.

The first step of contracts: a fee for a procedure, with or without modifiers, for a unit. What the
payer allows below it is an underpayment; what it cuts beyond it is not written off
(`app.domain.treatment`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.money import CENT
from app.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Fee:
    """One row: what the payer allows for one unit of a procedure, from a day on until another."""

    payer_id: str
    code: str
    amount: Decimal  # up to three decimals: drugs are priced so
    modifiers: frozenset[str] = frozenset()  # all of them must be on the line; none: any line
    since: date = date.min
    until: date = date.max  # the last day it holds
    version: int = 0  # of the schedule it stands in; each one that is set has the next
    position: int = 0  # of the row in that schedule, from 1


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the payer should allow for a line, and the row that says so."""

    amount: Decimal
    fee: Fee


@dataclass(frozen=True, slots=True)
class KeptSchedule:
    """A payer's fees as they were set once."""

    version: int
    fees: tuple[Fee, ...]
    actor: str
    at: datetime


class FeeSchedule:
    """The fees of some payers, looked up by what a line says."""

    def __init__(self, fees: Iterable[Fee]) -> None:
        self._by_code: defaultdict[tuple[str, str], list[Fee]] = defaultdict(list)
        for fee in fees:
            self._by_code[fee.payer_id, fee.code].append(fee)

    def agreed(
        self,
        payer_id: str,
        procedure: Procedure,
        *,
        units: Decimal,
        charge: Decimal,
        on: date | None,
    ) -> Agreed | None:
        """What the payer should allow for the line, or None where no row says it.

        The row with the most modifiers wins, then the latest.
        """
        if on is None:
            return None
        said = set(procedure.modifiers)
        rows = [
            fee
            for fee in self._by_code.get((payer_id, procedure.code or ""), ())
            if fee.since <= on <= fee.until and fee.modifiers <= said
        ]
        if not rows:
            return None
        best = max(rows, key=lambda fee: (len(fee.modifiers), fee.since))
        return Agreed(allowed_by_fee(best, units=units, charge=charge), best)


def allowed_by_fee(fee: Fee, *, units: Decimal, charge: Decimal) -> Decimal:
    """What a fee allows for so many units. Nobody allows more than was charged."""
    return min((fee.amount * units).quantize(CENT, ROUND_HALF_UP), charge)
