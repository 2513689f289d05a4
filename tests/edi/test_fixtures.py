"""A file dropped into `fixtures/x12/KIND/pass` or `fail` is a test.

A `pass` file has no error, reports no segment, and is written back byte for byte (test_round_trip).
A `fail` file has at least one error. Beside either, NAME.json may say which issues (code, segment
number, element) and figures are expected.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import edi

FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"


def expected(path: Path) -> dict[str, Any]:
    beside = path.with_suffix(".json")
    if not beside.exists():
        return {}
    document: dict[str, Any] = json.loads(beside.read_text())
    return document


def agrees(report: edi.Report, document: dict[str, Any]) -> None:
    shown = report.as_json()
    for key, value in document.items():
        if key == "issues":
            assert [[i.code, i.segment_number, i.ref] for i in report.issues] == value
        else:
            assert shown[key] == value, key


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/pass/*.edi")), ids=lambda p: p.stem)
def test_pass(path: Path) -> None:
    report = edi.check(path.read_bytes())
    assert [i for i in report.issues if i.severity == "error"] == []
    assert report.segments_reported == 0
    assert report.segments == sum(1 for _ in edi.segments(path.read_bytes()))
    agrees(report, expected(path))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*/fail/*.edi")), ids=lambda p: p.stem)
def test_fail(path: Path) -> None:
    report = edi.check(path.read_bytes())
    assert report.errors
    assert report.segments == report.segments_owned + report.segments_reported
    agrees(report, expected(path))
