"""Patients' payments, their statement, and what payers take back at the provider level."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.documents.answers import Items, Page
from app.documents.inbound import ProviderAdjustmentDocument
from app.documents.patient_money import (
    PatientPaymentDocument,
    RecoupmentDocument,
    Told,
    read_patient_payment,
    read_refund,
    read_void,
)
from app.documents.query import OnlyOpen, RowName
from app.documents.statement_pdf import statement_pdf
from app.domain.clock import local_date
from app.domain.identity import Prefix
from app.domain.patient_money import PatientPayment, PaymentKind
from app.domain.statement import statement
from app.flows.patient_money import received, received_for, refund, take_payment, void
from app.flows.ports import UnitOfWork
from app.http.answers import provider_adjustment_answer
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import PATIENT_PAYMENT_BODY, REFUND_BODY, VOID_BODY
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import ApiProblem, Kind, refused
from app.http.requests import (
    Handed,
    RawBody,
    missing,
    must_be_dated,
    row_id,
    unit,
    wanted_id,
)

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["patient money"])

PDF = "application/pdf"


@router.post(
    "/patient-payments",
    status_code=201,
    openapi_extra=PATIENT_PAYMENT_BODY,
    responses={200: {"description": "The same payment, by its reference, stood already"}},
)
def post_patient_payment(
    raw: RawBody, request: Request, response: Response, caller: Writer, needs: Handed
) -> PatientPaymentDocument:
    """Book what a patient paid and apply it; what exceeds the patient's share is credit.

    So that a repetition is not booked twice, it needs an Idempotency-Key or a reference.
    """
    told = read_patient_payment(raw)
    if isinstance(told, list):
        raise refused(told)
    if told.reference is None and request.headers.get("idempotency-key") is None:
        raise ApiProblem(
            Kind.INVALID_REQUEST,
            "Send an Idempotency-Key or a reference, so that a repetition is not booked twice.",
        )
    with unit(needs, caller) as uow:
        must_be_dated(uow, told.date)
        payment, new = take_payment(
            uow,
            _encounter_of(uow, told),
            amount=told.amount,
            method=told.method,
            paid_on=told.date,
            reference=told.reference,
        )
        answer = _answer(uow, payment)
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/patient-payments/{answer.id}"
    return answer


@router.get("/patient-payments")
def list_patient_payments(
    caller: Reader,
    needs: Handed,
    encounter_id: Annotated[RowName, Query(alias="encounterId")] = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[PatientPaymentDocument]:
    """Payments, refunds and voids in the order they came, of one encounter or of all."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    of = wanted_id(Prefix.ENCOUNTER, encounter_id)
    with unit(needs, caller) as uow:
        rows = uow.patient_money.page(encounter_id=of, limit=size + 1, after=after)
        shown, last = page(rows, size)
        items = [_answer(uow, row) for row in shown]
    return Page(items=items, next_page_token=token_of(last.id) if last else None)


@router.get("/patient-payments/{payment_id}")
def get_patient_payment(payment_id: str, caller: Reader, needs: Handed) -> PatientPaymentDocument:
    """One of them, with what is applied and what is left as credit."""
    key = row_id(Prefix.PATIENT_PAYMENT, payment_id)
    with unit(needs, caller) as uow:
        row = uow.patient_money.get(key)
        if row is None:
            raise missing(Prefix.PATIENT_PAYMENT)
        return _answer(uow, row)


@router.post("/patient-payments/{payment_id}:refund", status_code=201, openapi_extra=REFUND_BODY)
def post_refund(
    payment_id: str, raw: RawBody, request: Request, caller: Writer, needs: Handed
) -> PatientPaymentDocument:
    """Give credit back; at most what the payment has left as credit. Needs an Idempotency-Key."""
    key = row_id(Prefix.PATIENT_PAYMENT, payment_id)
    told = read_refund(raw)
    if isinstance(told, list):
        raise refused(told)
    if request.headers.get("idempotency-key") is None:
        raise ApiProblem(
            Kind.INVALID_REQUEST, "Send an Idempotency-Key, so that a repetition gives back once."
        )
    with unit(needs, caller) as uow:
        must_be_dated(uow, told.date)
        given = refund(
            uow,
            key,
            amount=told.amount,
            method=told.method,
            paid_on=told.date,
            reference=told.reference,
            reason=told.reason,
        )
        return _answer(uow, given)


@router.post("/patient-payments/{payment_id}:void", openapi_extra=VOID_BODY)
def post_void(
    payment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> PatientPaymentDocument:
    """Take back a payment that never was; what it was applied to is owed again."""
    key = row_id(Prefix.PATIENT_PAYMENT, payment_id)
    reason = read_void(raw)
    if isinstance(reason, list):
        raise refused(reason)
    with unit(needs, caller) as uow:
        return _answer(uow, void(uow, key, reason=reason))


@router.get(
    "/encounters/{encounter_id}/statement",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}},
)
def get_statement(encounter_id: str, caller: Reader, needs: Handed) -> Response:
    """The patient's statement as PDF; it says so when nothing is due while insurance is open."""
    key = row_id(Prefix.ENCOUNTER, encounter_id)
    with unit(needs, caller) as uow:
        stored = uow.encounters.get(key)
        if stored is None:
            raise missing(Prefix.ENCOUNTER)
        told = statement(
            stored.encounter,
            claims=uow.claims.of_encounter(key),
            shares=uow.patient_money.shares(key),
            received=received_for(uow, key),
            as_of=local_date(uow.clock, uow.tenant.time_zone),
        )
    return Response(statement_pdf(told), media_type=PDF)


@router.get("/recoupments")
def list_recoupments(
    caller: Reader,
    needs: Handed,
    only_open: Annotated[OnlyOpen, Query(alias="open")] = False,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[RecoupmentDocument]:
    """Balances of WO and FB; with `open=true` those that are not settled."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.recoupments.page(open_only=only_open, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[RecoupmentDocument.of(balance) for balance in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/claims/{claim_id}/provider-adjustments")
def list_provider_adjustments(
    claim_id: str, caller: Reader, needs: Handed
) -> Items[ProviderAdjustmentDocument]:
    """PLB pairs whose reference names this claim. They move the claim's money nowhere."""
    key = row_id(Prefix.CLAIM, claim_id)
    items = []
    with unit(needs, caller) as uow:
        if uow.claims.get(key) is None:
            raise missing(Prefix.CLAIM)
        for remittance_id, ordinal in uow.recoupments.naming(key):
            for pair in uow.remittances.provider_adjustments(remittance_id):
                if pair.ordinal == ordinal:
                    items.append(provider_adjustment_answer(pair, remittance_id, key))
    return Items(items=items)


def _answer(uow: UnitOfWork, row: PatientPayment) -> PatientPaymentDocument:
    own = received(uow, row.id) if row.kind is PaymentKind.PAYMENT else None
    return PatientPaymentDocument.of(row, own)


def _encounter_of(uow: UnitOfWork, told: Told) -> UUID:
    if told.encounter_id is not None:
        return told.encounter_id
    claim = uow.claims.get(told.claim_id) if told.claim_id else None
    if claim is None:
        raise missing(Prefix.CLAIM)
    return claim.encounter_id
