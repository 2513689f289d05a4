"""One request to one payer: the claim, its immutable versions, and the numbers it travels under."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.encounter import Coverage, Encounter, ServiceLine
from app.domain.finding import Finding
from app.domain.lifecycle import Stage, Status
from app.domain.money import ZERO
from app.domain.procedure import Procedure

PRIMARY = "P"
ONE = Decimal(1)


class Frequency(StrEnum):
    """Claim frequency (CLM05-3)."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


@dataclass(frozen=True, slots=True)
class Claim:
    """What we ask of the payer in position `responsibility`: the snapshot a claim version keeps."""

    encounter: Encounter
    responsibility: str = PRIMARY
    frequency: str = Frequency.ORIGINAL
    payer_claim_control_number: str | None = None

    @property
    def coverage(self) -> Coverage:
        coverage = self.encounter.coverage(self.responsibility)
        if coverage is None:
            raise LookupError(f"the encounter has no coverage in position {self.responsibility}")
        return coverage

    @property
    def lines(self) -> tuple[ServiceLine, ...]:
        return self.encounter.service_lines

    @property
    def charge(self) -> Decimal:
        """What the lines ask for together; edit CLM02 holds a claim whose total says otherwise."""
        return sum((line.charge for line in self.lines), ZERO)


def positions_due(encounter: Encounter) -> list[str]:
    """Payer positions to be billed now: the first payer that is not settled; none when all are.

    A payer is settled when the encounter tells what it decided, or that it never covers this.
    """
    open_ones = sorted((c for c in encounter.coverages if not c.settled), key=lambda c: c.rank)
    return [c.responsibility for c in open_ones[:1]]


def position_after(encounter: Encounter, position: str) -> str | None:
    """The payer that is asked for what the one in `position` gives away; None where none is left.

    One that never covers this, or whose decision the encounter tells, is not asked again.
    """
    asked = encounter.coverage(position)
    later = (c for c in encounter.coverages if asked and c.rank > asked.rank and not c.settled)
    following = min(later, key=lambda c: c.rank, default=None)
    return following.responsibility if following else None


def patient_control_number(*, root: int, attempt: int) -> str:
    """CLM01, 17 characters at most because some receivers cut there (837.md 1.3).

    It begins with a letter, so that a payer that strips leading zeros gives it back unchanged, and
    an attempt after a rejection keeps the root (`C000000042-2`).
    """
    return f"C{root:09d}-{attempt}"


def number_of_attempt(number: str, attempt: int) -> str:
    """The number of a later attempt, whose root is that of any attempt before it."""
    root, _, _ = number.rpartition("-")
    return f"{root}-{attempt}"


# ── Rows as the flows see them ─────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A service line of a stored claim with what has been posted to it."""

    id: UUID
    charge_id: UUID
    line_control_number: str
    procedure: Procedure
    charge: Decimal
    paid: Decimal = ZERO
    adjusted: Decimal = ZERO
    patient_responsibility: Decimal = ZERO
    predetermination: bool = False  # its claim is one
    units: Decimal = ONE
    service_date: date | None = None
    elsewhere: Decimal = ZERO  # of the charge, what other payers' claims account for
    open_elsewhere: Decimal = ZERO  # what the encounter's claims to other payers hold open of it

    @property
    def receivable(self) -> Decimal:
        """What the payer owes for it before it has spoken: a predetermination asks for nothing."""
        return ZERO if self.predetermination else self.charge - self.elsewhere

    @property
    def balance(self) -> Decimal:
        return self.receivable - self.paid - self.adjusted - self.patient_responsibility


@dataclass(frozen=True, slots=True)
class ClaimLevel:
    """The part of a claim's money that a payer gave to none of its lines."""

    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as the database knows it: its latest submission, projections and lines."""

    id: UUID
    encounter_id: UUID
    claim_type: str
    payer_row: UUID | None  # None: the encounter names no payer, and PAY01 holds the claim
    payer_id: str | None  # what the encounter names the payer by, NM109 in 2010BB
    payer_name: str | None
    responsibility: str
    frequency: str
    version: int
    submission_id: UUID
    attempt: int
    patient_control_number: str
    payer_claim_control_number: str | None
    charge: Decimal
    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal
    stage: Stage
    reported_by: str
    as_of: str | None
    first_service_date: date | None
    findings: tuple[Finding, ...] = ()
    lines: tuple[ClaimLine, ...] = field(default=())
    predetermination: bool = False
    billing_npi: str | None = None
    next_position: str | None = None  # who is asked for what this payer gives away
    elsewhere: Decimal = ZERO
    open_elsewhere: Decimal = ZERO

    @property
    def status(self) -> Status:
        return self.stage.status

    @property
    def receivable(self) -> Decimal:
        """What this payer is asked for: of the whole charge, what no other payer's claim accounts
        for; nothing where it is a predetermination."""
        return ZERO if self.predetermination else self.charge - self.elsewhere

    @property
    def beside_lines(self) -> ClaimLevel:
        """What was posted to the claim as a whole: by DRG, by the day, or without lines."""
        return ClaimLevel(
            self.paid - sum((line.paid for line in self.lines), ZERO),
            self.adjusted - sum((line.adjusted for line in self.lines), ZERO),
            self.patient_responsibility
            - sum((line.patient_responsibility for line in self.lines), ZERO),
        )

    @property
    def balance(self) -> Decimal:
        """What the payer still owes by the books."""
        return self.receivable - self.paid - self.adjusted - self.patient_responsibility


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """One attempt of a claim: the number it travels by and what it asks for."""

    id: UUID
    attempt: int
    version: int
    patient_control_number: str
    frequency: str
