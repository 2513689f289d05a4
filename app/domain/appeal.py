"""Appeals: where one stands, which instance hears it, and when a later 835 has decided it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.denial import How, Verdict
from app.domain.denial_categories import Category
from app.domain.money import ZERO
from app.domain.payer_terms import Terms


class AppealState(StrEnum):
    """The sub-state of a claim (api.md 4.1); a claim without any appeal has NONE."""

    NONE = "NONE"
    DRAFT = "DRAFT"
    FILED = "FILED"
    UPHELD = "UPHELD"  # the payer stays with its denial
    OVERTURNED = "OVERTURNED"
    PARTIAL = "PARTIAL"
    WITHDRAWN = "WITHDRAWN"


DECISIONS = (AppealState.UPHELD, AppealState.OVERTURNED, AppealState.PARTIAL)
_GOES_ON = frozenset({AppealState.UPHELD, AppealState.PARTIAL})


class DecidedBy(StrEnum):
    """Who says how it was decided."""

    PERSON = "person"  # read in a letter
    PAYMENT = "payment"  # a later 835 paid what was appealed


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal at one level."""

    id: UUID
    claim_id: UUID
    level: int
    level_name: str
    category: Category
    state: AppealState
    deadline: date | None
    amount_at_stake: Decimal
    denial_ids: tuple[UUID, ...]
    created_by: str
    created_at: datetime
    argument: str | None = None
    filed_on: date | None = None
    method: str | None = None
    tracking_number: str | None = None
    decided_on: date | None = None
    decided_by: DecidedBy | None = None
    recovered: Decimal = ZERO
    previous_id: UUID | None = None

    @property
    def was_filed(self) -> bool:
        return self.state is AppealState.FILED or self.state in DECISIONS

    @property
    def follows_payments(self) -> bool:
        """Whether verdicts on its denials may still decide it, or take such a decision back."""
        return self.state is AppealState.FILED or self.decided_by is DecidedBy.PAYMENT


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The instance after a decision that left money denied."""

    level: int
    name: str
    deadline: date | None


@dataclass(frozen=True, slots=True)
class AppealPaper:
    """A paper that goes with an appeal; its bytes are kept under `sha256`."""

    ordinal: int
    name: str
    sha256: str
    size: int
    actor: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class RemittedLine:
    """What a claim payment says of one service, or of the claim as a whole (ordinal 0)."""

    ordinal: int
    line_control_number: str | None
    procedure: str | None
    charge: Decimal
    paid: Decimal
    adjustments: tuple[tuple[str, str, Decimal], ...]  # group, CARC, amount
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemittedClaim:
    """A claim payment with where it stands: what an appeal quotes of a remittance."""

    payment_id: UUID
    status: str  # CLP02
    charge: Decimal
    paid: Decimal
    payer_claim_control_number: str | None
    segment_number: int
    trace_number: str
    payer_name: str | None
    effective_date: date | None
    file_sha256: str
    lines: tuple[RemittedLine, ...]


def next_level(appeal: Appeal, terms: Terms) -> NextLevel | None:
    """None where nothing is left to get, or nobody is left to ask."""
    if appeal.state not in _GOES_ON or appeal.level >= len(terms.appeals):
        return None
    instance = terms.appeals[appeal.level]
    last = appeal.decided_on + timedelta(days=instance.days) if appeal.decided_on else None
    return NextLevel(appeal.level + 1, instance.name, last)


def decided_by_payment(
    verdicts: Sequence[tuple[UUID | None, Verdict]], *, denied_again: Collection[UUID | None]
) -> tuple[AppealState, Decimal]:
    """What the verdicts on its denials make of a filed appeal, and what it recovered.

    Each verdict stands beside the line it is about; `denied_again` are lines on which something is
    denied that the appeal is not about. FILED: nothing has been paid yet.
    """
    won = [v for _, v in verdicts if v.how in (How.OVERTURNED, How.PAID)]
    recovered = sum((v.recovered for v in won), ZERO)
    if not won or any(v.is_open for _, v in verdicts):
        return AppealState.FILED, ZERO
    partly = len(won) < len(verdicts) or any(line in denied_again for line, _ in verdicts)
    return (AppealState.PARTIAL if partly else AppealState.OVERTURNED), recovered
