"""Reading files: `read` gives events, one claim at a time; `load` gives whole trees; `check` gives
a report.
"""

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
from edi.reader.stream import read
from edi.reader.whole import check, load

__all__ = [
    "Event", "FileClosed", "GroupClosed", "GroupOpened", "InterchangeAck", "InterchangeClosed",
    "InterchangeOpened", "Report", "TransactionClosed", "TransactionOpened", "TransactionReport",
    "Unit", "check", "load", "read",
]  # fmt: skip
