"""The life of a submission: every stage, which evidence outranks which, and the fold.

State is never set; it is folded from the set of evidence that is matched to a submission. The
order in which files arrive, and how often, does not matter: evidence is ranked by what it says and
who says it (RANK), then by its effective time, then by the file's hash and the segment's number.
Stages are those of api.md 4.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """The coarse word for a stage (api.md 4.1)."""

    DRAFT = "DRAFT"
    HELD = "HELD"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    PROCESSED = "PROCESSED"
    DENIED = "DENIED"
    CLOSED = "CLOSED"
    VOIDED = "VOIDED"
    UNKNOWN = "UNKNOWN"


class Stage(StrEnum):
    """The fine word: where a claim stands."""

    DRAFT = "DRAFT"
    NEEDS_INFO = "NEEDS_INFO"
    ON_HOLD = "ON_HOLD"
    READY = "READY"
    BATCHED = "BATCHED"
    SEND_UNKNOWN = "SEND_UNKNOWN"
    TRANSMITTED = "TRANSMITTED"
    FILE_REJECTED = "FILE_REJECTED"
    FILE_ACCEPTED = "FILE_ACCEPTED"
    FORWARDED = "FORWARDED"
    RECEIVED = "RECEIVED"
    ACCEPTED_CLEARINGHOUSE = "ACCEPTED_CLEARINGHOUSE"
    ACCEPTED_PAYER = "ACCEPTED_PAYER"
    REJECTED = "REJECTED"
    NOT_FOUND = "NOT_FOUND"
    SPLIT = "SPLIT"
    PENDED = "PENDED"
    INFO_REQUESTED = "INFO_REQUESTED"
    FINALIZED_AWAITING_REMIT = "FINALIZED_AWAITING_REMIT"
    PAID = "PAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    DENIED = "DENIED"
    ZERO_PAY = "ZERO_PAY"
    REVERSED = "REVERSED"
    FORWARDED_TO_OTHER_PAYER = "FORWARDED_TO_OTHER_PAYER"
    PREDETERMINED = "PREDETERMINED"
    NEXT_RESPONSIBILITY = "NEXT_RESPONSIBILITY"
    CLOSED = "CLOSED"
    VOIDED = "VOIDED"
    REPLACED = "REPLACED"
    UNKNOWN = "UNKNOWN"

    @property
    def status(self) -> Status:
        return _STATUS[self]


class ReportedBy(StrEnum):
    """Who says so."""

    PROVIDER = "PROVIDER"
    SYSTEM = "SYSTEM"
    CLEARINGHOUSE = "CLEARINGHOUSE"
    PAYER = "PAYER"


_STATUS: dict[Stage, Status] = {
    Stage.DRAFT: Status.DRAFT,
    Stage.NEEDS_INFO: Status.DRAFT,
    Stage.ON_HOLD: Status.HELD,
    Stage.READY: Status.READY,
    Stage.BATCHED: Status.READY,
    Stage.SEND_UNKNOWN: Status.SUBMITTED,
    Stage.TRANSMITTED: Status.SUBMITTED,
    Stage.FILE_REJECTED: Status.REJECTED,
    Stage.FILE_ACCEPTED: Status.SUBMITTED,
    Stage.FORWARDED: Status.RECEIVED,
    Stage.RECEIVED: Status.RECEIVED,
    Stage.ACCEPTED_CLEARINGHOUSE: Status.ACCEPTED,
    Stage.ACCEPTED_PAYER: Status.ACCEPTED,
    Stage.REJECTED: Status.REJECTED,
    Stage.NOT_FOUND: Status.UNKNOWN,
    Stage.SPLIT: Status.ACCEPTED,
    Stage.PENDED: Status.ACCEPTED,
    Stage.INFO_REQUESTED: Status.ACCEPTED,
    Stage.FINALIZED_AWAITING_REMIT: Status.ACCEPTED,
    Stage.PAID: Status.PROCESSED,
    Stage.PARTIALLY_PAID: Status.PROCESSED,
    Stage.DENIED: Status.DENIED,
    Stage.ZERO_PAY: Status.PROCESSED,
    Stage.REVERSED: Status.PROCESSED,
    Stage.FORWARDED_TO_OTHER_PAYER: Status.PROCESSED,
    Stage.PREDETERMINED: Status.PROCESSED,
    Stage.NEXT_RESPONSIBILITY: Status.PROCESSED,
    Stage.CLOSED: Status.CLOSED,
    Stage.VOIDED: Status.VOIDED,
    Stage.REPLACED: Status.VOIDED,
    Stage.UNKNOWN: Status.UNKNOWN,
}

_US, _CH, _PAYER = ReportedBy.SYSTEM, ReportedBy.CLEARINGHOUSE, ReportedBy.PAYER

# (stage, who says it) -> rank; a higher rank wins whatever the order of arrival. A rejection stands
# just above the acceptances of the same source and below those of the next one: a clearinghouse's
# late 999 cannot undo what the payer said, and a payer's rejection beats a clearinghouse's yes.
RANK: dict[tuple[Stage, ReportedBy], int] = {
    (Stage.DRAFT, _US): 1,
    (Stage.NEEDS_INFO, _US): 2,  # these three replace one another: the later edit run wins
    (Stage.ON_HOLD, _US): 2,
    (Stage.READY, _US): 2,
    (Stage.BATCHED, _US): 3,
    (Stage.SEND_UNKNOWN, _US): 4,
    (Stage.TRANSMITTED, _US): 5,
    (Stage.UNKNOWN, _CH): 10,
    (Stage.FILE_ACCEPTED, _CH): 11,
    (Stage.FILE_REJECTED, _CH): 12,
    (Stage.UNKNOWN, _PAYER): 13,
    (Stage.FORWARDED, _CH): 20,
    (Stage.RECEIVED, _CH): 21,
    (Stage.NOT_FOUND, _CH): 22,
    (Stage.SPLIT, _CH): 23,
    (Stage.ACCEPTED_CLEARINGHOUSE, _CH): 24,
    (Stage.REJECTED, _CH): 25,
    (Stage.FORWARDED, _PAYER): 30,
    (Stage.RECEIVED, _PAYER): 31,
    (Stage.NOT_FOUND, _PAYER): 32,
    (Stage.SPLIT, _PAYER): 33,
    (Stage.ACCEPTED_PAYER, _PAYER): 34,
    (Stage.PENDED, _PAYER): 35,
    (Stage.INFO_REQUESTED, _PAYER): 35,
    (Stage.REJECTED, _PAYER): 36,
    (Stage.FINALIZED_AWAITING_REMIT, _PAYER): 37,
}
_VOID = "8"  # CLM05-3
ADJUDICATED = 50  # an 835 beats every acknowledgment


OUTCOMES = frozenset(
    {
        Stage.PAID,
        Stage.PARTIALLY_PAID,
        Stage.DENIED,
        Stage.ZERO_PAY,
        Stage.REVERSED,
        Stage.FORWARDED_TO_OTHER_PAYER,
        Stage.PREDETERMINED,
    }
)


def rank(stage: Stage, reported_by: ReportedBy) -> int:
    """How much a stage weighs when that party reports it; 0 for what nobody should report."""
    return RANK.get((stage, reported_by), ADJUDICATED if stage in OUTCOMES else 0)


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What an 835 said of the claim, as far as the fold needs it."""

    status: str  # CLP02
    charge: Decimal  # CLP03
    paid: Decimal  # CLP04
    payer_claim_control_number: str | None  # CLP07

    @property
    def is_reversal(self) -> bool:
        return self.status == "22"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact about one submission and where it stands."""

    stage: Stage
    reported_by: ReportedBy
    effective: datetime  # UTC; a date counts as its midnight
    kind: str  # OWN, TA1, 999, 277CA or 835
    code: str | None = None  # "A2:20:PR", "IK5*R", "CLP02=1"
    file_sha256: str = ""
    segment_number: int = 0
    loop: str | None = None
    adjudication: Adjudication | None = None

    @property
    def order(self) -> tuple[int, datetime, str, int, str]:
        """By rank, then effective time, then place; the stage word settles what is still equal."""
        place = rank(self.stage, self.reported_by)
        return place, self.effective, self.file_sha256, self.segment_number, self.stage


@dataclass(frozen=True, slots=True)
class State:
    """What the fold says, and the evidence that says it."""

    stage: Stage
    evidence: Evidence | None


def fold(evidence: Iterable[Evidence]) -> State:
    """The state of a submission from all its evidence, in any order and with any repetition."""
    distinct = set(evidence)
    if not distinct:
        return State(Stage.DRAFT, None)
    adjudications = [e for e in distinct if e.adjudication]
    if adjudications:
        standing = _not_reversed(adjudications)
        if standing:
            latest = max(standing, key=lambda e: e.order)
            return State(latest.stage, latest)
        latest = max(adjudications, key=lambda e: e.order)
        return State(Stage.REVERSED, latest)
    latest = max(distinct, key=lambda e: e.order)
    return State(latest.stage, latest)


def fold_as(evidence: Iterable[Evidence], *, frequency: str) -> State:
    """The state of a submission that asks something of an earlier one (CLM05-3).

    A void that the payer has taken in voids the claim; the 22 that follows does not change that.
    """
    state = fold(evidence)
    if frequency == _VOID and state.stage in (Stage.ACCEPTED_PAYER, Stage.REVERSED):
        return State(Stage.VOIDED, state.evidence)
    return state


def _not_reversed(adjudications: list[Evidence]) -> list[Evidence]:
    """Adjudications that no CLP02=22 takes back; a 22 names its original by number and amounts."""
    standing = sorted(
        (e for e in adjudications if e.adjudication and not e.adjudication.is_reversal),
        key=lambda e: e.order,
    )
    for reversal in (e.adjudication for e in adjudications):
        if reversal is None or not reversal.is_reversal:
            continue
        original = next((e for e in standing if _takes_back(reversal, e.adjudication)), None)
        if original is not None:
            standing.remove(original)
    return standing


def _takes_back(reversal: Adjudication, original: Adjudication | None) -> bool:
    return (
        original is not None
        and reversal.payer_claim_control_number == original.payer_claim_control_number
        and reversal.paid == -original.paid
        and abs(reversal.charge) == abs(original.charge)
    )
