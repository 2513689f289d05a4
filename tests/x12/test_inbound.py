"""What an inbound file is, and whether it is whole, is known before anything of it is used."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from app.x12.claim_837 import write_batch
from app.x12.inbound import inspect
from tests.x12.claims import HEADER, outbound
from tests.x12.test_remittance_835 import CLAIM, file

GOOD = file(*CLAIM)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
ACK = (FIXTURES / "999" / "pass" / "one_claim_rejected.edi").read_bytes()


def without(data: bytes, identifier: bytes) -> bytes:
    """The file without its first segment of that name, and with a count that says so."""
    segments = data.split(b"~")
    segments.remove(next(s for s in segments if s.strip().startswith(identifier)))
    return recounted(segments)


def recounted(segments: list[bytes]) -> bytes:
    """The segments as a file whose SE01 fit."""
    start = 0
    counted = list(segments)
    for index, segment in enumerate(segments):
        elements = segment.split(b"*")
        if elements[0].strip() == b"ST":
            start = index
        elif elements[0].strip() == b"SE" and len(elements) > 1:
            elements[1] = str(index - start + 1).encode()
            counted[index] = b"*".join(elements)
    return b"~".join(counted)


def test_a_whole_835() -> None:
    found = inspect(BytesIO(GOOD))
    assert (found.kind, found.kinds, found.failure) == ("835", {"835"}, None)
    assert (found.interchanges, found.transaction_sets, found.claims) == (1, 1, 1)
    assert found.usages == {"T"}
    assert [r.trace_number for r in found.remittances] == ["EFT0001"]


def test_our_own_837_is_recognised() -> None:
    found = inspect(write_batch(HEADER, [outbound(1), outbound(2)]).data)
    assert (found.kind, found.claims, found.failure, found.issues) == ("837", 2, None, ())


@pytest.mark.parametrize("text", [b'{"sourceSystem":', b'\xef\xbb\xbf \n{"a":1}'])
def test_json_is_an_encounter_for_others_to_read(text: bytes) -> None:
    assert inspect(text).kind == "encounter"


def test_a_stream_is_left_to_whoever_opened_it() -> None:
    stream = BytesIO(GOOD)
    inspect(stream)
    assert not stream.closed


FAILURES = [
    (b"", "no X12"),
    (b"Dear Sir or Madam", "no X12"),
    (b"ST*835*0001~BPR*I*1*C*CHK~", "no X12"),
    (GOOD[: GOOD.index(b"SE*")], "cut off"),
    (GOOD[: GOOD.index(b"GE*")], "cut off"),
    (GOOD[: GOOD.index(b"IEA*")], "cut off"),
    (GOOD.replace(b"SE*26", b"SE*27"), "SE01"),
    (GOOD.replace(b"GE*1*", b"GE*2*"), "GE01"),
    (GOOD.replace(b"IEA*1*", b"IEA*2*"), "IEA01"),
    (GOOD.replace(b"*0001~GE", b"*0002~GE"), "SE02"),
    (GOOD.replace(b"IEA*1*000000007", b"IEA*1*000000008"), "IEA02"),
    (GOOD.replace(b"005010X221A1", b"004010X091A1"), "835 004010X091A1"),
    (GOOD.replace(b"TRN*1*EFT0001*1512345678~", b"").replace(b"SE*26", b"SE*25"), "BPR, TRN"),
    (GOOD.replace(b"*225.5*190.5*", b"*225.5*190.505*"), "decimals"),
    (GOOD.replace(b"150*125**1~", b"150*125**1.0005~"), "decimals"),
    (GOOD.replace(b"*225.5*190.5*", b"*225.5*" + b"9" * 60 + b"*"), "larger than"),
    (GOOD.replace(b"BPR*I*190.5", b"BPR*I*" + b"9" * 14), "larger than"),
    (GOOD.replace(b"150*125**1~", b"150*125**" + b"9" * 60 + b"~"), "larger than"),
    (GOOD.replace(b"*225.5*190.5*", b"*225.5*" + b"9" * 18 + b"*"), "larger than"),
    (GOOD.replace(b"*225.5*190.5*", b"*225.5*" + b"9" * 40 + b".5*"), "larger than"),
    (without(ACK, b"AK9"), "AK1 or AK9"),
    (without(ACK, b"AK1"), "not clear what it accepts"),
    (without(ACK, b"IK5"), "(AK2 .. IK5)"),
]


@pytest.mark.parametrize(("data", "reason"), FAILURES)
def test_a_torn_or_foreign_file_fails_with_a_reason(data: bytes, reason: str) -> None:
    assert data != GOOD
    found = inspect(data)
    assert found.failure is not None
    assert reason in found.failure


def test_zeros_behind_the_cents_are_no_fraction() -> None:
    assert inspect(GOOD.replace(b"*225.5*190.5*", b"*225.500*190.500*")).failure is None


def test_text_before_the_first_isa_is_reported_and_does_not_fail_the_file() -> None:
    found = inspect(b"Business scenario 2\r\n\r\n" + GOOD)
    assert found.failure is None
    assert "X12-UNREAD" in {issue["code"] for issue in found.issues}


def test_a_ta1_alone_may_count_itself_as_a_group() -> None:
    isa = GOOD[: GOOD.index(b"GS*")]
    found = inspect(isa + b"TA1*000000101*261116*1430*A*000~IEA*1*000000007~")
    assert (found.kind, found.kinds, found.failure) == ("TA1", {"TA1"}, None)


def test_issues_show_places_but_not_what_stood_there() -> None:
    found = inspect(GOOD.replace(b"DTM*232*20261005", b"DTM*232*SECRET"))
    assert found.failure is None
    assert found.issues
    assert all("value" not in issue for issue in found.issues)
    assert "SECRET" not in str(found.issues)


def test_many_issues_are_counted_and_not_all_kept() -> None:
    noise = b"REF*ZZ*1~" * 500
    data = GOOD.replace(b"SVC*HC:G0439", noise + b"SVC*HC:G0439", 1).replace(b"SE*26", b"SE*526")
    found = inspect(data)
    assert found.failure is None
    assert len(found.issues) <= 201
