"""Where a segment of an object stands in the file. Objects know the number of their loop's first
segment only; the lines tell the rest, as long as they are at hand or belong to a loop that is open.
"""

from __future__ import annotations

from typing import Any

from edi.model import Cursor, Loop, Segment


class Places:
    """The lines at hand, and those of the loops around us that are still open."""

    def __init__(self, c: Cursor) -> None:
        self._c = c
        self._heads: dict[int, tuple[int, list[str], list[int] | int]] = {}

    def open(self, number: int, offset: int) -> None:
        """A loop has been read up to where we stand; units of it follow."""
        c = self._c
        i = max(number - c.base, 0)
        self._heads[number] = offset, c.lines[i : c.i], c.lengths(i, c.i)

    def close(self, number: int) -> None:
        """Nothing more will be asked about this loop."""
        self._heads.pop(number, None)

    def number_of(self, loop: Loop, segment: Segment) -> int:
        """The number of the first segment of a loop that reads as this one; the loop's own where
        none does.
        """
        c = self._c
        head = self._heads.get(loop.at)
        if head is not None and (n := _like(head[1], segment, c)) is not None:
            return loop.at + n
        i = max(loop.at - c.base, 0)
        n = _like(c.lines[i : c.i], segment, c)
        return loop.at if n is None else c.base + i + n

    def offset(self, number: int) -> int:
        """The byte offset of a segment; 0 where it is no longer known."""
        c = self._c
        if number >= c.base:
            return c.offset(number - c.base)
        for at, (offset, lines, lengths) in self._heads.items():
            if at <= number < at + len(lines):
                n = number - at
                if isinstance(lengths, int):
                    return offset + sum(map(len, lines[:n])) + n * lengths
                return offset + sum(lengths[:n])
        return 0

    def unusual(self, number: int) -> tuple[int, str, str, bool] | None:
        """The first element with a lower-case letter, or one outside ASCII, from a segment on to
        where we stand: its segment, reference and value, and whether it is in ASCII.
        """
        c = self._c
        i = max(number - c.base, 0)
        text = "".join(c.lines[i : c.i])
        if text.isascii() and text == text.upper():
            return None
        plain = text.isascii()
        for n, line in enumerate(c.lines[i : c.i], c.base + i):
            if (line == line.upper()) if plain else line.isascii():
                continue
            tag, *elements = line.split(c.delimiters.element)
            for k, value in enumerate(elements, 1):
                if not value.isascii() or (plain and value != value.upper()):
                    return n, f"{tag[:3]}{k:02d}", value, plain
        return None


def _like(lines: list[str], segment: Any, c: Cursor) -> int | None:
    separator = c.delimiters.element
    near = None
    for n, line in enumerate(lines):
        if line.startswith(segment.tag):
            elements = line.split(separator)
            if elements[0] != segment.tag:
                continue
            try:
                if type(segment).parse(elements, c.delimiters) == segment:
                    return n
            except (ValueError, IndexError):
                pass  # read with an issue of its own; what it became may not read as it
            near = n if near is None else near
    return near
