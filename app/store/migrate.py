"""Brings a database up to date: our tables by alembic, then those of the durable jobs.

The versions are packaged with the program, which therefore migrates itself. Two processes that
start together take turns. `python -m app.store.migrate revision MESSAGE` drafts the next version.
"""

from __future__ import annotations

import fcntl
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app import shipped
from app.store.engine import make_engine
from app.store.outbox import migrate_dbos
from app.store.statistics import tell_planner
from app.store.views import create_views, drop_views
from app.store.worklist_views import drop_worklists, make_worklists

# Any number that no other program on the same PostgreSQL takes as its advisory lock.
_ADVISORY_LOCK = 8_370_835
_POLL_SECONDS = 0.1


class OrphanedRows(RuntimeError):
    """A version lost rows that others refer to; the database is as it was before."""

    def __init__(self, tables: str) -> None:
        self.tables = tables
        super().__init__(f"the migration was taken back: it lost what rows of {tables} refer to")


def migrate(url: str) -> None:
    """Makes the database at `url` ready for us; what is up to date is left as it is."""
    with _turn(url):
        upgrade(url)
        migrate_dbos(url)


def upgrade(url: str, *, to: str = "head") -> None:
    """Our own tables alone."""
    with _connection(url) as connection:
        _run(connection, command.upgrade, to)


def downgrade(url: str, *, to: str = "base") -> None:
    """Takes versions back, for tests and for a release that must be withdrawn."""
    with _connection(url) as connection:
        _run(connection, command.downgrade, to)


def draft(message: str) -> None:
    """Writes the version that leads from the newest one to the tables as they are declared."""
    with (
        tempfile.TemporaryDirectory() as empty,
        _connection(f"sqlite:///{empty}/draft.db") as connection,
    ):
        command.upgrade(_config(connection), "head")
        folder = shipped("migrations") / "versions"
        number = f"{len(list(folder.glob('*.py'))) + 1:04d}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _run(connection: Connection, steps: Callable[[Config, str], None], to: str) -> None:
    """The steps without our views, which only the newest version has.

    What is at its version already is left alone: others may be reading the views.
    """
    config = _config(connection)
    newest = ScriptDirectory.from_config(config).get_current_head()
    moves = to != "head" or MigrationContext.configure(connection).get_current_revision() != newest
    if moves:
        drop_worklists(connection)
        drop_views(connection)
    steps(config, to)
    if moves and MigrationContext.configure(connection).get_current_revision() == newest:
        create_views(connection)
        make_worklists(connection)
        tell_planner(connection)


@contextmanager
def _turn(url: str) -> Iterator[None]:
    """Keeps others from migrating the same database meanwhile.

    A lock inside the database would not do on SQLite: the durable jobs' own migration opens
    connections of its own, and two of them at once end in "database is locked".
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with Path(f"{address.database}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    # Asked for again and again, outside of a transaction: the durable jobs' migration builds an
    # index concurrently, which waits for every transaction that is open, a waiting one included.
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    name = {"name": _ADVISORY_LOCK}
    try:
        with engine.connect() as connection:
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:name)"), name):
                time.sleep(_POLL_SECONDS)
            yield
    finally:
        engine.dispose()  # the session ends, and its lock with it


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """One transaction, in which the whole migration happens or none of it.

    To change a column SQLite makes its table anew, and would take the rows that refer to it for
    orphans meanwhile: they are looked for at the end instead, as its documentation has it.
    """
    engine = make_engine(url)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", _let_tables_be_rebuilt)
    try:
        with engine.begin() as connection:
            yield connection
            if sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                tables = ", ".join(sorted({row[0] for row in orphans}))
                raise OrphanedRows(tables)
    finally:
        engine.dispose()


def _let_tables_be_rebuilt(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    connection.cursor().execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["revision", message]:
            draft(message)
        case _:
            sys.exit("usage: python -m app.store.migrate revision MESSAGE")
