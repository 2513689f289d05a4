"""The readers in C and those in Python read the same: the same objects, issues, places and texts.

The C is compiled anew here, from the source in the tree; without a compiler these tests skip.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edi
from edi.model import core, reading
from edi.model.node import Node
from edi.record import Record
from tests.edi.planted import PLANTED, planted
from tests.edi.spoil import CORPUS, FIXTURES, spoiled
from tools import build_core

SPOILED = 3_000


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The module, built from the source as it is now."""
    made = build_core.build(tmp_path_factory.mktemp("core"))
    if isinstance(made, str):
        pytest.skip(made)
    spec = importlib.util.spec_from_file_location("edi.model._core", made)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.VERSION == core.VERSION
    return module


@pytest.fixture
def read_by() -> Iterator[Any]:
    """A function that reads bytes with an engine, or with none."""

    own = core.engine

    def events(data: bytes, engine: Any) -> list[Any]:
        if core.engine is not engine:
            core.use(engine)
            reading.place.cache_clear()
        return [told(event) for event in edi.examine(data)]

    yield events
    core.use(own)
    reading.place.cache_clear()


def told(value: Any) -> Any:
    """All that can be asked of a value: classes, and how a number was spelled, among it."""
    if isinstance(value, Node):
        named = {s.name: told(getattr(value, s.name)) for s in value.specs}
        return type(value), getattr(value, "at", None), named
    if isinstance(value, (list, tuple)):
        return type(value), [told(v) for v in value]
    if isinstance(value, Record):
        return type(value), [told(getattr(value, n)) for n in value.names]
    return type(value), value, getattr(value, "text", None)


def whole_files() -> list[Path]:
    found = sorted(FIXTURES.glob("*/*/*.edi"))
    if CORPUS.is_dir():
        found += sorted(p for p in CORPUS.rglob("*") if p.is_file() and p.name != "MANIFEST.csv")
    return found


def test_every_file_reads_the_same(engine: Any, read_by: Any) -> None:
    files = [p.read_bytes() for p in whole_files()]
    quick = [read_by(data, engine) for data in files]
    slow = [read_by(data, None) for data in files]
    assert [n for n, (a, b) in enumerate(zip(quick, slow, strict=True)) if a != b] == []


def test_spoiled_and_planted_files_read_the_same(engine: Any, read_by: Any) -> None:
    files = [spoiled(seed) for seed in range(SPOILED)]
    files += [planted(base, *changes) for _, base, changes, _ in PLANTED]
    quick = [read_by(data, engine) for data in files]
    slow = [read_by(data, None) for data in files]
    assert [n for n, (a, b) in enumerate(zip(quick, slow, strict=True)) if a != b] == []


def test_what_is_right_needs_no_python(
    engine: Any, read_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [p.read_bytes() for p in whole_files() if p.parent.name == "pass"]
    right = [data for data in files if not edi.check(data).issues]
    assert len(right) > 20
    asked, reader = [], reading._reader

    def asking(p: Any, *given: Any, into: bool, **named: Any) -> Any:
        if not into:  # what stands behind claims is read by Python
            asked.append(p.cls.__name__)
        return reader(p, *given, into=into, **named)

    monkeypatch.setattr(reading, "_reader", asking)
    for data in right:
        read_by(data, engine)
    assert asked == []
