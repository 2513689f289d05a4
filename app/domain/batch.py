"""Claims on their way out: control numbers, the head of the file, and a sealed batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.claim import Claim
from app.domain.encounter import ClaimType
from app.domain.opinion import SecondOpinion
from app.domain.partner import PartnerProfile


class BatchState(StrEnum):
    """lifecycle.md section 3."""

    OPEN = "OPEN"  # written; sealed once a second opinion does not object
    ABANDONED = "ABANDONED"  # never sealed; its claims are free for another batch
    SEALED = "SEALED"
    TRANSMITTED = "TRANSMITTED"
    SEND_UNKNOWN = "SEND_UNKNOWN"
    FAILED_TRANSPORT = "FAILED_TRANSPORT"
    TA1_ACCEPTED = "TA1_ACCEPTED"
    TA1_REJECTED = "TA1_REJECTED"
    ACK_ACCEPTED = "ACK_ACCEPTED"
    ACK_PARTIAL = "ACK_PARTIAL"
    ACK_REJECTED = "ACK_REJECTED"

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self in (BatchState.SEALED, BatchState.FAILED_TRANSPORT)

    @property
    def may_have_left(self) -> bool:
        """Whether a partner can have anything to say about it."""
        return self not in (BatchState.OPEN, BatchState.ABANDONED)


@dataclass(frozen=True, slots=True)
class ControlNumbers:
    """Numbers taken from the partner's row in the transaction that stores the bytes."""

    interchange: int  # ISA13
    group: int  # GS06
    batch_reference: str  # BHT03 of the first transaction set; the next append -2, -3 ...


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """What stands at the head of one outbound interchange."""

    partner: PartnerProfile
    numbers: ControlNumbers
    claim_type: ClaimType  # one a batch: a functional group holds one guide
    usage: str  # ISA15: T or P, by the tenant's mode
    written: (
        datetime  # the partner's wall clock is not ours: UTC is written to ISA09/10 and GS04/05
    )


@dataclass(frozen=True, slots=True)
class OutboundClaim:
    """A claim under the number it travels by."""

    submission_id: UUID
    patient_control_number: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class ClaimPosition:
    """Where a claim stands in the written file: a 999 names it by segment position alone."""

    submission_id: UUID
    transaction_control_number: str  # ST02
    batch_reference: str  # BHT03 of that transaction set, which a 277CA echoes
    first_segment: int  # counted from ST = 1
    last_segment: int


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A written batch: bytes are kept under `sha256` before the first byte leaves."""

    id: UUID
    partner_id: UUID
    interchange_control_number: int
    group_control_number: int
    file_name: str
    sha256: str
    claims: int
    state: BatchState
    mode: str
    created_at: datetime
    opinion: SecondOpinion | None = None  # None: not asked (yet)
    reason: str | None = None  # why it was abandoned, or claims were left out of it
