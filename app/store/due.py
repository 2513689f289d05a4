"""What is to be done at an instant: kept by the transaction that knows it, taken by any worker.

Workers ask for all tenants at once: like their heartbeats this is infrastructure, ids and instants
alone. A row and the job that it becomes change places in one transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, select

from app.store.engine import reading
from app.store.session import Session
from app.store.tables import due


class Due(NamedTuple):
    """A workflow of a tenant that was to run at `at`."""

    tenant_id: UUID
    workflow: str
    subject_id: UUID
    at: datetime


class ScheduleRepository:
    """The `Schedule` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def at(self, workflow: str, subject_id: UUID, at: datetime | None) -> None:
        self._session.connection.execute(
            delete(due).where(
                self._session.owns(due),
                due.c.workflow == workflow,
                due.c.subject_id == subject_id,
            )
        )
        if at is not None:
            row = {"workflow": workflow, "subject_id": subject_id, "at": at}
            self._session.insert_once(due, [row])

    def of(self, workflow: str, subject_id: UUID) -> datetime | None:
        query = select(due.c.at).where(
            self._session.owns(due), due.c.workflow == workflow, due.c.subject_id == subject_id
        )
        found: datetime | None = self._session.connection.execute(query).scalar_one_or_none()
        return found


def any_due(engine: Engine, *, now: datetime) -> bool:
    """Whether anything is: a look that keeps nobody from writing."""
    with reading(engine) as connection:
        return (
            connection.execute(select(due.c.at).where(due.c.at <= now).limit(1)).first() is not None
        )


def take_due(connection: Connection, *, now: datetime, limit: int) -> list[Due]:
    """What is due, taken away; the caller promises its jobs before this transaction commits."""
    query = select(due).where(due.c.at <= now).order_by(due.c.at).limit(limit)
    found = connection.execute(query.with_for_update(skip_locked=True)).all()
    taken = []
    for row in found:
        gone = connection.execute(
            delete(due).where(
                due.c.tenant_id == row.tenant_id,
                due.c.workflow == row.workflow,
                due.c.subject_id == row.subject_id,
                due.c.at == row.at,
            )
        )
        if gone.rowcount == 1:
            taken.append(Due(row.tenant_id, row.workflow, row.subject_id, row.at))
    return taken
