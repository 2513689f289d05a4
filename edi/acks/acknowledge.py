"""A file in, its answers out: one pass over the events, one answer for each interchange.

A TA1 is sent where ISA14 asks for it or the envelope is faulty; it stands before the group. A 999
has one transaction set for each group received, in one group FA. An interchange that is refused as
a whole (TA1 R) gets no 999. 999, 997 and TA1 are never acknowledged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from edi.acks.codes import REFUSED, told
from edi.acks.group import GroupVerdict
from edi.acks.plain import Plain
from edi.acks.verdict import Policy, Room
from edi.delimiters import STANDARD, Delimiters
from edi.envelope import FunctionalGroup, Interchange, write
from edi.guides.x231_acknowledgment import ImplementationAcknowledgment
from edi.issues import EdiError, Issue
from edi.reader import (
    FileClosed,
    GroupClosed,
    GroupOpened,
    InterchangeAck,
    InterchangeClosed,
    InterchangeOpened,
    TransactionClosed,
    TransactionOpened,
    Unit,
    check,
    examine,
    load,
)  # fmt: skip
from edi.segments import TA1
from edi.situations import Side


class UnreadableAnswer(EdiError):
    """What was written does not read back as what was meant: a fault of this program."""

    def __init__(self, control_number: int) -> None:
        self.control_number = control_number
        super().__init__(f"the acknowledgment {control_number} does not read back as it was meant")


@dataclass(slots=True)
class Answer:
    """What is sent back for one interchange; `data` is empty where nothing is, and `reason` says
    why. `left_out` counts the faults that found no room in it.
    """

    received: str  # ISA13 of what is answered
    data: bytes = b""
    control_number: int = 0  # ISA13 and GS06 of the answer
    ta1: TA1 | None = None
    groups: list[ImplementationAcknowledgment] = field(default_factory=list)
    left_out: int = 0
    reason: str = ""


def acknowledge(
    source: bytes | BinaryIO,
    *,
    at: datetime,
    control_numbers: Iterator[int],
    policy: Policy = Policy.REJECT,
    kinds: Collection[str] = ("TA1", "999"),
    delimiters: Delimiters = STANDARD,
) -> list[Answer]:
    """The answers to a file, one for each interchange in it, in their order.

    `kinds` are what its sender wants; an interchange that is refused as a whole gets no 999, so
    without "TA1" it gets nothing. `control_numbers` is asked for one number for each answer that is
    written; it serves as ISA13 and GS06. Data faults never raise; `UnreadableAnswer` is ours.
    """
    answers: list[Answer] = []
    received: _Received | None = None
    for event in examine(source):
        if isinstance(event, InterchangeOpened):
            received = _Received(event, Plain(delimiters), policy, kinds)
        elif isinstance(event, FileClosed):
            if not event.report.readable:
                answers.append(Answer("", reason=event.report.issues[0].message))
        elif received is not None:
            received.take(event)
            if isinstance(event, InterchangeClosed):
                answers.append(_answer(received, at, control_numbers, delimiters))
    return answers


class _Received:
    """One interchange while it is read."""

    def __init__(
        self, opened: InterchangeOpened, plain: Plain, policy: Policy, kinds: Collection[str]
    ) -> None:
        self.opened = opened
        self.plain = plain
        self.policy = policy
        self.kinds = kinds
        self.room = Room()
        self.groups: list[GroupVerdict] = []
        self.notes: list[str] = []  # TA105
        self.acknowledgments = 0  # TA1, 999 and 997 in it
        self._group: GroupVerdict | None = None

    def take(self, event: object) -> None:
        """One event, up to the end of the interchange."""
        if isinstance(event, InterchangeAck):
            self.acknowledgments += 1
        elif isinstance(event, GroupOpened):
            self._group = GroupVerdict(event, self.plain, self.policy, self.room)
        elif isinstance(event, InterchangeClosed):
            self._note(event.issues)
        elif self._group is not None:
            if isinstance(event, TransactionOpened):
                self._group.opens(event)
            elif isinstance(event, Unit):
                self._group.unit(event)
            elif isinstance(event, TransactionClosed):
                self._note(event.issues)
                self._group.closes(event)
            elif isinstance(event, GroupClosed):
                self._note(event.issues)
                self._group.end(event)
                if self._group.acknowledges:
                    self.acknowledgments += 1
                else:
                    self.groups.append(self._group)
                self._group = None

    def _note(self, issues: list[Issue]) -> None:
        for issue in issues:
            said = told(issue, "")
            if said.level == "interchange" and said.code not in self.notes:
                self.notes.append(said.code)

    @property
    def ta1(self) -> TA1 | None:
        """The interchange acknowledgment, where one is due."""
        o, plain = self.opened, self.plain
        if not (self.notes or o.acknowledgment_requested):
            return None
        refused = [n for n in self.notes if n in REFUSED]
        return TA1(
            control_number=plain.digits(o.control_number, 9, "0").zfill(9),
            date=plain.digits(o.date, 6, "000000").zfill(6),
            time=plain.digits(o.time, 4, "0000").zfill(4),
            status="R" if refused else "E" if self.notes else "A",
            note=[*refused, *self.notes, "000"][0],
        )


def _answer(
    received: _Received, at: datetime, control_numbers: Iterator[int], delimiters: Delimiters
) -> Answer:
    o, plain = received.opened, received.plain
    answer = Answer(o.control_number, left_out=received.room.left_out)
    if received.acknowledgments and not received.groups:
        answer.reason = "it holds acknowledgments, which are never acknowledged"
        return answer
    us, them = plain(o.receiver, 15), plain(o.sender, 15)
    if not us or not them:
        answer.reason = "its ISA does not say who sent it and to whom"
        return answer
    due = received.ta1
    refused = due is not None and due.status == "R"
    answer.ta1 = due if "TA1" in received.kinds else None
    if "999" in received.kinds and not refused:
        answer.groups = [g.acknowledgment() for g in received.groups]
    if answer.ta1 is None and not answer.groups:
        answer.reason = _nothing_due(received, refused)
        return answer
    answer.control_number = next(control_numbers)
    groups = []
    if answer.groups:
        first = received.groups[0].opened
        groups = [
            FunctionalGroup(
                sender=_code(plain(first.receiver, 15), us),
                receiver=_code(plain(first.sender, 15), them),
                date=at.date(),
                time=at.time().replace(microsecond=0, second=0),
                control_number=answer.control_number,
                transactions=list(answer.groups),
            )
        ]
    answer.data = write(
        Interchange(
            sender_qualifier=plain(o.receiver_qualifier, 2, "ZZ"),
            sender=us,
            receiver_qualifier=plain(o.sender_qualifier, 2, "ZZ"),
            receiver=them,
            date=at.date(),
            time=at.time(),
            control_number=answer.control_number,
            # A mode that is neither is refused (020); the answer goes where real files go.
            usage=o.usage if o.usage in ("P", "T") else "P",
            groups=groups,
            acks=[answer.ta1] if answer.ta1 is not None else [],
        ),
        delimiters=delimiters,
    )
    _read_back(answer)
    return answer


def _nothing_due(received: _Received, refused: bool) -> str:
    if refused:
        return "it is refused as a whole, which only a TA1 can say, and none is wanted"
    if not received.groups:
        return "it has no functional group, and no TA1 is asked for"
    return "only a TA1 is wanted, its ISA14 asks for none, and its envelope has no fault"


def _code(group: str, interchange: str) -> str:
    """GS02 and GS03 have two characters at least."""
    return group if len(group) >= 2 else interchange.ljust(2, "0")


def _read_back(answer: Answer) -> None:
    if check(answer.data, side=Side.WRITTEN).errors or load(answer.data) != answer.groups:
        raise UnreadableAnswer(answer.control_number)
