"""One door for a file: `read` gives what is in it, one claim at a time, with what is wrong and
where.

The loops around the claims (`parents`) are read first and stay; a claim is read, handed out and
forgotten, so memory does not grow with the file. A loop that reaches the end of the segments at
hand is read again with more of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from edi.envelope import Transaction
from edi.guides import guide_of
from edi.issues import Issue
from edi.lexer import Lexer
from edi.model import CONTROL, END, Cursor, Loop, Place, many, place
from edi.model.cursor import MOST_ISSUES
from edi.model.recover import recover
from edi.reader.events import (
    Event,
    FileClosed,
    GroupClosed,
    GroupOpened,
    InterchangeAck,
    InterchangeClosed,
    InterchangeOpened,
    TransactionClosed,
    TransactionOpened,
    Unit,
)  # fmt: skip
from edi.reader.report import Report, TransactionReport
from edi.segments import TA1


def read(source: bytes | BinaryIO) -> Iterator[Event]:
    """The events of a file, `FileClosed` last. Never raises for what a file holds."""
    return _Reader(source).events()


class _Reader:
    def __init__(self, source: bytes | BinaryIO) -> None:
        self.lexer = Lexer(source)
        self.report = Report()
        self.c: Cursor
        self.sum: Any = None

    def events(self) -> Iterator[Event]:
        blocks = iter(self.lexer)
        block = next(blocks, None)
        number = 1
        while block is not None:
            self.c = Cursor(blocks, block, number)
            yield from self.interchange()
            number = self.c.number
            self.report.segments_reported += self.c.reported
            block = self.c.next_opening
        report = self.report
        report.segments = number - 1
        report.bytes, report.bytes_unread = self.lexer.size, self.lexer.unread
        report.readable = report.interchanges > 0
        if not report.readable:
            report.add([Issue("X12-UNREADABLE", "error", 1, 0, 0, "", "", "", self.lexer.refusal)])
        elif report.bytes_unread:
            why = f"{report.bytes_unread} bytes outside of any interchange were not read"
            if self.lexer.refusal:
                why += f": {self.lexer.refusal}"
            report.add([Issue("X12-UNREAD", "error", 1, 0, 0, "", "", "", why)])
        yield FileClosed(report)

    # ── envelope ──

    def interchange(self) -> Iterator[Event]:
        c, report = self.c, self.report
        isa = c.look()
        control = isa[13] if len(isa) > 13 else ""
        opened = InterchangeOpened(
            control, isa[5].strip(), isa[6].strip(), isa[7].strip(), isa[8].strip(), isa[9],
            isa[10], isa[15], isa[14] == "1", c.delimiters, c.number, c.offset(c.i), isa[12],
        )  # fmt: skip
        report.interchanges += 1
        self.check_isa(isa)
        c.i += 1
        yield opened
        groups, acks, seen = 0, 0, set[str]()
        while True:
            e = c.look()
            tag = e[0]
            if tag == "GS":
                groups += 1
                yield from self.group(seen)
            elif tag == "TA1":
                ack = self.ta1(e)
                if ack is not None:
                    yield InterchangeAck(ack, c.number)
                acks += 1
                c.i += 1
            elif tag == "IEA":
                self.count("TA105:021", e, 1, groups, "IEA01", "functional groups")
                self.echo("TA105:001", e, 2, control, "IEA02", "ISA13")
                c.i += 1
                break
            elif tag == END:
                c.add("TA105:023", c.i, ref="IEA", message="the interchange ends without an IEA")
                break
            else:
                self.astray("TA105:024", "the interchange")
        while c.look()[0] != END:  # segments after the IEA that no ISA opens
            self.astray("TA105:022", "any interchange")
        yield InterchangeClosed(control, groups, self.settle())

    def group(self, seen: set[str]) -> Iterator[Event]:
        c, report = self.c, self.report
        gs = c.look() + [""] * 9
        opened = GroupOpened(gs[1], gs[2], gs[3], gs[4], gs[5], gs[6], gs[8], c.number)
        report.functional_groups += 1
        if not gs[6].isdigit() or len(gs[6]) > 9:
            c.add(
                "AK905:6",
                c.i,
                ref="GS06",
                value=gs[6],
                message="the group control number is no number of 1 to 9 digits",
            )
        elif gs[6] in seen:
            c.add(
                "AK905:19",
                c.i,
                ref="GS06",
                value=gs[6],
                message="the group control number occurs twice in this interchange",
                severity="warning",
            )
        seen.add(gs[6])
        c.i += 1
        yield opened
        sets, numbers = 0, set[str]()
        while True:
            e = c.look()
            tag = e[0]
            if tag == "ST":
                sets += 1
                yield from self.transaction(opened, numbers)
            elif tag == "GE":
                self.count("AK905:5", e, 1, sets, "GE01", "transaction sets")
                self.echo("AK905:4", e, 2, gs[6], "GE02", "GS06")
                c.i += 1
                break
            elif tag in ("IEA", "GS", "ISA", END):
                c.add("AK905:3", c.i, ref="GE", message="the functional group ends without a GE")
                break
            else:
                self.astray("X12-STRAY", "the functional group")
        yield GroupClosed(gs[6], sets, self.settle())

    def transaction(self, group: GroupOpened, numbers: set[str]) -> Iterator[Event]:
        c = self.c
        self.settle()
        first, e = c.number, c.look() + [""] * 4
        st01, number = e[1], e[2]
        version = e[3] if e[3] else group.version
        guide = guide_of(st01, version) or guide_of(st01, group.version)
        blanks = c.blanks
        said = TransactionReport(st01, version, number)
        self.report.transaction_sets.append(said)
        self.check_st(st01, number, version, group, guide, numbers)
        c.i += 1
        yield TransactionOpened(st01, number, version, guide is not None, first)
        self.sum = _BodyHash(c)
        state = _State()
        transaction = None
        if guide is None:
            self.pass_over(st01, version)
        else:
            root = place(guide, c.delimiters)
            state.guide = guide
            for unit in self.stream(root, (), state):
                if isinstance(unit, Unit):
                    state.units += 1
                    unit.ordinal = state.units
                    said.claims += unit.loop_id not in ("2000B", "2000C")
                    if any(i.severity == "error" for i in unit.issues):
                        said.accepted = False
                    self.report.add(unit.issues)
                    yield unit
            transaction = state.transaction
        body = self.sum.hexdigest()
        self.sum = None
        e = c.look()
        count = c.number - first + 1 - (c.blanks - blanks)
        if e[0] == "SE":
            self.count("IK502:4", e, 1, count, "SE01", "segments")
            self.echo("IK502:3", e, 2, number, "SE02", "ST02")
            c.i += 1
        else:
            count -= 1
            c.add("IK502:2", c.i, ref="SE", message="the transaction set ends without an SE")
        issues = self.settle()
        if any(i.severity == "error" for i in issues):
            said.accepted = False
        yield TransactionClosed(
            transaction,
            number,
            version,
            count,
            state.units,
            said.accepted,
            issues,
            body,
            c.number - 1,
        )

    # ── the body of a transaction set ──

    def stream(self, p: Place, parents: tuple[Any, ...], state: _State) -> Iterator[Unit]:
        """A loop that holds units: first what stands before them, then them, then what follows."""
        c = self.c
        number, offset, opening, mark = c.number, c.offset(c.i), c.lines[c.i], len(c.issues)
        loop = self.take(p)
        if p.spec is None:
            state.transaction = loop
            inner = parents
        else:
            inner = (*parents, loop)
        if loop is None:
            state.broken += 1
        if p.cls.unit:
            yield self.unit(p, loop, parents, state, (number, offset, opening, mark))
        assert p.tail_place is not None
        counts = dict.fromkeys((child.cls for child in p.streamed), 0)
        while True:
            e = c.look()
            child = next((s for s in p.streamed if s.opens(e)), None)
            if child is None:
                before = c.number
                self.take_tail(p, loop)
                if c.number == before and not any(s.opens(c.look()) for s in p.streamed):
                    break
                continue
            counts[child.cls] += 1
            if child.streamed:
                yield from self.stream(child, inner, state)
            else:
                where = (c.number, c.offset(c.i), c.lines[c.i], len(c.issues))
                yield self.unit(child, self.take(child), inner, state, where)
        for child in p.streamed:
            self.limits(p, child, counts[child.cls])
        if loop is None:
            state.broken -= 1

    def unit(
        self,
        p: Place,
        loop: Any,
        parents: tuple[Any, ...],
        state: _State,
        where: tuple[int, int, str, int],
    ) -> Unit:
        c = self.c
        number, offset, opening, mark = where
        issues = c.issues[mark:]
        del c.issues[mark:]
        c.failed.clear()
        rejected = loop is None or state.broken > 0 or (state.transaction is None)
        unit = Unit(
            state.transaction,
            parents,
            loop,
            0,
            number,
            c.number - number,
            offset,
            issues,
            rejected,
            p.cls.id,
        )
        if rejected:
            unit.loop = None
            unit.opening = tuple(opening.split(c.delimiters.element))
        return unit

    def take(self, p: Place) -> Any:
        """Read one loop whole, with as many more segments as it takes."""
        c = self.c
        more = 1
        while True:
            e = c.look()
            marks = len(c.issues), c.reported, c.blanks, c.hushed
            loop, j, _ = p.read(c.lines, c.i, e, c)
            if c.lines[j] == END and c.more:
                self.again(marks, more)
                more *= 2
                continue
            self.consume(j)
            return loop

    def take_tail(self, p: Place, loop: Any) -> None:
        """Read what follows the units of a loop."""
        c = self.c
        assert p.tail is not None
        target = loop if loop is not None else p.cls.__new__(p.cls)
        if loop is None:  # its tail has nowhere to go, but is read all the same
            target.at = 0
            for s in p.cls.specs:
                setattr(target, s.name, [] if s.repeats else None)
        kept = {s.name: getattr(target, s.name) for s in p.cls.specs}
        kept = {k: list(v) if isinstance(v, list) else v for k, v in kept.items()}
        more = 1
        while True:
            e = c.look()
            marks = len(c.issues), c.reported, c.blanks, c.hushed
            _, j, _ = p.tail(c.lines, c.i, e, c, target)
            if c.lines[j] == END and c.more:
                self.again(marks, more)
                more *= 2
                for k, v in kept.items():
                    setattr(target, k, list(v) if isinstance(v, list) else v)
                continue
            self.consume(j)
            return

    def again(self, marks: tuple[int, int, int, int], more: int) -> None:
        """Undo what was noted, and have more segments at hand; twice as many each time, so that
        time stays linear.
        """
        c = self.c
        del c.issues[marks[0] :]
        c.reported, c.blanks, c.hushed = marks[1:]
        c.failed.clear()
        for _ in range(more):
            if not c.refill(c.i):
                break

    def consume(self, j: int) -> None:
        c = self.c
        if self.sum is not None:
            self.sum.add(c.lines[c.i : j])
        c.i = j

    def pass_over(self, st01: str, version: str) -> None:
        """A transaction set that no guide reads: its segments are counted as reported."""
        c = self.c
        first, mark = c.number, c.offset(c.i)
        while True:
            e = c.look()
            if e[0] in CONTROL or e[0] == END:
                break
            self.consume(c.i + 1)
        count = c.number - first
        c.reported += count
        if count and len(c.issues) < MOST_ISSUES:
            why = (
                f"no guide reads {_set(st01)} {version[:15]}; its {count} segments are passed over"
            )
            c.issues.append(
                Issue("X12-GUIDE", "error", 1, first, mark, "", st01[:3], "", why, count)
            )

    def limits(self, p: Place, child: Place, count: int) -> None:
        spec = child.spec
        assert spec is not None
        name = spec.name.replace("_", " ")
        if count < spec.least:
            self.c.add(
                "IK304:I7",
                self.c.i,
                loop=child.cls.id,
                ref=child.cls.id,
                message=f"{name} are required in loop {p.cls.id} and none is there",
                snip=2,
            )
        if spec.most and count > spec.most:
            self.c.add(
                "IK304:4",
                self.c.i,
                loop=child.cls.id,
                ref=child.cls.id,
                message=f"{name} may occur {spec.most} times in loop {p.cls.id}",
            )

    # ── small checks ──

    def settle(self) -> list[Issue]:
        """Hand the issues at hand over to the report and to whoever closes."""
        c = self.c
        issues, c.issues = c.issues, []
        self.report.add(issues, c.hushed)
        c.hushed = 0
        return issues

    def astray(self, code: str, where: str) -> None:
        c = self.c
        tag = c.look()[0]
        if not tag:
            c.blank(c.i)
        else:
            c.reported += 1
            c.add(code, c.i, ref=tag[:3], message=f"a segment that does not belong to {where}")
        c.i += 1

    def ta1(self, e: list[str]) -> TA1 | None:
        c = self.c
        try:
            ack: TA1 | None = TA1.parse(e, c.delimiters)
        except ValueError:
            p = place(_Acks, c.delimiters)
            ack = recover(p, p.cls.specs[0], _Acks(), c.i, e, c)
            c.failed.clear()
        return ack

    def count(self, code: str, e: list[str], n: int, counted: int, ref: str, what: str) -> None:
        said = e[n] if len(e) > n else ""
        if not said.isdigit() or int(said) != counted:
            why = f"{ref} does not give the number of {what}, which is {counted}"
            self.c.add(code, self.c.i, ref=ref, value=said, message=why)

    def echo(self, code: str, e: list[str], n: int, expected: str, ref: str, other: str) -> None:
        said = e[n] if len(e) > n else ""
        if said != expected:
            self.c.add(
                code,
                self.c.i,
                ref=ref,
                value=said,
                message=f"{ref} is not the control number of {other}",
            )

    def check_isa(self, isa: list[str]) -> None:
        c = self.c
        tests = [
            ("TA105:010", "ISA01", isa[1], len(isa[1]) == 2),
            ("TA105:012", "ISA03", isa[3], len(isa[3]) == 2),
            ("TA105:005", "ISA05", isa[5], len(isa[5]) == 2),
            ("TA105:006", "ISA06", isa[6], bool(isa[6].strip())),
            ("TA105:007", "ISA07", isa[7], len(isa[7]) == 2),
            ("TA105:008", "ISA08", isa[8], bool(isa[8].strip())),
            ("TA105:014", "ISA09", isa[9], len(isa[9]) == 6 and isa[9].isdigit()),
            ("TA105:015", "ISA10", isa[10], len(isa[10]) == 4 and isa[10].isdigit()),
            ("TA105:017", "ISA12", isa[12], len(isa[12]) == 5 and isa[12].isdigit()),
            ("TA105:018", "ISA13", isa[13], len(isa[13]) == 9 and isa[13].isdigit()),
            ("TA105:019", "ISA14", isa[14], isa[14] in ("0", "1")),
            ("TA105:020", "ISA15", isa[15], isa[15] in ("P", "T")),
        ]
        for code, ref, value, good in tests:
            if not good:
                c.add(
                    code,
                    c.i,
                    ref=ref,
                    value=value,
                    message=f"{ref} has no value that X12 allows there",
                )

    def check_st(
        self,
        st01: str,
        number: str,
        version: str,
        group: GroupOpened,
        guide: type[Transaction] | None,
        numbers: set[str],
    ) -> None:
        c = self.c
        if not number.strip():
            c.add("IK502:7", c.i, ref="ST02", value=number, message="the set has no control number")
        elif number in numbers:
            c.add(
                "IK502:23",
                c.i,
                ref="ST02",
                value=number,
                message="the control number occurs twice in this group",
            )
        numbers.add(number)
        if guide is None:
            return
        if group.functional_id != guide.functional_id:
            why = f"a {_set(st01)} belongs into a group {guide.functional_id}"
            c.add("IK502:6", c.i, ref="ST01", value=st01, message=why, severity="warning")
        if version != group.version:
            c.add(
                "IK502:I6",
                c.i,
                ref="ST03",
                value=version,
                message="ST03 and GS08 differ",
                severity="warning",
            )


class _Acks(Loop, id="ISA"):
    """Where a TA1 stands: before the first group, or alone."""

    acks: list[TA1] = many()


class _State:
    """What is known of the transaction set that is being read."""

    __slots__ = ("broken", "guide", "transaction", "units")

    def __init__(self) -> None:
        self.transaction: Any = None
        self.guide: type[Transaction] | None = None
        self.units = 0
        self.broken = 0  # loops around us that lack a required part


class _BodyHash:
    """SHA-256 of a body that does not depend on its envelope, delimiters or line breaks."""

    __slots__ = ("_hash", "_table")

    def __init__(self, c: Cursor) -> None:
        d = c.delimiters
        table = list(range(256))
        for mark, plain in ((d.element, 29), (d.repetition, 30), (d.component, 31)):
            if mark:
                table[ord(mark)] = plain
        self._table = bytes(table)
        self._hash = hashlib.sha256()

    def add(self, lines: list[str]) -> None:
        if "" in lines:
            lines = [line for line in lines if line]
        if lines:
            text = "\x1c".join(lines) + "\x1c"
            self._hash.update(text.encode("latin-1").translate(self._table))

    def hexdigest(self) -> str:
        digest: str = self._hash.hexdigest()
        return digest


def _set(st01: str) -> str:
    return f"transaction set {st01[:3]}" if st01[:3].isalnum() else "a transaction set"
