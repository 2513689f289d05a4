"""The fold of evidence: a claim's story gives one state, whatever the order of its files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lifecycle import (
    RANK,
    Adjudication,
    Evidence,
    ReportedBy,
    Stage,
    Status,
    fold,
)

DAY = datetime(2026, 10, 5, tzinfo=UTC)
US, CH, PAYER = ReportedBy.SYSTEM, ReportedBy.CLEARINGHOUSE, ReportedBy.PAYER


def says(stage: Stage, by: ReportedBy, *, day: int = 0, file: str = "a", at: int = 1) -> Evidence:
    return Evidence(
        stage, by, DAY + timedelta(days=day), kind="x", file_sha256=file, segment_number=at
    )


def paid(amount: str, *, status: str = "1", icn: str = "ICN1", day: int = 9) -> Evidence:
    stage = {"22": Stage.REVERSED}.get(status, Stage.PAID)
    charge = Decimal(100) if status != "22" else Decimal(-100)
    return Evidence(
        stage,
        PAYER,
        DAY + timedelta(days=day),
        kind="835",
        file_sha256=f"{icn}{status}{amount}",
        segment_number=20,
        adjudication=Adjudication(status, charge, Decimal(amount), icn),
    )


SENT = [says(Stage.READY, US), says(Stage.BATCHED, US, day=1), says(Stage.TRANSMITTED, US, day=1)]

STORIES = [
    ("nothing is known yet", [], Stage.DRAFT),
    ("edits hold it, then it is mended", [says(Stage.NEEDS_INFO, US), says(Stage.READY, US, day=1)],
     Stage.READY),
    ("mended, then held again", [says(Stage.READY, US), says(Stage.NEEDS_INFO, US, day=1)],
     Stage.NEEDS_INFO),
    ("sent and not answered", SENT, Stage.TRANSMITTED),
    ("TA1 accepts, 999 rejects", [*SENT, says(Stage.FILE_ACCEPTED, CH, day=2),
                                  says(Stage.FILE_REJECTED, CH, day=2)], Stage.FILE_REJECTED),
    ("the payer's yes comes before a late 999 that rejects",
     [*SENT, says(Stage.ACCEPTED_PAYER, PAYER, day=2), says(Stage.FILE_REJECTED, CH, day=3)],
     Stage.ACCEPTED_PAYER),
    ("the clearinghouse takes it, the payer does not",
     [*SENT, says(Stage.ACCEPTED_CLEARINGHOUSE, CH, day=3), says(Stage.REJECTED, PAYER, day=2)],
     Stage.REJECTED),
    ("paid before the payer's 277CA arrives",
     [*SENT, paid("80"), says(Stage.ACCEPTED_PAYER, PAYER, day=12)], Stage.PAID),
    ("a payment taken back and not corrected",
     [*SENT, paid("80"), paid("-80", status="22", day=20)], Stage.REVERSED),
    ("a payment taken back and corrected in one file",
     [*SENT, paid("80"), paid("-80", status="22", day=20), paid("90", icn="ICN2", day=20)],
     Stage.PAID),
    ("the correction arrives before the reversal",
     [*SENT, paid("90", icn="ICN2", day=20), paid("-80", status="22", day=21), paid("80")],
     Stage.PAID),
]  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "stage"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES]
)
def test_story_ends_in_its_stage(evidence: list[Evidence], stage: Stage) -> None:
    assert fold(evidence).stage is stage


FACTS = st.lists(
    st.one_of(
        st.builds(
            lambda key, day, file, at: says(*key, day=day, file=file, at=at),
            st.sampled_from(sorted(RANK)),
            st.integers(0, 3),
            st.sampled_from("abc"),
            st.integers(1, 3),
        ),
        st.builds(
            lambda amount, status, icn, day: paid(amount, status=status, icn=icn, day=day),
            st.sampled_from(["80", "-80", "90"]),
            st.sampled_from(["1", "22"]),
            st.sampled_from(["ICN1", "ICN2"]),
            st.integers(0, 3),
        ),
    ),
    max_size=8,
)


@given(FACTS, st.randoms())
def test_any_order_and_repetition_gives_the_same_state(
    facts: list[Evidence], random: object
) -> None:
    shuffled = facts + facts[: len(facts) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(facts)


def test_every_stage_has_a_status_and_the_final_ones_say_processed() -> None:
    assert {stage.status for stage in Stage} == set(Status)
    assert Stage.DENIED.status is Status.DENIED
    assert Stage.REJECTED.status is Status.REJECTED
