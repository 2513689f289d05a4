"""Claims that go on: to the next payer, as a replacement or a void, or again after a rejection."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.documents.answers import Items
from app.documents.claim import ClaimDocument, SubmissionDocument
from app.documents.claim_requests import read_claim_ids, read_insist
from app.documents.payments import ReasonDocument
from app.domain.encounter import Encounter
from app.domain.identity import Prefix
from app.flows.again import replace_claim, resubmit_claims, submissions_of, void_claim
from app.flows.next_claims import bill_next, bill_next_of_all
from app.http.answers import claim_answers
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import BATCH_BODY, CORRECTED_BODY, INSIST_BODY
from app.http.openapi import body_of as described
from app.http.problems import refused
from app.http.requests import Handed, RawBody, body_of, encounter_of, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["claims"])


@router.post(
    "/claims/{claim_id}:billNext",
    status_code=201,
    openapi_extra=INSIST_BODY,
    responses={200: {"description": "The claim to the next payer stood already"}},
)
def post_bill_next(
    claim_id: str, raw: RawBody, response: Response, caller: Writer, needs: Handed
) -> ClaimDocument:
    """The claim to the next payer, told what this one decided. 409 where it is not due; some of
    that a person may overrule with a reason."""
    key = row_id(Prefix.CLAIM, claim_id)
    reason, problems = read_insist(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        claim, is_new = bill_next(uow, key, reason=reason)
        response.status_code = 201 if is_new else 200
        return claim_answers(uow, [claim])[0]


@router.post("/claims:billNext", openapi_extra=BATCH_BODY)
def post_bill_next_all(raw: RawBody, caller: Writer, needs: Handed) -> Items[ClaimDocument]:
    """The claims to the next payers of all that are named, or of none."""
    ids, problems = read_claim_ids(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        return Items(items=claim_answers(uow, bill_next_of_all(uow, ids)))


@router.post("/claims/{claim_id}:replace", openapi_extra=CORRECTED_BODY)
def post_replace(claim_id: str, raw: RawBody, caller: Writer, needs: Handed) -> ClaimDocument:
    """The claim again as a replacement (frequency 7), of the corrected encounter in the body or as
    it stands."""
    key = row_id(Prefix.CLAIM, claim_id)
    corrected = _corrected(raw)
    with unit(needs, caller) as uow:
        return claim_answers(uow, [replace_claim(uow, key, corrected=corrected)])[0]


@router.post("/claims/{claim_id}:void", openapi_extra=described(ReasonDocument))
def post_void(claim_id: str, raw: RawBody, caller: Writer, needs: Handed) -> ClaimDocument:
    """The claim taken back (frequency 8), for a reason; it is VOIDED once the payer has taken that
    in."""
    key, body = row_id(Prefix.CLAIM, claim_id), body_of(ReasonDocument, raw)
    with unit(needs, caller) as uow:
        return claim_answers(uow, [void_claim(uow, key, reason=body.reason)])[0]


@router.post("/claims/{claim_id}:resubmit", openapi_extra=CORRECTED_BODY)
def post_resubmit(claim_id: str, raw: RawBody, caller: Writer, needs: Handed) -> ClaimDocument:
    """A rejected claim again, under the next number of its root; with a corrected encounter in the
    body, or as it stands."""
    key = row_id(Prefix.CLAIM, claim_id)
    corrected = _corrected(raw)
    with unit(needs, caller) as uow:
        return claim_answers(uow, resubmit_claims(uow, [key], corrected=corrected))[0]


@router.post("/claims:resubmit", openapi_extra=BATCH_BODY)
def post_resubmit_all(raw: RawBody, caller: Writer, needs: Handed) -> Items[ClaimDocument]:
    """Rejected claims again, all that are named or none."""
    ids, problems = read_claim_ids(raw)
    if problems:
        raise refused(problems)
    with unit(needs, caller) as uow:
        return Items(items=claim_answers(uow, resubmit_claims(uow, ids)))


@router.get("/claims/{claim_id}/submissions")
def get_submissions(claim_id: str, caller: Reader, needs: Handed) -> Items[SubmissionDocument]:
    """Every attempt of the claim with its number and stage, oldest first."""
    key = row_id(Prefix.CLAIM, claim_id)
    with unit(needs, caller) as uow:
        claim = uow.claims.get(key)
        if claim is None:
            raise missing(Prefix.CLAIM)
        return Items(items=[SubmissionDocument.of(*found) for found in submissions_of(uow, claim)])


def _corrected(raw: bytes) -> Encounter | None:
    """The encounter in the body, if there is one."""
    return encounter_of(raw) if raw.strip() else None
