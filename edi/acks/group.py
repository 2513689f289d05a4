"""One functional group: the verdicts on its transaction sets, and AK9 over them."""

from __future__ import annotations

from dataclasses import dataclass, field

from edi.acks.codes import told
from edi.acks.plain import Plain
from edi.acks.verdict import MOST_CODES, Policy, Room, SetVerdict
from edi.guides import GUIDES
from edi.guides.x231_acknowledgment import ImplementationAcknowledgment, TransactionSetResponse
from edi.reader import GroupClosed, GroupOpened, TransactionClosed, TransactionOpened, Unit
from edi.segments import AK1, AK9, IK5

ACKNOWLEDGMENTS = ("997", "999")


@dataclass(slots=True)
class GroupVerdict:
    """A functional group while it is read."""

    opened: GroupOpened
    plain: Plain
    policy: Policy
    room: Room
    acknowledges: bool = False  # it holds acknowledgments itself
    _responses: list[TransactionSetResponse] = field(default_factory=list)
    _set: SetVerdict | None = None
    _unsupported: int = 0
    _codes: list[str] = field(default_factory=list)  # AK905 ...
    _faulty: bool = False
    _said: int | None = None  # GE01, where it is not the count

    def __post_init__(self) -> None:
        self.acknowledges = self.opened.functional_id == "FA"

    def opens(self, event: TransactionOpened) -> None:
        """A transaction set begins."""
        self.acknowledges = self.acknowledges or event.st01 in ACKNOWLEDGMENTS
        self._set = SetVerdict(event, self.plain, self.policy, self.room)

    def unit(self, event: Unit) -> None:
        """A claim, or what else the set holds."""
        if self._set is not None and event.issues:
            self._set.unit(event)

    def closes(self, event: TransactionClosed) -> None:
        """A transaction set ends."""
        if self._set is not None:
            self._responses.append(self._set.close(event))
            self._unsupported += self._set.unsupported
            self._set = None

    def end(self, event: GroupClosed) -> None:
        """The group ends."""
        for issue in event.issues:
            said = told(issue, "")
            if said.level != "group":
                continue
            if issue.code == "AK905:5" and issue.value.isdecimal():
                self._said = int(issue.value[:6])
            self._faulty = self._faulty or issue.severity == "error"
            if said.code not in self._codes:
                self._codes.append(said.code)

    def acknowledgment(self) -> ImplementationAcknowledgment:
        """The transaction set 999 for this group."""
        o, plain = self.opened, self.plain
        count = len(self._responses)
        if count and self._unsupported == count:
            known = any(g.functional_id == o.functional_id for g in GUIDES)
            self._codes.insert(0, "2" if known else "1")
            self._faulty = True
        if self._faulty:  # what was sent cannot be told for sure, so none of it is taken
            for response in self._responses:
                if response.ik5.status != "R":
                    response.ik5 = IK5(status="R", codes=response.ik5.codes)
        accepted = sum(r.ik5.status != "R" for r in self._responses)
        return ImplementationAcknowledgment(
            ak1=AK1(
                functional_id=plain(o.functional_id, 2, "ZZ"),
                control_number=plain.digits(o.control_number, 9, "0"),
                version=plain(o.version, 12, "NONE"),  # AK103 is required
            ),
            responses=self._responses,
            ak9=AK9(
                status=self._status(accepted),
                included=count if self._said is None else self._said,
                received=count,
                accepted=accepted,
                codes=self._codes[:MOST_CODES] if self._faulty else [],
            ),
        )

    def _status(self, accepted: int) -> str:
        if self._faulty or (self._responses and not accepted):
            return "R"
        if accepted < len(self._responses):
            return "P"
        return "E" if any(r.ik5.status == "E" for r in self._responses) else "A"
