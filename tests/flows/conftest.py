"""A clinic, and a practice behind the HTTP door, for stories of the money."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.engine import make_engine
from tests.cash.desk import Desk
from tests.flows.clinic import Clinic


@pytest.fixture
def clinic(migrated_url: str, tmp_path: Path) -> Iterator[Clinic]:
    """On SQLite and on PostgreSQL."""
    engine = make_engine(migrated_url)
    yield Clinic(engine, tmp_path / "raw")
    engine.dispose()


@pytest.fixture
def own_sqlite(migrated_sqlite: Path, tmp_path: Path) -> str:
    """For a story that reads the same on both databases, and is told on the faster one."""
    file = tmp_path / "claimloop.db"
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def small_clinic(own_sqlite: str, tmp_path: Path) -> Iterator[Clinic]:
    """On SQLite alone."""
    engine = make_engine(own_sqlite)
    yield Clinic(engine, tmp_path / "raw")
    engine.dispose()


@pytest.fixture
def desk(own_sqlite: str, tmp_path: Path) -> Iterator[Desk]:
    """A practice behind the HTTP door, on SQLite; in the end what is kept twice agrees."""
    desk = Desk(own_sqlite, tmp_path / "raw")
    yield desk
    desk.verified()
    desk.engine.dispose()
