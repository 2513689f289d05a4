"""Whether we answer each error of pyx12, and where not, for which stated reason.

An error of pyx12 is answered where we have an issue at the same segment of the file. What balances,
points or depends on another segment is no answer to a fault of form, so issues of SNIP types 3 and
4 do not count, but for the two that pyx12 knows as form: pointers, and ZIP codes of nine digits.
Where there is no such issue, one of
these must hold, or the error is one we miss:

place     Something is missing, so no segment of the file is at fault. We miss the same segment at
          the same place; or we say of that very segment, further on, that it is not in its place.
          A trailer that is missing pyx12 tells at the end of the file; those of the envelopes
          around it it may then take for missing too, or compare with the wrong envelope: we miss
          one where its envelope ends. One without a terminator it does not see, and nothing behind
          an empty segment: we read it all, and say there what is wrong.
lost      pyx12 could not place a segment, at which we have an issue. It then stays where it was:
          what follows without a gap, up to the first segment it places again, cannot be placed
          either, and there it misses what it has passed. A segment that it could not place it may
          miss later too, as long as no other with this identifier is placed, or nothing but others
          with this identifier. Nothing else is excused.
order     Of two segments in each other's place pyx12 finds fault with the one too early, and may
          miss it later; we find fault with one too late: right behind it, or before it is missed.
stuck     The segment it could not place we call out of place, or it is excused for itself; we go
          on in the loop it belongs to. pyx12 stays, and looks at what follows as if it stood in the
          loop before, until it leaves that one.
anew      A segment begins a loop once too often, as both say. pyx12 begins the loop anew and misses
          what the one before did not have yet, or this one does not have.
again     The same thing is told again: at each further repeat of a segment or loop; at each further
          HL or LX after its count went wrong; at each further segment where something is missing,
          until one with its identifier is placed. We tell it once, at the first.
early     A loop is missed and then placed without a word: loops of one identifier share a position
          and have no order among themselves.
differs   Our guide and the map differ in just this element, as map_differences.tsv says and why.
named     A fault of pyx12 that stands in mutation_differences.tsv with its reason.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edi.issues import Issue
from tests.edi.pyx12_findings import Found, Opinion

HERE = Path(__file__).parent
MISSED = "missed"
ABSENT = frozenset({"IK304:3", "IK304:I7"})
TRAILERS = frozenset({"IK502:2", "AK905:3", "TA105:023"})
UNSEEN = frozenset({"X12-END", "X12-BLANK"})
TWO_OF_TYPE_4 = ("DX-POINTER", "ZIP-NINE")
OUT_OF_PLACE = "IK304:7"
TOO_OFTEN = frozenset({"4", "5"})
COUNTERS = frozenset({"HL1", "HL2", "LX"})


@dataclass(frozen=True, slots=True)
class Row:
    """One reviewed fault of pyx12, or one kind of them: patterns over its error."""

    guide: str
    ref: re.Pattern[str]
    code: str
    says: re.Pattern[str]  # found in its message
    source: str
    reason: str


@cache
def rows() -> tuple[Row, ...]:
    """mutation_differences.tsv."""
    with (HERE / "mutation_differences.tsv").open(newline="") as lines:
        return tuple(
            Row(
                r["guide"], re.compile(r["element"]), r["code"], re.compile(r["message"]),
                r["source"], r["reason"],
            )
            for r in csv.DictReader(lines, delimiter="\t")
        )  # fmt: skip


def judge(guide: str, theirs: Opinion, ours: list[Issue]) -> list[tuple[Found, str]]:
    """Each error of pyx12 with what became of it: "same", a reason above, or "missed"."""
    return _Judge(guide, theirs, ours).judged()


class _Judge:
    def __init__(self, guide: str, theirs: Opinion, ours: list[Issue]) -> None:
        self.guide, self.theirs = guide, theirs
        self.ours = [i for i in ours if i.snip not in (3, 4) or i.code in TWO_OF_TYPE_4]

    def judged(self) -> list[tuple[Found, str]]:
        verdicts: list[tuple[Found, str]] = []
        for found in self.theirs.found:
            verdicts.append((found, self._verdict(found, verdicts)))
        return verdicts

    def _verdict(self, found: Found, before: list[tuple[Found, str]]) -> str:
        if self._same_absence(found) if found.absent else self._at(found.number):
            return "place" if found.absent else "same"
        if found.level != "seg" and "does not match" in found.message and self._same_absence(found):
            return "place"
        if self._lost(found, before):
            return "lost"
        if self._again(found, before):
            return "again"
        if self._order(found):
            return "order"
        if self._stuck(found):
            return "stuck"
        if found.absent and self._anew(found):
            return "anew"
        if found.absent and self._early(found):
            return "early"
        return self._excused(found) or MISSED

    def _excused(self, found: Found) -> str:
        if _differs(self.guide, found):
            return "differs"
        named = (row for row in rows() if _named(row, self.guide, found))
        return next((f"named: {row.reason}" for row in named), "")

    # ── the same ──

    def _at(self, number: int) -> bool:
        return any(
            i.segment_number - (i.code == "X12-GUIDE")  # an ST that opens what no guide reads
            <= number
            < i.segment_number + i.segment_count
            for i in self.ours
        )

    def _same_absence(self, found: Found) -> bool:
        if found.level != "seg" or found.ref in ("SE", "GE", "IEA"):
            return any(
                (i.code in TRAILERS and i.segment_number <= found.number)
                or (i.code in UNSEEN and i.segment_number == found.number)
                for i in self.ours
            )
        return any(
            (i.ref == found.ref or f"({i.ref})" in found.message)
            and (
                (i.code in ABSENT and i.segment_number == found.number)
                or (i.code == OUT_OF_PLACE and i.segment_number > found.number)
            )
            for i in self.ours
        )

    # ── what follows from another fault ──

    def _unplaced(self) -> list[Found]:
        return [f for f in self.theirs.found if f.level == "seg" and f.code == "1"]

    def _lost(self, found: Found, before: list[tuple[Found, str]]) -> bool:
        unplaced = {f.number for f in self._unplaced()}
        n = found.number
        if found.absent:
            for f in self._unplaced():
                if f.ref == found.ref and self._run(f.number, unplaced):
                    first, last = sorted((f.number, n))
                    if not self._placed(found.ref, first, last):
                        return True
        elif n not in unplaced or found.code != "1":
            return False
        return self._run(n - 1, unplaced)

    def _run(self, n: int, unplaced: set[int]) -> bool:
        """Whether n ends a run of segments without a place that begins with one we complain of, or
        that is excused for itself.
        """
        while n in unplaced:
            if self._at(n) or any(self._excused(f) for f in self._unplaced() if f.number == n):
                return True
            n -= 1
        return False

    def _stuck(self, found: Found) -> bool:
        paths = self.theirs.paths
        ours = {i.segment_number for i in self.ours if i.code == OUT_OF_PLACE}
        ours |= {f.number for f in self._unplaced() if self._excused(f)}
        for m in sorted({f.number for f in self._unplaced() if f.number < found.number} & ours):
            before = max((n for n in paths if n < m), default=0)
            loop = paths.get(before, "").rpartition("/")[0]
            last = found.number - found.absent  # where it leaves a loop it misses what is due there
            inside = (paths[n] for n in paths if m < n <= last)
            if loop and all(path.startswith(loop) for path in inside):
                return True
        return False

    def _anew(self, found: Found) -> bool:
        paths = self.theirs.paths
        for f in self.theirs.found:
            if f.level != "seg" or f.code not in TOO_OFTEN or f.number > found.number:
                continue
            loop = paths.get(f.number, "").rpartition("/")[0]
            inside = (paths[n] for n in paths if f.number < n < found.number)
            if loop and self._at(f.number) and all(path.startswith(loop) for path in inside):
                return True
        return False

    def _placed(self, tag: str, first: int, last: int) -> bool:
        """Whether pyx12 places a segment with this identifier between two others."""
        paths = [self.theirs.paths[n] for n in range(first + 1, last) if n in self.theirs.paths]
        placed = [path.rpartition("/")[2].partition("[")[0] == tag for path in paths]
        return any(placed) and not all(placed)

    def _again(self, found: Found, before: list[tuple[Found, str]]) -> bool:
        codes = ("HL1", "HL2") if found.code == "HL2" else (found.code,)
        same = [
            f
            for f, verdict in before
            if (f.level, f.ref) == (found.level, found.ref)
            and f.code in codes
            and verdict != MISSED
        ]
        if found.level != "seg" or not same:
            return False
        if found.code in TOO_OFTEN:
            path = self.theirs.paths.get
            return any(path(f.number) == path(found.number) for f in same)
        if found.absent:
            last = [f.number for f in same if f.message == found.message]
            return bool(last) and not self._placed(found.ref, last[-1], found.number)
        return found.code in COUNTERS

    def _order(self, found: Found) -> bool:
        late = [i.segment_number for i in self.ours if i.code == OUT_OF_PLACE]
        if found.absent:
            early = [f.number for f in self._unplaced() if f.ref == found.ref]
            return any(n < k <= found.number for n in early for k in late)
        if found.code != "1" or found.level != "seg":
            return False
        if found.number + 1 in late:
            return True
        missed = [f.number for f in self.theirs.found if f.absent and f.ref == found.ref]
        return any(found.number < k <= n for n in missed for k in late)

    def _early(self, found: Found) -> bool:
        loop = found.message.rpartition(" (")[2].partition(")")[0]
        around = self.theirs.paths.get(found.number, "").rpartition("/")[0].rpartition("/")[0]
        inside = f"{around}/{loop}/"
        later = (n for n, path in self.theirs.paths.items() if path.startswith(inside))
        return any(n > found.number for n in later)


# What a row of map_differences.tsv differs in, and how pyx12 tells of it.
TOLD_AS = {
    "codes": "7", "longest": "5", "shortest": "4", "type": "6", "usage": "1 2 3 10",
    "repeat": "4 5", "segment": "1",
}  # fmt: skip


@cache
def _map_rows() -> tuple[tuple[str, str, str], ...]:
    with (HERE / "map_differences.tsv").open(newline="") as lines:
        return tuple(
            (r["guide"], r["segment"].partition("*")[0] + r["element"], r["what"])
            for r in csv.DictReader(lines, delimiter="\t")
        )


def _differs(guide: str, found: Found) -> bool:
    return any(
        of == guide
        and (
            (ref == found.ref and found.code in TOLD_AS[what].split())
            # a code in the first element tells a segment apart: it is then "not found"
            or (
                (what, found.code) == ("codes", "1")
                and ref in (f"{found.ref}01", f"{found.ref}01-1")
            )
        )
        for of, ref, what in _map_rows()
    )


def _named(row: Row, guide: str, found: Found) -> bool:
    return (
        guide in row.guide.split()
        and row.code == found.code
        and row.ref.fullmatch(found.ref) is not None
        and row.says.search(found.message) is not None
    )


def missed(verdicts: Iterable[tuple[Found, str]]) -> list[Found]:
    """What we should have found."""
    return [found for found, verdict in verdicts if verdict == MISSED]
