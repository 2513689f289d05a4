"""What pyx12 thinks of a written batch: a second pair of eyes, never the judge (architecture.md 2).

It is slow (0.3 MB/s) and crashes on some right files, so it is asked outside of any transaction, in
a process of its own that may be ended, and a crash is no opinion. Its messages hold what the file
holds; only place and code are taken over, and its log is shut.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

import pyx12.params  # type: ignore[import-untyped]
import pyx12.x12n_document  # type: ignore[import-untyped]

from app.domain.opinion import OpinionFinding, SecondOpinion, Verdict

MOST_FINDINGS = 10_000  # named; the rest is counted

_log = logging.getLogger("pyx12")  # its lines quote the file
_log.addHandler(logging.NullHandler())
_log.propagate = False


def ask_apart(data: bytes, *, timeout_seconds: float | None = None) -> SecondOpinion:
    """`second_opinion` in a process of its own, so that neither its time nor its memory is ours.

    The time allowed grows with the file; what takes longer is ended, and is no opinion.
    """
    allowed = timeout_seconds or _START_SECONDS + len(data) / _SLOWEST_BYTES_PER_SECOND
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=Path(__file__).parents[2],  # so that `-m` finds the package, installed or not
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=allowed,
            check=True,
        )
        return _opinion(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return _none(f"pyx12 took longer than {allowed:.0f} seconds")
    except (subprocess.CalledProcessError, OSError, ValueError) as fault:
        return _none(f"pyx12's process ended with {type(fault).__name__}")


# A tenth of its usual pace, on a machine that does other things too.
_SLOWEST_BYTES_PER_SECOND = 20_000
_START_SECONDS = 60


def second_opinion(data: bytes) -> SecondOpinion:
    """Put one interchange through pyx12, here. Never raises."""
    try:
        valid, tree = error_tree(data)
        named = list(_findings(tree))
        found = [finding for finding in named if not _is_its_own_fault(finding, data)]
    except Exception as crash:
        # Whatever goes wrong in there says nothing about the batch; its message may quote it.
        return _none(f"pyx12 stopped with {type(crash).__name__}")
    if (valid or named) and not found:
        return SecondOpinion(Verdict.CONTENT)
    return SecondOpinion(Verdict.DIFFERS, tuple(found[:MOST_FINDINGS]), len(found))


def _is_its_own_fault(finding: OpinionFinding, data: bytes) -> bool:
    """It takes the certificate of equipment, PWK*CT*AB, for another paper (validation.md 2)."""
    if finding.ref != "PWK02" or finding.code != "7" or not finding.segment_number:
        return False
    segments = data.split(data[105:106], finding.segment_number)
    place = finding.segment_number - 1
    named = segments[place].strip().split(data[3:4]) if place < len(segments) else []
    return named[1:2] == [b"CT"] and named[2:3] in _CERTIFICATES


_CERTIFICATES = ([b"AB"], [b"AD"], [b"AF"], [b"AG"], [b"NS"])


def error_tree(data: bytes) -> tuple[bool, dict[str, Any]]:
    """pyx12's verdict and its tree of errors, as they are. Raises whatever pyx12 raises."""
    report = StringIO()
    valid = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), StringIO(data.decode("latin-1")), None, None, None, report
    )
    return bool(valid), json.loads(report.getvalue())


_ENVELOPES = {"interchanges": "ISA", "groups": "GS", "transactions": "ST"}


def _findings(
    node: dict[str, Any], place: str = "ISA", number: int = 0
) -> Iterator[OpinionFinding]:
    """Interchange, group, transaction set, segment, element: errors of each, then what is in it."""
    for error in node.get("errors") or ():
        yield OpinionFinding(str(error.get("err_cde") or ""), place, number)
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


def _none(reason: str) -> SecondOpinion:
    return SecondOpinion(Verdict.NONE, reason=reason)


def _opinion(told: dict[str, Any]) -> SecondOpinion:
    findings = tuple(OpinionFinding(**finding) for finding in told.pop("findings"))
    return SecondOpinion(Verdict(told.pop("verdict")), findings, **told)


if __name__ == "__main__":
    print(json.dumps(asdict(second_opinion(sys.stdin.buffer.read()))))
