"""Remittances and the ledger."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.answers import Page
from app.documents.inbound import (
    RemittanceDetailDocument,
    RemittanceDocument,
    TrialBalanceDocument,
)
from app.domain.identity import Prefix
from app.domain.money import ZERO
from app.http.answers import (
    payment_answer,
    provider_adjustment_answer,
    remittance_answer,
    remittance_members,
)
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.paging import (
    DEFAULT_SIZE,
    PageSize,
    PageToken,
    after_id,
    after_ordinal,
    page,
    token_of,
)
from app.http.requests import Handed, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["money"])


@router.get("/remittances")
def list_remittances(
    caller: Reader,
    needs: Handed,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[RemittanceDocument]:
    """835 transaction sets in the order they came."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.remittances.page(limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[remittance_answer(stored) for stored in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/remittances/{remittance_id}")
def get_remittance(
    remittance_id: str,
    caller: Reader,
    needs: Handed,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> RemittanceDetailDocument:
    """One remittance with a page of its claim payments, posted and waiting."""
    size, after = page_size or DEFAULT_SIZE, after_ordinal(page_token)
    key = row_id(Prefix.REMITTANCE, remittance_id)
    with unit(needs, caller) as uow:
        stored = uow.remittances.get(key)
        if stored is None:
            raise missing(Prefix.REMITTANCE)
        payments = uow.remittances.payments(key, limit=size + 1, after=after)
        adjustments = uow.remittances.provider_adjustments(key)
        named = uow.recoupments.claims_named(key)
    shown, last = page(payments, size)
    return RemittanceDetailDocument(
        **remittance_members(stored),
        provider_adjustments=[
            provider_adjustment_answer(a, key, named.get(a.ordinal)) for a in adjustments
        ],
        items=[payment_answer(payment) for payment in shown],
        next_page_token=token_of(last.ordinal) if last else None,
    )


@router.get("/ledger/trial-balance")
def get_trial_balance(caller: Reader, needs: Handed) -> TrialBalanceDocument:
    """Every account of the ledger; a debit is positive."""
    with unit(needs, caller) as uow:
        accounts = uow.journal.trial_balance()
    return TrialBalanceDocument(accounts=accounts, sum=sum(accounts.values(), ZERO))
