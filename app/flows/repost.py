"""A remittance that was un-posted goes back on the books, as a whole.

Its claim payments wait for their gates again, as if they came last: each finds its claim by the
match it had, and posts where the claim has room for it. What something else was paid for meanwhile
waits with its reason. What a person had un-posted alone, before or after, stays off the books.
"""

from __future__ import annotations

from uuid import UUID

from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.matching import REVERSAL_WITHOUT_ORIGINAL, Waits
from app.domain.settling import OVERPAID
from app.flows.books import tell
from app.flows.payment_changes import TakenOff, taken_off
from app.flows.ports import (
    Act,
    KeptPayment,
    PaymentState,
    RemittanceState,
    StoredRemittance,
    UnitOfWork,
)
from app.flows.provider_adjustments import book_provider_adjustments
from app.flows.settle import settle
from app.flows.unpost import UNPOSTED_WITH_ALL

_AT_ONCE = 200

_NO_ROOM = Waits(
    OVERPAID,
    "Its remittance was posted again, but its claim has no room for it beside what was paid"
    " meanwhile. Un-post that, or match this payment to another claim.",
)


def repost_remittance(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> None:
    """Every posting that went with it, and its PLB pairs; raises NotFound and Conflict."""
    stored = uow.remittances.get(remittance_id)
    if stored is None:
        raise NotFound("remittance", "of this id")
    uow.traces.hold([stored.remittance])
    if stored.state is not RemittanceState.UNPOSTED:
        raise Conflict(
            f"the remittance is {stored.state}.", do="Only one that is un-posted is posted again."
        )
    _must_hold_its_money(uow, stored)
    uow.remittances.mark(remittance_id, RemittanceState.POSTED)
    tell(uow, settle(uow, _put_back(uow, remittance_id, reason=reason)))
    book_provider_adjustments(uow, stored)
    now = uow.remittances.get(remittance_id)
    if now is not None and now.waiting:
        uow.remittances.mark(remittance_id, RemittanceState.POSTED_WITH_EXCEPTIONS)
    name = public_id(Prefix.REMITTANCE, remittance_id)
    uow.audit("remittance.reposted", subject=name, detail={"reason": reason})
    uow.event("remittance.reposted", resource=name)


def _must_hold_its_money(uow: UnitOfWork, stored: StoredRemittance) -> None:
    """Of two that tell one payment differently, one is on the books."""
    for other in uow.traces.told_otherwise(stored):
        if other.state in (RemittanceState.POSTED, RemittanceState.POSTED_WITH_EXCEPTIONS):
            raise Conflict(
                f"The remittance {public_id(Prefix.REMITTANCE, other.id)} was accepted as what this"
                " payment says, and holds the same money.",
                do="Un-post that one first.",
            )


def _put_back(uow: UnitOfWork, remittance_id: UUID, *, reason: str) -> set[UUID]:
    """Its payments wait for their claims again. Gives these."""
    touched: set[UUID] = set()
    after, more = 0, True
    while more:
        some = uow.payments.of_remittance(remittance_id, limit=_AT_ONCE, after=after)
        more = len(some) == _AT_ONCE
        after = some[-1].payment.ordinal if some else after
        mine = [p for p in some if p.reason == UNPOSTED_WITH_ALL.reason]
        uow.payments.change([taken_off(p, _back(p), reason=reason) for p in mine])
        touched.update(p.claim_id for p in some if p.claim_id)
    return touched


def _back(payment: KeptPayment) -> TakenOff:
    why = REVERSAL_WITHOUT_ORIGINAL if payment.payment.is_reversal else _NO_ROOM
    return TakenOff(Act.REPOSTED, PaymentState.WAITING, why, keeps_claim=True)
