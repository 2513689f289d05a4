"""Every fault of types 1 to 3 says what to do, and names no value."""

from __future__ import annotations

import re
from pathlib import Path

import edi
from edi.issues import ADVICE, Issue
from edi.situations import RULES

SOURCES = sorted((Path(__file__).parents[2] / "edi").rglob("*.py"))
CODE = re.compile(r'"((?:IK304|IK403|IK502|AK905|TA105):\w+|(?:X12|HL|LX|BAL)-[A-Z0-9-]+)"')
# It warns of small letters and says what to do itself.
SAYS_IT = {"X12-CASE"}


def test_every_code_in_the_library_has_an_advice() -> None:
    used = {code for path in SOURCES for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 60
    without = {c for c in used - SAYS_IT if not {c, c.partition(":")[0]} & ADVICE.keys()}
    assert without == set()


def test_the_ids_of_situational_rules_are_no_codes_of_these() -> None:
    assert not {rule.id for rule in RULES} & ADVICE.keys()


def test_a_missing_segment_is_told_with_what_to_do() -> None:
    claim = (Path(__file__).parents[2] / "fixtures/x12/837p/pass/one_claim.edi").read_bytes()
    spoiled = re.sub(rb"NM1\*40[^~]*~\s*", b"", claim, count=1)
    found = [issue.told for issue in edi.check(spoiled).issues if issue.code == "IK304:3"]
    assert found
    assert all(told.endswith("; send it, or leave out what requires it") for told in found)


def test_an_issue_without_an_advice_is_told_as_it_is() -> None:
    issue = Issue("NPI-CHECK", "warning", 4, 1, 0, "", "", "", "wrong: look it up")
    assert issue.told == "wrong: look it up"
