"""Signs of life of the workers, one row an executor. Infrastructure: no tenant, no PHI."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from app.store.tables import worker_heartbeat


class Heartbeat(NamedTuple):
    """The last sign of life of an executor: `host` as app.jobs.watch.this_host names it."""

    executor_id: str
    seen_at: datetime
    host: str
    pid: int


def beat(connection: Connection, heartbeat: Heartbeat) -> None:
    """Says that the executor is alive, for the first time or once more."""
    values = heartbeat._asdict()
    row = worker_heartbeat.c.executor_id == heartbeat.executor_id
    if connection.execute(update(worker_heartbeat).where(row).values(values)).rowcount == 0:
        connection.execute(insert(worker_heartbeat).values(values))


def heartbeats(connection: Connection) -> list[Heartbeat]:
    """The last sign of life of every executor that has not said good-bye."""
    rows = connection.execute(select(worker_heartbeat)).all()
    return [Heartbeat(row.executor_id, row.seen_at, row.host, row.pid) for row in rows]


def forget(connection: Connection, executor_id: str) -> None:
    """Good-bye: the executor has ended and holds no work."""
    row = worker_heartbeat.c.executor_id == executor_id
    connection.execute(delete(worker_heartbeat).where(row))


def forget_before(connection: Connection, instant: datetime) -> None:
    """Clears away executors that were last seen before `instant`."""
    connection.execute(delete(worker_heartbeat).where(worker_heartbeat.c.seen_at < instant))
