"""A file as a person reads it: loops indented, segments and elements named, issues where they are.

Names are those of the declarations, so a new guide is shown without a line here. A file is gone
through three times, so that a fault found at its end is shown in its place, and never held whole.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from edi.issues import Issue
from edi.lexer import RawSegment, segments
from edi.model import Composite, Group, Loop, Segment, Spec
from edi.model.node import openers
from edi.reader import (
    FileClosed,
    GroupOpened,
    InterchangeOpened,
    TransactionClosed,
    TransactionOpened,
    Unit,
    check,
    read,
)
from edi.words import word_of

# What to show: a file at hand, or how to open it anew each time it is gone through.
Source = bytes | Callable[[], BinaryIO]

_ENVELOPE = {
    "ISA": "authorization qualifier,authorization,security qualifier,security,sender qualifier,"
    "sender,"
    "receiver qualifier,receiver,date,time,repetition separator,version,control number,"
    "acknowledgment requested,usage,component separator",
    "GS": "functional id,sender,receiver,date,time,control number,agency,version",
    "ST": "transaction set,control number,guide",
    "SE": "segments,control number",
    "GE": "transaction sets,control number",
    "IEA": "functional groups,control number",
    "TA1": "control number,date,time,status,note",
}
# What a file holds must not command the terminal: control characters become their pictures.
HARMLESS = {n: 0x2400 + n for n in range(32)} | {127: 0x2421} | dict.fromkeys(range(128, 160), "?")
_DEPTH = {"ISA": 0, "IEA": 0, "TA1": 1, "GS": 1, "GE": 1, "ST": 2, "SE": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what is shown. `number` is that of the segment, 0 for a loop or an issue."""

    kind: Literal["loop", "envelope", "segment", "unknown", "error", "warning"]
    number: int
    depth: int
    tag: str  # segment or loop identifier, or the code of an issue
    text: str


def show(source: Source, *, colours: Mapping[str, str] | None = None) -> Iterator[str]:
    """The lines to print; `colours` has terminal codes by kind of row."""
    for row in rows(source):
        pad = _pad(row.depth)
        if row.kind == "loop":
            line = f"{'':8}{pad}{row.tag}  {row.text}"
        elif row.number:
            line = f"{row.number:>6}  {pad}{row.tag or '(blank)'}  {row.text}"
        else:
            line = f"     !  {pad}{row.kind} {row.tag} {row.text}"
        line = line.translate(HARMLESS)
        if colours and (colour := colours.get(row.kind)):
            line = f"{colour}{line}\x1b[0m"
        yield line


def rows(source: Source) -> Iterator[Row]:
    """Loops, segments and issues in the order of the file: the first issues (`edi.check`), and how
    many more there are.
    """
    with opened(source) as file:
        report = check(file)
    issues: dict[int, list[Issue]] = {}
    for issue in report.issues:
        issues.setdefault(issue.segment_number, []).append(issue)
    stack: list[type[Loop]] = []
    for raw, begin, torn in _marked(source):
        e = raw.elements
        tag = e[0]
        for depth, cls in begin or (_torn(stack, e) if torn else ()):
            stack = [*stack[:depth], cls]
            if cls.id:
                yield Row("loop", 0, depth + 3, cls.id, _title(cls))
        if tag in _DEPTH:
            stack = stack[:0] if tag != "TA1" else stack
            yield Row("envelope", raw.number, _DEPTH[tag], tag, _envelope(tag, e))
        else:
            spec = _spec_of(stack, e)
            depth = len(stack) + 3
            if spec is None:
                yield Row("unknown", raw.number, depth, tag, " ".join(e[1:]))
            else:
                yield Row("segment", raw.number, depth, tag, _named(spec, raw))
        for issue in issues.pop(raw.number, []):
            yield _issue_row(issue, len(stack) + 3)
    for those in issues.values():  # of the file, or of what is missing behind its last segment
        for issue in those:
            yield _issue_row(issue, 0)
    if report.issues_dropped:
        more = f"and {report.issues_dropped} more issues, which `check` counts by code"
        yield Row("warning", 0, 0, "...", more)


def opened(source: Source) -> BinaryIO:
    """The file from its beginning."""
    return io.BytesIO(source) if isinstance(source, bytes) else source()


def _issue_row(issue: Issue, depth: int) -> Row:
    text = f"{issue.ref}: {issue.told}" if issue.ref else issue.told
    return Row(issue.severity, 0, depth, issue.code, text)


