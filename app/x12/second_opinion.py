"""What pyx12 thinks of a written batch: a second pair of eyes, never the judge (architecture.md 2).

It is slow (0.3 MB/s) and crashes on some right files, so it is asked outside of any transaction,
every call is wrapped, and a crash is no opinion. Its messages hold what the file holds; only place
and code are taken over, and its log is shut.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Any

import pyx12.params  # type: ignore[import-untyped]
import pyx12.x12n_document  # type: ignore[import-untyped]

MOST_FINDINGS = 100  # kept; the rest is counted

_log = logging.getLogger("pyx12")  # its lines quote the file
_log.addHandler(logging.NullHandler())
_log.propagate = False


class Verdict(StrEnum):
    """What it came to."""

    CONTENT = "content"
    DIFFERS = "differs"  # it found errors
    NONE = "none"  # it has no map for this guide, or crashed


@dataclass(frozen=True, slots=True)
class SecondFinding:
    """One error pyx12 names. `code` is its own (validation.md 2)."""

    code: str
    ref: str  # "CLM05-2", "DTP", or "ISA", "GS", "ST" for what is wrong with an envelope
    segment_number: int  # in the file, 1 = ISA; 0 when it does not say


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`findings` are the first ones, `count` counts all. `reason` is set where there is none."""

    verdict: Verdict
    findings: tuple[SecondFinding, ...] = ()
    count: int = 0
    reason: str = ""


def second_opinion(data: bytes) -> SecondOpinion:
    """Put one interchange through pyx12. Never raises."""
    try:
        valid, tree = error_tree(data)
        found = list(_findings(tree))
    except Exception as crash:
        # Whatever goes wrong in there says nothing about the batch; its message may quote it.
        return SecondOpinion(Verdict.NONE, reason=f"pyx12 stopped with {type(crash).__name__}")
    if valid and not found:
        return SecondOpinion(Verdict.CONTENT)
    return SecondOpinion(Verdict.DIFFERS, tuple(found[:MOST_FINDINGS]), len(found))


def error_tree(data: bytes) -> tuple[bool, dict[str, Any]]:
    """pyx12's verdict and its tree of errors, as they are. Raises whatever pyx12 raises."""
    report = StringIO()
    valid = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), StringIO(data.decode("latin-1")), None, None, None, report
    )
    return bool(valid), json.loads(report.getvalue())


_ENVELOPES = {"interchanges": "ISA", "groups": "GS", "transactions": "ST"}


def _findings(node: dict[str, Any], place: str = "ISA", number: int = 0) -> Iterator[SecondFinding]:
    """Interchange, group, transaction set, segment, element: errors of each, then what is in it."""
    for error in node.get("errors") or ():
        yield SecondFinding(str(error.get("err_cde") or ""), place, number)
    for level, name in _ENVELOPES.items():
        for child in node.get(level) or ():
            yield from _findings(child, name)
    for segment in node.get("segments") or ():
        yield from _findings(segment, str(segment["seg_id"]), int(segment["cur_line"] or 0))
    for element in node.get("elements") or ():
        ref = f"{place}{int(element['ele_pos'] or 0):02d}"
        if element.get("subele_pos"):
            ref += f"-{element['subele_pos']}"
        yield from _findings(element, ref, number)
