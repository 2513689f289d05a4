"""What a claim payment may be about, as JSON."""

from __future__ import annotations

from app.documents.answers import Answer, Money


class ClaimSuggestionDocument(Answer):
    """A claim, by what it was found (`method`, joined by +) and how sure that is."""

    claim_id: str
    patient_control_number: str
    charge: Money
    method: str
    confidence: str  # certain, confirmed, likely, possible
    why: list[str]


class LineSuggestionDocument(Answer):
    """A line of the claim `claim_id` for one service of the payment."""

    ordinal: int  # of the service in the payment, from 1
    claim_id: str
    line_control_number: str
    charge: Money
    method: str
    confidence: str
    why: list[str]


class SuggestionsDocument(Answer):
    """The surest first; computed when asked for, from the books as they are."""

    claims: list[ClaimSuggestionDocument]
    lines: list[LineSuggestionDocument]  # of the claim in view, else of the surest one
