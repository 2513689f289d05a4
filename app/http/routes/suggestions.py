"""What a claim payment that waits may be about."""

from __future__ import annotations

from fastapi import APIRouter

from app.documents.suggestions import (
    ClaimSuggestionDocument,
    LineSuggestionDocument,
    SuggestionsDocument,
)
from app.domain.identity import Prefix, public_id
from app.flows.suggest import Suggested, suggest
from app.http.callers import Reader
from app.http.guarded import GuardedRoute
from app.http.requests import Handed, missing, row_id, unit

router = APIRouter(route_class=GuardedRoute, prefix="/v1", tags=["money"])


@router.get("/claim-payments/{payment_id}/suggestions")
def get_suggestions(payment_id: str, caller: Reader, needs: Handed) -> SuggestionsDocument:
    """Claims and lines with method, confidence and reasons; a person chooses."""
    key = row_id(Prefix.CLAIM_PAYMENT, payment_id)
    with unit(needs, caller) as uow:
        suggested = suggest(uow, key)
    if suggested is None:
        raise missing(Prefix.CLAIM_PAYMENT)
    return _document(suggested)


def _document(suggested: Suggested) -> SuggestionsDocument:
    of = suggested.lines_of
    return SuggestionsDocument(
        claims=[
            ClaimSuggestionDocument(
                claim_id=public_id(Prefix.CLAIM, one.claim.id),
                patient_control_number=one.claim.patient_control_number,
                charge=one.claim.charge,
                method=one.method,
                confidence=one.confidence,
                why=list(one.why),
            )
            for one in suggested.claims
        ],
        lines=[
            LineSuggestionDocument(
                ordinal=one.ordinal,
                claim_id=public_id(Prefix.CLAIM, of.id),
                line_control_number=one.line.line_control_number,
                charge=one.line.charge,
                method=one.method,
                confidence=one.confidence,
                why=list(one.why),
            )
            for one in suggested.lines
            if of is not None
        ],
    )
