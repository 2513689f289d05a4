"""Claim payments: what waits and why, and what a person does about it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from app.documents.answers import Page
from app.documents.inbound import ClaimPaymentDocument, RemittanceDocument
from app.documents.payments import (
    AcceptDocument,
    ClaimPaymentDetailDocument,
    ReasonDocument,
    line_problems,
    read_match,
)
from app.documents.query import OnePaymentReason, OnePaymentState
from app.domain.identity import Prefix
from app.flows.match_by_hand import match_payment, unmatch_payment
from app.flows.ports import PaymentFilter, UnitOfWork
from app.flows.put_aside import (
    accept_correction,
    accept_payment,
    dismiss_payment,
    reject_remittance,
)
from app.flows.repost import repost_remittance
from app.flows.unpost import unpost_payment, unpost_remittance
from app.http.answers import payment_answer, remittance_answer
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import MATCH_BODY
from app.http.openapi import body_of as described
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.payment_answers import payment_detail
from app.http.problems import refused
from app.http.requests import (
    Handed,
    OfClaim,
    RawBody,
    body_of,
    missing,
    row_id,
    unit,
    wanted_id,
)

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["money"])

_REASON = described(ReasonDocument)


@router.get("/claim-payments")
def list_claim_payments(
    caller: Reader,
    needs: Handed,
    state: OnePaymentState = None,
    reason: OnePaymentReason = None,
    claim_id: OfClaim = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[ClaimPaymentDocument]:
    """Claim payments of all remittances in the order they came: `state=waiting` is the queue."""
    which = PaymentFilter(state=state, reason=reason, claim_id=wanted_id(Prefix.CLAIM, claim_id))
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.payments.page(which, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[payment_answer(payment) for payment in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/claim-payments/{payment_id}")
def get_claim_payment(payment_id: str, caller: Reader, needs: Handed) -> ClaimPaymentDetailDocument:
    """One claim payment with its services, what was done to it, and its journal."""
    key = row_id(Prefix.CLAIM_PAYMENT, payment_id)
    with unit(needs, caller) as uow:
        return payment_detail(uow, key)


@router.post("/claim-payments/{payment_id}:match", openapi_extra=MATCH_BODY)
def match_claim_payment(
    payment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> ClaimPaymentDetailDocument:
    """Post what waits, or was un-posted, to the claim named.

    Its money moves from unapplied to the claim; a charge is never made. 409 where it does not
    balance, is posted already, or would pay a line beyond its charge.
    """
    key = row_id(Prefix.CLAIM_PAYMENT, payment_id)
    claim_id, lines, reason, problems = read_match(raw)
    if claim_id is None:
        raise refused(problems)
    with unit(needs, caller) as uow:
        faults = match_payment(uow, key, claim_id=claim_id, lines=lines, reason=reason)
        if faults:
            raise refused(line_problems(faults))
        return payment_detail(uow, key)


@router.post("/claim-payments/{payment_id}:unmatch", openapi_extra=_REASON)
def unmatch_claim_payment(
    payment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> ClaimPaymentDetailDocument:
    """Say that it is not about its claim: what it posted is taken back, and it waits."""
    key, body = row_id(Prefix.CLAIM_PAYMENT, payment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        unmatch_payment(uow, key, reason=body.reason)
        return payment_detail(uow, key)


@router.post("/claim-payments/{payment_id}:unpost", openapi_extra=_REASON)
def unpost_claim_payment(
    payment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> ClaimPaymentDetailDocument:
    """Take its posting back by a mirror entry; its money is in unapplied again."""
    key, body = row_id(Prefix.CLAIM_PAYMENT, payment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        unpost_payment(uow, key, reason=body.reason)
        return payment_detail(uow, key)


@router.post("/claim-payments/{payment_id}:dismiss", openapi_extra=_REASON)
def dismiss_claim_payment(
    payment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> ClaimPaymentDetailDocument:
    """Put aside what waits: it is none of ours, or settled elsewhere. Its money stays unapplied."""
    key, body = row_id(Prefix.CLAIM_PAYMENT, payment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        dismiss_payment(uow, key, reason=body.reason)
        return payment_detail(uow, key)


@router.post("/remittances/{remittance_id}:accept", openapi_extra=described(AcceptDocument))
def accept_held_remittance(
    remittance_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> RemittanceDocument:
    """Post one that was held because an earlier one of its trace says something else.

    `same`: it tells that payment anew, whose postings were taken back before; no cash is booked.
    `own`: it is another payment, and its cash is booked now.
    """
    key, body = row_id(Prefix.REMITTANCE, remittance_id), body_of(AcceptDocument, raw)
    accept = accept_payment if body.payment == "own" else accept_correction
    with unit(needs, caller) as uow:
        accept(uow, key, reason=body.reason)
        return _remittance(uow, key)


@router.post("/remittances/{remittance_id}:reject", openapi_extra=_REASON)
def reject_held_remittance(
    remittance_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> RemittanceDocument:
    """Of two that say different things under one trace the earlier stands: this one never posts."""
    key, body = row_id(Prefix.REMITTANCE, remittance_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        reject_remittance(uow, key, reason=body.reason)
        return _remittance(uow, key)


@router.post("/remittances/{remittance_id}:unpost", openapi_extra=_REASON)
def unpost_whole_remittance(
    remittance_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> RemittanceDocument:
    """Take back every posting of it, PLB pairs too; its deposit stays, in unapplied."""
    key, body = row_id(Prefix.REMITTANCE, remittance_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        unpost_remittance(uow, key, reason=body.reason)
        return _remittance(uow, key)


@router.post("/remittances/{remittance_id}:repost", openapi_extra=_REASON)
def repost_whole_remittance(
    remittance_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> RemittanceDocument:
    """Put one that was un-posted on the books again: each payment by the match it had, PLB too."""
    key, body = row_id(Prefix.REMITTANCE, remittance_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        repost_remittance(uow, key, reason=body.reason)
        return _remittance(uow, key)


def _remittance(uow: UnitOfWork, key: UUID) -> RemittanceDocument:
    stored = uow.remittances.get(key)
    if stored is None:
        raise missing(Prefix.REMITTANCE)
    return remittance_answer(stored)
