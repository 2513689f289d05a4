"""Claim payments through their gates: fresh ones of a file, stored ones that waited with all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.matching import Match, Waits, match, match_lines
from app.domain.outcome import outcome_of
from app.domain.posting import Posted, Remaining
from app.domain.remittance import ClaimPayment, Remittance
from app.domain.settling import OVERPAID
from app.flows.books import posting_of
from app.flows.next_claims import answering
from app.flows.ports import PaymentOutcome, PaymentState, UnitOfWork
from app.flows.settle import claim_of_reversal

TRANSACTION_WAITS = "transaction_waits"  # the reason of each payment of such a remittance


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim payment under the id it has or will have; `mark` is its fingerprint."""

    id: UUID
    payment: ClaimPayment
    mark: str


def judge_payments(
    uow: UnitOfWork, remittance: Remittance, some: Sequence[Judged]
) -> list[tuple[PaymentOutcome, Posted | None]]:
    """Each payment through its gates, in order, with what it puts on the books."""
    candidates = uow.candidates.of_payments([one.payment for one in some])
    known = uow.remittances.posted_fingerprints([one.mark for one in some])
    terms = uow.terms.of_claims({c.claim.id: c.claim for few in candidates for c in few}.values())
    remaining = Remaining()
    verdicts: list[tuple[PaymentOutcome, Posted | None]] = []
    for one, claims in zip(some, candidates, strict=True):
        verdict = match(
            one.payment, claims, remittance=remittance, fingerprint=one.mark, posted=known
        )
        verdict = _of_the_payer(uow, remittance, one.payment, verdict)
        posted = None
        if isinstance(verdict, Match):
            outcome = _passed(one, verdict)
            posted = posting_of(outcome, remittance, terms)
            overdrawn = remaining.take(verdict.claim, posted) if posted else None
            if overdrawn:  # it keeps its claim and lines: `settle` posts it when there is room
                outcome, posted = _put_off(outcome, Waits(OVERPAID, overdrawn)), None
        else:
            claim = verdict.claim
            if claim is None and one.payment.is_reversal:
                claim = claim_of_reversal(uow, one.payment)
            outcome = _put_off(_unmatched(one, claim), verdict)
        verdicts.append((outcome, posted))
    return verdicts


def waits_with_its_transaction(one: Judged) -> PaymentOutcome:
    """Nothing of a remittance that waits as a whole is judged."""
    why = Waits(TRANSACTION_WAITS, "The whole remittance waits; see its reason.")
    return _put_off(_unmatched(one, None), why)


def _of_the_payer(
    uow: UnitOfWork, remittance: Remittance, payment: ClaimPayment, verdict: Match | Waits
) -> Match | Waits:
    """The same, about the claim to the payer that pays: a number of ours may be answered by the
    payer behind the one that it was given to."""
    claim = answering(uow, remittance, payment, verdict.claim)
    if claim is None or claim is verdict.claim:
        return verdict
    if isinstance(verdict, Waits):
        return replace(verdict, claim=claim)
    return match_lines(payment, claim, method=verdict.method, confidence=verdict.confidence)


def _passed(one: Judged, found: Match) -> PaymentOutcome:
    return PaymentOutcome(
        id=one.id,
        payment=one.payment,
        state=PaymentState.POSTED,
        classified=outcome_of(one.payment, found.claim),
        claim=found.claim,
        method=found.method,
        confidence=found.confidence,
        lines=found.lines,
        line_methods=found.line_methods,
        fingerprint=one.mark,
    )


def _unmatched(one: Judged, claim: StoredClaim | None) -> PaymentOutcome:
    return PaymentOutcome(
        id=one.id,
        payment=one.payment,
        state=PaymentState.WAITING,
        claim=claim,
        fingerprint=one.mark,
    )


def _put_off(outcome: PaymentOutcome, why: Waits) -> PaymentOutcome:
    return replace(
        outcome, state=PaymentState.WAITING, classified=None, reason=why.reason, message=why.message
    )
