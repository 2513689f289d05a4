"""What docs/ says of the JSON and the edits is what the code does."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from app.documents.schema import published
from app.domain.edits import EDITS
from app.domain.finding import WRITING_RULES
from tests.documents.test_encounter import FULL, REFUSED, _changed
from tests.documents.test_fixtures import FOLDER, NAMES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("path", sorted(published()))
def test_the_published_file_is_current(path: str) -> None:
    written = (DOCS / path).read_text(encoding="utf-8")
    assert written == published()[path], "run: python -m app.documents.schema docs"


def _taken(document: object) -> bool:
    schema = json.loads((DOCS / "schema" / "encounter.json").read_text())
    return bool(jsonschema.Draft202012Validator(schema).is_valid(document))


def test_the_schema_takes_what_the_reader_takes() -> None:
    assert _taken(FULL)
    for name in NAMES:
        assert _taken(json.loads((FOLDER / f"{name}.json").read_text())), name


# What JSON Schema cannot say: rules over two members, the calendar, the size of a number.
BEYOND_SCHEMA = {"money_too_large", "missing_state", "zip", "provider_name", "character"}


@pytest.mark.parametrize(
    ("path", "value"),
    [(p, v) for p, v, code in REFUSED if code not in BEYOND_SCHEMA and v != "2026-02-30"],
)
def test_the_schema_refuses_what_the_reader_refuses(path: str, value: object) -> None:
    assert not _taken(_changed(path, value))


def test_an_edit_id_means_one_thing() -> None:
    ids = [*(edit.id for edit in EDITS), *WRITING_RULES]
    assert len(ids) == len(set(ids))
