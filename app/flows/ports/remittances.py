"""What payers paid, and the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.ledger import JournalEntry
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.outcome import Outcome
from app.domain.remittance import ClaimPayment, PaymentState, ProviderAdjustment, Remittance
from app.domain.remittance_report import Sums
from app.domain.seen_before import FIRST, Seen, Verdict


class RemittanceState(StrEnum):
    """What became of a transaction set of an 835."""

    POSTING = "posting"
    POSTED = "posted"
    POSTED_WITH_EXCEPTIONS = "posted_with_exceptions"
    WAITING = "waiting"  # out of balance or in a foreign currency: nothing of it is posted
    DUPLICATE = "duplicate"
    REJECTED = "rejected"  # a person says that an earlier one of its trace stands instead
    UNPOSTED = "unposted"  # a person took all of it off the books, its deposit aside


@dataclass(frozen=True, slots=True)
class StoredRemittance:
    """A remittance row; `cursor` is how many of its claim payments are stored."""

    id: UUID
    file_id: UUID
    state: RemittanceState
    reason: str | None
    duplicate_of: UUID | None
    cursor: int
    remittance: Remittance
    finished: bool = False  # all its claim payments and PLB pairs are stored
    posted: int = 0
    waiting: int = 0
    seen: Seen = Seen.FIRST  # beside others of its trace; a duplicate's is its state
    same_payment_as: UUID | None = None  # the remittance that booked its deposit

    @property
    def deposit(self) -> Decimal:
        """What it booked as cash: nothing, where another remittance did for the same payment."""
        if self.state is RemittanceState.DUPLICATE or self.same_payment_as is not None:
            return ZERO
        return self.remittance.deposit


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """A claim payment with the verdict of its gates, on its way into the store."""

    id: UUID
    payment: ClaimPayment
    state: PaymentState
    classified: Outcome | None = None  # how the claim came out, when posted
    reason: str | None = None  # unmatched, unbalanced, overpaid, line_mismatch ...
    message: str | None = None
    claim: StoredClaim | None = None
    method: str | None = None
    lines: Mapping[int, UUID] = field(default_factory=dict)  # service ordinal -> our line id
    line_methods: Mapping[int, str] = field(default_factory=dict)  # service ordinal -> method
    fingerprint: str | None = None
    confidence: str = "certain"

    @property
    def outcome(self) -> Stage | None:
        """PAID .. of the classifier, when posted."""
        return self.classified.stage if self.classified else None


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A stored claim payment as GET /v1/remittances/{id} shows it."""

    id: UUID
    remittance_id: UUID
    ordinal: int
    state: PaymentState
    classified: Outcome | None
    reason: str | None
    message: str | None
    claim_id: UUID | None
    patient_control_number: str
    payer_claim_control_number: str | None
    status: str
    charge: Decimal
    paid: Decimal
    segment_number: int


class Remittances(Protocol):
    """835 transaction sets, claim payments and PLB pairs."""

    def start(
        self,
        remittance: Remittance,
        *,
        file_id: UUID,
        state: RemittanceState,
        reason: str | None,
        verdict: Verdict = FIRST,
    ) -> StoredRemittance:
        """Store the header once (file and ordinal); a second call gives the row as it stands.

        The hashes of body and content are claimed in the fingerprint table: where another
        remittance holds one, the row is stored as DUPLICATE with `duplicate_of`.
        """
        ...

    def add_payments(
        self, remittance_id: UUID, outcomes: Sequence[PaymentOutcome], *, cursor: int
    ) -> None:
        """Store claim payments with services, adjustments and remarks; move the cursor."""
        ...

    def posted_fingerprints(self, fingerprints: Sequence[str]) -> set[str]:
        """Which of these claim payments have been posted before."""
        ...

    def add_provider_adjustments(
        self, remittance_id: UUID, adjustments: Sequence[tuple[UUID, ProviderAdjustment]]
    ) -> None: ...
    def finish(self, remittance_id: UUID, state: RemittanceState) -> None: ...
    def mark(self, remittance_id: UUID, state: RemittanceState) -> None:
        """Change the state of one that is finished."""
        ...

    def get(self, remittance_id: UUID) -> StoredRemittance | None: ...
    def of_file(self, file_id: UUID) -> list[StoredRemittance]: ...
    def page(self, *, limit: int, after: UUID | None) -> list[StoredRemittance]: ...
    def payments(self, remittance_id: UUID, *, limit: int, after: int) -> list[StoredPayment]:
        """In order, beginning behind ordinal `after`."""
        ...

    def provider_adjustments(self, remittance_id: UUID) -> list[ProviderAdjustment]: ...
    def provider_adjustment_ids(self, remittance_id: UUID) -> list[UUID]:
        """In the order of `provider_adjustments`."""
        ...

    def sums(self, remittance_id: UUID) -> Sums:
        """What is stored of it and what it booked, added up."""
        ...


@dataclass(frozen=True, slots=True)
class StandingEntry:
    """What of a source stands in the journal: its last entry, or what put that one back."""

    entries: int  # of this source; the ordinal of its next
    id: UUID | None = None
    entry: JournalEntry | None = None


class Journal(Protocol):
    """Append-only double entry."""

    def post(self, entries: Sequence[JournalEntry]) -> None:
        """Store entries; one whose (source type, source id, ordinal) stands already is skipped."""
        ...

    def entries_of(self, source_type: str, source_id: UUID) -> list[tuple[UUID, JournalEntry]]: ...
    def standing(self, source_type: str, source_ids: Sequence[UUID]) -> dict[UUID, StandingEntry]:
        """Of each source: the entry to take back, and how many entries it has; a source without
        entries is missing, one that was taken back has no entry.
        """
        ...

    def booked(
        self, source_type: str, source_ids: Sequence[UUID]
    ) -> Mapping[UUID, Mapping[str, Decimal]]:
        """Of each source, what its entries together moved by account; what they left to another
        payer than the claim's stands under `NEXT_PAYER`."""
        ...

    def trial_balance(self) -> dict[str, Decimal]:
        """Every account of the ledger with its balance."""
        ...

    def applied_to_claims(self) -> Decimal:
        """What left unapplied for claims: CLP04 posted, reversals taken off."""
        ...
