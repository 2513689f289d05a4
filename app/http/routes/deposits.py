"""Bank deposits, and where remittances and their money stand to one another."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.documents.answers import Page
from app.documents.deposit import (
    DepositActDocument,
    DepositDetailDocument,
    DepositDocument,
    ReassociationDocument,
    SightingDocument,
    SuggestionDocument,
    read_deposit,
    read_deposit_match,
)
from app.documents.problem import Problem
from app.documents.query import OneReassociation
from app.domain.clock import local_date
from app.domain.deposit import StoredDeposit
from app.domain.identity import Prefix, public_id
from app.domain.reassociation import Expected, is_late, suggestions
from app.flows.deposits import match_by_hand, take_deposits, unmatch_by_hand
from app.flows.ports import Stands, UnitOfWork
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import DEPOSIT_BODY, DEPOSIT_MATCH_BODY
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import refused
from app.http.requests import Handed, RawBody, missing, must_be_dated, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["deposits"])

OneState = Annotated[OneReassociation, Query(alias="state")]


@router.post(
    "/deposits",
    status_code=201,
    openapi_extra=DEPOSIT_BODY,
    responses={200: {"description": "This deposit was known; it is not counted twice"}},
)
def post_deposit(
    raw: RawBody, response: Response, caller: Writer, needs: Handed
) -> DepositDetailDocument:
    """Take a deposit that a bank told of; it is joined to its remittance where that is sure."""
    deposit = read_deposit(raw)
    if isinstance(deposit, list):
        raise refused(deposit)
    with unit(needs, caller) as uow:
        must_be_dated(uow, deposit.date)
        (taken,) = take_deposits(uow, [deposit], file_id=None)
        answer = _detail(uow, taken.stored)
    response.status_code = 200 if taken.known else 201
    response.headers["Location"] = f"/v1/deposits/{answer.id}"
    return answer


@router.get("/deposits")
def list_deposits(
    caller: Reader,
    needs: Handed,
    state: OneState = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[DepositDocument]:
    """Deposits in the order they came; `state=EFT_ONLY` are those without a remittance."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.deposits.page(state=state, limit=size + 1, after=after)
        shown, last = page(rows, size)
        items = [DepositDocument(**_members(uow, deposit, stands)) for deposit, stands in shown]
    return Page(items=items, next_page_token=token_of(last[0].id) if last else None)


@router.get("/deposits/{deposit_id}")
def get_deposit(deposit_id: str, caller: Reader, needs: Handed) -> DepositDetailDocument:
    """One deposit: how it was told, what it was joined to, and what it may belong to."""
    key = row_id(Prefix.DEPOSIT, deposit_id)
    with unit(needs, caller) as uow:
        deposit = uow.deposits.get(key)
        if deposit is None:
            raise missing(Prefix.DEPOSIT)
        return _detail(uow, deposit)


