"""A migrated database of the test's own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.store.engine import make_engine
from app.store.migrate import migrate


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database with all our tables."""
    migrate(database_url)
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
