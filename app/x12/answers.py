"""TA1 and 999 for a file that came in, as far as its sender's profile wants them.

The library (edi.acks) says what the file deserves; here stands what we may say of it. What was
booked as far as it is sound is accepted with its errors noted (E). A file that failed as a whole is
never told to be accepted: where no acknowledgment can refuse it, nothing is sent, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import count
from typing import BinaryIO

import edi
from app.domain.partner import AnswerKind

_PARTLY, _REFUSED = "P", "R"
_ORDER = ("A", "E", _PARTLY, _REFUSED)


class Taken(Enum):
    """What became of the file."""

    BOOKED = "booked"  # as far as it is sound: faults are noted
    CHECKED = "checked"  # not more: a transaction set with an error is refused
    FAILED = "failed"  # as a whole


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """The answer to one interchange; `data` is empty where nothing is sent, with the reason."""

    received_control_number: str
    control_number: int = 0
    contents: str = ""  # TA1, 999, TA1-999
    verdict: str = ""  # A E P R
    data: bytes = b""
    reason: str = ""


def write_answers(
    source: bytes | BinaryIO,
    *,
    taken: Taken,
    wanted: Collection[AnswerKind],
    at: datetime,
    control_numbers: Iterator[int],
) -> list[WrittenAnswer]:
    """One for each interchange, in their order; each was read back by the library that wrote it."""
    answers = edi.acknowledge(
        source,
        at=at,
        control_numbers=control_numbers,
        policy=edi.Policy.ACCEPT if taken is Taken.BOOKED else edi.Policy.REJECT,
        kinds=[kind.value for kind in wanted],
    )
    return [_written(answer, taken) for answer in answers]


def refused_sets(data: bytes, *, at: datetime) -> frozenset[tuple[str, str, str]]:
    """The transaction sets (ISA13, GS06, ST02) that a 999 of ours would refuse in a file that was
    only checked."""
    answers = edi.acknowledge(data, at=at, control_numbers=count(1), policy=edi.Policy.REJECT)
    return frozenset(
        (answer.received, group.ak1.control_number, response.ak2.control_number)
        for answer in answers
        for group in answer.groups
        for response in group.responses
        if response.ik5.status == _REFUSED
    )


def _written(answer: edi.Answer, taken: Taken) -> WrittenAnswer:
    if not answer.data:
        return WrittenAnswer(answer.received, reason=answer.reason)
    verdict = _verdict(answer)
    if taken is Taken.FAILED and verdict != _REFUSED:
        return WrittenAnswer(
            answer.received,
            reason="the file failed as a whole, which no acknowledgment that its sender's profile"
            " asks for can say; tell the sender yourself",
        )
    contents = [kind for kind, has in (("TA1", answer.ta1), ("999", answer.groups)) if has]
    return WrittenAnswer(
        answer.received, answer.control_number, "-".join(contents), verdict, answer.data
    )


def _verdict(answer: edi.Answer) -> str:
    """What it says of the interchange: its functional groups taken together, else the TA1."""
    said = {group.ak9.status for group in answer.groups}
    if not said and answer.ta1 is not None:
        return answer.ta1.status
    if _REFUSED in said and len(said) > 1:
        return _PARTLY
    return max(said, key=_ORDER.index)
