"""Situational rules: each is planted in a file that is right, found at its segment, and silent
before.

A row says what one writes into the file; counts of the envelope follow by themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import edi
from edi.situations import RULES
from edi.situations.tables import rules_of
from tests.edi.planted import PLANTED, planted

X12 = Path(__file__).parents[2] / "fixtures" / "x12"


def found(data: bytes, code: str) -> list[edi.Issue]:
    return [i for i in edi.check(data).issues if i.code == code and i.snip == 4]


@pytest.mark.parametrize(
    ("rule", "base", "changes", "ref"), PLANTED, ids=[f"{r}-{b}" for r, b, _, _ in PLANTED]
)
def test_a_planted_fault_is_found_where_it_stands(
    rule: str, base: str, changes: tuple[tuple[str, str], ...], ref: str
) -> None:
    row = next(r for r in RULES if r.id == rule)
    clean, faulty = planted(base), planted(base, *changes)
    code = row.code or row.id
    assert found(clean, code) == []
    issues = [i for i in found(faulty, code) if i.ref == ref]
    assert issues, [f"{i.code} {i.ref}" for i in edi.check(faulty).issues]
    issue = issues[0]
    assert (issue.severity, issue.message) == (row.severity, row.message)
    raw = next(s for s in edi.segments(faulty) if s.number == issue.segment_number)
    assert raw.byte_offset == issue.byte_offset
    assert (issue.trigger is not None) == (row.fault != "value")
    if row.fault != "missing":
        assert ref.startswith(raw.elements[0])
        assert issue.value in raw.text


def test_every_rule_has_a_planted_fault() -> None:
    assert {r for r, *_ in PLANTED} == {r.id for r in RULES}
    assert len({r.id for r in RULES}) == len(RULES)


@pytest.mark.parametrize("guide", [g.id for g in edi.guides.GUIDES])
def test_the_tables_of_a_guide_have_all_of_its_rules(guide: str) -> None:
    assert rules_of(guide) == tuple(r for r in RULES if guide in r.guides.split())


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_says_what_and_what_to_do(rule: object) -> None:
    assert isinstance(rule, edi.situations.Rule)
    assert rule.says
    assert rule.do
    assert rule.source
    known = {g.id for g in edi.guides.GUIDES}
    assert set(rule.guides.split()) <= known
    assert rule.fault == "value" or rule.because


@pytest.mark.parametrize("path", sorted(X12.glob("*/pass/*.edi")), ids=lambda p: p.stem)
def test_files_that_are_right_break_no_rule(path: Path) -> None:
    issues = [i for i in edi.check(path.read_bytes()).issues if i.snip == 4]
    assert [(i.code, i.ref) for i in issues] == WARNED.get(path.stem, [])


# What is right and odd all the same.
WARNED: dict[str, list[tuple[str, str]]] = {}


def test_what_we_forgive_a_sender_is_an_error_in_what_we_write() -> None:
    faulty = planted("P", ("XX*1245319599", "XX*1245319598"))
    for side, severity in ((edi.Side.RECEIVED, "warning"), (edi.Side.WRITTEN, "error")):
        (issue,) = [i for i in edi.check(faulty, side=side).issues if i.code == "NPI-CHECK"]
        assert (issue.severity, issue.ref, issue.value) == (severity, "NM109", "1245319598")
    accent = planted("P", ("DOE*JANE", "DO\xc9*JANE")).decode().encode("latin-1")
    for side, severity in ((edi.Side.RECEIVED, "warning"), (edi.Side.WRITTEN, "error")):
        (issue,) = [i for i in edi.check(accent, side=side).issues if i.code == "IK403:6"]
        assert (issue.severity, issue.ref) == (severity, "NM103")
