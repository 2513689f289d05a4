"""A file as a whole: its report, or its transaction sets as trees."""

from __future__ import annotations

from typing import Any, BinaryIO

from edi.reader.events import FileClosed, TransactionClosed
from edi.reader.report import MOST_ISSUES, Report
from edi.reader.stream import examine, gather
from edi.situations import Side


def check(
    source: bytes | BinaryIO, *, side: Side = Side.RECEIVED, most_issues: int = MOST_ISSUES
) -> Report:
    """Examine a file for its report alone: the first `most_issues`, and the counts of all; `side`
    as in `examine`.
    """
    report = Report()
    for event in examine(source, side=side, most_issues=most_issues):
        if isinstance(event, FileClosed):
            report = event.report
    return report


def load(source: bytes | BinaryIO) -> list[Any]:
    """Every transaction set of a file as one object, claims and all. For files that fit into
    memory.

    What could not be read is left out; use `read` where that matters.
    """
    return [
        event.transaction
        for event in gather(source)
        if isinstance(event, TransactionClosed) and event.transaction is not None
    ]
