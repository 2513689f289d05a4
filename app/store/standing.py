"""Counts and last things of one tenant's wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.answer import AnswerState
from app.domain.batch import BatchState
from app.domain.task import TaskStatus
from app.domain.transmission import StepKind
from app.flows.ports import FileState, LastFile, Unsent
from app.store.session import Session
from app.store.tables import answer, batch, due, file, task, transmission_step

_NOT_FOR_SURE = (BatchState.FAILED_TRANSPORT, BatchState.SEND_UNKNOWN)
_LEFT = [
    state
    for state in BatchState
    if state.may_have_left and state not in (*_NOT_FOR_SURE, BatchState.SEALED)
]


class StandingRepository:
    """The `Standing` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def batches(self) -> Mapping[tuple[UUID, str], int]:
        c = batch.c
        query = (
            select(c.partner_id, c.state, func.count())
            .where(self._session.owns(batch))
            .group_by(c.partner_id, c.state)
        )
        return {(row[0], row[1]): row[2] for row in self._session.connection.execute(query)}

    def files(self, *, since: datetime) -> Mapping[str, int]:
        query = (
            select(file.c.state, func.count())
            .where(self._session.owns(file), file.c.received_at >= since)
            .group_by(file.c.state)
        )
        return {row[0]: row[1] for row in self._session.connection.execute(query)}

    def unfinished_files(self) -> int:
        waits = [state for state in FileState if not state.final]
        query = (
            select(func.count())
            .select_from(file)
            .where(self._session.owns(file), file.c.state.in_(waits))
        )
        return int(self._session.connection.execute(query).scalar_one())

    def last_files(self, *, limit: int) -> Sequence[LastFile]:
        query = self._session.rows(file).order_by(file.c.id.desc()).limit(limit)
        return [
            LastFile(row.name, row.kind, row.state, row.received_at)
            for row in self._session.connection.execute(query)
        ]

    def last_sent(self) -> Mapping[UUID, LastFile]:
        latest = (
            select(func.max(batch.c.created_at).label("at"), batch.c.partner_id)
            .where(self._session.owns(batch), batch.c.state.in_(_LEFT))
            .group_by(batch.c.partner_id)
            .subquery()
        )
        query = (
            self._session.rows(batch)
            .where(batch.c.state.in_(_LEFT))
            .join(
                latest,
                (latest.c.partner_id == batch.c.partner_id) & (latest.c.at == batch.c.created_at),
            )
        )
        return {
            row.partner_id: LastFile(row.file_name, "837", row.state, row.created_at)
            for row in self._session.connection.execute(query)
        }

    def unsent(self, *, limit: int) -> Sequence[Unsent]:
        found: list[Unsent] = []
        for table, states in (
            (batch, _NOT_FOR_SURE),
            (answer, (AnswerState.FAILED_TRANSPORT, AnswerState.SEND_UNKNOWN)),
        ):
            query = (
                self._session.rows(table)
                .where(table.c.state.in_(states))
                .order_by(table.c.id)
                .limit(limit)
            )
            for row in self._session.connection.execute(query):
                found.append(self._unsent(row))
        return sorted(found, key=lambda one: one.since)[:limit]

    def open_tasks(self) -> Mapping[tuple[str, str], int]:
        query = (
            select(task.c.type, task.c.category, func.count())
            .where(self._session.owns(task), task.c.status != TaskStatus.FINISHED)
            .group_by(task.c.type, task.c.category)
        )
        return {(row[0], row[1]): row[2] for row in self._session.connection.execute(query)}

    def _unsent(self, row: Any) -> Unsent:
        subject = row.id
        c = transmission_step.c
        last = self._session.connection.execute(
            self._session.rows(transmission_step, c.subject_id == subject)
            .where(c.step.in_([StepKind.FAILED, StepKind.UNKNOWN]))
            .order_by(c.attempt.desc())
            .limit(1)
        ).one_or_none()
        next_at = self._session.connection.execute(
            select(due.c.at).where(self._session.owns(due), due.c.subject_id == subject)
        ).scalar()
        return Unsent(
            subject_id=subject,
            partner_id=row.partner_id,
            file_name=row.file_name,
            state=row.state,
            since=row.created_at,
            attempts=last.attempt if last else 0,
            fault=last.fault if last else None,
            reason=last.reason if last else None,
            next_at=next_at,
        )
