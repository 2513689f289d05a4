"""Brings a database up to date: our tables by alembic, then those of the durable jobs.

The versions are packaged with the program, which therefore migrates itself. Two processes that
start together take turns. `python -m app.store.migrate revision MESSAGE` drafts the next version.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from app import shipped
from app.store.engine import make_engine

# Any number that no other program on the same PostgreSQL takes as its advisory lock.
_ADVISORY_LOCK = 8_370_835


def migrate(url: str, *, to: str = "head") -> None:
    """Upgrades the database at `url`; what is up to date is left as it is."""
    with _connection(url) as connection:
        command.upgrade(_config(connection), to)


def downgrade(url: str, *, to: str = "base") -> None:
    """Takes versions back, for tests and for a release that must be withdrawn."""
    with _connection(url) as connection:
        command.downgrade(_config(connection), to)


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


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """One transaction in which the whole migration happens, alone."""
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK}
                )
            yield connection
    finally:
        engine.dispose()


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
