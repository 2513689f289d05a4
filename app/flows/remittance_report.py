"""A remittance, or one of its claim payments, gathered for its report.

A page of claim payments at a time, each page in a transaction of its own: whoever reads a report
of tens of thousands of claims slowly holds nobody up, and memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from app.domain.errors import NotFound
from app.domain.identity import Prefix, public_id
from app.domain.remittance_report import (
    Held,
    ReportedPair,
    ReportedPayment,
    ReportHead,
    parts,
)
from app.domain.report_parts import Part
from app.flows.books import SOURCE_TYPE
from app.flows.ports import KeptPayment, UnitOfWork

AT_ONCE = 200

Open = Callable[[], AbstractContextManager[UnitOfWork]]


def remittance_report(
    opened: Open, remittance_id: UUID, *, payment_id: UUID | None = None
) -> Iterator[Part]:
    """The parts of the report; of one claim payment only, where it is named.

    Raises NotFound, at once, for what is not there.
    """
    with opened() as uow:
        head = _head(uow, remittance_id, payment_id)
        if payment_id is None:
            return parts(head, _all(opened, remittance_id))
        return parts(head, _reported(uow, [_one(uow, payment_id, remittance_id)]))


def _head(uow: UnitOfWork, remittance_id: UUID, payment_id: UUID | None) -> ReportHead:
    stored = uow.remittances.get(remittance_id)
    if stored is None:
        raise NotFound("remittance", "of this id")
    stands = uow.deposits.stands([remittance_id]).get(remittance_id)
    named = uow.recoupments.claims_named(remittance_id)
    pairs = [
        ReportedPair(pair, _name(named.get(pair.ordinal)))
        for pair in uow.remittances.provider_adjustments(remittance_id)
    ]
    claim = None
    if payment_id is not None:
        payment = _one(uow, payment_id, remittance_id)
        claim = payment.payment.patient_control_number
        own = _name(payment.claim_id)
        pairs = [pair for pair in pairs if own is not None and pair.claim == own]
    return ReportHead(
        remittance=stored.remittance,
        state=stored.state.value,
        reason=stored.reason,
        deposit_state=stands.state.value if stands else None,
        sums=uow.remittances.sums(remittance_id),
        pairs=pairs,
        claim=claim,
    )


def _one(uow: UnitOfWork, payment_id: UUID, remittance_id: UUID) -> KeptPayment:
    payment = uow.payments.get(payment_id)
    if payment is None or payment.remittance_id != remittance_id:
        raise NotFound("claim payment", "of this id")
    return payment


def _all(opened: Open, remittance_id: UUID) -> Iterator[ReportedPayment]:
    after, more = 0, True
    while more:
        with opened() as uow:
            some = uow.payments.of_remittance(remittance_id, limit=AT_ONCE, after=after)
            reported = _reported(uow, some)
        yield from reported
        more = len(some) == AT_ONCE
        after = some[-1].payment.ordinal if some else 0


def _reported(uow: UnitOfWork, some: Sequence[KeptPayment]) -> list[ReportedPayment]:
    ids = [kept.id for kept in some]
    booked = uow.journal.booked(SOURCE_TYPE, ids)
    judged = uow.underpayments.judged_of(ids)
    return [
        ReportedPayment(
            payment=kept.payment,
            state=kept.state,
            classified=kept.classified,
            message=kept.message,
            claim=_name(kept.claim_id),
            booked=booked.get(kept.id, {}),
            held={
                one.service_ordinal: Held(
                    one.finding.value, one.expected, one.allowed, one.difference
                )
                for one in judged.get(kept.id, ())
            },
        )
        for kept in some
    ]


def _name(claim_id: UUID | None) -> str | None:
    return public_id(Prefix.CLAIM, claim_id) if claim_id else None
