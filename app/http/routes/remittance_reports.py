"""A remittance or one claim payment on paper: HTML, or PDF where the caller accepts that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.documents.query import PublicId
from app.documents.report_html import report_html
from app.documents.report_pdf import report_pdf
from app.domain.identity import Prefix
from app.domain.report_parts import Heading, Part
from app.flows.access import Caller
from app.flows.remittance_report import remittance_report
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.needs import Needs
from app.http.requests import (
    Handed,
    missing,
    row_id,
    unit,
    wanted_id,
)

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["money"])

HTML, PDF = "text/html; charset=utf-8", "application/pdf"
_BOTH: dict[int | str, dict[str, object]] = {
    200: {"description": "The report", "content": {"text/html": {}, PDF: {}}}
}
# It names patients: nobody between us and the reader may keep it.
_PRIVATE = {"Cache-Control": "no-store"}


@router.get("/remittances/{remittance_id}/report", responses=_BOTH, response_class=Response)
def get_remittance_report(
    remittance_id: str,
    request: Request,
    caller: Reader,
    needs: Handed,
    payment_id: Annotated[PublicId, Query(alias="claimPaymentId")] = None,
) -> Response:
    """What it says, what of it is posted, what waits and why; PDF for `Accept: application/pdf`.

    `claimPaymentId` tells one claim payment of it alone.
    """
    key = row_id(Prefix.REMITTANCE, remittance_id)
    one = wanted_id(Prefix.CLAIM_PAYMENT, payment_id)
    return _told(request, caller, needs, key, one)


@router.get("/claim-payments/{payment_id}/report", responses=_BOTH, response_class=Response)
def get_claim_payment_report(
    payment_id: str, request: Request, caller: Reader, needs: Handed
) -> Response:
    """One claim payment, with the header of its remittance; HTML, or PDF as Accept says."""
    key = row_id(Prefix.CLAIM_PAYMENT, payment_id)
    with unit(needs, caller) as uow:
        shown = uow.payments.shown(key)
    if shown is None:
        raise missing(Prefix.CLAIM_PAYMENT)
    return _told(request, caller, needs, shown.remittance_id, key)


def _told(
    request: Request, caller: Caller, needs: Needs, remittance_id: UUID, payment_id: UUID | None
) -> Response:
    told = remittance_report(
        lambda: unit(needs, caller), remittance_id, payment_id=payment_id
    )  # raises NotFound before anything is answered
    first = next(told)
    title = first.text if isinstance(first, Heading) else "Remittance"
    if PDF in request.headers.get("accept", ""):
        paper = report_pdf(title, _behind(first, told))
        return StreamingResponse(paper, media_type=PDF, headers=_PRIVATE)
    page = report_html(title, _behind(first, told))
    return StreamingResponse(page, media_type=HTML, headers=_PRIVATE)


def _behind(first: Part, rest: Iterator[Part]) -> Iterator[Part]:
    yield first
    yield from rest
