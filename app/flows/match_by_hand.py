"""A person says which claim a payment is about, or that it is about none of ours.

Money moves between unapplied and the claim by journal entries; a charge is never made. What the
books cannot hold is refused: a payment that does not add up, that is posted, that would pay a line
beyond its charge, or a reversal of which the claim has no original.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.errors import Conflict, NotFound
from app.domain.hand_match import LineChoice, LineFault, chosen_lines
from app.domain.identity import Prefix, public_id
from app.domain.matching import Waits
from app.domain.money import ZERO
from app.domain.outcome import TAKEN_BACK, outcome_of
from app.domain.posting import Remaining
from app.domain.reversal import TakesBack, takes_back
from app.flows.books import (
    SOURCE_TYPE,
    Booked,
    Source,
    next_entries,
    posting_of,
    put_on_the_books,
    sources_of,
    submissions_of,
    taken_back_by,
    tell,
)
from app.flows.payment_changes import (
    BY_HAND,
    TakenOff,
    matched,
    posted_now,
    reversed_now,
    taken_off,
)
from app.flows.ports import (
    Act,
    KeptPayment,
    PaymentChange,
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    UnitOfWork,
)
from app.flows.settle import REVERSAL_METHOD, settle
from app.flows.underpayments import payments_taken_back
from app.flows.unpost import held_payment, must_stand, settle_and_tell, take_off

UNMATCHED = Waits(
    "unmatched_by_hand", "A person took its match away. Match it to the claim it is about."
)
_UNMATCH = TakenOff(Act.UNMATCHED, PaymentState.WAITING, UNMATCHED, keeps_claim=False)


def match_payment(
    uow: UnitOfWork,
    payment_id: UUID,
    *,
    claim_id: UUID,
    lines: Sequence[LineChoice],
    reason: str,
) -> list[LineFault]:
    """Post it to the claim; what is wrong with the lines named, in which case nothing is done.

    Raises NotFound for a payment or claim that is none of this tenant's, Conflict where the books
    cannot hold it.
    """
    shown = uow.payments.shown(payment_id)
    in_view = [shown.claim_id] if shown and shown.claim_id else []
    claim = uow.claims.held([claim_id, *in_view]).get(claim_id)
    payment = held_payment(uow, payment_id)
    if claim is None:
        raise NotFound("claim", "of this id")
    [source] = sources_of(uow, [payment.remittance_id]).values()
    _must_be_open(uow, payment, source)
    chosen: Mapping[int, UUID] = {}
    if not payment.payment.is_reversal:
        chosen, faults = chosen_lines(payment.payment, claim, lines)
        if faults:
            return faults
    act = matched(payment, claim, chosen, reason=reason)
    if payment.payment.is_reversal:
        booked = _take_back(uow, payment, claim, source, act)
    else:
        booked = _post(uow, payment, claim, source, act)
    for reversal in uow.payments.reversals_naming(payment):
        uow.payments.keep_waiting(
            reversal.id,
            reason=reversal.reason or "",
            message=reversal.message or "",
            claim_id=claim_id,
        )
    tell(uow, [booked, *settle(uow, [claim_id])])
    name = public_id(Prefix.CLAIM_PAYMENT, payment_id)
    detail = {"claim": public_id(Prefix.CLAIM, claim_id), "reason": reason}
    uow.audit("claim_payment.matched", subject=name, detail=detail)
    uow.event("claim_payment.matched", resource=name)
    return []


def unmatch_payment(uow: UnitOfWork, payment_id: UUID, *, reason: str) -> None:
    """It is about no claim, as far as we know; what it had posted is taken back.

    Raises NotFound, and Conflict where it is about none already or was taken back by a reversal.
    """
    payment = held_payment(uow, payment_id)
    if payment.claim_id is None:
        raise Conflict("the claim payment is matched to no claim.", do="Nothing was changed.")
    if payment.state in (PaymentState.POSTED, PaymentState.REVERSED):
        must_stand(payment)
        take_off(uow, [payment], _UNMATCH, reason=reason)
    else:
        uow.payments.change([taken_off(payment, _UNMATCH, reason=reason)])
    name = public_id(Prefix.CLAIM_PAYMENT, payment_id)
    detail = {"claim": public_id(Prefix.CLAIM, payment.claim_id), "reason": reason}
    uow.audit("claim_payment.unmatched", subject=name, detail=detail)
    uow.event("claim_payment.unmatched", resource=name)
    settle_and_tell(uow, payment)


def _must_be_open(uow: UnitOfWork, payment: KeptPayment, source: Source) -> None:
    if payment.state in (PaymentState.POSTED, PaymentState.REVERSED):
        raise Conflict(
            f"The claim payment is {payment.state} already.", do="Un-post it before you match it."
        )
    if source.stored.state is RemittanceState.REJECTED:
        raise Conflict(
            "A person has rejected the whole remittance.", do="Accept it if that was a mistake."
        )
    if source.stored.state is RemittanceState.WAITING:
        raise Conflict(
            "The whole remittance waits, because it is out of balance or pays in another currency.",
            do="Ask the payer for a corrected one.",
        )
    if payment.payment.imbalances:
        raise Conflict(
            payment.payment.imbalances[0].message, do="Ask the payer for a corrected remittance."
        )
    if uow.payments.twin_on_the_books(payment) is not None:
        raise Conflict(
            "A claim payment with the same numbers and amounts under the same trace is posted.",
            do="Un-post that one if this is the right one.",
        )
    if payment.payment.paid < ZERO and not payment.payment.is_reversal:
        raise Conflict(
            "It takes money back without saying which payment it reverses (CLP02 is not 22).",
            do="Un-post the payment it corrects, and ask the payer for a reversal.",
        )


def _post(
    uow: UnitOfWork, payment: KeptPayment, claim: StoredClaim, source: Source, act: PaymentChange
) -> Booked:
    if claim.predetermination and payment.payment.paid != ZERO:
        raise Conflict(
            "The claim asked what would be paid and this payment pays it.",
            do="Find the claim of the services that were done.",
        )
    about = _submission(uow, payment, claim)
    outcome = PaymentOutcome(
        id=payment.id,
        payment=payment.payment,
        state=PaymentState.POSTED,
        classified=outcome_of(payment.payment, claim),
        claim=about,
        method=BY_HAND,
        lines=act.lines or {},
        fingerprint=payment.fingerprint,
    )
    posted = posting_of(outcome, source.stored.remittance, uow.terms.of_claims([claim]))
    overdrawn = Remaining().take(claim, posted) if posted else None
    if overdrawn:
        raise Conflict(overdrawn, do="Nothing was posted.")
    if posted is not None:
        [posted] = next_entries(uow, [posted])
    booked = Booked(outcome, source, posted, waited=True)
    put_on_the_books(uow, [booked])
    uow.payments.change([act, posted_now(outcome, payment)])
    return booked


def _take_back(
    uow: UnitOfWork, payment: KeptPayment, claim: StoredClaim, source: Source, act: PaymentChange
) -> Booked:
    """A person has confirmed the claim, so our number and the amounts are enough."""
    verdicts = [
        (takes_back(payment.payment, s.payment), s) for s in uow.payments.standing([claim.id])
    ]
    found = [s for verdict, s in verdicts if verdict >= TakesBack.UNCONFIRMED]
    if not found:
        raise Conflict(
            "No payment that stands on this claim is the one this reversal takes back: its number,"
            " charge, payment and adjustments have to be the same with every sign turned.",
            do="Match it to another claim, or un-post the payment that it was meant for.",
        )
    original = max(found, key=lambda s: takes_back(payment.payment, s.payment))
    about = _submission(uow, original, claim)
    outcome = PaymentOutcome(
        id=payment.id,
        payment=payment.payment,
        state=PaymentState.POSTED,
        classified=TAKEN_BACK,
        claim=about,
        method=f"{BY_HAND}+{REVERSAL_METHOD}",
        fingerprint=payment.fingerprint,
    )
    own = uow.journal.standing(SOURCE_TYPE, [payment.id, original.id])
    posted = taken_back_by(
        payment.id,
        own.get(original.id),
        claim=claim,
        ordinal=own[payment.id].entries if payment.id in own else 0,
        effective_date=source.stored.remittance.effective_date,
    )
    booked = Booked(outcome, source, posted, original, waited=True)
    put_on_the_books(uow, [booked])
    uow.payments.change(
        [
            act,
            posted_now(outcome, payment, counterpart_id=original.id),
            reversed_now(original, reversal_id=payment.id),
        ]
    )
    payments_taken_back(uow, [original.id])
    return booked


def _submission(uow: UnitOfWork, payment: KeptPayment, claim: StoredClaim) -> StoredClaim:
    """The claim with the submission that the payment is about."""
    sources = sources_of(uow, [payment.remittance_id])
    found = submissions_of(uow, [payment], claims={claim.id: claim}, sources=sources)
    return replace(claim, submission_id=found[payment.id])
