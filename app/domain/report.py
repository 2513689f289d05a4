"""Reports: questions with a published definition (api.md 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.money import money_text


class Measure(StrEnum):
    """What a column of a report holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"  # a part of one, to four decimals


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what it tells and how it is asked."""

    name: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    sql: str


Cell = str | int | Decimal | None  # None: there is nothing to divide by, or to name


def cell_text(cell: Cell, measure: Measure) -> str | int | None:
    """As JSON and people read it: money with two decimals, a rate with four."""
    if not isinstance(cell, Decimal):
        return cell
    return money_text(cell) if measure is Measure.MONEY else f"{cell:.4f}"
