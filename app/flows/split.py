"""A payment that was split over several remittances: its parts post together, when all have come.

Each part was stored as it came and waits; the first of them booked the deposit. Whoever stores the
last part posts them all, some claim payments at a time, and may be killed at any point: what is
posted waits no longer, and the rest is posted by whoever takes the job over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.identity import Prefix, public_id
from app.domain.money import ZERO, money_text
from app.domain.remittance import CURRENCY
from app.domain.seen_before import Seen, left_of, parts_wait
from app.flows.books import Booked, put_on_the_books, sources_of, tell
from app.flows.judging import TRANSACTION_WAITS, Judged, judge_payments
from app.flows.payment_changes import posted_now
from app.flows.ports import (
    KeptPayment,
    PaymentState,
    RemittanceState,
    StoredRemittance,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.provider_adjustments import book_provider_adjustments
from app.flows.settle import settle

_AT_ONCE = 200  # claim payments in one transaction


def complete_split(units: UnitsOfWork, stored: StoredRemittance, *, tenant_id: UUID) -> None:
    """Post the payment that this remittance is a part of, if nothing of it is missing."""
    if stored.seen is Seen.OTHER_CONTENT:
        return
    with units(tenant_id, actor="system") as uow:
        uow.traces.hold([stored.remittance])
        parts = uow.traces.parts(stored.same_payment_as or stored.id)
        if len(parts) < 2 or not all(_ended(part) for part in parts):
            return
        deposit = parts[0].remittance.deposit
        left = left_of(deposit, [part.remittance.adds_up_to for part in parts])
        if left != ZERO:
            why = parts_wait(left, deposit=deposit, parts=len(parts))
            uow.traces.explain([part.id for part in parts], why)
            return
    for part in parts:
        if part.state is RemittanceState.WAITING:  # else posted by whoever had this job before
            _post(units, part, tenant_id=tenant_id)


def _ended(part: StoredRemittance) -> bool:
    """Stored in full, and nobody has taken it off the books."""
    posts = part.remittance.currency == CURRENCY and part.state is not RemittanceState.UNPOSTED
    return part.finished and posts


def _post(units: UnitsOfWork, part: StoredRemittance, *, tenant_id: UUID) -> None:
    after, more = 0, True
    while more:
        with units(tenant_id, actor="system") as uow:
            uow.traces.hold([part.remittance])
            some = uow.payments.of_remittance(part.id, limit=_AT_ONCE, after=after)
            post_waiting(uow, part, [k for k in some if k.reason == TRANSACTION_WAITS])
            more = len(some) == _AT_ONCE
            if more:
                after = some[-1].payment.ordinal
            else:
                end_waiting(uow, part)


def post_waiting(uow: UnitOfWork, part: StoredRemittance, some: Sequence[KeptPayment]) -> None:
    """Claim payments that waited with their whole remittance, through their gates."""
    source = sources_of(uow, [part.id])[part.id]
    judged = [Judged(k.id, k.payment, k.fingerprint or "") for k in some]
    verdicts = judge_payments(uow, part.remittance, judged)
    changes = []
    for kept, (outcome, _) in zip(some, verdicts, strict=True):
        if outcome.state is PaymentState.POSTED:
            change = posted_now(outcome, kept)
            changes.append(replace(change, lines=outcome.lines, line_methods=outcome.line_methods))
        else:
            uow.payments.keep_waiting(
                kept.id,
                reason=outcome.reason or "",
                message=outcome.message or "",
                claim_id=outcome.claim.id if outcome.claim else None,
                lines=outcome.lines,
            )
    booked = [Booked(o, source, posted) for o, posted in verdicts if o.state is PaymentState.POSTED]
    put_on_the_books(uow, booked)
    uow.payments.change(changes)
    booked += settle(uow, {o.claim.id for o, _ in verdicts if o.claim})
    tell(uow, booked)


def end_waiting(uow: UnitOfWork, part: StoredRemittance) -> None:
    """Its PLB pairs leave unapplied, and it waits no longer."""
    now = uow.remittances.get(part.id)
    if now is None or now.state is not RemittanceState.WAITING:
        return
    book_provider_adjustments(uow, part)
    state = RemittanceState.POSTED_WITH_EXCEPTIONS if now.waiting else RemittanceState.POSTED
    uow.remittances.mark(part.id, state)
    uow.traces.explain([part.id], None)
    name = public_id(Prefix.REMITTANCE, part.id)
    figures = {
        "posted": now.posted,
        "waiting": now.waiting,
        "deposit": money_text(part.deposit),
    }
    uow.audit(f"remittance.{state}", subject=name, detail=figures)
    uow.event(f"remittance.{state}", resource=name, data={"waiting": now.waiting})
