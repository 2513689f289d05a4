"""Claims: the list, one claim, its timeline, its X12, and judging an encounter beforehand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.documents.answers import Items, Page
from app.documents.claim import ClaimDocument, TimelineItemDocument
from app.documents.problem_json import FindingDocument, FindingsDocument
from app.documents.query import ControlNumber, OneStage, OneStatus
from app.domain.claim import StoredClaim
from app.domain.identity import Prefix
from app.flows.claims import validate
from app.flows.ports import ClaimFilter, UnitOfWork
from app.http.answers import X12, claim_answers, timeline_answer
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.openapi import ENCOUNTER_BODY
from app.http.paging import DEFAULT_SIZE, PageSize, PageToken, after_id, page, token_of
from app.http.problems import ApiProblem, Kind
from app.http.requests import Handed, RawBody, encounter_of, missing, row_id, unit
from app.x12.single_claim import single_claim

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["claims"])


@router.post("/claims:validate", openapi_extra=ENCOUNTER_BODY)
def validate_encounter(raw: RawBody, caller: Reader, needs: Handed) -> FindingsDocument:
    """What the edits find on an encounter; nothing is stored."""
    encounter = encounter_of(raw)
    with unit(needs, caller) as uow:
        findings = validate(uow, encounter)
    return FindingsDocument(findings=[FindingDocument.of(finding) for finding in findings])


@router.get("/claims")
def list_claims(
    caller: Reader,
    needs: Handed,
    patient_control_number: Annotated[ControlNumber, Query(alias="patientControlNumber")] = None,
    status: OneStatus = None,
    stage: OneStage = None,
    page_size: PageSize = None,
    page_token: PageToken = None,
) -> Page[ClaimDocument]:
    """Claims in the order they were made."""
    which = ClaimFilter(
        patient_control_number=patient_control_number,
        status=status.value if status else None,
        stage=stage.value if stage else None,
    )
    size, after = page_size or DEFAULT_SIZE, after_id(page_token)
    with unit(needs, caller) as uow:
        rows = uow.claims.search(which, limit=size + 1, after=after)
        shown, last = page(rows, size)
        items = claim_answers(uow, shown)
    return Page(
        items=items,
        next_page_token=token_of(last.id) if last else None,
    )


@router.get("/claims/{claim_id}")
def get_claim(claim_id: str, caller: Reader, needs: Handed) -> ClaimDocument:
    """One claim with its lines and findings."""
    key = row_id(Prefix.CLAIM, claim_id)
    with unit(needs, caller) as uow:
        (claim,) = claim_answers(uow, [_claim(uow, key)])
    return claim


@router.get("/claims/{claim_id}/timeline")
def get_timeline(claim_id: str, caller: Reader, needs: Handed) -> Items[TimelineItemDocument]:
    """Everything that is known to have happened to the claim, and which file says so."""
    key = row_id(Prefix.CLAIM, claim_id)
    with unit(needs, caller) as uow:
        items = uow.evidence.timeline(_claim(uow, key).id)
    return Items(items=[timeline_answer(item) for item in items])


@router.get(
    "/claims/{claim_id}/x12", response_class=Response, responses={200: {"content": {X12: {}}}}
)
def get_claim_x12(claim_id: str, caller: Reader, needs: Handed) -> Response:
    """The claim as it was written, alone in the envelope of its batch."""
    key = row_id(Prefix.CLAIM, claim_id)
    with unit(needs, caller) as uow:
        written = uow.batches.of_claim(_claim(uow, key).id)
    if written is None:
        raise ApiProblem(
            Kind.CONFLICT, "The claim is in no batch yet; POST /v1/batches writes ready claims."
        )
    batch, position = written
    sent = needs.raw.get(caller.tenant.id, batch.sha256)
    return Response(single_claim(sent, position), media_type=X12)


def _claim(uow: UnitOfWork, key: UUID) -> StoredClaim:
    claim = uow.claims.get(key)
    if claim is None:
        raise missing(Prefix.CLAIM)
    return claim
