"""The envelope: ISA, GS, ST .. SE, GE, IEA. Here it is written; counts and echoed control numbers
are never the caller's.

`write` takes whole transaction objects, numbers their levels, and refuses what would not be X12
with an `EdiError` that names segment and element but not the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any, ClassVar

from edi.delimiters import STANDARD, Delimiters
from edi.model import Loop, UnwritableValue, lines_of
from edi.model.values import from_date, from_time
from edi.record import Record, field
from edi.segments import HL, LX, TA1


class Transaction(Loop):
    """A transaction set between ST and SE. Control numbers and counts belong to the envelope, not
    to it.
    """

    __slots__ = ()
    st01: ClassVar[str]
    functional_id: ClassVar[str]  # GS01
    guide: ClassVar[str]  # what we write in GS08 (and ST03 where the guide has one)
    reads: ClassVar[tuple[str, ...]]  # the errata family that is accepted
    writes_st03: ClassVar[bool] = True
    parts: ClassVar[Mapping[str, str]] = {}  # loops of the guide that stand as part of another


class FunctionalGroup(Record, kw_only=True):
    """Transaction sets of one kind. `control_numbers` (ST02) default to 0001, 0002, ..."""

    sender: str
    receiver: str
    date: date
    time: time
    control_number: int
    transactions: list[Any]
    functional_id: str = ""  # GS01; the guide's own by default
    version: str = ""  # GS08; the guide's own by default
    control_numbers: Sequence[str] = ()


class Interchange(Record, kw_only=True):
    """What one ISA holds. Ids are padded here; `usage` is "P" or "T" (ISA15)."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: date
    time: time
    control_number: int
    usage: str
    acknowledgment_requested: bool = False
    groups: list[FunctionalGroup] = field(default_factory=list)
    acks: list[TA1] = field(default_factory=list)
    authorization: tuple[str, str] = ("00", "")
    security: tuple[str, str] = ("00", "")
    version: str = "00501"


def write(interchange: Interchange, *, delimiters: Delimiters = STANDARD) -> bytes:
    """The bytes of one interchange. EdiError if a value cannot be written."""
    _check_delimiters(delimiters)
    lines = [_isa(interchange, delimiters)]
    lines += [ack.format(delimiters) for ack in interchange.acks]
    for group in interchange.groups:
        _group(group, lines, delimiters)
    number = _digits(interchange.control_number, 9, "ISA13")
    lines.append(_line("IEA", [str(len(interchange.groups)), number], delimiters))
    end = delimiters.segment + delimiters.line_end
    text = end.join([*lines, ""])
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        number_of = text.count(end, 0, error.start) + 1
        tag = lines[number_of - 1].partition(delimiters.element)[0]
        raise UnwritableValue(
            tag, f"(segment {number_of}) holds a character outside latin-1"
        ) from None


def number_levels(transaction: Loop) -> None:
    """Fill HL01, HL02, HL04 of a whole tree, and the line counters of each claim (837.md 1.4)."""
    count = 0

    def walk(loop: Loop, parent: str | None) -> bool:
        nonlocal count
        hl = getattr(loop, "hl", None)
        if isinstance(hl, HL):
            count += 1
            hl.number, hl.parent = str(count), parent
            parent = hl.number
        below = False
        for name, repeats, lines in _numbered(type(loop)):
            value = getattr(loop, name)
            children = value if repeats else [] if value is None else [value]
            for n, child in enumerate(children, 1):
                if not lines:
                    below = walk(child, parent) or below
                elif child.lx is not None:
                    child.lx.number = n
        if isinstance(hl, HL):
            childless = 4 in loop.specs[0].use.unused  # HL04 is not used at the lowest levels
            hl.child = None if childless else "1" if below else "0"
            return True
        return below

    walk(transaction, None)


@lru_cache(maxsize=256)
def _numbered(cls: type[Loop]) -> tuple[tuple[str, bool, bool], ...]:
    """The loops in which a number of ours stands: name, repeats, is a line of a claim."""
    found = []
    for s in cls.specs:
        if issubclass(s.type, Loop):
            lines = cls.id == "2300" and any(p.name == "lx" and p.type is LX for p in s.type.specs)
            level = any(p.type is HL for p in s.type.specs)
            if lines or level or _numbered(s.type):
                found.append((s.name, s.repeats, lines))
    return tuple(found)


