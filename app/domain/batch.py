"""Claims on their way out: the partner's envelope, control numbers, and a sealed batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.claim import Claim
from app.domain.encounter import ClaimType
from app.domain.opinion import OpinionPolicy, SecondOpinion
from app.domain.party import Contact

# What a partner is sent unless its profile says otherwise: the guides with their errata.
GUIDES: Mapping[ClaimType, str] = {
    ClaimType.PROFESSIONAL: "005010X222A1",
    ClaimType.INSTITUTIONAL: "005010X223A2",
    ClaimType.DENTAL: "005010X224A2",
}


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
    def may_have_left(self) -> bool:
        """Whether a partner can have anything to say about it."""
        return self not in (BatchState.OPEN, BatchState.ABANDONED)


class AnswerKind(StrEnum):
    """An acknowledgment that a partner may want of the files it sends us."""

    TA1 = "TA1"
    IMPLEMENTATION = "999"


ANSWERABLE = ("837", "835", "277CA")  # kinds of files that may be answered; acknowledgments never


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """A trading partner: everything in the envelope that the guide does not fix."""

    id: UUID
    name: str
    sender_qualifier: str  # ISA05
    sender: str  # ISA06 and GS02
    receiver_qualifier: str  # ISA07
    receiver: str  # ISA08 and GS03
    submitter_name: str  # 1000A NM103
    submitter_identifier: str  # 1000A NM109
    submitter_contact: Contact
    receiver_name: str  # 1000B NM103
    receiver_identifier: str  # 1000B NM109
    acknowledgment_requested: bool = True  # ISA14
    claims_per_transaction: int = 5000
    guides: Mapping[ClaimType, str] = field(default_factory=lambda: dict(GUIDES))  # GS08, ST03
    element_separator: str = "*"
    component_separator: str = ":"
    repetition_separator: str = "^"
    segment_terminator: str = "~"
    line_end: str = "\n"
    out_folder: str = "out"  # under the tenant's folder of the data directory
    live: bool = False
    second_opinion: OpinionPolicy = OpinionPolicy.WARN
    answers: tuple[AnswerKind, ...] = ()  # what its files are answered with
    answers_to: tuple[str, ...] = ("837", "835")  # of ANSWERABLE
    patience: Mapping[str, int] = field(default_factory=dict)  # members of domain.silence.Patience

    @property
    def envelope(self) -> tuple[str, str, str, str]:
        """ISA05 to ISA08 of what we send; a file from this partner has the pairs changed round."""
        return self.sender_qualifier, self.sender, self.receiver_qualifier, self.receiver


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
