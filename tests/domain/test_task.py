"""Priority = money x chance x urgency; appeals follow what is paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest

from app.domain.appeal import Appeal, AppealState, decided_by_payment, next_level
from app.domain.denial import How, Verdict
from app.domain.denial_categories import Category
from app.domain.payer_terms import COMMERCIAL, terms_on
from app.domain.task import priority

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("amount", "chance", "days", "expected"),
    [
        ("100.00", "1", None, 10000),
        ("100.00", "0.5", None, 5000),
        ("100.00", "0.5", 60, 5000),
        ("100.00", "0.5", 30, 6000),
        ("100.00", "0.5", 15, 7500),
        ("100.00", "0.5", 7, 10000),
        ("100.00", "0.5", 3, 15000),
        ("100.00", "0.5", 0, 20000),
        ("100.00", "0.5", -40, 20000),
        ("0.01", "0.5", None, 1),
        ("0.00", "1", 0, 0),
    ],
)
def test_priority(amount: str, chance: str, days: int | None, expected: int) -> None:
    due = None if days is None else TODAY + timedelta(days=days)
    assert priority(D(amount), D(chance), due, today=TODAY) == expected


LINE, OTHER = UUID(int=1), UUID(int=2)
OPEN = Verdict(None, D(50))
WON = Verdict(How.OVERTURNED, recovered=D(40))
AGAIN = Verdict(How.DECIDED_AGAIN)

VERDICTS = [
    ("nothing happened", [(LINE, OPEN)], [], "FILED", "0"),
    ("denied once more", [(LINE, AGAIN)], [LINE], "FILED", "0"),
    ("paid", [(LINE, WON)], [], "OVERTURNED", "40"),
    ("both lines paid", [(LINE, WON), (OTHER, WON)], [], "OVERTURNED", "80"),
    ("one paid, one not answered yet", [(LINE, WON), (OTHER, OPEN)], [], "FILED", "0"),
    ("one paid, one denied again", [(LINE, WON), (OTHER, AGAIN)], [OTHER], "PARTIAL", "40"),
    ("paid in part, the rest denied", [(LINE, WON)], [LINE], "PARTIAL", "40"),
]


@pytest.mark.parametrize("story", VERDICTS, ids=[story[0] for story in VERDICTS])
def test_an_appeal_is_decided_by_what_is_paid(
    story: tuple[str, list[tuple[UUID | None, Verdict]], list[UUID | None], str, str],
) -> None:
    _, verdicts, again, state, recovered = story
    assert decided_by_payment(verdicts, denied_again=again) == (AppealState(state), D(recovered))


def appeal(state: AppealState, level: int = 1) -> Appeal:
    return Appeal(
        id=UUID(int=9), claim_id=UUID(int=8), level=level, level_name="x", state=state,
        category=Category.CODING, deadline=None, amount_at_stake=D(50), denial_ids=(),
        created_by="key_1", created_at=datetime(2026, 11, 1, tzinfo=UTC), decided_on=TODAY,
    )  # fmt: skip


def test_the_next_level_is_there_until_nobody_is_left_to_ask() -> None:
    terms = terms_on(TODAY, program=COMMERCIAL)
    second = next_level(appeal(AppealState.UPHELD), terms)
    assert second is not None
    assert (second.level, second.name, second.deadline) == (
        2, "second-level appeal", TODAY + timedelta(days=60))  # fmt: skip
    assert next_level(appeal(AppealState.PARTIAL, level=2), terms) is not None
    assert next_level(appeal(AppealState.UPHELD, level=3), terms) is None
    for state in (AppealState.FILED, AppealState.OVERTURNED, AppealState.WITHDRAWN):
        assert next_level(appeal(state), terms) is None
