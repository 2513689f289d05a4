"""Stored rows as the documents given out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.documents.claim import ClaimDocument, TimelineItemDocument
from app.documents.encounter import encounter_json
from app.documents.inbound import (
    AnswerDocument,
    ClaimPaymentDocument,
    FileDocument,
    FileSummaryDocument,
    ProviderAdjustmentDocument,
    RemittanceDocument,
)
from app.domain.answer import StoredAnswer
from app.domain.claim import StoredClaim
from app.domain.identity import Prefix, public_id
from app.domain.outcome import Outcome
from app.domain.posting import account_of
from app.domain.remittance import ProviderAdjustment
from app.flows.ports import (
    StoredEncounter,
    StoredFile,
    StoredPayment,
    StoredRemittance,
    TimelineItem,
    UnitOfWork,
)

X12 = "application/EDI-X12"


def encounter_answer(stored: StoredEncounter) -> dict[str, Any]:
    """The encounter as it is kept, under its id."""
    return {
        "id": public_id(Prefix.ENCOUNTER, stored.id),
        "version": stored.version,
        **encounter_json(stored.encounter),
    }


def claim_answers(uow: UnitOfWork, claims: Sequence[StoredClaim]) -> list[ClaimDocument]:
    """Claims, each with what was decided, how its latest appeal stands and who is asked next."""
    appeals = uow.appeals.states([claim.id for claim in claims])
    following = uow.next_payers.states(claims)
    decisions = uow.payments.decisions([claim.id for claim in claims])
    return [
        ClaimDocument.of(
            claim,
            decisions=decisions.get(claim.id, ()),
            appeal=appeals[claim.id],
            following=following.get(claim.id),
        )
        for claim in claims
    ]


def timeline_answer(item: TimelineItem) -> TimelineItemDocument:
    return TimelineItemDocument(
        at=item.at,
        stage=item.stage.value,
        reported_by=str(item.reported_by),
        code=item.code,
        file_id=public_id(Prefix.FILE, item.file_id) if item.file_id else None,
        segment_number=item.segment_number,
        loop=item.loop,
    )


def sent_back(answer: StoredAnswer) -> AnswerDocument:
    """The acknowledgment of one interchange."""
    number = answer.interchange_control_number
    return AnswerDocument(
        id=public_id(Prefix.ANSWER, answer.id),
        interchange=answer.ordinal,
        received_control_number=answer.received_control_number,
        state=answer.state.value,
        contents=answer.contents,
        verdict=answer.verdict,
        partner_id=public_id(Prefix.PARTNER, answer.partner_id) if answer.partner_id else None,
        interchange_control_number=None if number is None else f"{number:09d}",
        file_name=answer.file_name,
        sha256=answer.sha256,
        reason=answer.reason,
        created_at=answer.created_at,
    )


def file_summary(file: StoredFile) -> FileSummaryDocument:
    """An inbound file in a list."""
    return FileSummaryDocument(
        id=public_id(Prefix.FILE, file.id),
        name=file.name,
        kind=file.kind,
        state=file.state.value,
        reason=file.reason,
        duplicate_of=public_id(Prefix.FILE, file.duplicate_of) if file.duplicate_of else None,
        sha256=file.sha256,
        size=file.size,
        transaction_sets=file.transaction_sets,
        claims=file.claims,
        received_at=file.received_at,
    )


def file_answer(file: StoredFile, answers: Sequence[StoredAnswer] = ()) -> FileDocument:
    name = public_id(Prefix.FILE, file.id)
    return FileDocument(
        id=name,
        file_id=name,
        name=file.name,
        kind=file.kind,
        state=file.state.value,
        reason=file.reason,
        duplicate_of=public_id(Prefix.FILE, file.duplicate_of) if file.duplicate_of else None,
        sha256=file.sha256,
        size=file.size,
        transaction_sets=file.transaction_sets,
        claims=file.claims,
        # An issue's value is what stood in the file, and that may be a patient's.
        issues=[{k: v for k, v in issue.items() if k != "value"} for issue in file.issues],
        received_at=file.received_at,
        answers=[sent_back(answer) for answer in answers],
    )


def remittance_members(stored: StoredRemittance) -> dict[str, Any]:
    """The members of a remittance by field name."""
    r = stored.remittance
    duplicate, same = stored.duplicate_of, stored.same_payment_as
    return {
        "id": public_id(Prefix.REMITTANCE, stored.id),
        "file_id": public_id(Prefix.FILE, stored.file_id),
        "state": stored.state.value,
        "reason": stored.reason,
        "duplicate_of": public_id(Prefix.REMITTANCE, duplicate) if duplicate else None,
        "seen": stored.seen.value,
        "same_payment_as": public_id(Prefix.REMITTANCE, same) if same else None,
        "transaction_control_number": r.control_number,
        "trace_number": r.trace_number,
        "payer_name": r.payer_name,
        "payer_identifier": r.payer_identifier,
        "payee_name": r.payee_name,
        "payee_identifier": r.payee_identifier,
        "payment_amount": r.payment_amount,
        "credit_debit": r.credit_debit,
        "payment_method": r.payment_method,
        "effective_date": r.effective_date,
        "currency": r.currency,
        "claims": r.claim_count,
        "claims_paid": r.claims_paid,
        "provider_adjustments_total": r.provider_adjustments_total,
        "posted": stored.posted,
        "waiting": stored.waiting,
    }


def remittance_answer(stored: StoredRemittance) -> RemittanceDocument:
    return RemittanceDocument(**remittance_members(stored))


def outcome_members(classified: Outcome | None) -> dict[str, Any]:
    """How a claim came out, why, and who said so."""
    return {
        "outcome": classified.stage.value if classified else None,
        "outcome_reasons": [reason.value for reason in classified.reasons] if classified else [],
        "classifier_version": classified.version if classified else None,
    }


def payment_members(payment: StoredPayment) -> dict[str, Any]:
    """The members of a claim payment by field name."""
    return {
        "id": public_id(Prefix.CLAIM_PAYMENT, payment.id),
        "remittance_id": public_id(Prefix.REMITTANCE, payment.remittance_id),
        "state": payment.state.value,
        **outcome_members(payment.classified),
        "reason": payment.reason,
        "message": payment.message,
        "claim_id": public_id(Prefix.CLAIM, payment.claim_id) if payment.claim_id else None,
        "patient_control_number": payment.patient_control_number,
        "payer_claim_control_number": payment.payer_claim_control_number,
        "claim_status_code": payment.status,
        "charge": payment.charge,
        "paid": payment.paid,
        "segment_number": payment.segment_number,
    }


def payment_answer(payment: StoredPayment) -> ClaimPaymentDocument:
    return ClaimPaymentDocument(**payment_members(payment))


def provider_adjustment_answer(
    adjustment: ProviderAdjustment, remittance_id: UUID, claim_id: UUID | None
) -> ProviderAdjustmentDocument:
    return ProviderAdjustmentDocument(
        remittance_id=public_id(Prefix.REMITTANCE, remittance_id),
        provider=adjustment.provider,
        reason=adjustment.reason,
        reference=adjustment.reference,
        amount=adjustment.amount,
        account=account_of(adjustment).value,
        claim_id=public_id(Prefix.CLAIM, claim_id) if claim_id else None,
        segment_number=adjustment.place.segment_number,
    )
