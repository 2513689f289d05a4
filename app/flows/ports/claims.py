"""Claims with what stands behind them, and the batches they leave in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from app.domain.batch import BatchState, ClaimPosition, StoredBatch
from app.domain.claim import Claim, StoredClaim, StoredSubmission
from app.domain.finding import Finding
from app.domain.lifecycle import Stage, State
from app.domain.opinion import SecondOpinion


class Amounts(NamedTuple):
    """What a posting adds to a claim or a line; each may be negative."""

    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal


@dataclass(frozen=True, slots=True)
class Added:
    """What a posting adds to a claim, and to its lines by their ids."""

    claim_id: UUID
    total: Amounts
    lines: Mapping[UUID, Amounts]


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """What a claim shows of its evidence: that of its latest submission."""

    id: UUID
    submission_id: UUID
    frequency: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Folded:
    """What the fold says of a claim, with the payer's number of it where evidence brought one."""

    claim_id: UUID
    state: State
    payer_claim_control_number: str | None = None


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

    def submit_again(
        self,
        claim_id: UUID,
        claim: Claim,
        *,
        payer_row: UUID | None,
        patient_control_number: str,
        snapshot: bytes,
        findings: Sequence[Finding],
    ) -> StoredClaim:
        """A new version of a claim that has left, and the attempt it will leave by again."""
        ...

    def submissions(self, claim_id: UUID) -> list[StoredSubmission]:
        """Every attempt of the claim, oldest first."""
        ...

    def set_findings(self, claim_id: UUID, findings: Sequence[Finding]) -> None: ...
    def ready(self, *, limit: int, partner_id: UUID | None = None) -> list[UUID]:
        """Claims in stage READY that stand in no batch, oldest first: all, or a partner's."""
        ...

    def to_send(self, claim_ids: Sequence[UUID]) -> list[tuple[StoredClaim, Claim]]:
        """Locked until the unit of work ends, in id order, with the snapshot of their version."""
        ...

    def snapshots(self, claim_ids: Sequence[UUID]) -> dict[UUID, Claim]:
        """The latest version of each claim, as it is or was asked for."""
        ...

    def filing_codes(self, claim_ids: Sequence[UUID]) -> dict[UUID, str | None]:
        """SBR09 of the latest version of each claim."""
        ...

    def by_patient_control_number(self, numbers: Sequence[str]) -> dict[str, StoredClaim]:
        """Exact numbers only, of any attempt; locked, with lines; keys as asked for.

        `submission_id` of each is the one the number belongs to.
        """
        ...

    def held(self, claim_ids: Sequence[UUID]) -> dict[UUID, StoredClaim]:
        """Locked, with lines, as they now stand."""
        ...

    def shown(self, submission_ids: Sequence[UUID]) -> dict[UUID, ShownClaim]:
        """Locked; what the claim of each submission shows."""
        ...

    def project(self, states: Sequence[Folded]) -> None:
        """Keep what the folds say beside their claims, for lists; `verify` compares the two."""
        ...

    def add_amounts(self, postings: Sequence[Added]) -> None:
        """Add postings to the projections of their claims and lines."""
        ...


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
