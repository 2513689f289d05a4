"""Whatever is torn out of a file or put into it, reading it ends in values and never in a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator.clearinghouse import reply
from app.x12.acknowledgment import read_acknowledgments
from app.x12.claim_837 import write_batch
from app.x12.inbound import inspect
from app.x12.remittance_835 import read_payments
from tests.x12.claims import HEADER, outbound
from tests.x12.test_inbound import recounted

OURS = write_batch(HEADER, [outbound(number) for number in range(1, 4)]).data
ANSWERS = [answer.data for answer in reply(OURS).answers]
FIXTURES = Path(__file__).parents[2] / "fixtures" / "x12"
FILES = [OURS, *ANSWERS, *(path.read_bytes() for path in sorted(FIXTURES.glob("*/pass/*.edi")))]
VALUES = [b"", b"0", b"-1", b"9" * 18, b"1" * 40, b"1.234", b"X", b"\xff\xfe", b"20261399", b":",
          b"22", b"4", b"A7:1:PR", b"1E5", b" ", b"\x00", b"R", b"-5.5"]  # fmt: skip


@st.composite
def torn(draw: st.DrawFn) -> bytes:
    """A good file with a few segments lost, repeated, swapped or changed, and counts that fit."""
    segments = draw(st.sampled_from(FILES)).split(b"~")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(segments) - 1))
        other = draw(st.integers(0, len(segments) - 1))
        match draw(st.sampled_from(["lose", "repeat", "swap", "change", "cut short"])):
            case "lose" if len(segments) > 1:
                del segments[at]
            case "repeat":
                segments.insert(at, segments[other])
            case "swap":
                segments[at], segments[other] = segments[other], segments[at]
            case _ as how:
                elements = segments[at].split(b"*")
                place = draw(st.integers(0, len(elements) - 1))
                elements[place] = draw(st.sampled_from(VALUES))
                kept = elements[: place + 1] if how == "cut short" else elements
                segments[at] = b"*".join(kept)
    return recounted(segments)


@settings(max_examples=400, deadline=None)
@given(torn())
def test_a_torn_file_is_read_to_its_end(data: bytes) -> None:
    found = inspect(data)
    if found.failure is not None:
        assert found.failure.endswith(".")
        return
    for ack in read_acknowledgments(data):
        assert ack.place.segment_number > 0
    assert sum(1 for _ in read_payments(data)) >= len(found.remittances)


@pytest.mark.parametrize("data", FILES, ids=range(len(FILES)))
def test_the_files_are_good_before_they_are_torn(data: bytes) -> None:
    assert inspect(data).failure is None
