"""Tasks by subject, and the queries the sweep finds work with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.domain.denial_categories import Owner
from app.domain.lifecycle import Stage
from app.domain.task import DONE, NewTask, StoredTask, TaskNote, TaskStatus, TaskType, priority
from app.flows.ports import PaymentState, TaskFilter, WaitingClaim, WaitingPayment
from app.store import tables as t
from app.store.session import Session

_NOTE = "task_note.text"
_FINISHED = t.task.c.status == TaskStatus.FINISHED


class TaskRepository:
    """The `Tasks` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, tasks: Sequence[NewTask], *, today: date) -> None:
        now = self._session.clock.now()
        rows = [
            {
                "id": self._session.new_id(),
                "type": task.type,
                "category": task.category,
                "subject_id": task.subject_id,
                "claim_id": task.claim_id,
                "status": TaskStatus.OPEN,
                "owner": task.owner,
                "assigned_to": None,
                "amount": task.amount,
                "chance": _thousandths(task.chance),
                "due": task.due,
                "snoozed_until": None,
                "priority": _weight(task, today),
                "outcome": None,
                "created_at": now,
                "finished_at": None,
            }
            for task in tasks
        ]
        made = self._session.inserted(t.task, rows)
        known = [task for row, task in zip(rows, tasks, strict=True) if row["id"] not in made]
        for task in known:
            # What a person finished stays finished; a rule that ended it can begin it again.
            self._session.connection.execute(
                update(t.task)
                .where(*self._is(task), _FINISHED, t.task.c.outcome != DONE)
                .values(status=TaskStatus.OPEN, outcome=None, finished_at=None)
            )
        self.change(known, today=today)

    def change(self, tasks: Sequence[NewTask], *, today: date) -> None:
        for task in tasks:
            self._session.connection.execute(
                update(t.task)
                .where(*self._is(task), ~_FINISHED)
                .values(
                    amount=task.amount,
                    chance=_thousandths(task.chance),
                    due=task.due,
                    priority=_weight(task, today),
                )
            )

    def end(
        self, type: TaskType, outcomes: Mapping[UUID, str], *, category: str | None = None
    ) -> None:
        now = self._session.clock.now()
        for subject_id, outcome in outcomes.items():
            conditions = [t.task.c.type == type, t.task.c.subject_id == subject_id, ~_FINISHED]
            if category is not None:
                conditions.append(t.task.c.category == category)
            self._session.connection.execute(
                update(t.task)
                .where(self._session.owns(t.task), *conditions)
                .values(status=TaskStatus.FINISHED, outcome=outcome, finished_at=now)
            )

    def get(self, task_id: UUID) -> StoredTask | None:
        query = self._session.rows(t.task, t.task.c.id == task_id)
        row = self._session.connection.execute(self._session.locked(query, t.task)).one_or_none()
        return None if row is None else _task(row)

    def search(
        self, which: TaskFilter, *, limit: int, after: tuple[int, UUID] | None
    ) -> list[StoredTask]:
        wanted = {
            t.task.c.type: which.type,
            t.task.c.status: which.status,
            t.task.c.owner: which.owner,
            t.task.c.assigned_to: which.assigned_to,
            t.task.c.claim_id: which.claim_id,
        }
        conditions: list[ColumnElement[bool]] = [
            column == value for column, value in wanted.items() if value is not None
        ]
        if after is not None:
            weight, id = -after[0], after[1]
            conditions.append(
                or_(
                    t.task.c.priority < weight,
                    and_(t.task.c.priority == weight, t.task.c.id > id),
                )
            )
        query = (
            self._session.rows(t.task, *conditions)
            .order_by(t.task.c.priority.desc(), t.task.c.id)
            .limit(limit)
        )
        return [_task(row) for row in self._session.connection.execute(query)]

    def update(
        self,
        task_id: UUID,
        *,
        status: TaskStatus,
        assigned_to: str | None,
        snoozed_until: date | None,
        outcome: str | None,
    ) -> None:
        finished = self._session.clock.now() if status is TaskStatus.FINISHED else None
        self._session.connection.execute(
            update(t.task)
            .where(self._session.owns(t.task), t.task.c.id == task_id)
            .values(
                status=status,
                assigned_to=assigned_to,
                snoozed_until=snoozed_until,
                outcome=outcome,
                finished_at=finished,
            )
        )

    def add_note(self, task_id: UUID, text: str) -> None:
        before = self._session.connection.execute(
            select(func.count())
            .select_from(t.task_note)
            .where(self._session.owns(t.task_note), t.task_note.c.task_id == task_id)
        ).scalar_one()
        sealed = self._session.seal(text.encode(), _NOTE)
        row = {
            "task_id": task_id,
            "ordinal": before + 1,
            "text": sealed.data,
            "text_key_id": sealed.key_id,
            "actor": self._session.actor,
            "at": self._session.clock.now(),
        }
        self._session.insert(t.task_note, [row])

    def notes(self, task_id: UUID) -> list[TaskNote]:
        query = self._session.rows(t.task_note, t.task_note.c.task_id == task_id).order_by(
            t.task_note.c.ordinal
        )
        return [
            TaskNote(
                row.ordinal,
                self._session.open(row.text, row.text_key_id, _NOTE).decode(),
                row.actor,
                row.at,
            )
            for row in self._session.connection.execute(query)
        ]

    def unfinished(self, type: TaskType, *, limit: int, after: UUID | None) -> list[StoredTask]:
        conditions = [t.task.c.type == type, ~_FINISHED]
        if after is not None:
            conditions.append(t.task.c.id > after)
        query = self._session.rows(t.task, *conditions).order_by(t.task.c.id).limit(limit)
        return [_task(row) for row in self._session.connection.execute(query)]

    def wake(self, *, today: date) -> None:
        self._session.connection.execute(
            update(t.task)
            .where(
                self._session.owns(t.task),
                t.task.c.status == TaskStatus.SNOOZED,
                t.task.c.snoozed_until <= today,
            )
            .values(status=TaskStatus.OPEN, snoozed_until=None)
        )
        weighed = self._session.rows(t.task, ~_FINISHED, t.task.c.due.is_not(None))
        for row in self._session.connection.execute(weighed).all():
            weight = _weight(_task(row).new, today)
            if weight != row.priority:
                self._session.connection.execute(
                    update(t.task)
                    .where(self._session.owns(t.task), t.task.c.id == row.id)
                    .values(priority=weight)
                )

    def claims_in(
        self, stages: Collection[Stage], *, limit: int, after: UUID | None
    ) -> list[WaitingClaim]:
        claim = t.claim
        conditions: list[ColumnElement[bool]] = [claim.c.stage.in_(list(stages))]
        if after is not None:
            conditions.append(claim.c.id > after)
        query = (
            select(claim, t.batch.c.partner_id)
            .join_from(
                claim,
                t.batch_position,
                (t.batch_position.c.tenant_id == claim.c.tenant_id)
                & (t.batch_position.c.submission_id == claim.c.submission_id),
                isouter=True,
            )
            .join(
                t.batch,
                (t.batch.c.tenant_id == t.batch_position.c.tenant_id)
                & (t.batch.c.id == t.batch_position.c.batch_id),
                isouter=True,
            )
            .where(self._session.owns(claim), *conditions)
            .order_by(claim.c.id)
            .limit(limit)
        )
        return [
            WaitingClaim(
                claim_id=row.id,
                submission_id=row.submission_id,
                payer_row=row.payer_row,
                partner_id=row.partner_id,
                amount=row.charge - row.paid - row.adjusted - row.patient_responsibility,
                first_service_date=row.first_service_date,
                as_of=row.as_of.date() if row.as_of else None,
            )
            for row in self._session.connection.execute(query)
        ]

    def new_waiting_payments(self, *, limit: int) -> list[WaitingPayment]:
        payment = t.claim_payment
        has_task = (
            select(t.task.c.id)
            .where(
                t.task.c.tenant_id == payment.c.tenant_id,
                t.task.c.type == TaskType.WAITING_PAYMENT,
                t.task.c.subject_id == payment.c.id,
                t.task.c.status != TaskStatus.FINISHED,
            )
            .exists()
        )
        finished_by_somebody = (
            select(t.task.c.id)
            .where(
                t.task.c.tenant_id == payment.c.tenant_id,
                t.task.c.type == TaskType.WAITING_PAYMENT,
                t.task.c.subject_id == payment.c.id,
                t.task.c.category == payment.c.reason,
                t.task.c.outcome == DONE,
            )
            .exists()
        )
        query = (
            self._session.rows(
                payment,
                payment.c.state == PaymentState.WAITING,
                payment.c.reason != "transaction_waits",  # its remittance is on a list of its own
                ~has_task,
                ~finished_by_somebody,
            )
            .order_by(payment.c.id)
            .limit(limit)
        )
        return [
            WaitingPayment(row.id, row.claim_id, row.reason, abs(row.paid))
            for row in self._session.connection.execute(query)
        ]

    def settled_payments(self, *, limit: int) -> list[UUID]:
        query = (
            select(t.task.c.subject_id)
            .join_from(
                t.task,
                t.claim_payment,
                (t.claim_payment.c.tenant_id == t.task.c.tenant_id)
                & (t.claim_payment.c.id == t.task.c.subject_id),
            )
            .where(
                self._session.owns(t.task),
                t.task.c.type == TaskType.WAITING_PAYMENT,
                ~_FINISHED,
                t.claim_payment.c.state != PaymentState.WAITING,
            )
            .limit(limit)
        )
        return list(self._session.connection.execute(query).scalars())

    def _is(self, task: NewTask) -> tuple[ColumnElement[bool], ...]:
        return (
            self._session.owns(t.task),
            t.task.c.type == task.type,
            t.task.c.category == task.category,
            t.task.c.subject_id == task.subject_id,
        )


def _weight(task: NewTask, today: date) -> int:
    return priority(task.amount, task.chance, task.due, today=today)


def _thousandths(chance: Decimal) -> int:
    return int(chance.scaleb(3))


def _task(row: Any) -> StoredTask:
    return StoredTask(
        id=row.id,
        new=NewTask(
            type=TaskType(row.type),
            category=row.category,
            subject_id=row.subject_id,
            claim_id=row.claim_id,
            owner=Owner(row.owner),
            amount=row.amount,
            chance=Decimal(row.chance).scaleb(-3),
            due=row.due,
        ),
        status=TaskStatus(row.status),
        assigned_to=row.assigned_to,
        snoozed_until=row.snoozed_until,
        priority=row.priority,
        outcome=row.outcome,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
