"""Silence is evidence: who has not answered, and from when on (api.md 4.3 rule 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.business_days import is_business_day
from app.domain.lifecycle import Evidence, ReportedBy, Stage
from app.domain.silence import Patience, Silence, after_business_days, silences

# A Friday. The Thursday after the next is Thanksgiving.
LEFT = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
SENT = Evidence(Stage.TRANSMITTED, ReportedBy.SYSTEM, LEFT, kind="OWN")
CH, PAYER = ReportedBy.CLEARINGHOUSE, ReportedBy.PAYER


def told(stage: Stage, by: ReportedBy, kind: str, days: int = 1) -> Evidence:
    return Evidence(stage, by, LEFT + timedelta(days=days), kind=kind)


ACK = told(Stage.FILE_ACCEPTED, CH, "999")
TAKEN = told(Stage.ACCEPTED_CLEARINGHOUSE, CH, "277CA")
ACCEPTED = told(Stage.ACCEPTED_PAYER, PAYER, "277CA")
FINAL = told(Stage.FINALIZED_AWAITING_REMIT, PAYER, "277", days=20)
REFUSED = told(Stage.REJECTED, PAYER, "277CA")
BAD_FILE = told(Stage.FILE_REJECTED, CH, "999")
PAID = told(Stage.PAID, PAYER, "835", days=20)

STORIES = [
    ("nothing has left", [], 99, []),
    ("a day has not gone by", [SENT], 0.9, []),
    ("no TA1, no 999 after 24 hours", [SENT], 1, ["no_ack"]),
    ("without any answer nobody else is asked after", [SENT], 20, ["no_ack"]),
    ("acknowledged on Friday: Tuesday is two business days", [SENT, ACK], 3.9, []),
    ("no 277CA of the clearinghouse", [SENT, ACK], 4, ["no_clearinghouse_reply"]),
    ("the clearinghouse took it", [SENT, ACK, TAKEN], 6.9, []),
    ("no 277CA of the payer after five business days", [SENT, ACK, TAKEN], 7, ["no_payer_reply"]),
    ("the payer accepted it", [SENT, ACK, ACCEPTED], 29, []),
    ("a payer's answer alone says all before it", [SENT, ACCEPTED], 29, []),
    ("no decision after 30 days", [SENT, ACK, ACCEPTED], 30, ["no_adjudication"]),
    ("nobody answered, and no decision", [SENT], 30, ["no_ack", "no_adjudication"]),
    ("after 45 days it is the 835 that is missing", [SENT, ACCEPTED], 45, ["missing_era"]),
    ("decided by a 277, ten business days for the 835", [SENT, ACCEPTED, FINAL], 33, []),
    ("and then it is missing", [SENT, ACCEPTED, FINAL], 35, ["no_era_after_final"]),
    ("a rejected claim waits for nobody", [SENT, REFUSED], 99, []),
    ("nor does one of a refused file", [SENT, BAD_FILE], 99, []),
    ("nor a paid one", [SENT, PAID], 99, []),
    ("sent with an unknown outcome is sent", [replace(SENT, stage=Stage.SEND_UNKNOWN)], 1,
     ["no_ack"]),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=[story[0] for story in STORIES])
def test_what_is_missing(story: tuple[str, list[Evidence], float, list[str]]) -> None:
    _, evidence, days, expected = story
    now = LEFT + timedelta(days=days)
    missing = silences(evidence, now=now)
    assert [m.kind for m in missing] == expected
    assert all(m.due <= now for m in missing)


def test_a_partner_has_its_own_patience() -> None:
    slow = Patience(acknowledgment_hours=72, payer_business_days=1)
    assert silences([SENT], now=LEFT + timedelta(hours=71), patience=slow) == []
    [late] = silences([SENT, TAKEN], now=LEFT + timedelta(days=3), patience=slow)
    assert (late.kind, late.due) == ("no_payer_reply", LEFT + timedelta(days=3))


def test_business_days_leave_out_weekends_and_the_banks_holidays() -> None:
    thanksgiving = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert not is_business_day(thanksgiving.date())
    assert after_business_days(thanksgiving - timedelta(days=1), 1).date().isoformat() == (
        "2026-11-27"
    )
    assert after_business_days(LEFT, 1) == LEFT + timedelta(days=3)
    assert after_business_days(LEFT, 0) == LEFT


def test_a_partner_that_sends_no_such_answer_is_not_missed_for_it() -> None:
    late = LEFT + timedelta(days=8)
    sends = (("277CA",), ("TA1",), ())
    kinds = [[m.kind for m in silences([SENT], now=late, expects=expects)] for expects in sends]
    assert kinds == [[Silence.NO_CLEARINGHOUSE_REPLY], [Silence.NO_ACK], []]
