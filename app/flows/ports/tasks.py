"""Tasks, and what the sweep asks to find work nobody has told of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.lifecycle import Stage
from app.domain.task import NewTask, StoredTask, TaskNote, TaskStatus, TaskType


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """GET /v1/tasks: None means any."""

    type: str | None = None
    status: str | None = None
    owner: str | None = None
    assigned_to: str | None = None
    claim_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A claim's latest submission, as far as the sweep needs it."""

    claim_id: UUID
    submission_id: UUID
    payer_row: UUID | None
    partner_id: UUID | None  # of the batch it left in
    amount: Decimal  # what the payer owes
    first_service_date: date | None
    as_of: date | None  # the day of its latest evidence


@dataclass(frozen=True, slots=True)
class WaitingPayment:
    """A claim payment that waits."""

    id: UUID
    claim_id: UUID | None
    reason: str
    amount: Decimal


class Tasks(Protocol):
    """Tasks; one a type, category and subject."""

    def begin(self, tasks: Sequence[NewTask], *, today: date) -> None:
        """Open those that are not there; one that was finished by a rule is open again."""
        ...

    def change(self, tasks: Sequence[NewTask], *, today: date) -> None:
        """Amount, chance and due day of open ones are other now."""
        ...

    def end(
        self, type: TaskType, outcomes: Mapping[UUID, str], *, category: str | None = None
    ) -> None:
        """Finish those of these subjects that are not finished."""
        ...

    def get(self, task_id: UUID) -> StoredTask | None:
        """Held until the unit of work ends."""
        ...

    def search(
        self, which: TaskFilter, *, limit: int, after: tuple[int, UUID] | None
    ) -> list[StoredTask]:
        """The most important first; `after` is negated priority and id of the one before."""
        ...

    def update(
        self,
        task_id: UUID,
        *,
        status: TaskStatus,
        assigned_to: str | None,
        snoozed_until: date | None,
        outcome: str | None,
    ) -> None: ...
    def add_note(self, task_id: UUID, text: str) -> None: ...
    def notes(self, task_id: UUID) -> list[TaskNote]: ...
    def unfinished(self, type: TaskType, *, limit: int, after: UUID | None) -> list[StoredTask]:
        """In id order, beginning behind `after`."""
        ...

    def wake(self, *, today: date) -> None:
        """Open what was put off until today, and weigh everything unfinished anew."""
        ...

    def claims_in(
        self, stages: Collection[Stage], *, limit: int, after: UUID | None
    ) -> list[WaitingClaim]:
        """Claims in one of these stages, in id order, beginning behind `after`."""
        ...

    def new_waiting_payments(self, *, limit: int) -> list[WaitingPayment]:
        """Claim payments that wait for a reason of their own and have no task yet."""
        ...

    def settled_payments(self, *, limit: int) -> list[UUID]:
        """Claim payments that wait no more, though their task does."""
        ...
