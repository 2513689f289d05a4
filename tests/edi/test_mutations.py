"""Ten thousand spoiled files: nothing raises, nothing hangs, nothing is lost or kept quiet.

A seed that fails is repeated with `python -c "from tests.edi.spoil import spoiled; ..."`; what
it shows goes into fixtures/x12/KIND/fail.
"""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

import edi
from tests.edi.spoil import LONGEST, holds_of, spoiled

FILES = 10_000
CHUNK = 250
LONGEST_SECONDS = 120  # of a chunk that takes two; longer is a hang, not a slow machine


@pytest.fixture
def not_for_ever() -> Iterator[None]:
    def hang(*_: Any) -> None:
        raise TimeoutError(f"{CHUNK} small files took more than {LONGEST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, hang)
    signal.alarm(LONGEST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("not_for_ever")
@pytest.mark.parametrize("first", range(0, FILES, CHUNK))
def test_a_spoiled_file(first: int) -> None:
    for seed in range(first, first + CHUNK):
        try:
            holds_of(spoiled(seed))
        except Exception as error:
            error.add_note(f"the file of seed {seed}")
            raise


def test_some_of_them_are_right_all_the_same() -> None:
    """So what `holds_of` says of a file without an issue is said of some."""
    assert sum(not edi.check(spoiled(seed)).issues for seed in range(1000)) > 5


def test_memory_does_not_grow_with_what_is_wrong() -> None:
    tracemalloc.start()
    try:
        for seed in range(100):
            holds_of(spoiled(seed))  # generated code and memos are made once
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        for seed in range(100):
            holds_of(spoiled(seed))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 1_000 * LONGEST
