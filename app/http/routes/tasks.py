"""Tasks: the most important first, and what people do with them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.documents.answers import Page
from app.documents.denial import AssignDocument
from app.documents.query import OneTaskStatus, OneTaskType, Word
from app.documents.task import (
    FinishDocument,
    NoteDocument,
    SnoozeDocument,
    TaskDetailDocument,
    TaskDocument,
)
from app.domain.identity import Prefix
from app.domain.task import StoredTask
from app.flows.ports import TaskFilter, UnitOfWork
from app.flows.tasks import assign, finish, note, snooze
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import body_of as described
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_key, page, token_of_key
from app.http.requests import (
    Handed,
    OfClaim,
    RawBody,
    body_of,
    missing,
    row_id,
    unit,
    wanted_id,
)

router = APIRouter(route_class=GuardedRoute, prefix="/v1/tasks", tags=["work"])


@router.get("")
def list_tasks(
    caller: Reader,
    needs: Handed,
    type: OneTaskType = None,
    status: OneTaskStatus = None,
    owner: Word = None,
    assigned_to: Annotated[Word, Query(alias="assignedTo")] = None,
    claim_id: OfClaim = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[TaskDocument]:
    """Tasks by priority."""
    which = TaskFilter(
        type=type.value if type else None,
        status=status.value if status else None,
        owner=owner,
        assigned_to=assigned_to,
        claim_id=wanted_id(Prefix.CLAIM, claim_id),
    )
    size, after = page_size or DEFAULT_SIZE, after_key(page_token)
    with unit(needs, caller) as uow:
        rows = uow.tasks.search(which, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[TaskDocument.of(task) for task in shown],
        next_page_token=token_of_key(-last.priority, last.id) if last else None,
    )


@router.get("/{task_id}")
def get_task(task_id: str, caller: Reader, needs: Handed) -> TaskDetailDocument:
    """One task with its notes."""
    key = row_id(Prefix.TASK, task_id)
    with unit(needs, caller) as uow:
        return _detail(uow, _task(uow, key))


@router.post("/{task_id}:assign", openapi_extra=described(AssignDocument))
def post_assign(task_id: str, raw: RawBody, caller: Writer, needs: Handed) -> TaskDetailDocument:
    """Give it to somebody, who works on it from now on."""
    key, body = row_id(Prefix.TASK, task_id), body_of(AssignDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, assign(uow, key, to=body.to))


@router.post("/{task_id}:finish", openapi_extra=described(FinishDocument, required=False))
def post_finish(task_id: str, raw: RawBody, caller: Writer, needs: Handed) -> TaskDetailDocument:
    """It is done."""
    key, body = row_id(Prefix.TASK, task_id), body_of(FinishDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, finish(uow, key, note=body.note))


@router.post("/{task_id}:snooze", openapi_extra=described(SnoozeDocument))
def post_snooze(task_id: str, raw: RawBody, caller: Writer, needs: Handed) -> TaskDetailDocument:
    """Put it off until a day."""
    key, body = row_id(Prefix.TASK, task_id), body_of(SnoozeDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, snooze(uow, key, until=body.until, note=body.note))


@router.post("/{task_id}:note", openapi_extra=described(NoteDocument))
def post_note(task_id: str, raw: RawBody, caller: Writer, needs: Handed) -> TaskDetailDocument:
    """Write something to it."""
    key, body = row_id(Prefix.TASK, task_id), body_of(NoteDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, note(uow, key, text=body.text))


def _task(uow: UnitOfWork, key: UUID) -> StoredTask:
    task = uow.tasks.get(key)
    if task is None:
        raise missing(Prefix.TASK)
    return task


def _detail(uow: UnitOfWork, task: StoredTask) -> TaskDetailDocument:
    return TaskDetailDocument.with_notes(task, uow.tasks.notes(task.id))
