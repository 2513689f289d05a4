"""A file read into objects and written again: what nobody changed comes back byte for byte.

Values remember how they were spelled (`edi.model.values`), a layout remembers where segments stood
(`edi.model.layout`), and what stands between segments is passed on. One claim is at hand at a time,
so a file of any size will do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from edi.issues import EdiError
from edi.lexer import Block
from edi.model import END, Cursor, Place, Segment, UnwritableValue
from edi.model.layout import Layout, Placed, absent, placed, written_as
from edi.model.place import split_streamed
from edi.model.spec import Spec
from edi.model.writing import formatter
from edi.reader.body import Body
from edi.reader.events import FileClosed
from edi.reader.findings import Findings
from edi.reader.report import Report
from edi.reader.stream import FileReader
from edi.record import Record
from edi.segments import TA1
from edi.segments.envelope import GE, GS, IEA, ISA, SE, ST

Change = Callable[[Any], None]

_ENVELOPE: dict[str, type[Segment]] = {
    "ISA": ISA, "GS": GS, "ST": ST, "SE": SE, "GE": GE, "IEA": IEA, "TA1": TA1,
}  # fmt: skip


class Rewritten(Record):
    """What was read, and how many of its segments no object could produce: those were passed on as
    they stood.
    """

    report: Report
    verbatim: int


def rewrite(source: bytes | BinaryIO, sink: BinaryIO, *, change: Change | None = None) -> Rewritten:
    """Read a file and write it again.

    `change` is called with each loop when it has been read and before it is written: the
    transaction set (its header), each level, each claim or payment, and once more a loop that goes
    on behind its claims. It may change the loop as it likes; counts in SE follow, and what it
    leaves alone keeps its bytes. EdiError if a changed segment cannot be written, was not read
    whole, or was written before.
    """
    return _Rewriting(source, sink, change).run()


class _Rewriting(FileReader):
    def __init__(self, source: bytes | BinaryIO, sink: BinaryIO, change: Change | None) -> None:
        super().__init__(source, Findings)
        self.out = _Output(sink, change)
        self.lexer.passed = self.out.raw

    def run(self) -> Rewritten:
        report = Report()
        for event in self.events():
            if isinstance(event, FileClosed):
                report = event.report
        return Rewritten(report, self.out.verbatim)

    def cursor(self, blocks: Any, first: Block, number: int) -> Cursor:
        return _Cursor(blocks, first, number, self.out)

    def body(self, guide: Any, findings: Findings) -> Body:
        return _Body(self.c, guide, findings, self.out)

    def _interchange(self) -> Any:
        yield from super()._interchange()
        self.out.envelope(self.c, self.c.i)


class _Cursor(Cursor):
    """Passes on what is forgotten, and knows how each segment ended."""

    def __init__(self, blocks: Any, first: Block, number: int, out: _Output) -> None:
        self.out = out
        super().__init__(blocks, first, number)

    def refill(self, i: int) -> bool:
        if self.more:
            self.out.envelope(self, i)
        return super().refill(i)

    def _take(self, block: Block) -> None:
        number = self.base + len(self.lines) - 1
        super()._take(block)
        self.out.take(block, number)


class _Body(Body):
    """Writes each loop as soon as it has been read."""

    def __init__(self, c: Cursor, guide: Any, findings: Findings, out: _Output) -> None:
        super().__init__(c, guide, findings)
        self.out = out

    def _take(self, p: Place, e: list[str]) -> Any:
        start = self.c.number
        loop = super()._take(p, e)
        before, among, _ = split_streamed(p.cls)
        specs = before if among else list(p.cls.specs)
        self.out.loop(self.c, start, loop, specs, written=[])
        return loop

    def _take_tail(self, p: Place, loop: Any) -> None:
        start = self.c.number
        before, _, after = split_streamed(p.cls)
        written = placed(loop, [*before, *after], self.c.delimiters) if loop is not None else []
        super()._take_tail(p, loop)
        if self.c.number > start:
            self.out.loop(self.c, start, loop, [*before, *after], written=written)


class _Output:
    """Writes the segments of a file in their order; `done` is the number of the next one."""

    def __init__(self, sink: BinaryIO, change: Change | None) -> None:
        self.sink = sink
        self.change = change
        self.verbatim = 0
        self.done = 1
        self._end = ""  # what follows a segment, where nothing else is known
        self._ends: dict[int, str] = {}  # what followed others, by number
        self._broken: dict[int, tuple[str, str]] = {}  # lines, and how line breaks stood in them
        self._more = 0  # segments of the open transaction set that were not in the file

    def raw(self, text: str) -> None:
        """What stands outside of all segments."""
        self.sink.write(text.encode("latin-1"))

    def take(self, block: Block, number: int) -> None:
        """Note what followed the segments of a block where it is not what follows all."""
        d = block.delimiters
        if any(code == "X12-LONG" for code, _, _ in block.notes):
            raise EdiError(f"segment {number} is too long to be written again")
        self._end = d.segment + d.line_end
        if not block.text:
            return
        at = block.lead
        if at and number <= self.done:
            self.raw(block.text[:at])
        elif at:
            self._ends[number - 1] = self._ends.get(number - 1, self._end) + block.text[:at]
        for line, length in zip(block.lines, block.lengths, strict=True):
            text = block.text[at : at + length]
            if not text.startswith(line):
                self._broken[number] = line, text
            elif text != line + self._end:
                self._ends[number] = text[len(line) :]
            at, number = at + length, number + 1

    def envelope(self, c: Cursor, i: int) -> None:
        """Everything up to line i that belongs to no loop."""
        for k in range(self.done - c.base, i):
            number = c.base + k
            line = c.lines[k]
            if line == END:
                return
            cls = _ENVELOPE.get(line.partition(c.delimiters.element)[0])
            text = self._envelope(cls, line, c) if cls is not None else None
            if text is None:
                self.verbatim += 1
            self._put(line if text is None else text, number)
            self.done = number + 1

    def loop(
        self, c: Cursor, start: int, loop: Any, specs: list[Spec], *, written: list[Placed]
    ) -> None:
        """The segments from `start` on, which this loop, or what is not yet `written` of it, was
        read from.
        """
        self.envelope(c, start - c.base)
        lines = c.lines[start - c.base : c.i]
        self.done = c.number
        if loop is None:
            self.verbatim += len(lines)
            for number, line in enumerate(lines, start):
                self._put(line, number)
            return
        known = {id(segment) for segment, _, _ in written}
        now = [x for x in placed(loop, specs, c.delimiters) if id(x[0]) not in known]
        if self.change is None and [written_as(x) for x in now] == lines:
            for number, line in enumerate(lines, start):
                self._put(line, number)
            return
        layout = Layout(now, lines, c.delimiters)
        self.verbatim += layout.verbatim
        if self.change is not None:
            texts = [write(segment) for segment, write, _ in written]
            gaps = absent(loop, specs)
            self.change(loop)
            for ref, loop_id in absent(loop, specs) - gaps:
                raise UnwritableValue(ref, "is required", loop_id)
            now = placed(loop, specs, c.delimiters)
            if texts != [w(segment) for segment, w, _ in now if id(segment) in known]:
                raise EdiError(f"loop {type(loop).id}: what was already written was changed")
            now = [x for x in now if id(x[0]) not in known]
        made = layout.write(now)
        for n, (text, rank) in enumerate(made):
            last = n + 1 == len(made) or made[n + 1][1] != rank
            self._put(text, start + rank if last else 0)
        self._more += len(made) - len(lines)

    def _put(self, text: str, number: int) -> None:
        """Write one segment and what followed it as segment `number` of the file."""
        line, broken = self._broken.pop(number, ("", ""))
        if broken and text == line:
            self.verbatim += 1
            self.raw(broken)
        elif broken:
            self.raw(text + self._end)
        else:
            self.raw(text + self._ends.pop(number, self._end))

    def _envelope(self, cls: type[Segment], line: str, c: Cursor) -> str | None:
        """An envelope segment through its object; None if it cannot be read whole."""
        d = c.delimiters
        e = line.split(d.element)
        if cls is ISA and len(e) != 17:
            return None
        marks = (e[11], e.pop()) if cls is ISA else ("", "")
        if cls is ISA:
            e[11] = ""
        try:
            segment = cls.parse(e, d)
        except ValueError:
            return None
        read: list[Placed] = [(segment, formatter(cls, delimiters=d), "")]
        layout = Layout(read, [d.element.join(e)], d)
        if layout.verbatim:
            return None
        if isinstance(segment, ST):
            self._more = 0
        elif isinstance(segment, SE) and self._more:
            segment.segments += self._more
        text = layout.write(read)[0][0]
        if cls is ISA:
            e = text.split(d.element)
            e[11] = marks[0]
            text = d.element.join([*e, marks[1]])
        return text
