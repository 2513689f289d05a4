"""What the flows need of the world, as Protocols that store, transport and main fill.

A unit of work is one database transaction bound to one tenant: every repository on it sees that
tenant's rows only. Leaving the `with` block commits; an exception rolls everything back, the jobs
enqueued in it included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from app.domain.answer import AnswerState, StoredAnswer
from app.domain.batch import BatchState, ClaimPosition, ControlNumbers, PartnerProfile, StoredBatch
from app.domain.claim import Claim, StoredClaim
from app.domain.clock import Clock
from app.domain.encounter import Encounter
from app.domain.finding import Finding
from app.domain.ledger import JournalEntry
from app.domain.lifecycle import Evidence, Stage, State
from app.domain.opinion import SecondOpinion
from app.domain.remittance import ClaimPayment, ProviderAdjustment, Remittance
from app.domain.transmission import Transport

WORKFLOW_PROCESS_FILE = "process_file"
WORKFLOW_TRANSMIT_BATCH = "transmit_batch"
WORKFLOW_SECOND_OPINION = "second_opinion"
WORKFLOW_ANSWER_FILE = "answer_file"
WORKFLOW_TRANSMIT_ANSWER = "transmit_answer"
QUEUE_FILES = "files"
QUEUE_BATCHES = "batches"
QUEUE_OPINIONS = "opinions"


class Mode(StrEnum):
    """Test and live never mix."""

    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A practice or billing company: the owner of every row."""

    id: UUID
    name: str
    mode: Mode
    time_zone: str = "America/New_York"


# ── Encounters, payers, partners ───────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StoredEncounter:
    """The latest version of an encounter; `content_hash` is of its canonical JSON."""

    id: UUID
    version: int
    content_hash: str
    encounter: Encounter
    created_at: datetime


class Encounters(Protocol):
    """Business key: source system and external id."""

    def find(self, *, source_system: str, external_id: str) -> StoredEncounter | None: ...
    def get(self, encounter_id: UUID) -> StoredEncounter | None: ...
    def add(
        self, encounter: Encounter, *, content: bytes, content_hash: str
    ) -> StoredEncounter: ...
    def add_version(
        self, encounter_id: UUID, encounter: Encounter, *, content: bytes, content_hash: str
    ) -> StoredEncounter: ...


@dataclass(frozen=True, slots=True)
class StoredPayer:
    """A payer of this tenant; `served` False makes edit PAY01 fire."""

    id: UUID
    payer_id: str
    name: str
    served: bool


class Payers(Protocol):
    """Payers by the id an encounter names (scheme PI)."""

    def find(self, payer_id: str) -> StoredPayer | None: ...
    def ensure(self, *, payer_id: str, name: str) -> StoredPayer:
        """The payer, made from the first encounter that names it."""
        ...

    def set_served(self, payer_id: str, *, served: bool) -> None: ...


class Partners(Protocol):
    """Trading partners; a new tenant has one, `default`."""

    def for_payer(self, payer_row: UUID) -> PartnerProfile: ...
    def get(self, partner_id: UUID) -> PartnerProfile | None: ...
    def all(self) -> list[PartnerProfile]:
        """In the order of their names; a tenant has a few."""
        ...

    def hold(self, partner_id: UUID) -> PartnerProfile | None:
        """As `get`, and nobody else changes it until this unit of work ends."""
        ...

    def change(self, profile: PartnerProfile) -> None:
        """Keep the profile in place of the one with its id; name and `live` stay as they are."""
        ...

    def take_control_numbers(self, partner_id: UUID) -> ControlNumbers:
        """The next numbers, from the partner's row, locked until this unit of work ends."""
        ...


# ── Claims ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a posting adds to a claim or a line; each may be negative."""

    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """GET /v1/claims: None means any."""

    patient_control_number: str | None = None
    status: str | None = None
    stage: str | None = None


