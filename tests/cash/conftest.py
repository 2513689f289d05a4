"""A practice behind the HTTP door, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cash.desk import Desk


@pytest.fixture
def desk(migrated_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A poster's desk of a practice whose books are empty."""
    desk = Desk(migrated_url, tmp_path / "raw")
    yield desk
    desk.engine.dispose()


@pytest.fixture
def own_desk(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """On SQLite alone, for what no database makes a difference to."""
    shutil.copy(migrated_sqlite, tmp_path / "claimloop.db")
    desk = Desk(f"sqlite:///{tmp_path}/claimloop.db", tmp_path / "raw")
    yield desk
    desk.engine.dispose()
