"""The body of a transaction set: the loops that hold claims stay open, the claims come and go.

A loop that reaches the end of the segments at hand is read again with more of them, so no generated
reader has to know that a file comes in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edi.envelope import Transaction
from edi.issues import Issue
from edi.model import CONTROL, END, Cursor, Loop, Place, place
from edi.model.cursor import Marks
from edi.reader.events import Unit
from edi.reader.findings import Findings
from edi.reader.places import Places
from edi.segments import HL

# A claim of 999 lines with all that may hang on them has fewer. What has more would fill the
# memory: it is an error, and no claim.
MOST_SEGMENTS = 32_768


class Body:
    """Reads one transaction set from behind its ST to its SE. Iterate over it, then ask for the
    rest.
    """

    def __init__(self, c: Cursor, guide: type[Transaction], findings: Findings) -> None:
        self.c = c
        self.findings = findings
        self.places = findings.places = Places(c)
        self.transaction: Any = None
        self.units = 0
        self._root = place(guide, c.delimiters)
        self._full = False  # what follows the units of a loop has no end
        self._broken = 0  # loops around us that lack a required part

    def __iter__(self) -> Iterator[Unit]:
        yield from self._stream(self._root, ())
        if self.transaction is not None:
            self._note(self.findings.end(self.transaction))

    # ── loops that hold units ──

    def _stream(self, p: Place, parents: tuple[Any, ...]) -> Iterator[Unit]:
        """First what stands before the units, then them, then what follows."""
        c = self.c
        e = c.look()
        number, offset, line, mark = c.number, c.offset(c.i), c.lines[c.i], len(c.issues)
        loop = self._take(p, e)
        self.places.open(number, offset)
        if p.spec is None:
            self.transaction, inner = loop, parents
            around: tuple[Any, ...] = ()
        else:
            inner, around = (*parents, loop), (self.transaction, *parents)
        if loop is None:
            self._broken += 1
            rest = self._rejected(p, number)
        else:
            self._note(self.findings.opened(loop, around))
        if p.cls.unit:
            yield self._unit(p, loop, parents, number, offset, line, mark)
        yield from self._children(p, loop, inner)
        if loop is None:
            self._broken -= 1
            self._note(self.findings.closed(rest, around))
        else:
            self._note(self.findings.closed(loop, around))
        if p.spec is not None:
            self.places.close(number)

    def _children(self, p: Place, loop: Any, inner: tuple[Any, ...]) -> Iterator[Unit]:
        c = self.c
        around = (self.transaction, *inner)
        counts = dict.fromkeys(p.limited, 0)
        while True:
            e = c.look()
            child = p.child_of(e)
            if child is None:
                before = c.number
                if p.leaves(e):
                    break
                self._take_tail(p, loop)
                if self._full:
                    self._pass_over(p)
                if c.number == before and p.child_of(c.look()) is None:
                    break
                continue
            if child in counts:
                counts[child] += 1
            if child.streamed:
                yield from self._stream(child, inner)
                continue
            i = c.i
            number, offset, line, mark = c.base + i, c.offset(i), c.lines[i], len(c.issues)
            unit = self._take(child, e)
            if unit is not None and not self._broken:
                if found := self.findings.unit(unit, around):
                    self._note(found)
            else:
                self.findings.closed(self._rejected(child, number, unit), around)
            yield self._unit(child, unit, inner, number, offset, line, mark)
        for child, count in counts.items():
            self._limits(p, child, count)

    def _unit(
        self, p: Place, loop: Any, parents: tuple[Any, ...], number: int, offset: int, line: str,
        mark: int,
    ) -> Unit:  # fmt: skip
        """What is handed out, with the issues found since `mark`."""
        c = self.c
        issues: list[Issue] = []
        if len(c.issues) > mark:
            issues = c.issues[mark:]
            del c.issues[mark:]
        if c.failed:
            c.failed.clear()
        self.units += 1
        count = c.base + c.i - number
        if loop is None or self._broken:
            return Unit(
                self.transaction, parents, None, self.units, number, count, offset, issues, True,
                p.cls.id, tuple(line.split(c.delimiters.element)),
            )  # fmt: skip
        return Unit(
            self.transaction, parents, loop, self.units, number, count, offset, issues, False,
            p.cls.id,
        )  # fmt: skip

    # ── one loop ──

    def _take(self, p: Place, e: list[str]) -> Any:
        """Read one loop whole, with as many more segments as it takes."""
        c = self.c
        more = 1
        while True:
            after, marks = None, c.marks()
            loop, j = p.quick(c.lines, c.i, c.base)
            if loop is None and not (c.more and c.lines[j] == END):
                loop, j, after = p.read(c.lines, c.i, e, c)
            if c.more and c.lines[j] == END:
                if j - c.i > MOST_SEGMENTS:
                    loop = self._cut(p, e, marks)
                    self._consume(j, p.cls.id, after)
                    return loop
                self._again(marks, more)
                more *= 2
                e = c.look()
                continue
            self._consume(j, p.cls.id, after)
            return loop

    def _cut(self, p: Place, e: list[str], marks: Marks) -> Any:
        """Read a loop that does not end as if it ended with the segments at hand."""
        c = self.c
        c.undo(marks)
        c.more = False
        loop, _, _ = p.read(c.lines, c.i, e, c)
        c.more = True
        why = f"loop {p.cls.id} has more than {MOST_SEGMENTS} segments; it is cut off here"
        c.add("X12-LONG", c.i, loop=p.cls.id, ref=e[0][:3], message=why)
        return loop

    def _take_tail(self, p: Place, loop: Any) -> None:
        """Read what follows the units of a loop."""
        c = self.c
        assert p.tail_place is not None
        tail = p.tail_place
        target = loop if loop is not None else _blank(p.cls)  # read all the same, then forgotten
        kept = {s.name: getattr(target, s.name) for s in p.cls.specs}
        more = 1
        while True:
            e = c.look()
            _restore(target, kept)
            marks = c.marks()
            whole, j, after = tail.read(c.lines, c.i, e, c, target)
            if c.more and c.lines[j] == END:
                if j - c.i > MOST_SEGMENTS:
                    c.undo(marks)
                    _restore(target, kept)
                    c.more = False
                    tail.read(c.lines, c.i, e, c, target)
                    c.more = True
                    self._consume(j, p.cls.id, after)
                    self._full = True
                    return
                self._again(marks, more)
                more *= 2
                continue
            if not whole:
                self.findings.rejected(None, [])
            self._consume(j, p.cls.id, after)
            return

    def _pass_over(self, p: Place) -> None:
        """Too much follows the units of a loop: what comes up to the next unit, or the end, is
        counted and not read.
        """
        c = self.c
        self._full = False
        number, offset, count, blanks = c.number, c.offset(c.i), 0, 0
        while (e := c.look())[0] not in CONTROL and e[0] != END and p.child_of(e) is None:
            blanks += e == [""]
            count += 1
            c.i += 1
        c.blanks += blanks
        c.reported += count
        why = f"loop {p.cls.id} has more than {MOST_SEGMENTS} segments behind its claims"
        why += f"; {count} more are passed over"
        c.keep(Issue("X12-LONG", "error", 1, number, offset, p.cls.id, "", "", why, max(count, 1)))

    def _again(self, marks: Marks, more: int) -> None:
        """Undo what was noted and have more at hand; twice as much each time: linear."""
        c = self.c
        c.undo(marks)
        for _ in range(more):
            if not c.refill(c.i) or len(c.lines) - c.i > MOST_SEGMENTS:
                break

    def _consume(self, j: int, loop: str, after: list[str] | None) -> None:
        """Go on to line j: what lies before it has been read."""
        c = self.c
        if c.suspect:
            c.odd_characters(c.i, j, loop)
        c.go(j, after)

    def _rejected(self, p: Place, number: int, loop: Any = None) -> Any:
        """A loop that could not be read, or one in such a loop, from segment `number` on: it, or
        what stands in for it.
        """
        c = self.c
        lines = c.lines[number - c.base : c.i]
        elements = [line.split(c.delimiters.element) for line in lines]
        if loop is None:
            loop = _blank(p.cls)
            loop.at = number
            if p.cls.specs[0].type is HL and elements:
                try:
                    loop.hl = HL.parse(elements[0], c.delimiters)
                except ValueError:
                    loop.hl = None
        self._note(self.findings.rejected(loop, elements))
        return loop

    # ── small parts ──

    def _note(self, issues: list[Issue]) -> None:
        """Take issues that were found on objects: they know their segment, we know its offset."""
        c = self.c
        for issue in issues:
            issue.byte_offset = self.places.offset(issue.segment_number)
            c.keep(issue)

    def _limits(self, p: Place, child: Place, count: int) -> None:
        spec = child.spec
        assert spec is not None
        if count < spec.least:
            name = spec.name.replace("_", " ")
            why = f"{name} are required in loop {p.cls.id}, and none is there"
            self.c.add(
                "IK304:I7", self.c.i, loop=child.cls.id, ref=child.cls.id, message=why, snip=2
            )
        if spec.most and count > spec.most:
            name = spec.name.replace("_", " ")
            why = f"{name} may occur {spec.most} times in loop {p.cls.id}"
            self.c.add("IK304:4", self.c.i, loop=child.cls.id, ref=child.cls.id, message=why)


def _restore(target: Any, kept: dict[str, Any]) -> None:
    """The loop as it was before it was read on."""
    for name, value in kept.items():
        setattr(target, name, list(value) if isinstance(value, list) else value)


def _blank(cls: type[Loop]) -> Any:
    target: Any = cls.__new__(cls)
    target.at = 0
    for s in cls.specs:
        setattr(target, s.name, [] if s.repeats else None)
    return target
