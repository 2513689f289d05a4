"""What a declaration cannot say: check digits, the tree of levels, counters, pointers.

Usage, order, repeats, lengths, types and code lists are checked while reading, from the
declarations themselves (`edi.model`). The functions here take objects and return issues at the
loop's first segment.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from edi.guides.claim_details import Claim
from edi.issues import Issue
from edi.model import Loop
from edi.segments import HL


@lru_cache(maxsize=16_384)
def npi_is_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, with the Luhn digit of 80840 and the number (837.md 8)."""
    if len(npi) != 10 or not npi.isascii() or not npi.isdigit() or npi[0] not in "12":
        return False
    digits = npi[1::2] + npi[::2].translate(_DOUBLED)
    return (24 + sum(digits.encode()) - 10 * ord("0")) % 10 == 0


# Twice a digit, its own digits added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")


class Levels:
    """HL01 counts 1, 2, 3 ...; HL02 is the HL01 of the level above; HL04 says whether levels follow
    (837.md 1.4). Levels are told in the order of the file.
    """

    def __init__(self) -> None:
        self.lost = False  # a level could not be read, so none after it can be judged
        self._count = 0
        self._open: list[tuple[Loop, HL, list[Loop]]] = []

    def opened(self, loop: Loop) -> list[Issue]:
        """A level begins."""
        if not hasattr(loop, "hl"):
            return []
        hl = loop.hl
        self.lost = self.lost or hl is None
        if self.lost:
            return []
        issues = []
        self._count += 1
        if hl.number != str(self._count):
            why = f"HL01 does not count on; it should be {self._count}"
            issues.append(_issue("HL-NUMBER", loop, "HL01", hl.number, why))
            self._count = int(hl.number) if _is_count(hl.number) else self._count
        above = self._open[-1] if self._open else None
        expected = above[1].number if above else None
        if hl.parent != expected:
            why = f"HL02 is not the number of the level above, which is {expected or 'none'}"
            issues.append(_issue("HL-PARENT", loop, "HL02", hl.parent or "", why))
        if above:
            above[2][:] = [loop]
        self._open.append((loop, hl, []))
        return issues

    def closed(self, loop: Loop) -> list[Issue]:
        """A level ends."""
        if not self._open or self._open[-1][0] is not loop:
            return []
        _, hl, below = self._open.pop()
        if self.lost or hl.child is None or (hl.child == "1") == bool(below):
            return []
        why = "HL04 says that levels follow below, and none does"
        if below:
            why = "HL04 says that no level follows below, and one does"
        return [_issue("HL-CHILD", loop, "HL04", hl.child, why, "warning")]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def claim(claim: Claim) -> list[Issue]:
    """LX counts the lines from 1."""
    issues = []
    for n, line in enumerate(claim.service_lines, 1):
        if line.lx.number != n or type(line.lx.number) is not int:  # 01 is one, and not its text
            why = f"LX01 does not count the lines; it should be {n}"
            issues.append(_issue("LX-NUMBER", line, "LX01", str(line.lx.number), why))
    return issues


def line_numbers(claim: Claim, segments: list[list[str]]) -> list[Issue]:
    """The same count of lines for a claim that could not be read; `segments` are all of it."""
    issues, count = [], 0
    for n, e in enumerate(segments):
        if e[0] != "LX":
            continue
        count += 1
        number = e[1] if len(e) > 1 else ""
        if number != str(count):
            why = f"LX01 does not count the lines; it should be {count}"
            issue = _issue("LX-NUMBER", claim, "LX01", number, why)
            issue.segment_number, issue.loop = claim.at + n, "2400"
            issues.append(issue)
    return issues


def _issue(
    code: str,
    loop: Loop,
    ref: str,
    value: str,
    why: str,
    severity: Literal["error", "warning"] = "error",
    snip: int = 1,
) -> Issue:
    return Issue(code, severity, snip, loop.at, 0, loop.id, ref, value, why)
