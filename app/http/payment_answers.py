"""A stored claim payment with its acts and its journal, as the document given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.documents.payments import (
    ClaimPaymentDetailDocument,
    JournalEntryDocument,
    JournalLineDocument,
    PaidAdjustmentDocument,
    PaidServiceDocument,
    PaymentActDocument,
)
from app.domain.identity import Prefix, public_id
from app.domain.ledger import JournalEntry
from app.domain.remittance import Adjustment, ServicePayment
from app.flows.books import SOURCE_TYPE
from app.flows.ports import KeptAct, UnitOfWork
from app.http.answers import outcome_members, payment_members
from app.http.requests import missing


def payment_detail(uow: UnitOfWork, payment_id: UUID) -> ClaimPaymentDetailDocument:
    """Raises NotFound."""
    shown, kept = uow.payments.shown(payment_id), uow.payments.get(payment_id)
    if shown is None or kept is None:
        raise missing(Prefix.CLAIM_PAYMENT)
    claim = uow.claims.get(kept.claim_id) if kept.claim_id else None
    numbers = {line.id: line.line_control_number for line in claim.lines} if claim else {}
    matched = {ordinal: numbers.get(line) for ordinal, line in kept.lines.items()}
    return ClaimPaymentDetailDocument(
        **payment_members(shown),
        adjustments=_adjustments(kept.payment.adjustments),
        remarks=list(kept.payment.remarks),
        services=[_service(s, matched) for s in kept.payment.services],
        acts=[_act(act) for act in uow.payments.acts(payment_id)],
        journal=[
            _entry(id, entry) for id, entry in uow.journal.entries_of(SOURCE_TYPE, payment_id)
        ],
    )


def _service(service: ServicePayment, matched: Mapping[int, str | None]) -> PaidServiceDocument:
    submitted = service.submitted_procedure
    return PaidServiceDocument(
        ordinal=service.ordinal,
        line_control_number=service.line_control_number,
        matched_line=matched.get(service.ordinal),
        procedure_code=service.procedure.code,
        submitted_procedure_code=submitted.code if submitted else None,
        charge=service.charge,
        paid=service.paid,
        allowed=service.allowed,
        service_date=service.service_date,
        adjustments=_adjustments(service.adjustments),
        remarks=list(service.remarks),
    )


def _adjustments(adjustments: Iterable[Adjustment]) -> list[PaidAdjustmentDocument]:
    return [
        PaidAdjustmentDocument(group=a.group, reason=a.reason, amount=a.amount) for a in adjustments
    ]


def _act(act: KeptAct) -> PaymentActDocument:
    return PaymentActDocument(
        ordinal=act.ordinal,
        act=act.act.value,
        claim_id=_named(Prefix.CLAIM, act.claim_id),
        counterpart_id=_named(Prefix.CLAIM_PAYMENT, act.counterpart_id),
        method=act.method,
        confidence=act.confidence,
        reason=act.reason,
        actor=act.actor,
        at=act.at,
        **outcome_members(act.classified),
    )


def _entry(id: UUID, entry: JournalEntry) -> JournalEntryDocument:
    return JournalEntryDocument(
        id=public_id(Prefix.JOURNAL_ENTRY, id),
        ordinal=entry.ordinal,
        effective_date=entry.effective_date,
        reverses_id=_named(Prefix.JOURNAL_ENTRY, entry.reverses_id),
        lines=[
            JournalLineDocument(
                account=line.account.value,
                amount=line.amount,
                claim_id=_named(Prefix.CLAIM, line.claim_id),
                payer_position=line.payer_position,
            )
            for line in entry.lines
        ],
    )


def _named(prefix: Prefix, id: UUID | None) -> str | None:
    return public_id(prefix, id) if id else None
