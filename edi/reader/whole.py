"""A file as a whole: its report, or its transaction sets as trees."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, BinaryIO

from edi.model import Loop
from edi.reader.events import FileClosed, TransactionClosed, Unit
from edi.reader.report import Report
from edi.reader.stream import examine, read


def check(source: bytes | BinaryIO) -> Report:
    """Examine a file for its report alone."""
    report = Report()
    for event in examine(source):
        if isinstance(event, FileClosed):
            report = event.report
    return report


def load(source: bytes | BinaryIO) -> list[Any]:
    """Every transaction set of a file as one object, claims and all. For files that fit into
    memory.

    A claim that could not be read is left out; use `read` where that matters.
    """
    found = []
    placed: set[int] = set()
    for event in read(source):
        if isinstance(event, Unit) and event.loop is not None:
            chain = [event.transaction, *event.parents, event.loop]
            for parent, child in pairwise(chain):
                if id(child) not in placed:
                    placed.add(id(child))
                    _attach(parent, child)
        elif isinstance(event, TransactionClosed) and event.transaction is not None:
            found.append(event.transaction)
    return found


def _attach(parent: Loop, child: Loop) -> None:
    spec = next(s for s in parent.specs if s.type is type(child))
    getattr(parent, spec.name).append(child)
