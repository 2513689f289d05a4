"""Whatever can be built is written, read back, and equal; and our checks find it well formed."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import edi
from edi.delimiters import Delimiters
from tests.edi.built import loops

STYLES = [
    Delimiters(),
    Delimiters(line_end="\n"),
    Delimiters(line_end="\r\n"),
    Delimiters(element="|", repetition="!", component=">", segment="$"),
    Delimiters(segment="\n"),
    Delimiters(element="\x1d", repetition="\x1e", component="\x1f", segment="\x1c"),
]


def enveloped(transactions: list[Any]) -> edi.Interchange:
    return edi.Interchange(
        sender_qualifier="ZZ",
        sender="SUBMITTER1",
        receiver_qualifier="ZZ",
        receiver="RECEIVER1",
        date=date(2026, 1, 5),
        time=time(14, 30),
        control_number=101,
        usage="T",
        groups=[
            edi.FunctionalGroup(
                sender="SUBMITTER1",
                receiver="RECEIVER1",
                date=date(2026, 1, 5),
                time=time(14, 30),
                control_number=101,
                transactions=transactions,
            )
        ],
    )


# What a generated object cannot get right: sums, and what one part makes of another.
BEYOND = (3, 4)


@pytest.mark.parametrize("guide", edi.guides.GUIDES, ids=lambda g: g.__name__)
@given(data=st.data(), style=st.sampled_from(STYLES))
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a whole file shrinks for minutes
)
def test_written_read_back_and_equal(
    guide: type[edi.Transaction], data: st.DataObject, style: Delimiters
) -> None:
    transaction = data.draw(loops(guide))
    text = edi.write(enveloped([transaction]), delimiters=style)
    assert edi.load(text) == [transaction]
    report = edi.check(text)
    assert [i for i in report.issues if i.snip not in BEYOND] == []
    assert report.segments_reported == 0
    again = edi.write(enveloped(edi.load(text)), delimiters=style)
    assert again == text
