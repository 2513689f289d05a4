"""Institutional encounters as JSON: the type of bill is one text there, and each kind keeps to its
own members."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from app.documents.encounter import canonical_bytes, encounter_json, read_encounter
from app.documents.problem import Problem
from app.domain.encounter import Encounter
from app.domain.scrub import ScrubContext, scrub
from tests.documents.institutional_strategy import encounters
from tests.documents.test_encounter import FULL
from tests.x12.institutional import INPATIENT

STAY = encounter_json(INPATIENT)


def _read(changes: dict[str, Any], of: dict[str, Any] = STAY) -> Encounter | list[Problem]:
    document = deepcopy(of)
    for path, value in changes.items():
        *parents, last = path.strip("/").split("/")
        target: Any = document
        for step in parents:
            target = target[int(step)] if isinstance(target, list) else target[step]
        target[last] = value
    return read_encounter(json.dumps(document).encode())


@settings(max_examples=100, deadline=None)
@given(encounter=encounters())
def test_any_institutional_encounter_comes_back_equal(encounter: Encounter) -> None:
    assert read_encounter(canonical_bytes(encounter)) == encounter


def test_the_example_of_the_documentation_is_a_claim_the_edits_let_pass() -> None:
    page = (Path(__file__).parents[2] / "docs" / "claims-and-files.md").read_text(encoding="utf-8")
    section = page[page.index("## An institutional encounter") :]
    (example,) = re.findall(r"^```json\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[:1]
    encounter = read_encounter(example.encode())
    assert isinstance(encounter, Encounter)
    assert encounter.type_of_bill == "0111"
    assert scrub(encounter, ScrubContext(today=date(2026, 11, 23))) == []


def test_the_frequency_is_the_last_character_of_the_type_of_bill() -> None:
    interim = _read({"/institutional/typeOfBill": "0112"})
    assert isinstance(interim, Encounter)
    assert interim.claim_frequency_code == "2"
    assert interim.type_of_bill == "0112"
    assert "claimFrequencyCode" not in encounter_json(interim)


@pytest.mark.parametrize("text", ["0117", "117", " 0117 "])
def test_the_leading_nought_may_be_left_out(text: str) -> None:
    replacement = _read({"/institutional/typeOfBill": text, "/claimFrequencyCode": "7"})
    assert isinstance(replacement, Encounter)
    assert encounter_json(replacement)["institutional"]["typeOfBill"] == "0117"


REFUSED = [
    (STAY, {"/claimFrequencyCode": "7"}, "/claimFrequencyCode", "frequency_told_twice"),
    (STAY, {"/institutional/typeOfBill": "11"}, "/institutional/typeOfBill",
     "string_pattern_mismatch"),
    (STAY, {"/institutional": None}, "/institutional", "missing"),
    (STAY, {"/serviceLines/1/institutional": None}, "/serviceLines/1/institutional", "missing"),
    (STAY, {"/serviceLines/0/institutional/revenueCode": "120"},
     "/serviceLines/0/institutional/revenueCode", "string_pattern_mismatch"),
    (STAY, {"/institutional/admissionHour": "2460"}, "/institutional/admissionHour",
     "string_pattern_mismatch"),
    (STAY, {"/diagnoses/0/presentOnAdmission": "1"}, "/diagnoses/0/presentOnAdmission",
     "literal_error"),
    (FULL, {"/institutional": STAY["institutional"]}, "/institutional", "other_claim_type"),
    (FULL, {"/placeOfService": None}, "/placeOfService", "missing"),
    (FULL, {"/serviceLines/0/serviceDate": None}, "/serviceLines/0/serviceDate", "missing"),
    (FULL, {"/serviceLines/0/procedure": None}, "/serviceLines/0/procedure", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "changes", "pointer", "code"), REFUSED, ids=[f"{p}-{c}" for _, _, p, c in REFUSED]
)
def test_a_member_of_the_wrong_kind_or_form_is_named(
    of: dict[str, Any], changes: dict[str, Any], pointer: str, code: str
) -> None:
    problems = _read(changes, of)
    assert isinstance(problems, list)
    assert [(p.pointer, p.code) for p in problems] == [(pointer, code)]


def test_what_the_kind_asks_for_is_told_with_what_the_shape_lacks() -> None:
    problems = _read({"/placeOfService": None, "/totalCharge": 5}, FULL)
    assert isinstance(problems, list)
    assert [p.pointer for p in problems] == ["/totalCharge", "/placeOfService"]
