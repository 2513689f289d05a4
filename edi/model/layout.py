"""How segments stood in a file, where objects cannot say it: their order where the guide leaves it
free, and empty elements that hold no place.

A layout is made by writing what was read and comparing it with the lines it came from. It knows the
places of values, never the values: those come from the objects, so what is changed in an object is
changed in the file, and nothing else is. A line that no object can produce, because part of it
could not be read, is kept as it stands and counted.
"""

from __future__ import annotations

import copy
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

from edi.delimiters import Delimiters
from edi.model.node import Loop, Segment
from edi.model.spec import Spec
from edi.model.writing import UnwritableValue, formatter
from edi.record import Record

# A segment, what writes it at its place, and the loop it stands in.
Placed = tuple[Segment, Callable[[Any], str], str]


def placed(loop: Loop, specs: Iterable[Spec], delimiters: Delimiters) -> list[Placed]:
    """The segments of a loop, or of some of its children, in the order of the declaration."""
    found: list[Placed] = []
    for s in specs:
        value = getattr(loop, s.name)
        for child in value if s.repeats else [] if value is None else [value]:
            if isinstance(child, Loop):
                found += placed(child, child.specs, delimiters)
            else:
                loop_id = type(loop).id
                write = formatter(s.type, s.use, loop_id, delimiters=delimiters)
                found.append((child, write, loop_id))
    return found


def absent(loop: Loop, specs: Iterable[Spec]) -> set[tuple[str, str]]:
    """What a loop requires and does not have, as (segment or loop, the loop it is missed in)."""
    found = set()
    for s in specs:
        value = getattr(loop, s.name)
        if value is None and s.required:
            found.add((s.type.__name__, type(loop).id))
        elif value is not None and issubclass(s.type, Loop):
            for child in value if s.repeats else [value]:
                found |= absent(child, child.specs)
    return found


def written_as(one: Placed) -> str | None:
    """Our text of a segment; None if it has none."""
    segment, write, _ = one
    try:
        return write(segment)
    except UnwritableValue:
        return None


class _Line(Record):
    """One line as it stood, and the segment that was read from it, if any was."""

    text: str
    rank: int
    segment: Segment | None = None
    written: str | None = None  # our text of the segment when it was read; None: it has none
    whole: bool = False  # our text and the line differ in empty places at most
    before: Segment | None = None  # the segment as it was read, where there is no text to compare


class Layout:
    """Where the segments of some lines stood. `verbatim` counts the lines no object produces."""

    def __init__(self, read: list[Placed], lines: list[str], delimiters: Delimiters) -> None:
        self._delimiters = delimiters
        self._lines = [_Line(text, rank) for rank, text in enumerate(lines)]
        self._pair(read)
        self._by_id = {id(x.segment): x for x in self._lines if x.segment is not None}
        self.verbatim = sum(not x.whole for x in self._lines)

    def write(self, now: list[Placed]) -> list[tuple[str, int]]:
        """The lines of the same segments, changed or not, each with the place it has, from 0.

        A segment that is new stands behind the one before it and shares its place.
        """
        out = [(x.rank, 0, x.text) for x in self._lines if x.segment is None]
        rank = 0
        for n, (segment, write, loop) in enumerate(now, 1):
            line = self._by_id.get(id(segment))
            if line is None:
                out.append((rank, n, write(segment)))
            else:
                rank = line.rank
                out.append((rank, 0, self._text(line, write, loop)))
        out.sort()
        return [(text, rank) for rank, _, text in out]

    def _text(self, line: _Line, write: Callable[[Any], str], loop: str) -> str:
        segment = line.segment
        assert segment is not None
        text = written_as((segment, write, loop)) if line.written is None else write(segment)
        if line.whole and text is not None:
            return self._shaped(text, line)
        if text == line.written and (text is not None or segment == line.before):
            return line.text
        why = "was not read whole: it cannot be changed, a new one can take its place"
        raise UnwritableValue(type(segment).__name__, why, loop)

    def _pair(self, read: list[Placed]) -> None:
        """Find the line of each segment: by its text, by its values, by its identifier."""
        d = self._delimiters
        texts = [written_as(x) for x in read]
        if texts == [line.text for line in self._lines]:
            for line, (segment, _, _) in zip(self._lines, read, strict=True):
                line.segment, line.written, line.whole = segment, line.text, True
            return
        open_lines, open_read = self._lines, list(range(len(read)))
        for key, whole in ((_itself, True), (self._values, True), (self._tag, False)):
            waiting: defaultdict[Any, deque[int]] = defaultdict(deque)
            for n in open_read:
                text = texts[n]
                waiting[
                    key(type(read[n][0]).__name__ + d.element if text is None else text)
                ].append(n)
            left = []
            for line in open_lines:
                found = waiting.get(key(line.text))
                if not found:
                    left.append(line)
                    continue
                n = found.popleft()
                line.segment, line.written = read[n][0], texts[n]
                line.whole = whole and texts[n] is not None
                if texts[n] is None:
                    line.before = copy.deepcopy(read[n][0])
            open_lines, open_read = left, [n for some in waiting.values() for n in some]

    def _values(self, text: str) -> tuple[str, ...]:
        d = self._delimiters
        flat = text.replace(d.component, d.element)
        return tuple([part for part in flat.split(d.element) if part])

    def _tag(self, text: str) -> str:
        return text.partition(self._delimiters.element)[0]

    def _shape(self, text: str) -> list[list[bool]]:
        d = self._delimiters
        return [[bool(c) for c in e.split(d.component)] for e in text.split(d.element)]

    def _shaped(self, text: str, line: _Line) -> str:
        """Our text with the empty places of the line, unless other places are filled now."""
        d = self._delimiters
        if line.written == line.text or self._shape(text) != self._shape(line.written or ""):
            return text
        values = iter(self._values(text))
        return d.element.join(
            d.component.join([next(values) if given else "" for given in element])
            for element in self._shape(line.text)
        )


def _itself(text: str) -> str:
    return text
