"""A person decides on what no gate lets through: a claim payment that is put aside, a remittance
that was held because an earlier one of its trace says something else.

Neither moves cash that is booked. What is dismissed stays in unapplied, like everything that is
applied to nothing, until it is refunded, or matched after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.matching import Waits
from app.domain.money import ZERO
from app.domain.posting import deposit_entry
from app.domain.remittance import CURRENCY
from app.domain.seen_before import Seen, is_whole
from app.flows.deposits import reassociate_remittances
from app.flows.judging import TRANSACTION_WAITS
from app.flows.payment_changes import TakenOff, taken_off
from app.flows.ports import (
    Act,
    KeptPayment,
    PaymentState,
    RemittanceState,
    StoredRemittance,
    UnitOfWork,
)
from app.flows.split import end_waiting, post_waiting
from app.flows.unpost import held_payment

_AT_ONCE = 200

DISMISSED = Waits(
    "dismissed", "A person put it aside; its money is in unapplied. Match it if that was a mistake."
)
_DISMISS = TakenOff(Act.DISMISSED, PaymentState.DISMISSED, DISMISSED, keeps_claim=False)


def dismiss_payment(uow: UnitOfWork, payment_id: UUID, *, reason: str) -> None:
    """It is none of ours, or settled elsewhere: it waits no longer, and posts nothing.

    Raises NotFound, and Conflict where it is on the books or waits with its whole remittance.
    """
    payment = held_payment(uow, payment_id)
    if payment.state not in (PaymentState.WAITING, PaymentState.UNPOSTED):
        raise Conflict(
            f"The claim payment is {payment.state}.",
            do="Only one that waits can be dismissed; un-post one that is posted.",
        )
    if payment.reason == TRANSACTION_WAITS:
        raise Conflict(
            "It waits with its whole remittance.",
            do="Accept or reject the remittance, or ask the payer for a corrected one.",
        )
    uow.payments.change([taken_off(payment, _DISMISS, reason=reason)])
    name = public_id(Prefix.CLAIM_PAYMENT, payment_id)
    uow.audit("claim_payment.dismissed", subject=name, detail={"reason": reason})
    uow.event("claim_payment.dismissed", resource=name)


def reject_remittance(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> None:
    """The earlier one stands: nothing of this one is ever posted. Raises NotFound and Conflict."""
    stored = _held(uow, remittance_id)
    if stored.state is not RemittanceState.WAITING:
        raise Conflict(f"the remittance is {stored.state}.", do="Nothing was changed.")
    uow.remittances.mark(remittance_id, RemittanceState.REJECTED)
    _tell(uow, remittance_id, "remittance.rejected", reason)


def accept_correction(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> None:
    """It tells the earlier one's payment anew and is what stands: its claim payments are posted.

    The cash is that of the earlier one, whose postings a person has taken back before. Raises
    NotFound and Conflict.
    """
    stored = _held(uow, remittance_id)
    earlier = uow.remittances.get(stored.same_payment_as) if stored.same_payment_as else None
    if earlier is not None and earlier.state is not RemittanceState.UNPOSTED:
        name = public_id(Prefix.REMITTANCE, earlier.id)
        raise Conflict(
            f"The earlier remittance {name} is {earlier.state}, and holds the same money.",
            do="Un-post it first; or accept this one as a payment of its own.",
        )
    _post(uow, stored)
    _tell(uow, remittance_id, "remittance.accepted", reason)


def accept_payment(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> None:
    """It is a payment of its own under a trace that was used before: its cash is booked, and its
    claim payments go through their gates. Raises NotFound and Conflict."""
    stored = _held(uow, remittance_id)
    uow.traces.pay_itself(remittance_id)
    stored = replace(stored, seen=Seen.FIRST, same_payment_as=None)
    if stored.deposit != ZERO:
        uow.journal.post([deposit_entry(stored.remittance, remittance_id=remittance_id)])
    _post(uow, stored)
    reassociate_remittances(uow, [remittance_id])
    _tell(uow, remittance_id, "remittance.accepted", reason)


def _held(uow: UnitOfWork, remittance_id: UUID) -> StoredRemittance:
    """The remittance, if it is one that was held for a person."""
    stored = uow.remittances.get(remittance_id)
    if stored is None:
        raise NotFound("remittance", "of this id")
    uow.traces.hold([stored.remittance])
    held = stored.state in (RemittanceState.WAITING, RemittanceState.REJECTED)
    if not held or not stored.finished or stored.seen is not Seen.OTHER_CONTENT:
        raise Conflict(
            f"the remittance is {stored.state} and not held for another content under its trace.",
            do="Nothing was changed.",
        )
    return stored


def _post(uow: UnitOfWork, stored: StoredRemittance) -> None:
    if not is_whole(stored.remittance) or stored.remittance.currency != CURRENCY:
        raise Conflict(
            "The remittance is out of balance or pays in another currency.",
            do="Ask the payer for a corrected one.",
        )
    uow.remittances.mark(stored.id, RemittanceState.WAITING)
    after, more = 0, True
    while more:
        some = uow.payments.of_remittance(stored.id, limit=_AT_ONCE, after=after)
        more = len(some) == _AT_ONCE
        after = some[-1].payment.ordinal if some else after
        waiting = [k for k in some if k.reason == TRANSACTION_WAITS]
        post_waiting(uow, stored, _not_taken(uow, waiting))
    end_waiting(uow, stored)


def _not_taken(uow: UnitOfWork, waiting: Sequence[KeptPayment]) -> list[KeptPayment]:
    """What the earlier one had posted, and a person took back, is no duplicate of itself."""
    return [
        kept if uow.payments.twin_on_the_books(kept) else replace(kept, fingerprint=None)
        for kept in waiting
    ]


def _tell(uow: UnitOfWork, remittance_id: UUID, what: str, reason: str) -> None:
    name = public_id(Prefix.REMITTANCE, remittance_id)
    uow.audit(what, subject=name, detail={"reason": reason})
    uow.event(what, resource=name)
