"""Engines: one setting string, two databases, the same transactions.

On SQLite every transaction begins IMMEDIATE: a unit of work reads and then writes, and a reader
that wants to become a writer after another has written can only fail. Writers wait in line instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

# How long a writer waits in line on SQLite, and a lock is waited for on PostgreSQL.
_LOCK_MILLISECONDS = 30_000
_READS = "claimloop_reads"


class UnsupportedDatabase(ValueError):
    """The setting names a database we do not speak."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        super().__init__(
            f"CLAIMLOOP_DATABASE_URL names {dialect}; use sqlite:///FILE or"
            " postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
        )


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql+psycopg://...`.

    `pool_size` is larger than twice the number of workers, because a job holds one connection while
    its runner takes another (design/stack.md section 1).
    """
    address = make_url(url)
    name = address.get_backend_name()
    if name == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            connect_args={
                "options": f"-c lock_timeout={_LOCK_MILLISECONDS} -c timezone=UTC",
            },
        )
    if name != "sqlite":
        raise UnsupportedDatabase(name)
    engine = create_engine(
        address,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"timeout": _LOCK_MILLISECONDS // 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, sees one instant throughout and keeps no writer waiting."""
    options: dict[str, Any] = {_READS: True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    driver: Any = connection
    driver.isolation_level = None  # the driver's own BEGIN is deferred; ours is sent below
    for pragma in (
        f"busy_timeout={_LOCK_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL forgets the last commits in a power cut; a file has left then
        "foreign_keys=ON",
    ):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
