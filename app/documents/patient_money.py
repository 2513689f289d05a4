"""Patients' payments and payers' recoupments as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.identity import Prefix, parse_id, public_id
from app.domain.money import ZERO
from app.domain.patient_money import Method, PatientPayment, Received
from app.domain.recoupment import Recoupment

D = TypeVar("D", bound=Document)

_Method = Literal["cash", "check", "card", "ach", "other"]
_Reason = Annotated[str, Field(min_length=1, max_length=256)]


class PatientPaymentRequestDocument(Document):
    """Money from a patient, for an encounter or for a claim of it."""

    model_config = ConfigDict(title="PatientPaymentRequest")

    encounter_id: f.Maybe[f.Text80] = None
    claim_id: f.Maybe[f.Text80] = None
    amount: f.Money
    method: _Method
    date: f.Day
    reference: f.Maybe[f.Text50] = None


class RefundRequestDocument(Document):
    """Credit given back to the patient."""

    model_config = ConfigDict(title="RefundRequest")

    amount: f.Money
    method: _Method
    date: f.Day
    reference: f.Maybe[f.Text50] = None
    reason: f.Maybe[_Reason] = None


class VoidRequestDocument(Document):
    """Why a payment never was."""

    model_config = ConfigDict(title="VoidRequest")

    reason: _Reason


@dataclass(frozen=True, slots=True)
class Told:
    """What a body says of a payment or a refund."""

    amount: Decimal
    method: Method
    date: date
    reference: str | None
    encounter_id: UUID | None = None
    claim_id: UUID | None = None
    reason: str | None = None


def read_patient_payment(raw: bytes) -> Told | list[Problem]:
    """The payment in a body, or every problem of it."""
    document = _read(raw, PatientPaymentRequestDocument)
    if isinstance(document, list):
        return document
    problems = _amount_problems(document.amount)
    encounter = parse_id(Prefix.ENCOUNTER, document.encounter_id or "")
    claim = parse_id(Prefix.CLAIM, document.claim_id or "")
    if document.encounter_id and encounter is None:
        problems.append(Problem("/encounterId", "encounter_id", "This is no encounter's id."))
    if document.claim_id and claim is None:
        problems.append(Problem("/claimId", "claim_id", "This is no claim's id."))
    if (document.encounter_id is None) == (document.claim_id is None):
        problems.append(Problem("", "whose", "Name either an encounterId or a claimId."))
    if problems:
        return problems
    method = Method(document.method)
    return Told(document.amount, method, document.date, document.reference, encounter, claim)


def read_refund(raw: bytes) -> Told | list[Problem]:
    """The refund in a body, or every problem of it."""
    document = _read(raw, RefundRequestDocument)
    if isinstance(document, list):
        return document
    told = Told(
        document.amount,
        Method(document.method),
        document.date,
        document.reference,
        reason=document.reason,
    )
    return _amount_problems(document.amount) or told


def read_void(raw: bytes) -> str | list[Problem]:
    """The reason in a body, or every problem of it."""
    document = _read(raw, VoidRequestDocument)
    return document if isinstance(document, list) else document.reason


def _read(raw: bytes, kind: type[D]) -> D | list[Problem]:
    value, problems = read_json(raw)
    if problems:
        return problems
    try:
        return kind.model_validate(value)
    except ValidationError as refused:
        return shape_problems(refused)


def _amount_problems(amount: Decimal) -> list[Problem]:
    if amount > ZERO:
        return []
    return [Problem("/amount", "amount", "The amount is above zero; a refund has its own path.")]


class PatientPaymentDocument(Answer):
    """A payment with what became of it, or a refund or void of one."""

    id: str
    encounter_id: str
    kind: str  # payment, refund, void
    payment_id: str | None  # of a refund or a void: what it gives back
    amount: Money
    method: str
    date: Day
    reference: str | None
    reason: str | None
    kept: Money  # of a payment: not given back
    applied: Money  # to what payers left to the patient
    credit: Money
    recorded_at: Instant

    @classmethod
    def of(cls, row: PatientPayment, received: Received | None) -> PatientPaymentDocument:
        applied = sum(received.applied.values(), ZERO) if received else ZERO
        return cls(
            id=public_id(Prefix.PATIENT_PAYMENT, row.id),
            encounter_id=public_id(Prefix.ENCOUNTER, row.encounter_id),
            kind=row.kind.value,
            payment_id=public_id(Prefix.PATIENT_PAYMENT, row.payment_id)
            if row.payment_id
            else None,
            amount=row.amount,
            method=row.method.value,
            date=row.paid_on,
            reference=row.reference,
            reason=row.reason,
            kept=received.kept if received else ZERO,
            applied=applied,
            credit=received.credit if received else ZERO,
            recorded_at=row.recorded_at,
        )


class RecoupmentDocument(Answer):
    """A balance of WO by payer, payee and reference, or of FB by payer and payee."""

    kind: str  # WO, FB
    payer: str  # TRN03, else the payer's name
    payer_name: str | None
    payee: str  # PLB01
    reference: str | None
    claim_id: str | None  # which claim the reference names, for display
    balance: Money  # negative: the payer will still take it
    refunded: Money  # PLB 72 of the same reference
    open: Money
    finding: str  # settled, deferred, recovered, no_reversal
    pairs: int
    first_date: Day | None
    last_date: Day | None

    @classmethod
    def of(cls, balance: Recoupment) -> RecoupmentDocument:
        return cls(
            kind=balance.kind,
            payer=balance.payer,
            payer_name=balance.payer_name,
            payee=balance.payee,
            reference=balance.reference,
            claim_id=public_id(Prefix.CLAIM, balance.claim_id) if balance.claim_id else None,
            balance=balance.balance,
            refunded=balance.refunded,
            open=balance.open,
            finding=balance.finding.value,
            pairs=balance.pairs,
            first_date=balance.first_date,
            last_date=balance.last_date,
        )
