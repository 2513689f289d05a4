"""Payers' terms, by which deadlines are counted, and the tenant's own settings of its work."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.answers import Items
from app.documents.payer_terms import (
    PayerTermsChangeDocument,
    PayerTermsDocument,
    WorkSettingsChangeDocument,
    WorkSettingsDocument,
)
from app.domain.errors import NotFound
from app.flows.ports import StoredPayer, UnitOfWork
from app.http.callers import Admin, Reader
from app.http.guarded import GuardedRoute
from app.http.openapi import body_of as described
from app.http.requests import Handed, RawBody, body_of, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["work"])


@router.get("/payers/{payer_id}/terms")
def get_terms(payer_id: str, caller: Reader, needs: Handed) -> Items[PayerTermsDocument]:
    """What the payer's contract says otherwise than the defaults, by the day it begins."""
    with unit(needs, caller) as uow:
        payer = _payer(uow, payer_id)
        rows = uow.denials.terms(payer.id)
    return Items(items=[PayerTermsDocument.of(payer.payer_id, row) for row in rows])


@router.post("/payers/{payer_id}/terms", openapi_extra=described(PayerTermsChangeDocument))
def post_terms(payer_id: str, raw: RawBody, caller: Admin, needs: Handed) -> PayerTermsDocument:
    """Set the terms from a day on; denials made from now on follow them."""
    body = body_of(PayerTermsChangeDocument, raw)
    terms = body.terms()
    with unit(needs, caller) as uow:
        payer = _payer(uow, payer_id)
        uow.denials.set_terms(payer.id, terms)
        detail = {"validFrom": terms.valid_from.isoformat()}
        uow.audit("payer.terms_set", subject=payer.payer_id, detail=detail)
    return PayerTermsDocument.of(payer.payer_id, terms)


@router.get("/work-settings")
def get_settings(caller: Reader, needs: Handed) -> WorkSettingsDocument:
    """The tenant's settings of its work."""
    with unit(needs, caller) as uow:
        return WorkSettingsDocument.of(uow.settings.get())


@router.patch("/work-settings", openapi_extra=described(WorkSettingsChangeDocument))
def patch_settings(raw: RawBody, caller: Admin, needs: Handed) -> WorkSettingsDocument:
    """Change the members given."""
    body = body_of(WorkSettingsChangeDocument, raw)
    with unit(needs, caller) as uow:
        before = uow.settings.get()
        after = body.applied(before)
        if after != before:
            uow.settings.set(after)
            told = WorkSettingsDocument.of(after).model_dump(mode="json", by_alias=True)
            uow.audit("work_settings.changed", subject="tenant", detail=told)
        return WorkSettingsDocument.of(after)


def _payer(uow: UnitOfWork, payer_id: str) -> StoredPayer:
    payer = uow.payers.find(payer_id)
    if payer is None:
        raise NotFound("payer", "of this id")
    return payer