class Claims(Protocol):
    """Claims with versions, lines, charges and submissions behind them."""

    def of_encounter(self, encounter_id: UUID) -> list[StoredClaim]: ...
    def get(self, claim_id: UUID) -> StoredClaim | None: ...
    def search(self, which: ClaimFilter, *, limit: int, after: UUID | None) -> list[StoredClaim]:
        """In id order, beginning behind `after`."""
        ...

    def add(
        self,
        claim: Claim,
        *,
        encounter_id: UUID,
        payer_row: UUID | None,
        patient_control_number: str,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        """Claim, version 1, lines with their charges (made once an encounter line), attempt 1.

        `payer_row` is None when the encounter names no payer id (edit PAY01 holds the claim).
        """
        ...

    def revise(
        self,
        claim_id: UUID,
        claim: Claim,
        *,
        payer_row: UUID | None,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        """A new version of a claim that has not left; charges keep their ids by line id."""
        ...

    def set_findings(self, claim_id: UUID, findings: Sequence[Finding]) -> None: ...
    def ready(self, *, limit: int) -> list[UUID]:
        """Claims in stage READY that stand in no batch, oldest first."""
        ...

    def to_send(self, claim_ids: Sequence[UUID]) -> list[tuple[StoredClaim, Claim]]:
        """Locked until the unit of work ends, in id order, with the snapshot of their version."""
        ...

    def by_patient_control_number(self, numbers: Sequence[str]) -> dict[str, StoredClaim]:
        """Exact numbers only, of any attempt; locked, with lines; keys as asked for.

        `submission_id` of each is the one the number belongs to.
        """
        ...

    def by_submission(self, submission_ids: Sequence[UUID]) -> dict[UUID, StoredClaim]:
        """Locked; the claim each submission belongs to."""
        ...

    def project(
        self, claim_id: UUID, state: State, *, payer_claim_control_number: str | None = None
    ) -> None:
        """Keep what the fold says beside the claim, for lists; `verify` compares the two."""
        ...

    def add_amounts(self, claim_id: UUID, *, total: Amounts, lines: Mapping[UUID, Amounts]) -> None:
        """Add a posting to the claim's and its lines' projections (keys: line ids)."""
        ...


# ── Batches ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SentClaim:
    """A claim inside a batch, for acknowledgments to find it."""

    submission_id: UUID
    claim_id: UUID
    patient_control_number: str
    transaction_control_number: str  # ST02
    batch_reference: str  # BHT03 of its transaction set
    billing_npi: str | None
    charge: Decimal


class Batches(Protocol):
    """Written interchanges. A claim's submission stands in one batch at most."""

    def add(self, batch: StoredBatch, *, positions: Sequence[ClaimPosition]) -> None:
        """Store the written batch and where each claim stands in it."""
        ...

    def rewrite(self, batch_id: UUID, *, sha256: str, positions: Sequence[ClaimPosition]) -> None:
        """Other bytes for a batch that is not sealed; claims that are not in them are free."""
        ...

    def get(self, batch_id: UUID) -> StoredBatch | None: ...
    def page(self, *, limit: int, after: UUID | None) -> list[StoredBatch]:
        """In id order, beginning behind `after`."""
        ...

    def holding(self, claim_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Claims whose latest submission stands in a batch, with that batch."""
        ...

    def by_interchange(self, control_number: int) -> StoredBatch | None:
        """By ISA13, of batches that may have left; so do the next two."""
        ...

    def by_group(self, control_number: int) -> StoredBatch | None: ...
    def by_reference(self, reference: str) -> StoredBatch | None:
        """By BHT03 of any of its transaction sets."""
        ...

    def claims(self, batch_id: UUID) -> list[SentClaim]: ...
    def mark(self, batch_id: UUID, state: BatchState, *, reason: str | None = None) -> None:
        """Change the state, and the reason if it is not None."""
        ...

    def keep_opinion(self, batch_id: UUID, opinion: SecondOpinion) -> None: ...
    def of_claim(self, claim_id: UUID) -> tuple[StoredBatch, ClaimPosition] | None:
        """Where the claim's latest submission was written."""
        ...


# ── Files and evidence ─────────────────────────────────────────────────────


class FileState(StrEnum):
    """contracts.md: the last four are final."""

    RECEIVED = "received"
    PROCESSING = "processing"
    PROCESSED = "processed"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"

    @property
    def final(self) -> bool:
        return self not in (FileState.RECEIVED, FileState.PROCESSING)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An inbound file: its bytes are kept under (tenant, sha256)."""

    id: UUID
    name: str
    sha256: str
    size: int
    kind: str | None  # 837, 835, 999, 277CA, TA1, encounter, or what it was recognised as
    state: FileState
    reason: str | None
    duplicate_of: UUID | None
    transaction_sets: int
    claims: int
    issues: tuple[Mapping[str, Any], ...]
    received_at: datetime


class Files(Protocol):
    """Inbound files, each taken once by its content."""

    def original(self, sha256: str) -> StoredFile | None:
        """The first file with these bytes that is not itself a duplicate; locks the hash."""
        ...

    def add(
        self, *, name: str, sha256: str, size: int, state: FileState, duplicate_of: UUID | None
    ) -> StoredFile: ...
    def get(self, file_id: UUID) -> StoredFile | None: ...
    def mark(
        self,
        file_id: UUID,
        state: FileState,
        *,
        kind: str | None = None,
        reason: str | None = None,
        duplicate_of: UUID | None = None,
        transaction_sets: int | None = None,
        claims: int | None = None,
        issues: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Change the state and whatever else is not None."""
        ...

    def unfinished(self) -> list[UUID]: ...


class Answers(Protocol):
    """What is sent back for files that came in, one an interchange."""

    def add(self, answers: Sequence[StoredAnswer]) -> None: ...
    def get(self, answer_id: UUID) -> StoredAnswer | None:
        """Held until the unit of work ends."""
        ...

    def of_file(self, file_id: UUID) -> list[StoredAnswer]:
        """In the order of its interchanges."""
        ...

    def mark(self, answer_id: UUID, state: AnswerState) -> None: ...


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a claim's timeline."""

    at: datetime
    stage: Stage
    reported_by: str
    code: str | None
    file_id: UUID | None
    segment_number: int | None
    loop: str | None


@dataclass(frozen=True, slots=True)
class MatchedEvidence:
    """A fact, the submissions it is about, and how that was found; no submission: it waits."""

    evidence: Evidence
    submission_ids: tuple[UUID, ...]
    file_id: UUID | None = None
    method: str = "exact"
    confidence: str = "certain"
    subject: str = ""  # what the file names: "ISA13=12", "AK202=0001", "CLM01"; no PHI


class EvidenceLog(Protocol):
    """Append-only; the same fact from the same place of the same file is kept once."""

    def append(self, items: Iterable[MatchedEvidence]) -> None: ...
    def of_submissions(self, submission_ids: Sequence[UUID]) -> dict[UUID, list[Evidence]]: ...
    def timeline(self, claim_id: UUID) -> list[TimelineItem]:
        """Evidence of all the claim's submissions, in effective order."""
        ...


# ── Remittances and the journal ────────────────────────────────────────────


class RemittanceState(StrEnum):
    """What became of a transaction set of an 835."""

    POSTING = "posting"
    POSTED = "posted"
    POSTED_WITH_EXCEPTIONS = "posted_with_exceptions"
    WAITING = "waiting"  # out of balance or in a foreign currency: nothing of it is posted
    DUPLICATE = "duplicate"


class PaymentState(StrEnum):
    """What became of one claim payment."""

    POSTED = "posted"
    WAITING = "waiting"


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


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """A claim payment with the verdict of its gates, on its way into the store."""

    id: UUID
    payment: ClaimPayment
    state: PaymentState
    outcome: Stage | None = None  # PAID .. of the classifier, when posted
    reason: str | None = None  # unmatched, unbalanced, reversal, line_mismatch ...
    message: str | None = None
    claim: StoredClaim | None = None
    method: str | None = None
    lines: Mapping[int, UUID] = field(default_factory=dict)  # service ordinal -> our line id
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A stored claim payment as GET /v1/remittances/{id} shows it."""

    id: UUID
    ordinal: int
    state: PaymentState
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
    ) -> StoredRemittance:
        """Store the header once (file and ordinal); a second call gives the row as it stands.

        The body hash is claimed in the fingerprint table: where another remittance holds it, the
        row is stored as DUPLICATE with `duplicate_of`.
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
    def get(self, remittance_id: UUID) -> StoredRemittance | None: ...
    def of_file(self, file_id: UUID) -> list[StoredRemittance]: ...
    def page(self, *, limit: int, after: UUID | None) -> list[StoredRemittance]: ...
    def payments(self, remittance_id: UUID, *, limit: int, after: int) -> list[StoredPayment]:
        """In order, beginning behind ordinal `after`."""
        ...

    def provider_adjustments(self, remittance_id: UUID) -> list[ProviderAdjustment]: ...


class Journal(Protocol):
    """Append-only double entry."""

    def post(self, entries: Sequence[JournalEntry]) -> None:
        """Store entries; one whose (source type, source id, ordinal) stands already is skipped."""
        ...

    def entries_of(self, source_type: str, source_id: UUID) -> list[tuple[UUID, JournalEntry]]: ...
    def trial_balance(self) -> dict[str, Decimal]:
        """Every account of the ledger with its balance."""
        ...

    def applied_to_claims(self) -> Decimal:
        """What left unapplied for claims: CLP04 posted, reversals taken off."""
        ...


# ── The unit of work and its makers ────────────────────────────────────────


class UnitOfWork(Protocol):
    """One transaction of one tenant."""

    tenant: Tenant
    clock: Clock
    encounters: Encounters
    payers: Payers
    partners: Partners
    claims: Claims
    batches: Batches
    files: Files
    answers: Answers
    evidence: EvidenceLog
    remittances: Remittances
    journal: Journal

    def next_number(self, counter: str) -> int:
        """The next value of a counter of this tenant, from 1."""
        ...

    def audit(self, action: str, *, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """One link of the tenant's audit chain: what was done to what; the actor is known."""
        ...

    def event(self, type: str, *, resource: str, data: Mapping[str, Any] | None = None) -> None:
        """One row of the outbox: ids and codes only."""
        ...

    def enqueue(self, workflow: str, *, queue: str, workflow_id: str, args: Sequence[str]) -> None:
        """Start a durable job when this transaction commits; a known workflow id is a no-op."""
        ...


class UnitsOfWork(Protocol):
    """Opens units of work."""

    def __call__(self, tenant_id: UUID, *, actor: str) -> AbstractContextManager[UnitOfWork]: ...


class RawFiles(Protocol):
    """Bytes addressed by tenant and sha256, written once, encrypted when a key is configured."""

    def put(self, tenant_id: UUID, data: bytes) -> str:
        """Keep the bytes (idempotent, on disk before it returns) and give their sha256."""
        ...

    def get(self, tenant_id: UUID, sha256: str) -> bytes:
        """The bytes as received; raises when they no longer match their hash."""
        ...

    def open(self, tenant_id: UUID, sha256: str) -> BinaryIO:
        """The same bytes as a stream, for files too large to hold."""
        ...


class Transports(Protocol):
    """The way to a tenant's partner."""

    def __call__(self, tenant: Tenant, partner: PartnerProfile) -> Transport: ...
