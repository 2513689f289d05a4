"""What the simulated payer decides for each member id, line by line, to the cent."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.scenarios import ANYTHING_ELSE, SCENARIOS, Scenario, decide_lines, scenario_of

Line = tuple[str, dict[str, str]]

STORIES: list[tuple[str, list[str], list[Line]]] = [
    ("SIMPAID01", ["150.00", "75.50"], [("150.00", {}), ("75.50", {})]),
    (
        "SIMADJ01",
        ["150.00", "75.53"],
        [
            ("102.50", {"CO-45": "30.00", "PR-1": "10.00", "PR-2": "5.00", "PR-3": "2.50"}),
            ("60.42", {"CO-45": "15.11"}),  # 15.106 rounds up, the payment takes the rest
        ],
    ),
    # PR-1 fits into what is left of the first line, PR-2 and PR-3 no longer do.
    ("SIMADJ02", ["15.00"], [("2.00", {"CO-45": "3.00", "PR-1": "10.00"})]),
    (
        "SIMPART1",
        ["150.00", "75.50", "20.00"],
        [("120.00", {"CO-45": "30.00"}), ("60.40", {"CO-45": "15.10"}), ("0", {"CO-197": "20"})],
    ),
    ("SIMDENY1", ["150.00", "75.50"], [("0", {"CO-197": "150"}), ("0", {"CO-197": "75.5"})]),
    (
        "SIMDED1",
        ["150.00", "75.50"],
        [("0", {"CO-45": "30", "PR-1": "120"}), ("0", {"CO-45": "15.1", "PR-1": "60.4"})],
    ),
    (
        "SIMINT1",
        ["150.00"],
        [("102.50", {"CO-45": "30.00", "PR-1": "10.00", "PR-2": "5.00", "PR-3": "2.50"})],
    ),
    ("SIMPLB1", ["150.00"], [("150.00", {})]),
    # A deductible that does not fit is left out whole; what comes after it is still tried.
    ("W123456789", ["10.00"], [("0.50", {"CO-45": "2.00", "PR-2": "5.00", "PR-3": "2.50"})]),
]


@pytest.mark.parametrize(("member_id", "charges", "expected"), STORIES)
def test_each_line_is_decided_as_the_table_says(
    member_id: str, charges: list[str], expected: list[Line]
) -> None:
    adjudication = scenario_of(member_id).adjudication
    assert adjudication is not None

    decided = decide_lines([Decimal(charge) for charge in charges], adjudication)

    assert [
        (line.paid, {f"{a.group}-{a.reason}": a.amount for a in line.adjustments})
        for line in decided
    ] == [
        (Decimal(paid), {key: Decimal(amount) for key, amount in adjustments.items()})
        for paid, adjustments in expected
    ]


@pytest.mark.parametrize("member_id", ["SIMA7001", "SIM999R1", "SIMNOACK"])
def test_what_was_never_adjudicated_is_never_paid(member_id: str) -> None:
    assert scenario_of(member_id).adjudication is None


def test_the_document_lists_every_scenario() -> None:
    document = Path(__file__).parents[2] / "docs" / "simulator.md"
    named = re.findall(r"^\| `(\w+)`", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(s.prefix for s in SCENARIOS)


def test_interest_raises_and_a_return_lowers_the_payment() -> None:
    changes = {
        s.prefix: (s.adjudication.payment_change.reason, s.adjudication.payment_change.amount)
        for s in SCENARIOS
        if s.adjudication and s.adjudication.payment_change
    }
    assert changes == {"SIMINT": ("L6", Decimal("-1.00")), "SIMPLB": ("72", Decimal("3.00"))}


@given(
    scenario=st.sampled_from([s for s in (*SCENARIOS, ANYTHING_ELSE) if s.adjudication]),
    cents=st.lists(st.integers(min_value=0, max_value=99_999_999), min_size=1, max_size=6),
)
def test_every_decision_adds_up(scenario: Scenario, cents: list[int]) -> None:
    assert scenario.adjudication is not None
    charges = [Decimal(c).scaleb(-2) for c in cents]
    for line in decide_lines(charges, scenario.adjudication):
        assert line.charge == line.paid + sum(a.amount for a in line.adjustments)
        assert line.paid >= 0
