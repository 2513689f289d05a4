"""Encounters in, and the claims made of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.documents.answers import Items
from app.documents.claim import ClaimDocument
from app.domain.identity import Prefix, public_id
from app.flows.claims import build_claims
from app.flows.intake import Taken, take_encounter
from app.http.answers import claim_answers, encounter_answer
from app.http.callers import Reader, Writer
from app.http.guarded import GuardedRoute
from app.http.openapi import ENCOUNTER_BODY
from app.http.problems import ApiProblem, Kind
from app.http.requests import Handed, RawBody, encounter_of, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1/encounters", tags=["encounters"])


@router.post(
    "",
    status_code=201,
    openapi_extra=ENCOUNTER_BODY,
    responses={200: {"description": "The same again, or a correction of what has not left"}},
)
def post_encounter(
    raw: RawBody, response: Response, caller: Writer, needs: Handed
) -> dict[str, Any]:
    """Take an encounter. Its key is sourceSystem and externalId."""
    encounter = encounter_of(raw)
    with unit(needs, caller) as uow:
        intake = take_encounter(uow, encounter)
        name = public_id(Prefix.ENCOUNTER, intake.stored.id)
        if intake.taken is Taken.REFUSED:
            raise ApiProblem(
                Kind.CONFLICT,
                f"Encounter {name} is stored with other content and a claim of it has left; "
                "nothing was changed.",
            )
        response.headers["Location"] = f"/v1/encounters/{name}"
        response.status_code = 201 if intake.taken is Taken.CREATED else 200
        return encounter_answer(intake.stored)


@router.get("/{encounter_id}")
def get_encounter(encounter_id: str, caller: Reader, needs: Handed) -> dict[str, Any]:
    """The encounter as it stands, in its latest version."""
    key = row_id(Prefix.ENCOUNTER, encounter_id)
    with unit(needs, caller) as uow:
        stored = uow.encounters.get(key)
        if stored is None:
            raise missing(Prefix.ENCOUNTER)
        return encounter_answer(stored)


@router.post(
    "/{encounter_id}/claims",
    status_code=201,
    responses={200: {"description": "All claims that are due stood already"}},
)
def post_claims(
    encounter_id: str, response: Response, caller: Writer, needs: Handed
) -> Items[ClaimDocument]:
    """Build one claim for each payer position that is due now; edits may hold it in NEEDS_INFO."""
    key = row_id(Prefix.ENCOUNTER, encounter_id)
    with unit(needs, caller) as uow:
        if uow.encounters.get(key) is None:
            raise missing(Prefix.ENCOUNTER)
        before = {claim.id for claim in uow.claims.of_encounter(key)}
        claims = build_claims(uow, key)
        response.status_code = 200 if before.issuperset(c.id for c in claims) else 201
        return Items(items=claim_answers(uow, claims))