def _group(group: FunctionalGroup, lines: list[str], delimiters: Delimiters) -> None:
    first = group.transactions[0] if group.transactions else None
    functional_id = group.functional_id or (first.functional_id if first is not None else "")
    version = group.version or (first.guide if first is not None else "")
    control = _digits(group.control_number, 0, "GS06")
    head = [
        functional_id, group.sender, group.receiver, from_date(group.date), from_time(group.time),
        control, "X", version,
    ]  # fmt: skip
    for n, (value, least, most) in enumerate(
        zip(head, (2, 2, 2, 8, 4, 1, 1, 1), (2, 15, 15, 8, 8, 9, 2, 12), strict=True), 1
    ):
        if not least <= len(value) <= most:
            raise UnwritableValue(f"GS{n:02d}", f"must have {least} to {most} characters")
    lines.append(_line("GS", head, delimiters))
    for transaction, number in zip(group.transactions, _numbers(group), strict=False):
        _transaction(transaction, number, version, lines, delimiters)
    lines.append(_line("GE", [str(len(group.transactions)), control], delimiters))


def _transaction(
    t: Transaction, number: str, version: str, lines: list[str], delimiters: Delimiters
) -> None:
    if not 4 <= len(number) <= 9:
        raise UnwritableValue("ST02", "must have 4 to 9 characters")
    number_levels(t)
    start = len(lines)
    lines.append(
        _line("ST", [t.st01, number, version] if t.writes_st03 else [t.st01, number], delimiters)
    )
    lines += lines_of(t, delimiters)
    lines.append(_line("SE", [str(len(lines) - start + 1), number], delimiters))


def _numbers(group: FunctionalGroup) -> Iterator[str]:
    if group.control_numbers:
        if len(group.control_numbers) != len(group.transactions):
            raise UnwritableValue("ST02", "there must be one control number a transaction set")
        if len(set(group.control_numbers)) != len(group.control_numbers):
            raise UnwritableValue("ST02", "must differ within its functional group")
        yield from group.control_numbers
        return
    for n in range(1, len(group.transactions) + 1):
        yield f"{n:04d}"


def _isa(i: Interchange, delimiters: Delimiters) -> str:
    pairs = [
        *i.authorization,
        *i.security,
        i.sender_qualifier,
        i.sender,
        i.receiver_qualifier,
        i.receiver,
    ]
    widths = (2, 10, 2, 10, 2, 15, 2, 15)
    texts = []
    for n, (value, width) in enumerate(zip(pairs, widths, strict=True), 1):
        if len(value) > width or (n > 4 and not value.strip()):
            raise UnwritableValue(f"ISA{n:02d}", f"must have 1 to {width} characters")
        texts.append(value.ljust(width))
    if i.usage not in ("P", "T"):
        raise UnwritableValue("ISA15", "must be P or T")
    texts += [
        from_date(i.date)[2:], f"{i.time:%H%M}", delimiters.repetition or "U", i.version,
        _digits(i.control_number, 9, "ISA13"), "1" if i.acknowledgment_requested else "0", i.usage,
    ]  # fmt: skip
    clean = [*texts[:10], *texts[11:]]
    _refuse("ISA", clean, delimiters)
    return delimiters.element.join(["ISA", *texts, delimiters.component])


def _digits(number: int, width: int, ref: str) -> str:
    if not 0 < number <= 999_999_999:
        raise UnwritableValue(ref, "must be a number from 1 to 999999999")
    return f"{number:0{width}d}" if width else str(number)


def _line(tag: str, elements: list[str], delimiters: Delimiters) -> str:
    _refuse(tag, elements, delimiters)
    return delimiters.element.join([tag, *elements])


def _refuse(tag: str, elements: list[str], delimiters: Delimiters) -> None:
    for n, value in enumerate(elements, 1):
        if any(c in delimiters.reserved for c in value) or not value.isprintable():
            raise UnwritableValue(f"{tag}{n:02d}", "holds a delimiter or a control character")


def _check_delimiters(d: Delimiters) -> None:
    marks = [d.element, d.component, d.segment, *([d.repetition] if d.repetition else [])]
    if any(len(m) != 1 or m.isalnum() or m == " " or ord(m) > 126 for m in marks) or len(
        set(marks)
    ) != len(marks):
        raise UnwritableValue(
            "ISA", "delimiters must be single, different characters, no letters, digits or blanks"
        )
    if d.line_end.strip("\r\n"):
        raise UnwritableValue("ISA", "only CR and LF may follow a segment terminator")
