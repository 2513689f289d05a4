"""What a TA1, a 999 and a 277CA say, taken from the segments as they come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.ack import (
    ClaimAck,
    ImplementationAck,
    InterchangeAck,
    Place,
    StatusCode,
    StatusReport,
)
from app.x12.acknowledgment import Acknowledgment, read_acknowledgments

ISA = (
    "ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*CLAIMLOOP      "
    "*261117*0900*^*00501*000000007*0*T*:~"
)


def acks(
    *segments: str, kind: str = "FA*X*Y*20261117*0900*7*X*005010X231A1"
) -> list[Acknowledgment]:
    body = "~".join(segments)
    text = f"{ISA}GS*{kind}~{body}~GE*1*7~IEA*1*000000007~"
    return list(read_acknowledgments(text.encode()))


def test_a_ta1_alone_in_its_interchange() -> None:
    text = f"{ISA}TA1*000000101*261116*1430*A*000~IEA*0*000000007~"
    assert list(read_acknowledgments(text.encode())) == [
        InterchangeAck("000000101", "A", "000", Place(2, "TA1"), date(2026, 11, 17))
    ]


def test_a_ta1_before_a_999_in_one_interchange() -> None:
    text = (
        f"{ISA}TA1*000000101*261116*1430*R*025~GS*FA*X*Y*20261117*0900*7*X*005010X231A1~"
        "ST*999*0001*005010X231A1~AK1*HC*101~AK9*A*1*1*1~SE*4*0001~GE*1*7~IEA*1*000000007~"
    )
    first, second = read_acknowledgments(text.encode())
    assert isinstance(first, InterchangeAck)
    assert (first.status, first.note_code) == ("R", "025")
    assert isinstance(second, ImplementationAck)


def test_a_999_names_the_set_the_codes_and_the_places_but_no_values() -> None:
    [ack] = acks(
        "ST*999*0001*005010X231A1",
        "AK1*HC*101*005010X222A1",
        "AK2*837*0001*005010X222A1",
        "IK3*CLM*18*2300*8",
        "CTX*CLM01:C000000001-1",
        "IK4*5:1*1331*7*98",
        "IK5*R*5",
        "AK2*837*0002*005010X222A1",
        "IK5*E",
        "AK9*P*2*2*1",
        "SE*11*0001",
    )
    assert isinstance(ack, ImplementationAck)
    assert (ack.group_control_number, ack.version) == ("101", "005010X222A1")
    assert (ack.status, ack.included, ack.received, ack.accepted) == ("P", 2, 2, 1)
    assert ack.effective == date(2026, 11, 17)
    assert [(r.control_number, r.status, r.notes, r.place) for r in ack.responses] == [
        ("0001", "R", ("IK304:8 CLM@18", "IK403:7 CLM05-1", "IK502:5"), Place(9, "2000")),
        ("0002", "E", (), Place(11, "2000")),
    ]


CLAIM_ACK = "HN*X*Y*20261117*0900*7*X*005010X214"
HEAD = ("ST*277*0001*005010X214", "BHT*0085*08*ACK1*20261117*0900*TH")
SOURCE = (
    "HL*1**20*1",
    "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
    "TRN*1*T1",
    "DTP*050*D8*20261116",
    "DTP*009*D8*20261117",
)
BATCH = (
    "HL*2*1*21*1",
    "NM1*41*2*CLAIMLOOP*****46*CLAIMLOOP",
    "TRN*2*B000000101",
    "STC*A1:19:PR*20261117*WQ*225.5",
    "QTY*90*1",
    "AMT*YU*225.5",
)


def claim_ack(*segments: str) -> ClaimAck:
    [ack] = acks(
        *HEAD, *SOURCE, *segments, f"SE*{len(HEAD + SOURCE + segments) + 1}*0001", kind=CLAIM_ACK
    )
    assert isinstance(ack, ClaimAck)
    return ack


def test_a_277ca_reads_every_composite_of_every_status_of_a_claim_and_its_lines() -> None:
    ack = claim_ack(
        *BATCH,
        "HL*3*2*19*1",
        "NM1*85*2*ACME MEDICAL*****XX*1234567893",
        "HL*4*3*PT",
        "NM1*QC*1*SAMPLE*ANN****MI*W123456789",
        "TRN*2*C000000001-1",
        "STC*A7:164:IL*20261118*U*225.5******A7:158",
        "STC*A6:153:82*20261116*U*225.5",
        "REF*1K*ICN1",
        "REF*D9*TRACE1",
        "DTP*472*D8*20261005",
        "SVC*HC:G0439*150*****1",
        "STC*A7:454*20261117*U",
        "REF*FJ*1",
    )
    assert ack.source_entity == "PR"
    assert ack.batch_reference == "B000000101"
    [claim] = ack.claims
    assert claim.patient_control_number == "C000000001-1"
    assert claim.report == StatusReport(
        (StatusCode("A7", "164", "IL"), StatusCode("A7", "158"), StatusCode("A6", "153", "82")),
        rejected=True,
        effective=date(2026, 11, 18),
        place=Place(21, "2200D"),
    )
    [line] = claim.line_reports
    assert (line.codes, line.rejected) == ((StatusCode("A7", "454"),), True)
    assert line.place == Place(27, "2220D")
    assert claim.payer_claim_control_number == "ICN1"
    assert claim.clearinghouse_trace == "TRACE1"
    assert claim.charge == Decimal("225.5")


def test_a_277ca_that_stops_at_the_batch_speaks_for_it() -> None:
    ack = claim_ack(
        "HL*2*1*21*0", *BATCH[1:3], "STC*A3:24:41*20261117*U*225.5", "QTY*AA*1", "AMT*YY*225.5"
    )
    assert ack.claims == ()
    assert ack.batch_report is not None
    assert ack.batch_report.codes == (StatusCode("A3", "24", "41"),)
    assert ack.batch_report.rejected
    assert ack.batch_report.place == Place(13, "2200B")


def test_a_277ca_that_stops_at_the_provider_speaks_for_that_provider() -> None:
    ack = claim_ack(
        *BATCH,
        "HL*3*2*19*0",
        "NM1*85*2*ACME MEDICAL*****XX*1234567893",
        "TRN*1*0",
        "STC*A3:496:85**U*225.5",
        "QTY*QC*1",
        "AMT*YY*225.5",
    )
    [(npi, report)] = ack.provider_reports
    assert npi == "1234567893"
    assert report.rejected
    assert report.effective == date(2026, 11, 17)  # no STC02: the day of the file


def test_one_277ca_may_answer_several_batches() -> None:
    second = (
        "HL*3*1*21*0",
        "NM1*41*2*CLAIMLOOP*****46*CLAIMLOOP",
        "TRN*2*B000000102",
        "STC*A1:19*20261117*WQ*1",
    )
    text = [*HEAD, *SOURCE, "HL*2*1*21*0", *BATCH[1:], *second, "SE*18*0001"]
    found = acks(*text, kind=CLAIM_ACK)
    assert [a.batch_reference for a in found if isinstance(a, ClaimAck)] == [
        "B000000101",
        "B000000102",
    ]
