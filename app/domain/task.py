"""Tasks: the next step of somebody, ordered by money, chance and urgency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.denial_categories import Owner
from app.domain.money import to_cents


class TaskType(StrEnum):
    """Which rule made it."""

    DENIAL = "denial"
    APPEAL = "appeal"
    INFO_REQUESTED = "info_requested"
    WAITING_PAYMENT = "waiting_payment"
    SILENCE = "silence"
    FILING_DEADLINE = "filing_deadline"
    UNDERPAYMENT = "underpayment"


class TaskStatus(StrEnum):
    """Where it stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    WAITING_FOR_REVIEW = "waiting_for_review"
    SNOOZED = "snoozed"
    FINISHED = "finished"


DONE = "done"  # the outcome of a task that a person finished: no rule opens it again


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as a rule makes it: once for each type, category and subject.

    `subject_id` names what it is about: a denial, a submission, a claim payment, an appeal.
    """

    type: TaskType
    category: str
    subject_id: UUID
    claim_id: UUID | None
    owner: Owner
    amount: Decimal
    chance: Decimal = Decimal(1)
    due: date | None = None


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task as it is kept."""

    id: UUID
    new: NewTask
    status: TaskStatus
    assigned_to: str | None
    snoozed_until: date | None
    priority: int
    outcome: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskNote:
    """What somebody wrote to a task."""

    ordinal: int
    text: str
    actor: str
    at: datetime


# Days until it is due, at most -> how many times as urgent as what has time.
URGENCY: tuple[tuple[int, Decimal], ...] = (
    (0, Decimal(4)),
    (3, Decimal(3)),
    (7, Decimal(2)),
    (15, Decimal("1.5")),
    (30, Decimal("1.2")),
)


def urgency(due: date | None, *, today: date) -> Decimal:
    """The factor of the table; 1 for what has more time or no day."""
    if due is None:
        return Decimal(1)
    days = (due - today).days
    return next((factor for most, factor in URGENCY if days <= most), Decimal(1))


def priority(amount: Decimal, chance: Decimal, due: date | None, *, today: date) -> int:
    """Money at stake x chance of getting it x urgency, as a number of cents; higher goes first."""
    weighed = to_cents(amount) * chance * urgency(due, today=today)
    return int(weighed.to_integral_value(ROUND_HALF_UP))
