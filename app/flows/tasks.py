"""What people do with tasks: take, put off, comment on and finish them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.domain.clock import local_date
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.task import DONE, StoredTask, TaskStatus
from app.flows.ports import UnitOfWork


def assign(uow: UnitOfWork, task_id: UUID, *, to: str | None) -> StoredTask:
    """Give it to somebody, who works on it from now on, or back to nobody."""
    status = TaskStatus.IN_PROGRESS if to else TaskStatus.OPEN
    return _change(uow, task_id, "task.assigned", status=status, assigned_to=to)


def finish(uow: UnitOfWork, task_id: UUID, *, note: str | None) -> StoredTask:
    """It is done; no rule opens it again for the same subject."""
    return _change(uow, task_id, "task.finished", status=TaskStatus.FINISHED, note=note)


def snooze(uow: UnitOfWork, task_id: UUID, *, until: date, note: str | None) -> StoredTask:
    """Put it off; it is open again on that day. Raises Conflict for a day that is not ahead."""
    if until <= local_date(uow.clock, uow.tenant.time_zone):
        raise Conflict("The day to put it off to is not ahead.", do="Name a later day.")
    return _change(
        uow, task_id, "task.snoozed", status=TaskStatus.SNOOZED, snoozed_until=until, note=note
    )


def note(uow: UnitOfWork, task_id: UUID, *, text: str) -> StoredTask:
    """Add a note; also to one that is finished."""
    task = _task(uow, task_id)
    uow.tasks.add_note(task_id, text)
    return task


def _change(
    uow: UnitOfWork,
    task_id: UUID,
    action: str,
    *,
    status: TaskStatus,
    assigned_to: str | None = None,
    snoozed_until: date | None = None,
    note: str | None = None,
) -> StoredTask:
    task = _task(uow, task_id)
    if task.status is TaskStatus.FINISHED:
        raise Conflict(f"The task is finished ({task.outcome}).", do="Nothing was changed.")
    uow.tasks.update(
        task_id,
        status=status,
        assigned_to=assigned_to if action == "task.assigned" else task.assigned_to,
        snoozed_until=snoozed_until,
        outcome=DONE if status is TaskStatus.FINISHED else None,
    )
    if note:
        uow.tasks.add_note(task_id, note)
    name = public_id(Prefix.TASK, task_id)
    uow.audit(action, subject=name, detail={"status": status})
    if status is TaskStatus.FINISHED:
        uow.event("task.resolved", resource=name)
    return _task(uow, task_id)


def _task(uow: UnitOfWork, task_id: UUID) -> StoredTask:
    task = uow.tasks.get(task_id)
    if task is None:
        raise NotFound("task", "of this id")
    return task
