"""Claim payments after they were stored: what waits, what stands, and what was done to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.domain.outcome import Outcome
from app.domain.remittance import ClaimPayment, PaymentState
from app.flows.ports.remittances import StoredPayment


class Act(StrEnum):
    """What can be done to a claim payment."""

    MATCHED = "matched"  # a person named the claim and its lines
    UNMATCHED = "unmatched"  # a person took that, or what we had found, away
    POSTED = "posted"
    REVERSED = "reversed"  # a posted CLP02 22 took it back
    UNPOSTED = "unposted"  # a person took our posting back
    REPOSTED = "reposted"  # its remittance is put back: it waits for its gates, and posts
    DISMISSED = "dismissed"  # a person put it aside: none of ours, or settled elsewhere


@dataclass(frozen=True, slots=True)
class PaymentAct:
    """One act; the actor and the time are those of the unit of work that keeps it."""

    payment_id: UUID
    act: Act
    claim_id: UUID | None = None
    counterpart_id: UUID | None = None  # the reversal of an original, the original of a reversal
    method: str | None = None
    confidence: str | None = None
    lines: Mapping[int, UUID] | None = None  # a match by hand: service ordinal -> line id
    reason: str | None = None  # the person's words
    classified: Outcome | None = None  # what it makes of the claim, or what is taken back of it


@dataclass(frozen=True, slots=True)
class KeptAct:
    """An act as it is kept."""

    ordinal: int
    act: Act
    claim_id: UUID | None
    counterpart_id: UUID | None
    method: str | None
    confidence: str | None
    reason: str | None
    actor: str
    at: datetime
    classified: Outcome | None


@dataclass(frozen=True, slots=True)
class KeptPayment:
    """A stored claim payment with everything its file said, to be judged again."""

    id: UUID
    remittance_id: UUID
    state: PaymentState
    classified: Outcome | None
    reason: str | None
    claim_id: UUID | None
    method: str | None
    lines: Mapping[int, UUID]  # service ordinal -> our line id
    fingerprint: str | None
    message: str | None
    payment: ClaimPayment


@dataclass(frozen=True, slots=True)
class PaymentChange:
    """What a claim payment is from now on; `act` says why."""

    id: UUID
    remittance_id: UUID
    before: PaymentState
    state: PaymentState
    act: PaymentAct
    claim_id: UUID | None
    classified: Outcome | None = None
    reason: str | None = None
    message: str | None = None
    method: str | None = None
    lines: Mapping[int, UUID] | None = None  # None: those it has
    line_methods: Mapping[int, str] = field(default_factory=dict)  # with `lines`
    fingerprint: str | None = None  # claimed by it, where it is posted


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """GET /v1/claim-payments: None means any."""

    state: PaymentState | None = None
    reason: str | None = None
    claim_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReversalClue:
    """By what a reversal may name a payment that was matched to a claim by hand."""

    patient_control_number: str
    payer_claim_control_numbers: tuple[str, ...] = field(default=())


class ClaimPayments(Protocol):
    """Claim payments of all remittances. Who changes one holds its claim first."""

    def get(self, payment_id: UUID) -> KeptPayment | None:
        """Held until the unit of work ends."""
        ...

    def of_remittance(self, remittance_id: UUID, *, limit: int, after: int) -> list[KeptPayment]:
        """In order, beginning behind ordinal `after`."""
        ...

    def page(
        self, which: PaymentFilter, *, limit: int, after: UUID | None
    ) -> list[StoredPayment]: ...
    def shown(self, payment_id: UUID) -> StoredPayment | None: ...
    def waiting_for_claims(
        self, claim_ids: Sequence[UUID], *, reasons: Sequence[str]
    ) -> list[KeptPayment]:
        """Those that wait for one of these reasons and have one of these claims in view."""
        ...

    def standing(self, claim_ids: Sequence[UUID]) -> list[KeptPayment]:
        """Posted payments of these claims, without reversals and without what these took back."""
        ...

    def claims_named(self, clues: Sequence[ReversalClue]) -> dict[ReversalClue, UUID]:
        """The claim that an earlier payment under the same numbers was matched to."""
        ...

    def reversals_naming(self, payment: KeptPayment) -> list[KeptPayment]:
        """Reversals without a claim in view that share a number with this payment."""
        ...

    def twin_on_the_books(self, payment: KeptPayment) -> UUID | None:
        """Another payment of the same fingerprint that is, or was, on the books."""
        ...

    def change(self, changes: Sequence[PaymentChange]) -> None:
        """States, acts and the counts of their remittances, together."""
        ...

    def keep_waiting(
        self,
        payment_id: UUID,
        *,
        reason: str,
        message: str,
        claim_id: UUID | None,
        lines: Mapping[int, UUID] | None = None,
    ) -> None:
        """Another reason, or another claim or other lines in view, for what waits."""
        ...

    def acts(self, payment_id: UUID) -> list[KeptAct]: ...
    def decisions(self, claim_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[UUID, Outcome]]]:
        """By claim: its posted payments in their order, each with how the claim came out."""
        ...

    def originals(self, reversal_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Of posted reversals: which payment each took back."""
        ...
