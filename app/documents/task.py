"""Tasks as JSON: given out, and what people ask to be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.fields import Document
from app.domain.identity import Prefix, public_id
from app.domain.task import StoredTask, TaskNote, TaskType

# What a task of each type is about.
SUBJECTS = {
    TaskType.DENIAL: Prefix.DENIAL,
    TaskType.APPEAL: Prefix.APPEAL,
    TaskType.INFO_REQUESTED: Prefix.SUBMISSION,
    TaskType.WAITING_PAYMENT: Prefix.CLAIM_PAYMENT,
    TaskType.SILENCE: Prefix.SUBMISSION,
    TaskType.FILING_DEADLINE: Prefix.SUBMISSION,
    TaskType.UNDERPAYMENT: Prefix.UNDERPAYMENT,
}


class TaskDocument(Answer):
    """The next step of somebody."""

    id: str
    type: str
    category: str
    status: str
    subject_id: str
    claim_id: str | None
    owner_of_next_action: str
    assigned_to: str | None
    amount: Money  # at stake
    chance: str  # of getting it
    due: Day | None
    snoozed_until: Day | None
    priority: int  # cents at stake x chance x urgency
    outcome: str | None
    created_at: Instant
    finished_at: Instant | None

    @classmethod
    def of(cls, task: StoredTask) -> TaskDocument:
        return cls(**_members(task))


class TaskNoteDocument(Answer):
    """What somebody wrote."""

    text: str
    actor: str
    at: Instant


class TaskDetailDocument(TaskDocument):
    """A task with its notes."""

    notes: list[TaskNoteDocument]

    @classmethod
    def with_notes(cls, task: StoredTask, notes: Sequence[TaskNote]) -> TaskDetailDocument:
        told = [TaskNoteDocument(text=n.text, actor=n.actor, at=n.at) for n in notes]
        return cls(**_members(task), notes=told)


class NoteDocument(Document):
    """The body of :note."""

    model_config = ConfigDict(title="Note")

    text: f.Text256


class FinishDocument(Document):
    """The body of :finish."""

    model_config = ConfigDict(title="Finish")

    note: f.Maybe[f.Text256] = None


class SnoozeDocument(Document):
    """The body of :snooze."""

    model_config = ConfigDict(title="Snooze")

    until: f.Day
    note: f.Maybe[f.Text256] = None


def _members(task: StoredTask) -> dict[str, Any]:
    new = task.new
    return {
        "id": public_id(Prefix.TASK, task.id),
        "type": new.type.value,
        "category": new.category,
        "status": task.status.value,
        "subject_id": public_id(SUBJECTS[new.type], new.subject_id),
        "claim_id": public_id(Prefix.CLAIM, new.claim_id) if new.claim_id else None,
        "owner_of_next_action": new.owner.value,
        "assigned_to": task.assigned_to,
        "amount": new.amount,
        "chance": f"{new.chance:f}",
        "due": new.due,
        "snoozed_until": task.snoozed_until,
        "priority": task.priority,
        "outcome": task.outcome,
        "created_at": task.created_at,
        "finished_at": task.finished_at,
    }
