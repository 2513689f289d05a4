"""What claim payments become, and the acts that say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.matching import Waits
from app.flows.ports import (
    Act,
    KeptPayment,
    PaymentAct,
    PaymentChange,
    PaymentOutcome,
    PaymentState,
)

BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class TakenOff:
    """What becomes of a payment whose posting is taken back."""

    act: Act
    state: PaymentState
    why: Waits
    keeps_claim: bool


def posted_now(
    outcome: PaymentOutcome, kept: KeptPayment, *, counterpart_id: UUID | None = None
) -> PaymentChange:
    """A payment that waited is posted."""
    claim_id = outcome.claim.id if outcome.claim else None
    return PaymentChange(
        id=outcome.id,
        remittance_id=kept.remittance_id,
        before=kept.state,
        state=PaymentState.POSTED,
        act=PaymentAct(
            payment_id=outcome.id,
            act=Act.POSTED,
            claim_id=claim_id,
            counterpart_id=counterpart_id,
            method=outcome.method,
            confidence=outcome.confidence,
            classified=outcome.classified,
        ),
        claim_id=claim_id,
        classified=outcome.classified,
        method=outcome.method,
        fingerprint=outcome.fingerprint,
    )


def reversed_now(original: KeptPayment, *, reversal_id: UUID) -> PaymentChange:
    """A payment is taken back by a reversal that is posted."""
    return PaymentChange(
        id=original.id,
        remittance_id=original.remittance_id,
        before=PaymentState.POSTED,
        state=PaymentState.REVERSED,
        act=PaymentAct(
            payment_id=original.id,
            act=Act.REVERSED,
            claim_id=original.claim_id,
            counterpart_id=reversal_id,
            classified=original.classified,
        ),
        claim_id=original.claim_id,
        classified=original.classified,
        method=original.method,
    )


def stands_again(original: KeptPayment, *, reversal_id: UUID, reason: str) -> PaymentChange:
    """A payment is back on the books, because its reversal was taken off."""
    return PaymentChange(
        id=original.id,
        remittance_id=original.remittance_id,
        before=original.state,
        state=PaymentState.POSTED,
        act=PaymentAct(
            payment_id=original.id,
            act=Act.POSTED,
            claim_id=original.claim_id,
            counterpart_id=reversal_id,
            method=original.method,
            reason=reason,
            classified=original.classified,
        ),
        claim_id=original.claim_id,
        classified=original.classified,
        method=original.method,
    )


def taken_off(payment: KeptPayment, how: TakenOff, *, reason: str) -> PaymentChange:
    """A person takes a match, and what it had posted, away."""
    return PaymentChange(
        id=payment.id,
        remittance_id=payment.remittance_id,
        before=payment.state,
        state=how.state,
        act=PaymentAct(
            payment_id=payment.id,
            act=how.act,
            claim_id=payment.claim_id,
            reason=reason,
            classified=payment.classified,
        ),
        claim_id=payment.claim_id if how.keeps_claim else None,
        reason=how.why.reason,
        message=how.why.message,
        method=payment.method if how.keeps_claim else None,
        lines=None if how.keeps_claim else {},
    )


def matched(
    payment: KeptPayment, claim: StoredClaim, lines: Mapping[int, UUID], *, reason: str
) -> PaymentChange:
    """A person names the claim and its lines; the posting is a change of its own."""
    return PaymentChange(
        id=payment.id,
        remittance_id=payment.remittance_id,
        before=payment.state,
        state=payment.state,
        act=PaymentAct(
            payment_id=payment.id,
            act=Act.MATCHED,
            claim_id=claim.id,
            method=BY_HAND,
            confidence="certain",
            lines=lines,
            reason=reason,
        ),
        claim_id=claim.id,
        method=BY_HAND,
        lines=lines,
    )
