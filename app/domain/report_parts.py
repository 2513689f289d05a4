"""What a report for people is made of: a stream of headings, facts, sentences and tables.

Whoever draws one knows nothing of what it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is the page's own."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they hold."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for whoever has to do something."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `money` are the columns that hold amounts."""

    caption: str
    columns: Sequence[str]
    money: frozenset[int]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] | None = None


Part = Heading | Facts | Note | Grid
