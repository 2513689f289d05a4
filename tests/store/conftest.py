"""A migrated database of the test's own, on SQLite and on PostgreSQL, and units of work on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.flows.ports import Tenant
from app.store.engine import make_engine
from app.store.migrate import migrate
from app.store.tenants import Tenants
from tests.store.practice import CLOCK, Practice


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    """An engine on a database with all our tables and no row."""
    engine = make_engine(migrated_url)
    yield engine
    engine.dispose()


@pytest.fixture
def practice(engine: Engine) -> Practice:
    """A test tenant with its units of work; nothing is encrypted."""
    return Practice(engine)


@pytest.fixture
def neighbour(engine: Engine) -> Tenant:
    """Another tenant of the same database."""
    return Tenants(engine, clock=CLOCK).ensure("Neighbour Clinic")


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """As `engine`, on SQLite alone."""
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()
