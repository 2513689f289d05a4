"""The scenarios by their SIM_ names: each does what its name says, in files anybody can read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import edi
from app.simulator.named import ALIASES, NAMED, scenario_for
from app.simulator.scenarios import ANYTHING_ELSE, SCENARIOS, scenario_of

from .test_afterwards import Told, files, told
from .test_clearinghouse import answered, billed

ANSWERS: list[tuple[str, Told]] = [
    ("SIM_PAID", [[("1", "225.5")]]),
    ("SIM_DENIED_50", [[("1", "0")]]),
    ("SIM_DENIED_B7_JOHN", [[("1", "0")]]),
    ("SIM_DENY_AS_1", [[("1", "0")]]),
    ("SIM_DENY_AS_4", [[("4", "0")]]),
    ("SIM_UNDERPAID_20", [[("1", "135.3")]]),
    ("SIM_CROSSOVER_19", [[("19", "162.9")]]),
    ("SIM_REVERSAL_22", [[("1", "162.9")], [("22", "-162.9"), ("1", "225.5")]]),
    ("SIM_REVERSAL_22_SPLIT", [[("1", "162.9")], [("22", "-162.9")], [("1", "225.5")]]),
    ("SIM_OUT_OF_ORDER", [[("1", "162.9")], [("1", "225.5")], [("22", "-162.9")]]),
    ("SIM_277CA_A3", []),
    ("SIM_277CA_A8", []),
    ("SIM_999_R", []),
    ("SIM_NOACK", []),
]


@pytest.mark.parametrize(("member_id", "expected"), ANSWERS)
def test_the_answer_is_what_the_name_says(member_id: str, expected: Told) -> None:
    given = answered(billed(1, member_id))
    assert told(given) == expected
    for file in given.answers:
        assert edi.check(file.data).issues == []
    by_payer = [file.data for file in given.answers if "277CA-PR" in file.name]
    if "277CA" in member_id:
        assert f"STC*{member_id[-2:]}:".encode() in by_payer[0]


def test_a_denial_carries_the_reason_of_its_name() -> None:
    [data] = files(answered(billed(1, "SIM_DENIED_B7")))
    assert b"CAS*CO*B7*" in data


def test_every_second_name_leads_to_its_row() -> None:
    known = {s.prefix for s in SCENARIOS}
    for name, prefix in ALIASES.items():
        assert prefix in known
        assert scenario_for(f"{name}_7").adjudication == scenario_of(prefix).adjudication
        assert scenario_for(name).afterwards == scenario_of(prefix).afterwards


def test_an_unknown_name_is_decided_as_any_claim() -> None:
    assert scenario_for("SIM_WHATEVER") == ANYTHING_ELSE
    assert scenario_for("SIM_DENIED_9999") == ANYTHING_ELSE


def test_the_document_lists_every_name() -> None:
    text = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| \[`(SIM_\w+)", text, re.MULTILINE)
    values = ["SIM_DENIED_", "SIM_UNDERPAID_"]
    assert sorted(named) == sorted([*ALIASES, *(s.prefix for s in NAMED), *values])
