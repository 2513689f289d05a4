"""Bytes to segments, streaming, with segment number and byte offset.

Text is latin-1 inside: every byte is one character and comes back as the same byte, so no file is
unreadable and an offset is an offset. Delimiters are read again at every ISA, by position in the
ISA, never by looking for known ones. What is tolerated: CR and LF around terminators, a line break
as terminator, a byte order mark, blanks and Ctrl-Z at the ends, text before the first ISA (counted
as unread), an ISA that was not padded, and hard wraps at a column.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import BinaryIO

from edi.delimiters import Delimiters
from edi.isa import REACH, parse_isa
from edi.record import Record, field

BLOCK = 1 << 16
MOST_BYTES = 1 << 20  # of a segment; none that a guide of ours reads comes near
FRONT = 1000  # what is read of a longer one
_BLANK = " \t\r\n\x00\x1a\x0b\x0c\xef\xbb\xbf"
_PLAIN = bytes({*range(32, 127), *range(128, 256), 10, 13})
_MAYBE_ISA = re.compile(r"ISA[^A-Za-z0-9 \r\n]")


class Block(Record):
    """Some segments of one interchange, in order. The first block of an interchange begins with its
    ISA.
    """

    lines: list[str]
    offset: int  # byte offset of the first segment
    delimiters: Delimiters
    measured: list[int] | None = None  # as `lengths`; None: each has its own, and `end` more
    end: int = 0
    opens: bool = False
    notes: list[tuple[str, int, str]] = field(
        default_factory=list
    )  # code, index of the line, message
    suspect: bool = False  # one of the odd characters may be in here
    text: str = ""  # what the lines were cut from, where they do not all end alike
    lead: int = 0  # how much of it stands before the first line

    @property
    def lengths(self) -> list[int]:
        """Bytes of each segment, with all that follows it up to the next."""
        if self.measured is not None:
            return self.measured
        return [len(line) + self.end for line in self.lines]


class RawSegment(Record):
    """One segment as it stands in the file."""

    number: int
    byte_offset: int
    text: str
    delimiters: Delimiters

    @property
    def elements(self) -> list[str]:
        return self.text.split(self.delimiters.element)


def segments(source: bytes | BinaryIO) -> Iterator[RawSegment]:
    """Every segment of a file, blank ones too; bytes outside any interchange are passed over."""
    number = 0
    for block in Lexer(source):
        offset = block.offset
        for text, length in zip(block.lines, block.lengths, strict=True):
            number += 1
            yield RawSegment(number, offset, text, block.delimiters)
            offset += length


@lru_cache(maxsize=64)
def odd_characters(delimiters: Delimiters) -> re.Pattern[str]:
    """Control characters that are no delimiters, blanks at the end of an element, separators at the
    end of a segment or of an element, and repetition separators: no element of a guide we read
    repeats.
    """
    known = "".join(re.escape(c) for c in delimiters.reserved if not c.isprintable())
    ends = "".join(map(re.escape, delimiters.element + delimiters.component + delimiters.segment))
    control = f"(?![\\r\\n{known}])[\\x00-\\x1f\\x7f]"
    trailing = "|".join(  # possessive and from the first on: a long run is gone through once
        f"(?<!{mark}){mark}++(?=[{ends}]|$)"
        for mark, ends in (
            (re.escape(delimiters.element), re.escape(delimiters.segment)),
            (
                re.escape(delimiters.component),
                re.escape(delimiters.element + delimiters.segment),
            ),
        )
    )
    again = f"|{re.escape(delimiters.repetition)}" if delimiters.repetition else ""
    return re.compile(f"{control}| (?=[{ends}]|$)|{trailing}{again}")


class Lexer:
    """Iterates over the blocks of a file. Afterwards `size`, `unread` and `refusal` say what was
    not read and why.
    """

    def __init__(self, source: bytes | BinaryIO, block: int = 0) -> None:
        self._source = io.BytesIO(source) if isinstance(source, bytes) else source
        self._block = block or BLOCK
        self._ended = False
        self._found = False
        self._text = ""  # read and not yet handed out
        self._offset = 0  # of self._text in the file
        self.size = 0
        self._wrapped = False
        self._odd = 0  # up to here control characters may stand
        self._plain = _PLAIN
        self.unread = 0
        self.refusal = ""
        self.passed: Callable[[str], None] = _forget  # is given what stands outside of all segments

    def __iter__(self) -> Iterator[Block]:
        while self._find_isa():
            yield from self._interchange()

    # ── between interchanges ──

    def _find_isa(self) -> bool:
        """Move to the next ISA that can be read; what is passed over, blanks apart, is unread."""
        passed = ""
        while True:
            self._fill(self._block)
            text = self._text
            for found in _MAYBE_ISA.finditer(text):
                at = found.start()
                if len(text) - at < REACH and not self._ended:
                    break
                if parse_isa(text[at : at + REACH]) is not None:
                    self._pass(at, passed)
                    self.refusal = ""
                    self._found = True
                    return True
                self.refusal = (
                    "an ISA is there, but its elements and delimiters cannot be told apart"
                )
            if self._ended:
                return self._none(self._pass(len(text), passed))
            passed = self._pass(max(len(text) - REACH, 0), passed)
            self._fill(len(self._text) + self._block)

    def _pass(self, count: int, passed: str) -> str:
        text = self._text[:count]
        self.passed(text)
        self.unread += len(text.strip(_BLANK)) and len(text)
        self._skip(count)
        return passed or text.strip(_BLANK)[:40]

    def _none(self, passed: str) -> bool:
        if not self.refusal and not self._found:
            if not self.size:
                self.refusal = "the file is empty"
            elif passed:
                self.refusal = "no ISA segment was found, so this is no X12 interchange"
            else:
                self.refusal = "there is nothing in it but blanks"
        return False

    # ── one interchange ──

    def _interchange(self) -> Iterator[Block]:
        parsed = parse_isa(self._text[:REACH])
        assert parsed is not None
        isa, end, delimiters, notes = parsed
        self._plain = _PLAIN + delimiters.reserved.encode("latin-1")
        self._look_for_control(self._text[end:], self._offset + len(self._text))
        self._wrapped = any(code == "X12-WRAP" for code, _ in notes)
        term, line_end = delimiters.segment, delimiters.line_end
        first = [(code, 0, why) for code, why in notes]
        whole = self._text[:end]
        yield Block([isa], self._offset, delimiters, [end], opens=True, notes=first, text=whole)
        self._skip(end)
        while True:
            self._fill(self._block)
            text = self._text
            stop = self._next_isa(text, delimiters)
            if len(self._text) > len(text):  # it had to read on to be sure
                continue
            ends = term + line_end
            last = text.rfind(ends, 0, stop)
            if last < 0 and line_end:  # the line end stood behind the ISA, and no more after it
                ends, last = term, text.rfind(term, 0, len(text) - len(line_end))
            if stop is not None:
                cut = stop
            elif last < 0 and not self._ended:
                cut = -1
            elif self._ended:
                cut = len(text)
            else:
                cut = last + len(ends)
            if cut < 0 and len(text) < MOST_BYTES:  # a segment longer than a block
                self._fill(min(2 * len(text), MOST_BYTES))
                continue
            if cut < 0 and text.strip(_BLANK):
                yield self._endless(delimiters)
                continue
            cut = max(cut, 0) or len(text)  # no end of blanks
            if cut:
                block = self._cut(text[:cut], delimiters, final=stop is not None or self._ended)
                if self._offset < self._odd and not block.suspect:
                    block.suspect = odd_characters(delimiters).search(text[:cut]) is not None
                if block.lines or block.text:
                    yield block
                self._skip(cut)
            if stop is not None or (self._ended and not self._text):
                return

    def _endless(self, delimiters: Delimiters) -> Block:
        """The front of a segment that would fill the memory; the rest of it is passed over."""
        term, offset = delimiters.segment, self._offset
        front = self._text[:FRONT].lstrip(_BLANK)
        while (end := self._text.find(term)) < 0 and not self._ended:
            self._skip(len(self._text))
            self._fill(self._block)
        self._skip(end + len(term) if end >= 0 else len(self._text))
        length = self._offset - offset
        why = f"a segment of {length:,} bytes: only the first {FRONT} are read"
        front = front.replace("\r", "").replace("\n", "")
        return Block([front], offset, delimiters, [length], notes=[("X12-LONG", 0, why)])

    def _cut(self, text: str, delimiters: Delimiters, *, final: bool) -> Block:
        """The segments of a text that ends where a segment ends (or, `final`, where the interchange
        ends).
        """
        term, line_end = delimiters.segment, delimiters.line_end
        ends = term + line_end
        before, blank = _about_blanks(text, delimiters)
        element, component = delimiters.element, delimiters.component
        odd = blank or element + term in text
        odd = odd or component + element in text or component + term in text
        odd = odd or (delimiters.repetition != "" and delimiters.repetition in text)
        plain = text.endswith(ends) and text[0] != " " and ends[-1] not in before
        if final and term in "\r\n":  # blank lines at the very end need care
            plain = plain and not text.endswith(term * 2)
        if plain:
            lines = text.split(ends)
            lines.pop()
            number = len(lines)
            if (not line_end or number == text.count(term)) and all(
                text.count(mark) == ends.count(mark) * number if mark in ends else mark not in text
                for mark in "\r\n"
            ):
                return Block(lines, self._offset, delimiters, end=len(ends), suspect=odd)
        block = self._cut_with_care(text, delimiters, final=final)
        block.suspect = odd
        return block

    def _cut_with_care(self, text: str, delimiters: Delimiters, *, final: bool) -> Block:
        """The same where line ends are not all alike: blanks around a segment go to its neighbours,
        not into it.
        """
        term = delimiters.segment
        notes: list[tuple[str, int, str]] = []
        lines: list[str] = []
        starts: list[int] = []
        at = 0
        pieces = text.split(term)
        rest = pieces.pop()
        for piece in pieces:
            line = piece.lstrip(" \r\n").rstrip("\r\n")
            blank = len(piece) - len(piece.lstrip(" \r\n"))  # all of a blank segment
            starts.append(at + blank)
            if "\n" in line or "\r" in line:
                line = line.replace("\r", "").replace("\n", "")
                if not self._wrapped:  # else it was said of the ISA, and is so everywhere
                    why = "a line break stands inside a segment and was taken out"
                    notes.append(("X12-WRAP", len(lines), why))
            lines.append(line)
            at += len(piece) + len(term)
        if rest.strip(_BLANK):
            starts.append(at + len(rest) - len(rest.lstrip(_BLANK)))
            notes.append(("X12-END", len(lines), "the last segment has no terminator"))
            lines.append(rest.strip(_BLANK).replace("\r", "").replace("\n", ""))
        if final and term in "\r\n":  # blank lines at the very end are no segments
            while lines and not lines[-1]:
                lines.pop()
                starts.pop()
        starts.append(len(text))
        lengths = [b - a for a, b in pairwise(starts)]
        lead = starts[0] if lines else 0
        return Block(
            lines, self._offset + lead, delimiters, lengths, notes=notes, text=text,
            lead=lead if lines else len(text),
        )  # fmt: skip

    def _next_isa(self, text: str, delimiters: Delimiters) -> int | None:
        """Where the next interchange begins in this text; names that begin with ISA are no
        interchange.
        """
        if "ISA" not in text:
            return None
        term = delimiters.segment
        for found in _MAYBE_ISA.finditer(text):
            at = end = found.start()
            while end and text[end - 1] in _BLANK:
                end -= 1
            if end and text[end - 1] != term and term not in text[end:at]:
                # The last terminator may be missing, but then an IEA must stand before.
                last = text[text.rfind(term, 0, end) + 1 : end].lstrip(_BLANK)
                if end == at or not last.startswith("IEA"):
                    continue
            if len(text) - at < REACH and not self._ended:
                self._fill(at + REACH)
            if parse_isa(self._text[at : at + REACH]) is not None:
                return at
        return None

    # ── bytes ──

    def _fill(self, count: int) -> None:
        """Have at least this many characters at hand, if the file has them."""
        if len(self._text) >= count or self._ended:
            return
        parts = [self._text]
        have = len(self._text)
        while have < count:
            data = self._source.read(max(self._block, count - have))
            if not data:
                self._ended = True
                break
            self.size += len(data)
            if data.translate(None, self._plain):
                self._odd = self.size
            have += len(data)
            parts.append(data.decode("latin-1"))
        self._text = "".join(parts)

    def _look_for_control(self, text: str, end: int) -> None:
        """As `_fill` does, in a text that was read before its delimiters were known."""
        if text.encode("latin-1").translate(None, self._plain):
            self._odd = max(self._odd, end)

    def _skip(self, count: int) -> None:
        self._text = self._text[count:]
        self._offset += count


def _forget(text: str) -> None:
    """Nobody asked for it."""


def _about_blanks(text: str, delimiters: Delimiters) -> tuple[set[str], bool]:
    """The characters before blanks, and whether one stands at the end of an element."""
    pieces = text.split(" ")
    before = {piece[-1:] for piece in pieces[:-1]}
    ends = {delimiters.element, delimiters.component, delimiters.segment}
    return before, not ends.isdisjoint([p[:1] for p in pieces[1:]]) or text.endswith(" ")
