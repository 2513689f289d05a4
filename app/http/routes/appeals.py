"""Appeals: drafted, filed, decided, with their papers and the packet for the payer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.documents.answers import Page
from app.documents.appeal import (
    AppealDocument,
    AppealRequestDocument,
    DecisionDocument,
    FileAppealDocument,
)
from app.documents.appeal_packet import appeal_packet
from app.documents.query import OneAppealState
from app.domain.appeal import Appeal, AppealState
from app.domain.identity import Prefix, public_id
from app.flows.appeals import attach, draft, file, level_after, record_decision, withdraw
from app.flows.packets import packet_of
from app.flows.ports import AppealFilter, UnitOfWork
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import FILE_BODY
from app.http.openapi import body_of as described
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import ApiProblem, Kind
from app.http.requests import (
    Handed,
    OfClaim,
    RawBody,
    body_of,
    file_name,
    missing,
    row_id,
    unit,
    wanted_id,
)

router = APIRouter(route_class=GuardedRoute, prefix="/v1/appeals", tags=["work"])

PDF = "application/pdf"


@router.post("", status_code=201, openapi_extra=described(AppealRequestDocument))
def post_appeal(raw: RawBody, response: Response, caller: Writer, needs: Handed) -> AppealDocument:
    """Draft an appeal of open denials of one claim, at the level that comes next."""
    body = body_of(AppealRequestDocument, raw)
    denial_ids = [row_id(Prefix.DENIAL, text) for text in body.denial_ids]
    with unit(needs, caller) as uow:
        appeal = draft(uow, denial_ids, argument=body.argument)
        response.headers["Location"] = f"/v1/appeals/{public_id(Prefix.APPEAL, appeal.id)}"
        return _document(uow, appeal)


@router.get("")
def list_appeals(
    caller: Reader,
    needs: Handed,
    state: OneAppealState = None,
    claim_id: OfClaim = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[AppealDocument]:
    """Appeals in the order they were drafted."""
    which = AppealFilter(
        state=state.value if state else None, claim_id=wanted_id(Prefix.CLAIM, claim_id)
    )
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.appeals.search(which, limit=size + 1, after=after)
        shown, last = page(rows, size)
        items = [_document(uow, appeal) for appeal in shown]
    return Page(items=items, next_page_token=token_of(last.id) if last else None)


@router.get("/{appeal_id}")
def get_appeal(appeal_id: str, caller: Reader, needs: Handed) -> AppealDocument:
    """One appeal with its papers."""
    key = row_id(Prefix.APPEAL, appeal_id)
    with unit(needs, caller) as uow:
        appeal = uow.appeals.get(key)
        if appeal is None:
            raise missing(Prefix.APPEAL)
        return _document(uow, appeal)


@router.get("/{appeal_id}/packet", response_class=Response, responses={200: {"content": {PDF: {}}}})
def get_packet(appeal_id: str, caller: Reader, needs: Handed) -> Response:
    """What is sent to the payer: letter, claim, its decision, proof of filing."""
    key = row_id(Prefix.APPEAL, appeal_id)
    with unit(needs, caller) as uow:
        packet = packet_of(uow, key)
    return Response(appeal_packet(packet), media_type=PDF)


@router.post("/{appeal_id}/documents", status_code=201, openapi_extra=FILE_BODY)
def post_document(
    appeal_id: str, raw: RawBody, request: Request, caller: Writer, needs: Handed
) -> AppealDocument:
    """Keep a paper with it; its name is the header X-File-Name."""
    if not raw:
        raise ApiProblem(Kind.INVALID_REQUEST, "The body is empty; send the paper's bytes.")
    key = row_id(Prefix.APPEAL, appeal_id)
    with unit(needs, caller) as uow:
        appeal = attach(uow, needs.raw, key, name=file_name(request, "document"), data=raw)
        return _document(uow, appeal)


@router.post("/{appeal_id}:file", openapi_extra=described(FileAppealDocument))
def post_file(appeal_id: str, raw: RawBody, caller: Writer, needs: Handed) -> AppealDocument:
    """It went to the payer."""
    key, body = row_id(Prefix.APPEAL, appeal_id), body_of(FileAppealDocument, raw)
    with unit(needs, caller) as uow:
        filed = file(
            uow,
            key,
            filed_on=body.filed_on,
            method=body.method,
            tracking_number=body.tracking_number,
        )
        return _document(uow, filed)


@router.post("/{appeal_id}:recordDecision", openapi_extra=described(DecisionDocument))
def post_decision(appeal_id: str, raw: RawBody, caller: Writer, needs: Handed) -> AppealDocument:
    """What the payer's letter says; no money moves."""
    key, body = row_id(Prefix.APPEAL, appeal_id), body_of(DecisionDocument, raw)
    with unit(needs, caller) as uow:
        decided = record_decision(
            uow,
            key,
            decision=AppealState(body.decision),
            decided_on=body.decided_on,
            recovered=body.recovered,
        )
        return _document(uow, decided)


@router.post("/{appeal_id}:withdraw")
def post_withdraw(appeal_id: str, caller: Writer, needs: Handed) -> AppealDocument:
    """Ask no more; its denials stay open."""
    key = row_id(Prefix.APPEAL, appeal_id)
    with unit(needs, caller) as uow:
        return _document(uow, withdraw(uow, key))


def _document(uow: UnitOfWork, appeal: Appeal) -> AppealDocument:
    return AppealDocument.of(
        appeal, papers=uow.appeals.documents(appeal.id), following=level_after(uow, appeal)
    )
