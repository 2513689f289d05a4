"""Denials: the list, one with its acts, and what people decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.documents.answers import Page
from app.documents.denial import (
    AssignDocument,
    DenialDetailDocument,
    DenialDocument,
    WriteOffDocument,
)
from app.documents.payments import ReasonDocument
from app.documents.query import OneCategory, OneScenario, OneState, Word
from app.domain.denial_record import StoredDenial
from app.domain.identity import Prefix
from app.flows.access import Role
from app.flows.denials import assign, dismiss, reopen, write_off
from app.flows.ports import DenialFilter, UnitOfWork
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

router = APIRouter(route_class=GuardedRoute, prefix="/v1/denials", tags=["work"])


@router.get("")
def list_denials(
    caller: Reader,
    needs: Handed,
    state: OneState = None,
    category: OneCategory = None,
    payer_id: Annotated[Word, Query(alias="payerId")] = None,
    scenario: OneScenario = None,
    claim_id: OfClaim = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[DenialDocument]:
    """Denials in the order they were made."""
    which = DenialFilter(
        state=state.value if state else None,
        category=category.value if category else None,
        payer_id=payer_id,
        scenario=scenario,
        claim_id=wanted_id(Prefix.CLAIM, claim_id),
    )
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.denials.search(which, limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[DenialDocument.of(denial) for denial in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/{denial_id}")
def get_denial(denial_id: str, caller: Reader, needs: Handed) -> DenialDetailDocument:
    """One denial with what people did to it."""
    key = row_id(Prefix.DENIAL, denial_id)
    with unit(needs, caller) as uow:
        denial = uow.denials.get(key)
        if denial is None:
            raise missing(Prefix.DENIAL)
        return _detail(uow, denial)


@router.post("/{denial_id}:assign", openapi_extra=described(AssignDocument))
def post_assign(
    denial_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> DenialDetailDocument:
    """Give it to somebody."""
    key, body = row_id(Prefix.DENIAL, denial_id), body_of(AssignDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, assign(uow, key, to=body.to))


@router.post("/{denial_id}:close", openapi_extra=described(ReasonDocument))
def post_close(denial_id: str, raw: RawBody, caller: Writer, needs: Handed) -> DenialDetailDocument:
    """It needs no work, for a reason; no money moves."""
    key, body = row_id(Prefix.DENIAL, denial_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, dismiss(uow, key, reason=body.reason))


@router.post("/{denial_id}:writeOff", openapi_extra=described(WriteOffDocument))
def post_write_off(
    denial_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> DenialDetailDocument:
    """Give up what is at stake, or a part; above the tenant's limit the role admin alone may."""
    key, body = row_id(Prefix.DENIAL, denial_id), body_of(WriteOffDocument, raw)
    with unit(needs, caller) as uow:
        limit = None if caller.role is Role.ADMIN else uow.settings.get().write_off_limit
        done = write_off(uow, key, reason=body.reason, amount=body.amount, limit=limit)
        return _detail(uow, done)


@router.post("/{denial_id}:reopen", openapi_extra=described(ReasonDocument))
def post_reopen(
    denial_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> DenialDetailDocument:
    """Take back what people decided of it; a write-off by its mirror entry."""
    key, body = row_id(Prefix.DENIAL, denial_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return _detail(uow, reopen(uow, key, reason=body.reason))


def _detail(uow: UnitOfWork, denial: StoredDenial) -> DenialDetailDocument:
    return DenialDetailDocument.with_acts(denial, uow.denials.acts(denial.id))
