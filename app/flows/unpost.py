"""Postings taken back by a person: mirror entries, figures as before, the history kept.

A claim payment that is un-posted keeps its claim in view and its money in unapplied, until a person
matches it again. A reversal that is un-posted gives its original back to the books. The deposit
stays where it is: the money did arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.matching import Waits
from app.domain.money import ZERO
from app.flows.books import SOURCE_TYPE, Source, added, sources_of, taken_back_by, tell
from app.flows.denials import denials_reversed
from app.flows.evidence import withdraw
from app.flows.next_claims import follow
from app.flows.patient_money import apply_patient_money
from app.flows.payment_changes import TakenOff, stands_again, taken_off
from app.flows.ports import (
    Act,
    FactPlace,
    KeptPayment,
    PaymentState,
    RemittanceState,
    UnitOfWork,
)
from app.flows.provider_adjustments import take_back_provider_adjustments
from app.flows.settle import settle
from app.flows.underpayments import payments_taken_back

_AT_ONCE = 200

UNPOSTED = Waits("unposted", "A person took its posting back. Match it again, or leave it.")


# Kept apart from a payment that was taken off alone: it goes back with its remittance.
UNPOSTED_WITH_ALL = Waits(
    "unposted_with_remittance",
    "A person took its whole remittance back. Post the remittance again, or match this payment.",
)
_UNPOST = TakenOff(Act.UNPOSTED, PaymentState.UNPOSTED, UNPOSTED, keeps_claim=True)
_UNPOST_WITH_ALL = replace(_UNPOST, why=UNPOSTED_WITH_ALL)


def unpost_payment(uow: UnitOfWork, payment_id: UUID, *, reason: str) -> None:
    """Raises NotFound, and Conflict where the payment does not stand on the books."""
    payment = held_payment(uow, payment_id)
    must_stand(payment)
    take_off(uow, [payment], _UNPOST, reason=reason)
    name = public_id(Prefix.CLAIM_PAYMENT, payment_id)
    uow.audit("claim_payment.unposted", subject=name, detail={"reason": reason})
    uow.event("claim_payment.unposted", resource=name)
    settle_and_tell(uow, payment)


def unpost_remittance(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> None:
    """Every posting of it, reversals first, and its PLB pairs; raises NotFound and Conflict."""
    stored = uow.remittances.get(remittance_id)
    if stored is None:
        raise NotFound("remittance", "of this id")
    if not stored.finished or stored.state not in (
        RemittanceState.POSTED,
        RemittanceState.POSTED_WITH_EXCEPTIONS,
    ):
        raise Conflict(
            f"the remittance is {stored.state}.", do="Only one that is posted can be un-posted."
        )
    uow.remittances.mark(remittance_id, RemittanceState.UNPOSTED)
    touched = _take_off_payments(uow, remittance_id, reason=reason)
    must_have_room(uow, touched)
    take_back_provider_adjustments(uow, remittance_id)
    name = public_id(Prefix.REMITTANCE, remittance_id)
    uow.audit("remittance.unposted", subject=name, detail={"reason": reason})
    uow.event("remittance.unposted", resource=name)
    tell(uow, settle(uow, touched))


def held_payment(uow: UnitOfWork, payment_id: UUID) -> KeptPayment:
    """The payment, held, and before it its claim: who changes a payment holds its claim first.

    Raises NotFound.
    """
    shown = uow.payments.shown(payment_id)
    if shown is not None and shown.claim_id is not None:
        uow.claims.held([shown.claim_id])
    payment = uow.payments.get(payment_id)
    if payment is None:
        raise NotFound("claim payment", "of this id")
    return payment


def must_stand(payment: KeptPayment) -> None:
    if payment.state is PaymentState.REVERSED:
        raise Conflict(
            "The claim payment was taken back by a reversal that is posted.",
            do="Un-post the reversal first.",
        )
    if payment.state is not PaymentState.POSTED:
        raise Conflict(
            f"The claim payment is {payment.state}.", do="Only one that is posted can be un-posted."
        )


def take_off(
    uow: UnitOfWork, payments: Sequence[KeptPayment], how: TakenOff, *, reason: str
) -> None:
    """Take posted payments off the books; what a reversal among them took back stands again."""
    sources = sources_of(uow, [p.remittance_id for p in payments])
    claims = uow.claims.held([p.claim_id for p in payments if p.claim_id])
    entries = uow.journal.standing(SOURCE_TYPE, [p.id for p in payments])
    back = []
    for payment in payments:
        assert payment.claim_id is not None
        standing = entries.get(payment.id)
        posted = taken_back_by(
            payment.id,
            standing,
            claim=claims[payment.claim_id],
            ordinal=standing.entries if standing else 0,
            effective_date=sources[payment.remittance_id].stored.remittance.effective_date,
        )
        if posted is not None:
            back.append((payment.claim_id, posted))
    uow.journal.post([posted.entry for _, posted in back])
    uow.claims.add_amounts([added(claim_id, posted) for claim_id, posted in back])
    uow.payments.change([taken_off(payment, how, reason=reason) for payment in payments])
    originals = uow.payments.originals([p.id for p in payments if p.payment.is_reversal])
    uow.payments.change(
        [
            stands_again(original, reversal_id=reversal_id, reason=reason)
            for reversal_id, original_id in originals.items()
            if (original := uow.payments.get(original_id)) is not None
        ]
    )
    payments_taken_back(uow, [payment.id for payment in payments])
    apply_patient_money(uow, [claim.encounter_id for claim in claims.values()])
    _withdraw(uow, payments, sources)
    denials_reversed(uow, [payment.id for payment in payments])
    follow(uow, claims)


def must_have_room(uow: UnitOfWork, claim_ids: Collection[UUID]) -> None:
    """Raises Conflict where what stands again finds that something else was paid meanwhile."""
    for claim in uow.claims.held(sorted(claim_ids)).values():
        if claim.balance < ZERO or any(line.balance < ZERO for line in claim.lines):
            raise Conflict(
                "The payment that the reversal took back would stand again beside its correction,"
                " and the claim would be paid beyond its charge.",
                do="Un-post the correction first.",
            )


def settle_and_tell(uow: UnitOfWork, payment: KeptPayment) -> None:
    """There may be room now for what waited."""
    if payment.claim_id is not None:
        must_have_room(uow, [payment.claim_id])
        tell(uow, settle(uow, [payment.claim_id]))


def _take_off_payments(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> set[UUID]:
    """Two rounds: a reversal in this remittance may be of a payment in it. Gives the claims."""
    touched: set[UUID] = set()
    for reversals in (True, False):
        after = 0
        while some := uow.payments.of_remittance(remittance_id, limit=_AT_ONCE, after=after):
            after = some[-1].payment.ordinal
            mine = [p for p in some if p.payment.is_reversal is reversals]
            if any(p.state is PaymentState.REVERSED for p in mine):
                raise Conflict(
                    "Claim payments of the remittance were taken back by later reversals.",
                    do="Un-post these reversals first.",
                )
            posted = [p for p in mine if p.state is PaymentState.POSTED]
            if posted:
                take_off(uow, posted, _UNPOST_WITH_ALL, reason=reason)
                touched.update(p.claim_id for p in posted if p.claim_id)
    return touched


def _withdraw(
    uow: UnitOfWork, payments: Sequence[KeptPayment], sources: dict[UUID, Source]
) -> None:
    matches = uow.evidence.matches_of_claims(sorted({p.claim_id for p in payments if p.claim_id}))
    places = [
        FactPlace(sources[p.remittance_id].file.id, p.payment.place.segment_number)
        for p in payments
    ]
    withdraw(uow, [match for place in places for match in matches.get(place, [])])