@router.post("/deposits/{deposit_id}:match", openapi_extra=DEPOSIT_MATCH_BODY)
def match_deposit(
    deposit_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> DepositDetailDocument:
    """Join a deposit to remittances by hand; moves no money."""
    key = row_id(Prefix.DEPOSIT, deposit_id)
    asked = read_deposit_match(raw)
    if isinstance(asked, list):
        raise refused(asked)
    remittance_ids, reason = asked
    if remittance_ids is None:
        raise refused([Problem("/remittanceIds", "missing", "This member is required.")])
    with unit(needs, caller) as uow:
        match_by_hand(uow, key, remittance_ids, reason=reason)
        return _detail(uow, _deposit(uow, key))


@router.post("/deposits/{deposit_id}:unmatch", openapi_extra=DEPOSIT_MATCH_BODY)
def unmatch_deposit(
    deposit_id: str, raw: RawBody, caller: Writer, needs: Handed
) -> DepositDetailDocument:
    """Take a deposit apart from remittances, all where none are named; they stay apart."""
    key = row_id(Prefix.DEPOSIT, deposit_id)
    asked = read_deposit_match(raw)
    if isinstance(asked, list):
        raise refused(asked)
    with unit(needs, caller) as uow:
        unmatch_by_hand(uow, key, asked[0], reason=asked[1])
        return _detail(uow, _deposit(uow, key))


@router.get("/reassociations")
def list_reassociations(
    caller: Reader,
    needs: Handed,
    state: OneState = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[ReassociationDocument]:
    """Remittances and where their money stands; `state=ERA_ONLY` are those without a deposit."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.deposits.expected_page(state=state, limit=size + 1, after=after)
        shown, last = page(rows, size)
        items = [_reassociation(uow, expected, stands) for expected, stands in shown]
    return Page(items=items, next_page_token=token_of(last[0].id) if last else None)


def _deposit(uow: UnitOfWork, key: Any) -> StoredDeposit:
    deposit = uow.deposits.get(key)
    if deposit is None:
        raise missing(Prefix.DEPOSIT)
    return deposit


def _detail(uow: UnitOfWork, stored: StoredDeposit) -> DepositDetailDocument:
    stands = uow.deposits.stands([stored.id])[stored.id]
    joined = [remittance for _, remittance in uow.deposits.edges(deposit_ids=[stored.id])]
    money = stored.deposit
    offered: list[Expected] = []
    if not joined:
        there = uow.deposits.expected_of_amount(money.amount)
        there += uow.deposits.expected_by_traces([money.trace_number or money.reference or ""])
        known = {e.id: e for e in there}
        taken = uow.deposits.edges(remittance_ids=list(known))
        offered = suggestions(stored, known.values(), standing=taken)
    return DepositDetailDocument(
        **_members(uow, stored, stands),
        remittance_ids=[public_id(Prefix.REMITTANCE, id) for id in joined],
        sightings=[
            SightingDocument(
                source=seen.source.value,
                file_id=public_id(Prefix.FILE, seen.file_id) if seen.file_id else None,
                line=seen.line,
                at=seen.at,
            )
            for seen in uow.deposits.sightings(stored.id)
        ],
        acts=[
            DepositActDocument(
                remittance_id=public_id(Prefix.REMITTANCE, act.remittance_id),
                act=act.act,
                method=act.method,
                confidence=act.confidence,
                reason=act.reason,
                actor=act.actor,
                at=act.at,
            )
            for act in uow.deposits.acts(stored.id)
        ],
        suggestions=[
            SuggestionDocument(
                remittance_id=public_id(Prefix.REMITTANCE, e.id),
                amount=e.amount,
                date=e.date,
                trace_number=e.trace_number,
                payer_name=e.payer_name,
            )
            for e in offered[:10]
        ],
    )


def _members(uow: UnitOfWork, stored: StoredDeposit, stands: Stands) -> dict[str, Any]:
    money = stored.deposit
    today = local_date(uow.clock, uow.tenant.time_zone)
    return {
        "id": public_id(Prefix.DEPOSIT, stored.id),
        "state": stands.state.value,
        "late": is_late(stands.state, money.date, today=today),
        "amount": money.amount,
        "date": money.date,
        "expected": stands.expected,
        "arrived": stands.arrived,
        "trace_number": money.trace_number,
        "payer_identifier": money.payer_identifier,
        "payer_name": money.payer_name,
        "account": f"...{money.account[-4:]}" if money.account else None,
        "reference": money.reference,
        "source": money.source.value,
        "file_id": public_id(Prefix.FILE, stored.file_id) if stored.file_id else None,
        "line": money.line,
        "recorded_at": stored.recorded_at,
    }


def _reassociation(uow: UnitOfWork, expected: Expected, stands: Stands) -> ReassociationDocument:
    today = local_date(uow.clock, uow.tenant.time_zone)
    return ReassociationDocument(
        remittance_id=public_id(Prefix.REMITTANCE, expected.id),
        state=stands.state.value,
        late=is_late(stands.state, expected.date, today=today),
        amount=expected.amount,
        date=expected.date,
        expected=stands.expected,
        arrived=stands.arrived,
        trace_number=expected.trace_number,
        payer_identifier=expected.payer_identifier,
        payer_name=expected.payer_name,
        payment_method=expected.payment_method,
    )
