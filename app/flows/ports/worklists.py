"""Worklists: counts and pages of the views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from app.domain.worklists import Worklist, WorklistItem


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """GET /v1/worklists/{name}: None means any."""

    payer_id: str | None = None
    category: str | None = None
    owner: str | None = None
    due_before: date | None = None


class Worklists(Protocol):
    """What waits."""

    def count(self, worklist: Worklist, which: WorklistFilter) -> int: ...
    def page(
        self,
        worklist: Worklist,
        which: WorklistFilter,
        *,
        limit: int,
        after: tuple[int, UUID] | None,
    ) -> list[WorklistItem]:
        """In the list's order; `after` is sort key and id of the row before."""
        ...
