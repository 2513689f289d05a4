"""How a tenant's wire stands: what an operator asks in the night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Unsent:
    """A sealed file that its partner does not have for sure."""

    subject_id: UUID
    partner_id: UUID
    file_name: str
    state: str
    since: datetime
    attempts: int
    fault: str | None  # of the last attempt
    reason: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class LastFile:
    """The last one of its kind."""

    name: str
    kind: str | None
    state: str
    at: datetime


class Standing(Protocol):
    """Counts and last things of one tenant."""

    def batches(self) -> Mapping[tuple[UUID, str], int]:
        """How many, by partner and state."""
        ...

    def files(self, *, since: datetime) -> Mapping[str, int]:
        """How many came in since then, by state."""
        ...

    def unfinished_files(self) -> int:
        """Files that wait to be read or are being read."""
        ...

    def last_files(self, *, limit: int) -> Sequence[LastFile]:
        """The latest first."""
        ...

    def last_sent(self) -> Mapping[UUID, LastFile]:
        """The last batch that left, by partner."""
        ...

    def unsent(self, *, limit: int) -> Sequence[Unsent]:
        """Batches and answers that failed or whose outcome is unknown, the oldest first."""
        ...

    def open_tasks(self) -> Mapping[tuple[str, str], int]:
        """Tasks that are not finished, by type and category."""
        ...