def _marked(source: Source) -> Iterator[tuple[RawSegment, list[tuple[int, type[Loop]]], bool]]:
    """Each segment, with the loops that begin at it, and whether it is of a unit that could not be
    read, whose loops are not known: two readers of one file, side by side.
    """
    marks: dict[int, list[tuple[int, type[Loop]]]] = {}
    done = 0  # segments handed out
    header = False

    def mark(loop: Any, depth: int) -> None:
        if loop is None or loop.at <= done:
            return
        begin = marks.setdefault(loop.at, [])
        if (depth, type(loop)) in begin:
            return
        begin.append((depth, type(loop)))
        for s in loop.specs:
            if not issubclass(s.type, Loop):
                continue
            value = getattr(loop, s.name)
            for child in value if s.repeats else [value]:
                mark(child, depth + 1)

    with opened(source) as one, opened(source) as other:
        raws = segments(one)
        for event in read(other):
            ready, torn = 0, False
            if isinstance(event, (InterchangeOpened, GroupOpened)):
                ready = event.segment_number
            elif isinstance(event, TransactionOpened):
                ready, header = event.segment_number, True
            elif isinstance(event, Unit):
                if event.transaction is not None and header:
                    mark(event.transaction, 0)
                    header = False
                for depth, parent in enumerate(event.parents, 1):
                    mark(parent, depth)
                mark(event.loop, len(event.parents) + 1)
                ready = event.segment_number + event.segment_count - 1
                torn = event.rejected
            elif isinstance(event, TransactionClosed):
                mark(event.transaction, 0)
                ready = event.segment_number
            elif isinstance(event, FileClosed):
                ready = event.report.segments
            while done < ready and (raw := next(raws, None)) is not None:
                done = raw.number
                yield raw, marks.pop(done, []), torn


def _torn(stack: list[type[Loop]], e: list[str]) -> Iterator[tuple[int, type[Loop]]]:
    """The loops that a segment opens by the declarations alone, the innermost that can have it."""
    for depth in range(len(stack), 0, -1):
        if any(_is(s, e) for s in stack[depth - 1].specs[1:]):
            return
        if path := _opened_by(stack[depth - 1], e):
            yield from enumerate(path, depth)
            return


def _opened_by(cls: type[Loop], e: list[str]) -> list[type[Loop]]:
    """The loop right below that a segment opens, and those below that begin with the same."""
    for s in cls.specs:
        if issubclass(s.type, Loop) and any(_is(o, e) for o in openers(s)):
            return [s.type, *_opened_by(s.type, e)]
    return []


def _is(s: Spec, e: list[str]) -> bool:
    """Whether a segment is what a declaration is of."""
    return issubclass(s.type, Segment) and s.type.tag == e[0] and s.matches(e)


def _spec_of(stack: list[type[Loop]], e: list[str]) -> Spec | None:
    """The declaration of a segment in the innermost loop that has it; leaves the loops inside."""
    for depth in range(len(stack), 0, -1):
        for s in stack[depth - 1].specs:
            if _is(s, e):
                del stack[depth:]
                return s
    return None


def _named(spec: Spec, raw: RawSegment) -> str:
    cls = spec.type
    e = raw.elements
    names = _names(cls, 0)
    parts = []
    for n, text in enumerate(e[1:], 1):
        if not text:
            continue
        name = names.get(n)
        if isinstance(name, tuple):
            name = _composite(
                name[0], name[1], text.split(raw.delimiters.component), f"{cls.tag}{n:02d}"
            )
            parts.append(name)
        else:
            parts.append(f"{name or n} {_told(f'{cls.tag}{n:02d}', text)}")
    words = spec.name.replace("_", " ")
    head = f"[{words}] " if words != cls.tag.lower() else ""
    return head + " · ".join(parts)


def _names(cls: Any, before: int) -> dict[int, Any]:
    """Element number to name; a composite gives its name and class."""
    names: dict[int, Any] = {}
    for s in cls.specs:
        width = s.type.width if issubclass(s.type, Group) else 1
        for n in range(s.times):
            at = before + s.pos + n * width
            if issubclass(s.type, Group):
                names |= _names(s.type, at - 1)
            elif issubclass(s.type, Composite):
                names[at] = (_words(s), s.type)
            else:
                names[at] = _words(s)
    return names


def _composite(name: str, cls: Any, parts: list[str], ref: str) -> str:
    names = _names(cls, 0)
    inner = [
        f"{names.get(n, n)} {_told(f'{ref}-{n}', text)}" for n, text in enumerate(parts, 1) if text
    ]
    return f"{name} ({', '.join(inner)})"


def _told(ref: str, text: str) -> str:
    """A code, and our word for it where we have one."""
    word = word_of(ref, text)
    return f"{text} ({word})" if word else text


def _words(s: Spec) -> str:
    words = s.name.replace("_", " ")
    return words.removesuffix("s") if s.kind == "run" else words


def _envelope(tag: str, e: list[str]) -> str:
    names = _ENVELOPE[tag].split(",")
    pairs = zip(names, e[1:], strict=False)
    return " · ".join(f"{name} {text.strip()}" for name, text in pairs if text.strip())


def _title(cls: type[Loop]) -> str:
    """The class name in words, without the loop number at its end."""
    letters: list[str] = []
    for c in cls.__name__.removesuffix(cls.id):
        letters.append(f" {c.lower()}" if c.isupper() and letters else c)
    return "".join(letters)


def _pad(depth: int) -> str:
    return "  " * depth
