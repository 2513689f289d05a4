"""Remittances, claim payments and what hangs on them, as rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.domain.ack import Place
from app.domain.lifecycle import Stage
from app.domain.outcome import Outcome, Reason
from app.domain.payment_codes import unknown_codes
from app.domain.procedure import Procedure
from app.domain.recoupment import reference_tokens
from app.domain.remittance import (
    Adjustment,
    ClaimPayment,
    Imbalance,
    ProviderAdjustment,
    Remittance,
)
from app.domain.seen_before import Seen
from app.flows.ports import (
    Act,
    PaymentAct,
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    StoredPayment,
    StoredRemittance,
)
from app.store.session import Session

Row = dict[str, Any]

# Columns of the same name as the member.
_PLAIN = (
    "ordinal",
    "control_number",
    "handling",
    "payment_amount",
    "credit_debit",
    "currency",
    "payment_method",
    "effective_date",
    "produced_on",
    "trace_number",
    "payer_identifier",
    "payer_name",
    "payee_name",
    "payee_qualifier",
    "payee_identifier",
    "claim_count",
    "claims_paid",
    "provider_adjustments_total",
    "body_sha256",
    "issues",
)


def remittance_columns(remittance: Remittance) -> Row:
    return {
        **{name: getattr(remittance, name) for name in _PLAIN},
        "payer_ids": [list(pair) for pair in remittance.payer_ids],
        "imbalances": _imbalances_json(remittance.imbalances),
        **_place_columns(remittance.place),
    }


def stored_remittance(row: Any) -> StoredRemittance:
    members = row._mapping
    return StoredRemittance(
        id=row.id,
        file_id=row.file_id,
        state=RemittanceState(row.state),
        reason=row.reason,
        duplicate_of=row.duplicate_of,
        cursor=row.cursor,
        finished=row.finished,
        seen=Seen(row.seen) if row.seen else Seen.FIRST,
        same_payment_as=row.same_payment_as,
        posted=row.posted,
        waiting=row.waiting,
        remittance=Remittance(
            **{name: members[name] for name in _PLAIN},
            payer_ids=tuple((qualifier, value) for qualifier, value in row.payer_ids),
            imbalances=tuple(read_imbalance(told) for told in row.imbalances),
            place=read_place(row),
        ),
    )


def payment_columns(session: Session, remittance_id: UUID, outcome: PaymentOutcome) -> Row:
    payment = outcome.payment
    return {
        "id": outcome.id,
        "remittance_id": remittance_id,
        "ordinal": payment.ordinal,
        "state": outcome.state,
        **outcome_columns(outcome.classified),
        "reason": outcome.reason,
        "message": outcome.message,
        "claim_id": outcome.claim.id if outcome.claim else None,
        "method": outcome.method,
        "fingerprint": outcome.fingerprint,
        "patient_control_number": payment.patient_control_number,
        "status": payment.status,
        "charge": payment.charge,
        "paid": payment.paid,
        "patient_responsibility": payment.patient_responsibility,
        "payer_claim_control_number": payment.payer_claim_control_number,
        **session.sealed_columns("claim_payment.member_id", payment.member_id),
        **session.sealed_alone("claim_payment.corrected_member_id", payment.corrected_member_id),
        "service_date": payment.service_date,
        "crossover": payment.crossover,
        "imbalances": _imbalances_json(payment.imbalances),
        **_place_columns(payment.place),
        "original_claim_number": payment.original_claim_number,
    }


def outcome_columns(classified: Outcome | None) -> Row:
    return {
        "outcome": classified.stage if classified else None,
        "outcome_reasons": " ".join(classified.reasons) if classified else None,
        "classifier_version": classified.version if classified else None,
    }


def read_outcome(row: Any) -> Outcome | None:
    """The outcome as it was kept: never classified anew."""
    if row.outcome is None:
        return None
    reasons = tuple(Reason(word) for word in (row.outcome_reasons or "").split())
    return Outcome(Stage(row.outcome), reasons, row.classifier_version)


def act_columns(session: Session, act: PaymentAct, *, ordinal: int) -> Row:
    return {
        "claim_payment_id": act.payment_id,
        "ordinal": ordinal,
        "act": act.act,
        "claim_id": act.claim_id,
        "counterpart_id": act.counterpart_id,
        "method": act.method,
        "confidence": act.confidence,
        "lines": act.lines and [[number, str(line)] for number, line in sorted(act.lines.items())],
        "reason": act.reason,
        "actor": session.actor,
        "at": session.clock.now(),
    }


def first_act(outcome: PaymentOutcome) -> PaymentAct:
    """What is posted at once has one act already."""
    return PaymentAct(
        payment_id=outcome.id,
        act=Act.POSTED,
        claim_id=outcome.claim.id if outcome.claim else None,
        method=outcome.method,
        confidence=outcome.confidence,
    )


def stored_payment(row: Any) -> StoredPayment:
    return StoredPayment(
        id=row.id,
        remittance_id=row.remittance_id,
        ordinal=row.ordinal,
        state=PaymentState(row.state),
        classified=read_outcome(row),
        reason=row.reason,
        message=row.message,
        claim_id=row.claim_id,
        patient_control_number=row.patient_control_number,
        payer_claim_control_number=row.payer_claim_control_number,
        status=row.status,
        charge=row.charge,
        paid=row.paid,
        segment_number=row.segment_number,
    )


def service_rows(outcomes: Sequence[PaymentOutcome]) -> list[Row]:
    return [
        {
            "claim_payment_id": outcome.id,
            "ordinal": service.ordinal,
            "service_line_id": outcome.lines.get(service.ordinal),
            "line_control_number": service.line_control_number,
            "procedure": _procedure_json(service.procedure),
            "submitted_procedure": _procedure_json(service.submitted_procedure),
            "charge": service.charge,
            "paid": service.paid,
            "units": service.units,
            "allowed": service.allowed,
            "revenue_code": service.revenue_code,
            "service_date": service.service_date,
            **_place_columns(service.place),
            "method": outcome.line_methods.get(service.ordinal),
        }
        for outcome in outcomes
        for service in outcome.payment.services
    ]


def adjustment_rows(outcomes: Sequence[PaymentOutcome]) -> list[Row]:
    return [
        {
            "claim_payment_id": outcome.id,
            "service_ordinal": level,
            "ordinal": ordinal,
            "group": adjustment.group,
            "reason": adjustment.reason,
            "amount": adjustment.amount,
            "quantity": adjustment.quantity,
        }
        for outcome in outcomes
        for level, adjustments, _ in _levels(outcome.payment)
        for ordinal, adjustment in enumerate(adjustments, start=1)
    ]


def remark_rows(outcomes: Sequence[PaymentOutcome]) -> list[Row]:
    return [
        {
            "claim_payment_id": outcome.id,
            "service_ordinal": level,
            "ordinal": ordinal,
            "code": code,
        }
        for outcome in outcomes
        for level, _, remarks in _levels(outcome.payment)
        for ordinal, code in enumerate(remarks, start=1)
    ]


def unknown_code_rows(outcomes: Sequence[PaymentOutcome]) -> list[Row]:
    """Mostly none: what the tables of today do not know is listed for a person."""
    return [
        {"claim_payment_id": outcome.id, "service_ordinal": level, "list": kind, "code": code}
        for outcome in outcomes
        for level, kind, code in sorted(unknown_codes(outcome.payment))
    ]


def provider_adjustment_columns(remittance_id: UUID, id: UUID, pair: ProviderAdjustment) -> Row:
    return {
        "id": id,
        "remittance_id": remittance_id,
        "ordinal": pair.ordinal,
        "provider": pair.provider,
        "fiscal_period_end": pair.fiscal_period_end,
        "reason": pair.reason,
        "reference": pair.reference,
        "amount": pair.amount,
        **_place_columns(pair.place),
    }


def provider_adjustment_tokens(pairs: Iterable[tuple[UUID, ProviderAdjustment]]) -> list[Row]:
    return [
        {"provider_adjustment_id": id, "ordinal": ordinal, "token": token}
        for id, pair in pairs
        for ordinal, token in enumerate(reference_tokens(pair.reference), start=1)
    ]


def read_provider_adjustment(row: Any) -> ProviderAdjustment:
    return ProviderAdjustment(
        ordinal=row.ordinal,
        provider=row.provider,
        fiscal_period_end=row.fiscal_period_end,
        reason=row.reason,
        reference=row.reference,
        amount=row.amount,
        place=read_place(row),
    )


def _levels(
    payment: ClaimPayment,
) -> Iterator[tuple[int, tuple[Adjustment, ...], tuple[str, ...]]]:
    """The claim level, which is 0, and each service by its ordinal."""
    yield 0, payment.adjustments, payment.remarks
    for service in payment.services:
        yield service.ordinal, service.adjustments, service.remarks


def _place_columns(place: Place) -> Row:
    return {"segment_number": place.segment_number, "loop": place.loop}


def read_place(row: Any) -> Place:
    return Place(row.segment_number, row.loop)


def _procedure_json(procedure: Procedure | None) -> Row | None:
    if procedure is None:
        return None
    return {
        "qualifier": procedure.qualifier,
        "code": procedure.code,
        "modifiers": list(procedure.modifiers),
        "description": procedure.description,
    }


_NONE: list[Row] = []  # the very same for every row: it is made JSON once (app/store/bulk.py)


def _imbalances_json(imbalances: Sequence[Imbalance]) -> list[Row]:
    if not imbalances:
        return _NONE
    return [
        {
            "level": told.level,
            "expected": str(told.expected),
            "found": str(told.found),
            "message": told.message,
        }
        for told in imbalances
    ]


def read_imbalance(told: Row) -> Imbalance:
    return Imbalance(
        told["level"], Decimal(told["expected"]), Decimal(told["found"]), told["message"]
    )
