"""Whatever stands in place of a member: it is refused by name, or it is an encounter to judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.encounter import canonical_bytes, encounter_json, read_encounter
from app.domain.scrub import ScrubContext, scrub
from tests.documents.test_encounter import FULL

Path = tuple[str | int, ...]


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else ()
    for step, member in (*members, *items):
        yield from _paths(member, (*path, step))


def _put(document: Any, path: Path, value: Any) -> None:
    """Put it there, unless an earlier change took that place away."""
    try:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value
    except (TypeError, KeyError, IndexError):
        return


PATHS = sorted(_paths(FULL), key=str)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90)
    | st.sampled_from(["2026-10-05", "-1.00", "0", "S", "18", "1234567893", "AA", "P.O. BOX 1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner,
                                                                max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), ANY_JSON), min_size=1, max_size=3))
def test_any_value_in_any_place_is_refused_or_judged(changes: list[tuple[Path, Any]]) -> None:
    document = deepcopy(FULL)
    for path, value in changes:
        _put(document, path, value)
    read = read_encounter(json.dumps(document).encode())
    if isinstance(read, list):
        assert read
        return
    again = read_encounter(json.dumps(encounter_json(read)).encode())
    assert again == read
    assert canonical_bytes(read)
    for finding in scrub(read, ScrubContext(today=date(2026, 11, 23))):
        assert finding.pointer == "" or finding.pointer.startswith("/")
