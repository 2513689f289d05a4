"""Reports: questions with a published definition, answered from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from app.domain.report import Cell, Report


class Reports(Protocol):
    """The reports of one tenant."""

    def all(self) -> Sequence[Report]: ...
    def rows(self, report: Report, *, today: date) -> list[tuple[Cell, ...]]:
        """In the order of its columns; money with two decimals, a rate with four."""
        ...
