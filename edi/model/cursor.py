"""Where a reader stands: the segments at hand, their numbers and offsets, and the issues found so
far.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from edi.delimiters import Delimiters
from edi.issues import Issue, Severity
from edi.lexer import Block, odd_characters
from edi.model.place import END

MOST_ISSUES = 1000  # kept per list; the rest is counted
Marks = tuple[int, int, int, Counter[tuple[str, Severity]] | None]


class Cursor:
    """The lines of one interchange, a window at a time. `lines` always ends with a line that no
    loop accepts.
    """

    def __init__(self, blocks: Iterator[Block], first: Block, number: int) -> None:
        self._blocks = blocks
        self._lengths: list[int] | None = None  # of the lines in bytes; None: as `_end` says
        self._end = 0  # what follows each line
        self._mark = (0, 0)  # index, and the offset of the segment there
        self.lines: list[str] = [END]
        self.i = 0
        self._seen = 0  # the segment that was split already, by number
        self._elements: list[str] = []
        self.base = number  # file-wide number of lines[0]
        self.delimiters: Delimiters = first.delimiters
        self.more = True
        self.next_opening: Block | None = None  # the first block of the next interchange
        self.issues: list[Issue] = []
        self.failed: set[tuple[int, str]] = set()
        self.reported = 0
        self.blanks = 0
        self.most = MOST_ISSUES
        self.hushed: Counter[tuple[str, Severity]] = Counter()  # issues not kept
        self.digest: BodyHash | None = None
        self._digested = 0  # the first line that is not in it
        self.suspect = False  # something at hand holds odd characters
        self._take(first)

    def look(self) -> list[str]:
        """The elements of the segment we stand at."""
        if self._seen == self.base + self.i:
            return self._elements
        while self.lines[self.i] == END and self.refill(self.i):
            pass
        return self.lines[self.i].split(self.delimiters.element)

    def go(self, i: int, elements: list[str] | None) -> None:
        """On to line i, which a reader may have split already."""
        self.i = i
        if elements is not None and elements[0] != END:
            self._seen, self._elements = self.base + i, elements

    def start_digest(self) -> None:
        """From here on, hash what is passed: in great pieces, since a claim at a time is dear."""
        self.digest, self._digested = BodyHash(self.delimiters), self.i

    def end_digest(self) -> str:
        """The hash of all that was passed since the start."""
        assert self.digest is not None
        self.digest.add(self.lines[self._digested : self.i])
        digest, self.digest = self.digest.hexdigest(), None
        return digest

    @property
    def number(self) -> int:
        """File-wide number of the segment we stand at."""
        return self.base + self.i

    def offset(self, i: int) -> int:
        """The byte offset of line i."""
        at, offset = self._mark
        if i < at:
            offset -= self._bytes(i, at)
        else:
            offset += self._bytes(at, i)
        self._mark = (i, offset)
        return offset

    def _bytes(self, start: int, stop: int) -> int:
        """How long some lines are in the file, with all that stands between them."""
        if self._lengths is not None:
            return sum(self._lengths[start:stop])
        return sum(map(len, self.lines[start:stop])) + self._end * (stop - start)

    def lengths(self, start: int, stop: int) -> list[int] | int:
        """How many bytes each of these lines takes with what stands before the next; a number where
        it is the same that follows each of them.
        """
        return self._end if self._lengths is None else self._lengths[start:stop]

    def refill(self, i: int) -> bool:
        """Forget the lines before i and take another block; False if there is none."""
        if not self.more:
            return False
        offset = self.offset(i)
        if self.digest is not None:
            self.digest.add(self.lines[self._digested : i])
            self._digested = 0
        del self.lines[:i]
        if self._lengths is not None:
            del self._lengths[:i]
        self.base += i
        self.i -= i
        self._mark = (0, offset)
        block = next(self._blocks, None)
        if block is None or block.opens:
            self.more = False
            self.next_opening = block
            return False
        self._take(block)
        return True

    def add(
        self,
        code: str,
        i: int,
        *,
        message: str,
        loop: str = "",
        ref: str = "",
        value: str = "",
        severity: Severity = "error",
        snip: int = 1,
        count: int = 1,
    ) -> None:
        """Note an issue at line i."""
        number, offset = self.base + i, self.offset(i)
        self.keep(Issue(code, severity, snip, number, offset, loop, ref, value, message, count))

    def keep(self, issue: Issue) -> None:
        """Take an issue, or count it when there are too many. Warnings leave a tenth of the room to
        errors.
        """
        room = self.most if issue.severity == "error" else self.most - self.most // 10
        if len(self.issues) >= room:
            self.hushed[issue.code, issue.severity] += 1
        else:
            self.issues.append(issue)

    def marks(self) -> Marks:
        """What was noted so far, for `undo`."""
        hushed = self.hushed.copy() if self.hushed else None
        return len(self.issues), self.reported, self.blanks, hushed

    def undo(self, marks: Marks) -> None:
        """Forget what was noted since: it will be read again."""
        del self.issues[marks[0] :]
        _, self.reported, self.blanks, hushed = marks
        self.hushed = Counter() if hushed is None else hushed
        self.failed.clear()

    def blank(self, i: int, loop: str = "") -> None:
        """A segment with nothing in it: counted, reported and passed over."""
        self.blanks += 1
        self.reported += 1
        self.add("X12-BLANK", i, loop=loop, message="a blank segment", severity="warning")

    def odd_characters(self, start: int, stop: int, loop: str) -> None:
        """Note control characters, blanks at the end of an element, separators at the end of a
        segment or of an element, and repetition separators, in some lines.
        """
        odd = odd_characters(self.delimiters)
        separator = self.delimiters.element
        for i in range(start, stop):
            line = self.lines[i]
            elements: list[str] = []
            n = counted = 0
            for found in odd.finditer(line):  # there may be as many as the line has characters
                elements = elements or line.split(separator)
                tag = elements[0][:3]
                n += line.count(separator, counted, found.start())
                counted = found.start()
                code, why = _odd(found.group()[0], self.delimiters)
                severity: Severity = "error" if why == _CONTROL else "warning"
                whole = code.startswith("IK304") or not n
                self.add(
                    code, i, loop=loop, ref=tag if whole else f"{tag}{n:02d}",
                    value=elements[n], message=why, severity=severity,
                )  # fmt: skip

    def _take(self, block: Block) -> None:
        lines = self.lines
        start = len(lines) - 1
        if not start:
            self._mark = (0, block.offset)
            self._lengths, self._end = block.measured, block.end
        else:
            between = block.offset - self.offset(start)
            if between or self._lengths or block.measured or self._end != block.end:
                self._spell_out(block, between)
        lines.pop()
        lines += block.lines
        lines.append(END)
        self.suspect = block.suspect or (self.suspect and start > 0)
        for code, index, message in block.notes:
            severity: Severity = "error" if code == "X12-LONG" else "warning"
            self.add(code, start + index, message=message, severity=severity)

    def _spell_out(self, block: Block, between: int) -> None:
        """Know the length of each line, where the lines of two blocks do not end alike."""
        if self._lengths is None:
            self._lengths = [len(line) + self._end for line in self.lines[:-1]]
        self._lengths[-1] += between  # blanks between two blocks belong to the segment before
        self._mark = (len(self._lengths), block.offset)
        self._lengths += block.lengths


_CONTROL = "a control character"


def _odd(character: str, delimiters: Delimiters) -> tuple[str, str]:
    """Code and words for what an odd character begins."""
    if character == delimiters.repetition:
        return "IK403:12", "a repetition separator, and no element here repeats"
    if character in (delimiters.element, delimiters.component):
        return "IK304:8", "nothing stands behind the last separator"
    if character == " ":
        return "IK403:6", "a blank at the end"
    return "IK403:6", _CONTROL


class BodyHash:
    """SHA-256 of a body that does not depend on its envelope, delimiters or line breaks."""

    __slots__ = ("_hash", "_table")

    def __init__(self, delimiters: Delimiters) -> None:
        d = delimiters
        table = list(range(256))
        for mark, plain in ((d.element, 29), (d.repetition, 30), (d.component, 31)):
            if mark:
                table[ord(mark)] = plain
        self._table = bytes(table)
        self._hash = hashlib.sha256()

    def add(self, lines: list[str]) -> None:
        """Some more segments."""
        if "" in lines:
            lines = [line for line in lines if line]
        if lines:
            text = "\x1c".join(lines) + "\x1c"
            self._hash.update(text.encode("latin-1").translate(self._table))

    def hexdigest(self) -> str:
        digest: str = self._hash.hexdigest()
        return digest
