"""Batches: ready claims written and sealed, one interchange a trading partner."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from app.documents.answers import Page
from app.documents.batch_request import read_batch_request
from app.documents.claim import BatchDocument, SealedDocument
from app.documents.payments import ReasonDocument
from app.documents.transmission import TransmissionDocument
from app.domain.batch import StoredBatch
from app.domain.identity import Prefix, public_id
from app.flows.batches import retransmit, seal_batches
from app.flows.ports import WORKFLOW_TRANSMIT_BATCH, UnitOfWork
from app.http.answers import X12
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import BATCH_BODY
from app.http.openapi import body_of as described
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import refused
from app.http.requests import Handed, RawBody, body_of, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/batches", tags=["batches"])


@router.post("", status_code=201, openapi_extra=BATCH_BODY)
def post_batches(raw: RawBody, caller: Writer, needs: Handed) -> SealedDocument:
    """Write all ready claims, or those named; a job sends what is sealed.

    A batch is SEALED at once, or OPEN until a second opinion was asked where its partner's profile
    says so. `held` names claims that could not be written; each shows its findings.
    """
    claim_ids, problems = read_batch_request(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        sealed = seal_batches(uow, needs.raw, claim_ids=claim_ids)
    return SealedDocument(
        items=[BatchDocument.of(batch) for batch in sealed.batches],
        held=[public_id(Prefix.CLAIM, claim_id) for claim_id in sealed.held],
    )


@router.get("")
def list_batches(
    caller: Reader, needs: Handed, page_size: PageSize = None, page_token: PageToken = None
) -> Page[BatchDocument]:
    """Batches in the order they were made."""
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.batches.page(limit=size + 1, after=after)
    shown, last = page(rows, size)
    return Page(
        items=[BatchDocument.of(batch) for batch in shown],
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/{batch_id}")
def get_batch(batch_id: str, caller: Reader, needs: Handed) -> BatchDocument:
    """One batch and how far it is."""
    key = row_id(Prefix.BATCH, batch_id)
    with unit(needs, caller) as uow:
        return BatchDocument.of(_batch(uow, key))


@router.get("/{batch_id}/x12", response_class=Response, responses={200: {"content": {X12: {}}}})
def get_batch_x12(batch_id: str, caller: Reader, needs: Handed) -> Response:
    """The very bytes that are sent."""
    key = row_id(Prefix.BATCH, batch_id)
    with unit(needs, caller) as uow:
        batch = _batch(uow, key)
    return Response(needs.raw.get(caller.tenant.id, batch.sha256), media_type=X12)


@router.get("/{batch_id}/transmission")
def get_transmission(batch_id: str, caller: Reader, needs: Handed) -> TransmissionDocument:
    """Every attempt to bring it to the partner, and when the next one is due."""
    key = row_id(Prefix.BATCH, batch_id)
    with unit(needs, caller) as uow:
        _batch(uow, key)
        return TransmissionDocument.of(
            uow.transmissions.steps(key), next_at=uow.schedule.of(WORKFLOW_TRANSMIT_BATCH, key)
        )


@router.post("/{batch_id}:retransmit", openapi_extra=described(ReasonDocument))
def post_retransmit(batch_id: str, raw: RawBody, caller: Writer, needs: Handed) -> BatchDocument:
    """Send the same bytes again now: after a failure that was mended, or where the partner says
    that it never received a batch whose outcome is unknown."""
    key, body = row_id(Prefix.BATCH, batch_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return BatchDocument.of(retransmit(uow, key, reason=body.reason))


def _batch(uow: UnitOfWork, key: UUID) -> StoredBatch:
    batch = uow.batches.get(key)
    if batch is None:
        raise missing(Prefix.BATCH)
    return batch
