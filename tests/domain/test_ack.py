"""What TA1, 999 and 277CA mean for the claims they are about."""

from __future__ import annotations

import pytest

from app.domain.ack import (
    ClaimStatus,
    ImplementationAck,
    InterchangeAck,
    Place,
    SetResponse,
    StatusCode,
    StatusReport,
    claim_stage,
    interchange_stage,
    level_stage,
    set_stages,
)
from app.domain.lifecycle import ReportedBy, Stage

HERE = Place(12, "2200D")


def ack(status: str, *, sets: int, accepted: int, **responses: str) -> ImplementationAck:
    return ImplementationAck(
        functional_id="HC",
        group_control_number="101",
        version="005010X222A1",
        status=status,
        included=sets,
        received=sets,
        accepted=accepted,
        responses=tuple(SetResponse(n[1:], word, (), HERE) for n, word in responses.items()),
        effective=None,
        place=HERE,
    )


OK, NO, ASK = Stage.FILE_ACCEPTED, Stage.FILE_REJECTED, Stage.UNKNOWN
GROUPS = [
    ("all accepted, none listed", ack("A", sets=2, accepted=2), OK, OK),
    ("accepted with errors noted", ack("E", sets=2, accepted=2, s0001="E"), OK, OK),
    ("part: the listed one is rejected", ack("P", sets=2, accepted=1, s0002="R"), OK, NO),
    ("zeros stripped by the sender", ack("P", sets=2, accepted=1, s2="R"), OK, NO),
    ("all rejected", ack("R", sets=2, accepted=0), NO, NO),
    ("authentication failed", ack("M", sets=2, accepted=0), NO, NO),
    ("part, but the counts say otherwise", ack("P", sets=2, accepted=0, s0002="R"), ASK, ASK),
    (
        "accepted, but a set is listed as rejected",
        ack("A", sets=2, accepted=2, s0001="R"),
        ASK,
        ASK,
    ),
]


@pytest.mark.parametrize(
    ("said", "first", "second"), [g[1:] for g in GROUPS], ids=[g[0] for g in GROUPS]
)
def test_999_speaks_for_listed_and_unlisted_sets(
    said: ImplementationAck, first: Stage, second: Stage
) -> None:
    stages = set_stages(said, ["0001", "0002"])
    assert (stages["0001"][0], stages["0002"][0]) == (first, second)


@pytest.mark.parametrize(("status", "stage"), [("A", OK), ("E", OK), ("R", NO)])
def test_ta1_lets_the_file_pass_or_rejects_it(status: str, stage: Stage) -> None:
    assert interchange_stage(InterchangeAck("000000101", status, "000", HERE)) is stage


def report(*codes: str, rejected: bool = False) -> StatusReport:
    parts = [code.split(":") for code in codes]
    return StatusReport(tuple(StatusCode(*p) for p in parts), rejected, None, HERE)


def status(*codes: str, icn: str | None = None, **more: bool) -> ClaimStatus:
    return ClaimStatus("C000000001-1", report(*codes, **more), payer_claim_control_number=icn)


CH, PAYER = ReportedBy.CLEARINGHOUSE, ReportedBy.PAYER
CLAIMS = [
    ("clearinghouse received it", "AY", status("A1:19"), (Stage.RECEIVED, CH)),
    ("clearinghouse passed it on", "AY", status("A0:16"), (Stage.FORWARDED, CH)),
    ("clearinghouse accepted it", "AY", status("A2:20"), (Stage.ACCEPTED_CLEARINGHOUSE, CH)),
    ("payer accepted it", "PR", status("A2:20:PR"), (Stage.ACCEPTED_PAYER, PAYER)),
    ("relayed: the payer's number gives it away", "AY", status("A2:20", icn="ICN1"),
     (Stage.ACCEPTED_PAYER, PAYER)),
    ("relayed: the entity is the payer", "AY", status("A2:20:PR"), (Stage.ACCEPTED_PAYER, PAYER)),
    ("a reject composite among others", "PR", status("A2:20", "A7:562"), (Stage.REJECTED, PAYER)),
    ("STC03 says reject", "AY", status("A1:19", rejected=True), (Stage.REJECTED, CH)),
    ("not found", "PR", status("A4:35"), (Stage.NOT_FOUND, PAYER)),
    ("a category we do not know", "PR", status("Z9:1"), (Stage.UNKNOWN, PAYER)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "said", "meaning"), [c[1:] for c in CLAIMS], ids=[c[0] for c in CLAIMS]
)
def test_277ca_claim_level(
    source: str, said: ClaimStatus, meaning: tuple[Stage, ReportedBy]
) -> None:
    assert claim_stage(said, source_entity=source) == meaning


def test_a_rejected_line_rejects_the_claim() -> None:
    said = ClaimStatus("C1-1", report("A1:19"), line_reports=(report("A7:454", rejected=True),))
    assert claim_stage(said, source_entity="PR") == (Stage.REJECTED, PAYER)


def test_a_batch_level_rejection_speaks_for_all_below() -> None:
    assert level_stage(report("A3:24", rejected=True), source_entity="AY") == (Stage.REJECTED, CH)
