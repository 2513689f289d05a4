"""Lines that were allowed otherwise than agreed: the list, and what people decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.documents.answers import Page
from app.documents.payments import ReasonDocument
from app.documents.query import OneFinding, OneUnderpaymentState, Word
from app.documents.underpayment import UnderpaymentDetailDocument, UnderpaymentDocument
from app.domain.identity import Prefix
from app.domain.underpayment import StoredUnderpayment
from app.flows.access import Role
from app.flows.ports import UnderpaymentFilter, UnitOfWork
from app.flows.underpayments import accept, dispute, reopen
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import body_of as described
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
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

router = APIRouter(route_class=GuardedRoute, prefix="/v1/underpayments", tags=["work"])
_REASON = described(ReasonDocument)


@router.get("")
def list_underpayments(
    caller: Reader,
    needs: Handed,
    state: OneUnderpaymentState = None,
    finding: OneFinding = None,
    payer_id: Annotated[Word, Query(alias="payerId")] = None,
    claim_id: OfClaim = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[UnderpaymentDocument]:
    """Lines that were not allowed as agreed, in the order they were judged."""
    which = UnderpaymentFilter(
        state=state,
        finding=finding,
        payer_id=payer_id,
        claim_id=wanted_id(Prefix.CLAIM, claim_id),
    )
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.underpayments.page(which, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[UnderpaymentDocument.of(found) for found in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/{underpayment_id}")
def get_underpayment(
    underpayment_id: str, caller: Reader, needs: Handed
) -> UnderpaymentDetailDocument:
    """One, with what people made of it; gone while its claim payment is not posted."""
    key = row_id(Prefix.UNDERPAYMENT, underpayment_id)
    with unit(needs, caller) as uow:
        found = uow.underpayments.get(key)
        if found is None:
            raise missing(Prefix.UNDERPAYMENT)
        return _detail(uow, found)


@router.post("/{underpayment_id}:dispute", openapi_extra=_REASON)
def post_dispute(
    underpayment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> UnderpaymentDetailDocument:
    """Ask the payer for it: a task is made, due by the payer's days for an appeal."""
    key, body = row_id(Prefix.UNDERPAYMENT, underpayment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, dispute(uow, key, reason=body.reason))


@router.post("/{underpayment_id}:accept", openapi_extra=_REASON)
def post_accept(
    underpayment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> UnderpaymentDetailDocument:
    """Leave it at that: what is open of it is written off, within the tenant's limit."""
    key, body = row_id(Prefix.UNDERPAYMENT, underpayment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        limit = None if caller.role is Role.ADMIN else uow.settings.get().write_off_limit
        return _detail(uow, accept(uow, key, reason=body.reason, limit=limit))


@router.post("/{underpayment_id}:reopen", openapi_extra=_REASON)
def post_reopen(
    underpayment_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> UnderpaymentDetailDocument:
    """Take back what was decided of it, a write-off by its mirror entry."""
    key, body = row_id(Prefix.UNDERPAYMENT, underpayment_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, reopen(uow, key, reason=body.reason))


def _detail(uow: UnitOfWork, found: StoredUnderpayment) -> UnderpaymentDetailDocument:
    return UnderpaymentDetailDocument.with_acts(found, uow.underpayments.acts(found.id))
