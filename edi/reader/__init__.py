"""Reading files: events one claim at a time, whole trees, or a report."""

from edi.reader.events import (
    Event,
    FileClosed,
    GroupClosed,
    GroupOpened,
    InterchangeAck,
    InterchangeClosed,
    InterchangeOpened,
    TransactionClosed,
    TransactionOpened,
    Unit,
)  # fmt: skip
from edi.reader.report import Report, TransactionReport
from edi.reader.stream import examine, read
from edi.reader.whole import check, load

__all__ = [
    "Event", "FileClosed", "GroupClosed", "GroupOpened", "InterchangeAck", "InterchangeClosed",
    "InterchangeOpened", "Report", "TransactionClosed", "TransactionOpened", "TransactionReport",
    "Unit", "check", "examine", "load", "read",
]  # fmt: skip
