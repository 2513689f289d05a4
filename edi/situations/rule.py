"""A situational rule as data, what a rule can look at besides its loop, and how it says what it
found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from edi.issues import Severity
from edi.model import Loop, Segment
from edi.record import Record

if TYPE_CHECKING:
    from edi.guides.claim_details import Claim, ServiceLine
    from edi.guides.claim_other_payers import OtherInsurance


class Side(Enum):
    """Whose file it is: a fault that we forgive a sender is an error where we are the sender."""

    RECEIVED = "received"
    WRITTEN = "written"


class Hit(NamedTuple):
    """Where a rule is broken: a segment, and the element if it is not that of the rule; the loop if
    it is not the one the rule looks at; the segment that made the rule apply.
    """

    segment: Segment | None = None
    ref: str = ""
    loop: Loop | None = None
    by: Segment | None = None


# Nothing, "here", the segment at fault, or several of them.
Found = None | bool | Segment | Hit | Sequence[Segment | Hit]
Check = Callable[[Any, "Context"], Found]
Screen = Callable[[Any, "Context"], Any]


class Rule(Record, frozen=True, eq=False):
    """One rule of SNIP type 4: it needs no more than the file.

    `finds` takes a loop (or, with `segment`, each such segment of any loop) and the context. It is
    only asked where `when` holds: the names of attributes of the loop that must be there ("a b"
    both, "a|b" either, "clm.related_causes" inside a required one), or a screen, a cheap function
    that many rules share. `only` narrows a rule on segments to some values of one attribute.
    """

    id: str
    guides: str  # short names: "837P 837I"
    loop: str  # ids of loops; "" for a rule on segments
    ref: str  # "CLM05-3", or "DTP" where the whole segment is meant
    finds: Check
    says: str
    do: str
    source: str  # page and section of domain/*.md, or the guide
    severity: Severity = "error"
    written: Severity | None = None  # where we wrote the file; None = as `severity`
    when: str | Screen = ""
    segment: type[Segment] | tuple[type[Segment], ...] | None = None
    only: tuple[str, frozenset[str]] | None = None
    fault: Literal["value", "missing", "unused"] = "value"
    because: str = ""  # the element that makes a segment or element missing or unused
    at_end: bool = False  # looked at when all below the loop is known
    code: str = ""  # of the issue, where several rules say the same; "" = the id

    @property
    def message(self) -> str:
        """What is wrong and what to do, without any value."""
        return f"{self.says}: {self.do}"

    def severity_for(self, side: Side) -> Severity:
        """How bad it is in a file of this side."""
        return self.written or self.severity if side is Side.WRITTEN else self.severity


class Plain(NamedTuple):
    """A screen of a whole claim or payment: where `odd` says no, the balance and all rules that are
    named in `covers` find nothing in it or below it, and are not asked. A rule that is not named is
    always asked.
    """

    loop: str
    odd: Screen
    covers: frozenset[str]  # ids of rules


class Context:
    """The loops around the one a rule looks at, and the day the file says it was made."""

    __slots__ = (
        "_innermost", "billing", "born", "claim", "claims_of_subscriber", "dependent", "dependents",
        "diagnoses", "died", "line", "made", "made_on", "other", "subscriber", "transaction",
    )  # fmt: skip

    def __init__(self) -> None:
        self._innermost: Any = None
        self.transaction: Any = None
        self.billing: Any = None  # 2000A
        self.subscriber: Any = None  # 2000B
        self.dependent: Any = None  # 2000C
        self.claim: Claim = None  # type: ignore[assignment]  # set before a rule of a claim is asked
        self.line: ServiceLine = None  # type: ignore[assignment]
        self.other: OtherInsurance = None  # type: ignore[assignment]
        self.made_on = date.max  # BHT04
        self.made = "99999999"  # the same as CCYYMMDD
        self.born = "00000000"  # the patient
        self.died: date | None = None
        self.claims_of_subscriber = 0  # directly below the open 2000B
        self.dependents = 0  # 2000C below it
        self.diagnoses = 0  # of the claim

    def enter(self, around: tuple[Any, ...]) -> None:
        """The loops around what comes next, from the transaction set down."""
        if around[-1] is self._innermost:
            return
        self._innermost = around[-1]
        self.billing = self.subscriber = self.dependent = None
        if around[0] is not self.transaction:
            self.transaction = around[0]
            bht = getattr(self.transaction, "bht", None)
            self.made_on = bht.created_on if bht is not None else date.max
            self.made = day(self.made_on)
        self.born = "00000000"
        self.died = None
        if len(around) > 1 and around[1].id == "2000A" and self.transaction.st01 == "837":
            self.billing = around[1]
            if len(around) > 2:
                self.subscriber = around[2]
                self.dependent = around[3] if len(around) > 3 else None
                if (dmg := self.person.demographics) is not None:
                    self.born = day(dmg.birth_date)
                if (pat := getattr(self.dependent or self.subscriber, "pat", None)) is not None:
                    self.died = pat.death_date

    @property
    def person(self) -> Any:
        """2010CA or 2010BA: who was treated."""
        if self.dependent is not None:
            return self.dependent.patient
        return self.subscriber.subscriber if self.subscriber is not None else None


def day(on: date) -> str:
    """A day as X12 writes it."""
    return on.isoformat().replace("-", "")
