"""What a reader tells its caller, one at a time, in the order of the file."""

from __future__ import annotations

from typing import Any

from edi.delimiters import Delimiters
from edi.issues import Issue
from edi.reader.report import Report
from edi.record import Record, field
from edi.segments import TA1


class InterchangeOpened(Record):
    control_number: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str  # ISA09, YYMMDD, as it stands
    time: str  # ISA10, HHMM
    usage: str  # "P" or "T"
    acknowledgment_requested: bool
    delimiters: Delimiters
    segment_number: int
    byte_offset: int
    version: str = ""


class InterchangeAck(Record):
    """A TA1, wherever it stands in an interchange."""

    ack: TA1
    segment_number: int


class GroupOpened(Record):
    functional_id: str
    sender: str
    receiver: str
    date: str
    time: str
    control_number: str
    version: str
    segment_number: int


class TransactionOpened(Record):
    st01: str
    control_number: str
    guide: str  # ST03, or GS08 where the set has none
    known: bool  # False: it is passed over and reported
    segment_number: int


class Unit(Record):
    """A claim, a claim payment, a response: what one comes for.

    `transaction` is filled as far as its header. `parents` are the loops around this one, from the
    outside in. `rejected`: a required part of it, or of what is around it, could not be read;
    `loop` is then None and `opening` holds the elements of its first segment.
    """

    transaction: Any
    parents: tuple[Any, ...]
    loop: Any
    ordinal: int  # 1 = the first unit of its transaction set
    segment_number: int
    segment_count: int
    byte_offset: int
    issues: list[Issue] = field(default_factory=list)
    rejected: bool = False
    loop_id: str = ""
    opening: tuple[str, ...] = ()


class TransactionClosed(Record):
    """`accepted`: no error issue in the set, those of its units counted. `issues` are those outside
    its units.

    `body_sha256` is taken between ST and SE, both left out, without line breaks and with delimiters
    made equal.
    """

    transaction: Any
    control_number: str
    guide: str
    segment_count: int  # ST to SE, both counted
    unit_count: int
    accepted: bool
    issues: list[Issue]
    body_sha256: str
    segment_number: int  # of the SE, or where it should have been


class GroupClosed(Record):
    control_number: str
    transaction_count: int
    issues: list[Issue]


class InterchangeClosed(Record):
    control_number: str
    group_count: int
    issues: list[Issue]


class FileClosed(Record):
    report: Report


Event = (
    InterchangeOpened | InterchangeAck | GroupOpened | TransactionOpened | Unit | TransactionClosed
    | GroupClosed | InterchangeClosed | FileClosed
)  # fmt: skip

__all__ = [
    "Event", "FileClosed", "GroupClosed", "GroupOpened", "InterchangeAck", "InterchangeClosed",
    "InterchangeOpened", "TransactionClosed", "TransactionOpened", "Unit",
]  # fmt: skip
