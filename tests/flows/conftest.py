"""A clinic on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.engine import make_engine
from tests.flows.clinic import Clinic


@pytest.fixture
def clinic(migrated_url: str, tmp_path: Path) -> Iterator[Clinic]:
    engine = make_engine(migrated_url)
    yield Clinic(engine, tmp_path / "raw")
    engine.dispose()
