"""What a claim payment that waits may be about: claims and lines, for the person who decides."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.claim_matching import Suggestion, suggestions
from app.domain.line_suggestions import LineSuggestion, suggest_lines
from app.flows.ports import UnitOfWork

_MOST = 20  # claims shown; who needs more looks for them by other means


@dataclass(frozen=True, slots=True)
class Suggested:
    """The surest first. `lines` are those of `lines_of`: the claim in view, else the surest one."""

    claims: tuple[Suggestion, ...]
    lines_of: StoredClaim | None
    lines: tuple[LineSuggestion, ...]


def suggest(uow: UnitOfWork, payment_id: UUID) -> Suggested | None:
    """Computed from the books as they are now; None for a payment that is none."""
    kept = uow.payments.get(payment_id)
    stored = uow.remittances.get(kept.remittance_id) if kept else None
    if kept is None or stored is None:
        return None
    claims = suggestions(
        kept.payment, uow.candidates.near(kept.payment), remittance=stored.remittance
    )[:_MOST]
    in_view = uow.claims.get(kept.claim_id) if kept.claim_id else None
    of = in_view or (claims[0].claim if claims else None)
    lines = suggest_lines(kept.payment.services, of.lines) if of else []
    return Suggested(tuple(claims), of, tuple(lines))
