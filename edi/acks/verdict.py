"""One transaction set: its issues gathered as IK3, CTX and IK4, and the verdict IK5."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from edi.acks.codes import NEVER_ACCEPTED, OF_THE_GUIDE, Told, told
from edi.acks.data_elements import data_element
from edi.acks.plain import Plain
from edi.guides import BY_VERSION, guide_of
from edi.guides.x231_acknowledgment import (
    ElementError2110,
    SegmentError2100,
    TransactionSetResponse,
)
from edi.issues import Issue
from edi.model import Loop, Segment
from edi.model.node import opener
from edi.reader import TransactionClosed, TransactionOpened, Unit
from edi.segments import (
    AK2,
    CTX,
    IK3,
    IK4,
    IK5,
    TRN,
    ContextName,
    ElementPosition,
    ReferenceInSegment,
)  # fmt: skip

MOST_CODES = 5  # IK502 to IK506, AK905 to AK909
MOST_FAULTS = 1000  # IK3 and IK4 of an interchange; what finds no room still counts for IK5 and AK9
# Element 447 has four characters in release 5010: published 999 name loop 2010BB "2010".
MOST_LOOP = 4
_REF = re.compile(r"([A-Z][A-Z0-9]{1,2}?)(\d\d)(?:-(\d+))?(?::(\d+))?")
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")


class Policy(Enum):
    """What becomes of a transaction set with issues."""

    REJECT = "reject"  # errors reject it (R); warnings are not told
    REJECT_AND_NOTE = "reject-and-note"  # errors reject it; warnings alone are noted (E)
    ACCEPT = "accept"  # errors and warnings are noted (E), unless it was not received whole


@dataclass(slots=True)
class Room:
    """How many more faults an interchange may list. What closes a set has room of its own, so that
    a thousand faulty claims do not hide a payment that does not add up.
    """

    units: int = MOST_FAULTS
    closings: int = MOST_FAULTS
    left_out: int = 0


@dataclass(slots=True)
class SetVerdict:
    """A transaction set while it is read. `response` makes the AK2 loop of it."""

    opened: TransactionOpened
    plain: Plain
    policy: Policy
    room: Room
    codes: list[str] = field(default_factory=list)  # IK502 ..., in the order found
    rejected: bool = False
    noted: bool = False
    unsupported: bool = False
    _faults: list[SegmentError2100] = field(default_factory=list)
    _by_segment: dict[int, SegmentError2100] = field(default_factory=dict)
    _blanks: list[int] = field(default_factory=list)

    def unit(self, unit: Unit) -> None:
        """A claim, a claim payment or a level, with its issues."""
        for issue in unit.issues:
            if told_as := self._judge(issue):
                context = _business_unit(self.opened.st01, unit, issue.segment_number)
                if self.room.units:
                    self.room.units -= 1
                    self._list(issue, told_as, context)
                else:
                    self.room.left_out += 1

    def close(self, closed: TransactionClosed) -> TransactionSetResponse:
        """The end of the set; no more can be added after it."""
        context = _payment(self.opened.st01, closed.transaction)
        for issue in closed.issues:
            if told_as := self._judge(issue):
                if self.room.closings:
                    self.room.closings -= 1
                    self._list(issue, told_as, context)
                else:
                    self.room.left_out += 1
        for fault in self._faults:
            fault.ik3.position = self._position(fault.ik3.position)
            for ctx in [*fault.contexts, *(x for e in fault.elements for x in e.contexts)]:
                if ctx.position is not None:
                    ctx.position = self._position(ctx.position)
        self._faults.sort(key=lambda f: f.ik3.position)
        status = "R" if self.rejected else "E" if self.noted else "A"
        clean, o = self.plain, self.opened
        known = guide_of(o.st01, o.guide)
        has_st03 = known is None or known.writes_st03  # an 835 has none to repeat
        return TransactionSetResponse(
            ak2=AK2(
                st01=clean(o.st01, 3, "000"),
                control_number=clean(o.control_number, 9, "0000"),
                guide=(clean(o.guide, 35) or None) if has_st03 else None,
            ),
            segments=self._faults,
            ik5=IK5(status=status, codes=self.codes[:MOST_CODES] if status != "A" else []),
        )

    # ── one issue ──

    def _judge(self, issue: Issue) -> Told | None:
        """Let an issue count for the verdict; what is to be listed, if anything is."""
        if issue.code == "X12-BLANK":
            self._blanks.append(issue.segment_number)
        said = told(issue, self.opened.st01)
        if said.level not in ("set", "segment", "element"):
            return None
        if issue.severity == "warning" and self.policy is Policy.REJECT:
            return None
        code = said.code
        if issue.code == "X12-GUIDE":
            code = unsupported(self.opened)
            self.unsupported = True
        hard = said.level == "set" and code in NEVER_ACCEPTED
        # What is missing in one claim must not take the set: the 277CA rejects the claim.
        soft = issue.trigger is not None and self.opened.st01 == "837"
        if issue.severity == "error" and (hard or not (soft or self.policy is Policy.ACCEPT)):
            self.rejected = True
        self.noted = True
        if said.level != "set":
            code = "I5" if code in OF_THE_GUIDE else "5"
        if code not in self.codes:
            self.codes.append(code)
        return said if said.level != "set" else None

    def _list(self, issue: Issue, said: Told, context: CTX | None) -> None:
        """An issue as IK3, or as IK4 below the IK3 of its segment."""
        tag, element, component, repetition = _place(issue.ref, self.opened)
        if said.level == "segment" or not element:
            code = said.code if said.level == "segment" else "8"
            whole = self._segment(issue, tag, code, context)
            whole.contexts[:0] = self._triggers(issue)
            self._faults.append(whole)
            return
        fault = self._by_segment.get(issue.segment_number)
        if fault is None:
            fault = self._segment(issue, tag, "8", context)
            self._by_segment[issue.segment_number] = fault
            self._faults.append(fault)
        fault.elements.append(
            ElementError2110(
                ik4=IK4(
                    element=ElementPosition(
                        element=element, component=component, repetition=repetition
                    ),
                    reference=data_element(tag, element, component or 0),
                    code=said.code,
                    value=self.plain(issue.value, 99) or None,
                ),
                contexts=self._triggers(issue),
            )
        )

    def _triggers(self, issue: Issue) -> list[CTX]:
        """The element that made another due (X231 CTX, situational trigger)."""
        if issue.trigger is None:
            return []
        tag, element, component, _ = _place(issue.trigger.ref, self.opened)
        number = data_element(tag, element, component or 0) if element else None
        return [
            CTX(
                context=ContextName(name="SITUATIONAL TRIGGER"),
                segment=tag,
                position=issue.trigger.segment_number,
                loop=self.plain(issue.trigger.loop, MOST_LOOP) or None,
                element=ElementPosition(element=element, component=component) if element else None,
                reference=ReferenceInSegment(element=str(number)) if number is not None else None,
            )
        ]

    def _segment(self, issue: Issue, tag: str, code: str, context: CTX | None) -> SegmentError2100:
        loop = "" if issue.loop == self._root() else self.plain(issue.loop, MOST_LOOP)
        tag = self.plain(tag, 3)
        ik3 = IK3(
            segment=tag if len(tag) > 1 else "ZZZ",  # IK301 has two characters at least
            position=issue.segment_number,
            loop=loop or None,
            code=code,
        )
        contexts = []
        if context is not None and (value := self.plain(context.context.value or "", 35)):
            name = context.context.name
            contexts.append(CTX(context=ContextName(name=name, value=value)))
        return SegmentError2100(ik3=ik3, contexts=contexts)

    def _position(self, number: int) -> int:
        """IK302: ST counts as 1; blank segments, which SE01 does not count either, are left out."""
        before = bisect_left(self._blanks, number)
        return max(1, number - self.opened.segment_number + 1 - before)

    def _root(self) -> str:
        guide = guide_of(self.opened.st01, self.opened.guide)
        return guide.id if guide is not None else ""


def unsupported(opened: TransactionOpened) -> str:
    """IK502 of a set that no guide reads: I6 where other versions of it are read, else 1."""
    return "I6" if any(st01 == opened.st01 for st01, _ in BY_VERSION) else "1"


def _place(ref: str, opened: TransactionOpened) -> tuple[str, int, int | None, int | None]:
    """Segment, element, component, repetition of "CLM05-1"; a loop stands for its first segment."""
    found = _REF.fullmatch(ref)
    if found:
        tag, element, component, repetition = found.groups()
        return (
            tag,
            int(element),
            int(component) if component else None,
            int(repetition) if repetition else None,
        )
    if not _TAG.fullmatch(ref) and (guide := guide_of(opened.st01, opened.guide)) is not None:
        ref = _opening_tag(guide, ref) or ref
    return ref, 0, None, None


def _opening_tag(cls: type[Loop], loop_id: str) -> str:
    for s in cls.specs:
        if issubclass(s.type, Loop):
            if s.type.id == loop_id:
                return str(opener(s).type.tag)
            if below := _opening_tag(s.type, loop_id):
                return below
    return ""


def _business_unit(st01: str, unit: Unit, number: int) -> CTX | None:
    """Which claim it is: CLM01 of an 837, TRN02 of the others (X231 CTX01)."""
    if st01 == "837":
        clm = getattr(unit.loop, "clm", None)
        opening = (*unit.opening, "")
        name = clm.patient_control_number if clm else opening[1] if opening[0] == "CLM" else ""
        return _context("CLM01", name)
    trace = _trace(unit.loop, number) if isinstance(unit.loop, Loop) else ""
    return _context("TRN02", trace) or _payment(st01, unit.transaction)


def _payment(st01: str, transaction: Any) -> CTX | None:
    """An 835 is one payment: its trace number."""
    trn = getattr(transaction, "trn", None)
    return _context("TRN02", trn.number) if st01 == "835" and trn is not None else None


def _context(name: str, value: str) -> CTX | None:
    return CTX(context=ContextName(name=name, value=value)) if value else None


def _trace(loop: Any, number: int) -> str:
    """TRN02 of the loop around a segment; of two loops side by side, the one it lies in."""
    found = ""
    for s in loop.specs:
        value = getattr(loop, s.name)
        for each in value if s.repeats else [value]:
            if isinstance(each, TRN):
                found = each.number
            elif isinstance(each, Loop) and not isinstance(each, Segment) and each.at <= number:
                found = _trace(each, number) or found
    return found
