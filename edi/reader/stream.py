"""One door for a file: what is in it, one claim at a time, with what is wrong and where.

`read` checks what the declarations say: usage, order, repeats, lengths, types, codes, counts,
control numbers. `examine` looks at money, levels, counters and check digits besides. Neither raises
for what a file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO

from edi.envelope import Transaction
from edi.guides import guide_of, refusal_of
from edi.issues import Issue
from edi.lexer import Block, Lexer
from edi.model import CONTROL, END, Cursor, Loop, many, place
from edi.model.recover import recover
from edi.reader.body import Body
from edi.reader.control import (
    astray,
    check_count,
    check_echo,
    check_gs,
    check_guide,
    check_isa,
    check_st,
)  # fmt: skip
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
from edi.reader.findings import Examination, Findings, Gathering
from edi.reader.report import MOST_ISSUES, Report, TransactionReport
from edi.segments import TA1
from edi.situations import Side


def read(source: bytes | BinaryIO) -> Iterator[Event]:
    """The events of a file, `FileClosed` last."""
    return FileReader(source, Findings).events()


def examine(
    source: bytes | BinaryIO, *, side: Side = Side.RECEIVED, most_issues: int = MOST_ISSUES
) -> Iterator[Event]:
    """As `read`, with the findings of `edi.balance`, `edi.validate` and `edi.situations` among the
    issues; the report keeps the first `most_issues` and counts all. `side` says whose file it is:
    some faults are warnings in what we received and errors in what we wrote ourselves.
    """
    return FileReader(source, lambda: Examination(side), most_issues=most_issues).events()


def gather(source: bytes | BinaryIO) -> Iterator[Event]:
    """As `read`, with every loop put into the one around it: a transaction set is a whole tree."""
    return FileReader(source, Gathering).events()


class FileReader:
    """Goes through a file; `cursor` and `body` may be others, for whoever wants more of it."""

    def __init__(
        self,
        source: bytes | BinaryIO,
        findings: Callable[[], Findings],
        *,
        most_issues: int = MOST_ISSUES,
    ) -> None:
        self.lexer = Lexer(source)
        self.findings = findings
        self.report = Report(most_issues=most_issues)
        self.most = max(most_issues, MOST_ISSUES)  # kept between two events
        self._interchanges = set[str]()  # seen, for `check_isa`
        self.c: Cursor

    def events(self) -> Iterator[Event]:
        blocks = iter(self.lexer)
        block = next(blocks, None)
        number = 1
        while block is not None:
            self.c = self.cursor(blocks, block, number)
            self.c.most = self.most
            yield from self._interchange()
            number = self.c.number
            self.report.segments_reported += self.c.reported
            block = self.c.next_opening
        self._close(number - 1)
        yield FileClosed(self.report)

    def cursor(self, blocks: Iterator[Block], first: Block, number: int) -> Cursor:
        """The cursor of one interchange."""
        return Cursor(blocks, first, number)

    def body(self, guide: type[Transaction], findings: Findings) -> Body:
        """The reader of one transaction set."""
        return Body(self.c, guide, findings)

    def _close(self, segments: int) -> None:
        report, lexer = self.report, self.lexer
        report.segments = segments
        report.bytes, report.bytes_unread = lexer.size, lexer.unread
        report.readable = report.interchanges > 0
        if not report.readable:
            report.bytes_unread = report.bytes
            report.add([Issue("X12-UNREADABLE", "error", 1, 0, 0, "", "", "", lexer.refusal)])
        elif report.bytes_unread:
            why = f"{report.bytes_unread} bytes outside of any interchange were not read"
            if lexer.refusal:
                why += f": {lexer.refusal}"
            report.add([Issue("X12-UNREAD", "error", 1, 0, 0, "", "", "", why)])

    def _interchange(self) -> Iterator[Event]:
        c = self.c
        isa = c.look()
        control = isa[13]
        opened = InterchangeOpened(
            control, isa[5].strip(), isa[6].strip(), isa[7].strip(), isa[8].strip(), isa[9],
            isa[10], isa[15], isa[14] == "1", c.delimiters, c.number, c.offset(c.i), isa[12],
        )  # fmt: skip
        self.report.interchanges += 1
        check_isa(c, isa, self._interchanges)
        c.i += 1
        yield opened
        groups, seen, found = 0, set[str](), list[Issue]()
        while True:
            e = c.look()
            tag = e[0]
            if tag == "GS":
                groups += 1
                self._keep(found)
                yield from self._group(seen)
            elif tag == "TA1":
                ack = self._ta1(e)
                if ack is not None:
                    yield InterchangeAck(ack, c.number)
                c.i += 1
            elif tag == "IEA":
                check_count(c, "TA105:021", e, groups, "IEA01", "functional groups")
                check_echo(c, "TA105:001", e, control, "IEA02", "ISA13")
                c.i += 1
                break
            elif tag == END:
                c.add("TA105:023", c.i, ref="IEA", message="the interchange ends without an IEA")
                break
            else:
                astray(c, "TA105:024", "the interchange")
        while c.look()[0] != END:  # segments after the IEA that no ISA opens
            astray(c, "TA105:022", "any interchange")
        self._keep(found)
        yield InterchangeClosed(control, groups, found)

    def _group(self, seen: set[str]) -> Iterator[Event]:
        c = self.c
        gs = c.look() + [""] * 9
        opened = GroupOpened(gs[1], gs[2], gs[3], gs[4], gs[5], gs[6], gs[8], c.number)
        self.report.functional_groups += 1
        check_gs(c, gs, seen)
        c.i += 1
        yield opened
        sets, numbers, found = 0, set[str](), list[Issue]()
        while True:
            e = c.look()
            tag = e[0]
            if tag == "ST":
                sets += 1
                self._keep(found)
                yield from self._transaction(opened, numbers)
            elif tag == "GE":
                check_count(c, "AK905:5", e, sets, "GE01", "transaction sets")
                check_echo(c, "AK905:4", e, gs[6], "GE02", "GS06")
                c.i += 1
                break
            elif tag in ("IEA", "GS", "ISA", END):
                c.add("AK905:3", c.i, ref="GE", message="the functional group ends without a GE")
                break
            else:
                astray(c, "X12-STRAY", "the functional group")
        self._keep(found)
        yield GroupClosed(gs[6], sets, found)

    def _transaction(self, group: GroupOpened, numbers: set[str]) -> Iterator[Event]:
        c = self.c
        self._settle()
        first, blanks, e = c.number, c.blanks, c.look() + [""] * 4
        st01, number, version = e[1], e[2], e[3] or group.version
        guide = guide_of(st01, version) or guide_of(st01, group.version)
        said = TransactionReport(st01, version, number)
        self.report.open(said)
        errors = self.report.errors
        check_st(c, number, numbers)
        if guide is not None:
            check_guide(c, guide, functional_id=group.functional_id, version=e[3], gs=group.version)
        c.i += 1
        yield TransactionOpened(st01, number, version, guide is not None, first)
        transaction, units = None, 0
        c.start_digest()
        if guide is None:
            self._pass_over(st01, version)
        else:
            reading = self.body(guide, self.findings())
            for unit in reading:
                said.claims += _claims_in(unit)
                if unit.issues:
                    self.report.add(unit.issues)
                yield unit
            transaction, units = reading.transaction, reading.units
        body = c.end_digest()
        e = c.look()
        count = c.number - first + 1 - (c.blanks - blanks)
        if e[0] == "SE":
            check_count(c, "IK502:4", e, count, "SE01", "segments")
            check_echo(c, "IK502:3", e, number, "SE02", "ST02")
            c.i += 1
        else:
            count -= 1
            c.add("IK502:2", c.i, ref="SE", message="the transaction set ends without an SE")
        issues = self._settle()
        said.accepted = self.report.errors == errors
        self.report.claims += said.claims
        yield TransactionClosed(
            transaction, number, version, count, units, said.accepted, issues, body, c.number - 1
        )  # fmt: skip

    def _pass_over(self, st01: str, version: str) -> None:
        """A transaction set that no guide reads: its segments are counted as reported."""
        c = self.c
        first, blanks = c.number, c.blanks
        offset = c.offset(c.i)
        while (e := c.look())[0] not in CONTROL and e[0] != END:
            if e == [""]:
                c.blank(c.i)
            c.i += 1
        count = c.number - first - (c.blanks - blanks)
        c.reported += count
        name = f"transaction set {st01[:3]}" if st01[:3].isalnum() else "this transaction set"
        known = refusal_of(version)
        why = f"no guide reads {name} {version[:15]}{f' ({known})' if known else ''}"
        why += f"; its {count} segments are passed over"
        c.keep(Issue("X12-GUIDE", "error", 1, first, offset, "", st01[:3], "", why, max(count, 1)))

    def _ta1(self, e: list[str]) -> TA1 | None:
        c = self.c
        if c.suspect:
            c.odd_characters(c.i, c.i + 1, "")
        try:
            ack: TA1 | None = TA1.parse(e, c.delimiters)
        except ValueError:
            p = place(_Acks, c.delimiters)
            ack = recover(p, p.cls.specs[0], _Acks(), c.i, e, c)
            c.failed.clear()
        return ack

    def _keep(self, found: list[Issue]) -> None:
        """Issues between two envelopes belong to the one around both; the first are kept."""
        found += self._settle()
        del found[self.most :]

    def _settle(self) -> list[Issue]:
        """Hand the issues at hand over to the report and to whoever closes."""
        c = self.c
        issues, c.issues = c.issues, []
        self.report.add(issues, c.hushed)
        c.hushed.clear()
        return issues


class _Acks(Loop, id="ISA"):
    """Where a TA1 stands: before the first group, or alone."""

    acks: list[TA1] = many()


def _claims_in(unit: Unit) -> int:
    """How many claims a unit holds: itself, those of a patient level, or none at a level above."""
    if unit.loop is None:
        return int(unit.loop_id not in ("2000B", "2000C"))
    cls: Any = type(unit.loop)
    return len(unit.loop.claims) if _has_claims(cls) else int(cls.unit == "whole")


@lru_cache(maxsize=256)
def _has_claims(cls: type[Loop]) -> bool:
    return any(s.name == "claims" for s in cls.specs)
