"""Denials and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.denial import Decided, How, Verdict
from app.domain.denial_categories import Category
from app.domain.denial_record import DenialAct, NewDenial, StoredDenial
from app.domain.payer_terms import PayerWindows


@dataclass(frozen=True, slots=True)
class DenialFilter:
    """GET /v1/denials: None means any."""

    state: str | None = None
    category: str | None = None
    payer_id: str | None = None
    scenario: int | None = None
    claim_id: UUID | None = None


class Denials(Protocol):
    """Denials; one a claim payment, line, group and reason."""

    def decided(self, payment_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, date | None]]:
        """The remittance of each claim payment, and its day (BPR16)."""
        ...

    def add(self, denials: Sequence[NewDenial]) -> set[UUID]:
        """Keep those that are not there yet, open; gives their ids."""
        ...

    def denied_claims(self, claim_ids: Sequence[UUID]) -> set[UUID]:
        """Which of these claims have any denial."""
        ...

    def claims_of_payments(self, payment_ids: Sequence[UUID]) -> set[UUID]:
        """Denied claims that one of these payments is about, or has closed a denial of."""
        ...

    def of_claims(self, claim_ids: Sequence[UUID]) -> dict[UUID, list[StoredDenial]]: ...
    def decisions(self, claim_ids: Sequence[UUID]) -> dict[UUID, list[Decided]]:
        """What the posted payments of each claim say of its lines and of the whole."""
        ...

    def keep(self, verdicts: Mapping[UUID, Verdict]) -> None:
        """Keep verdicts that changed; one that is closed keeps the instant it was closed."""
        ...

    def get(self, denial_id: UUID) -> StoredDenial | None:
        """Held by its claim: who changes a denial holds the claim first."""
        ...

    def search(self, which: DenialFilter, *, limit: int, after: UUID | None) -> list[StoredDenial]:
        """In id order, beginning behind `after`."""
        ...

    def acts(self, denial_id: UUID) -> list[DenialAct]: ...
    def add_act(
        self,
        denial_id: UUID,
        act: str,
        *,
        amount: Decimal | None = None,
        assigned_to: str | None = None,
        reason: str | None = None,
    ) -> DenialAct: ...
    def mark(
        self,
        denial_id: UUID,
        *,
        by_person: How | None,
        assigned_to: str | None,
    ) -> None:
        """Keep what the acts come to."""
        ...

    def mark_appealed(self, denial_ids: Sequence[UUID], *, appealed: bool) -> None: ...
    def history(self, payer_id: str | None, category: Category) -> tuple[int, int]:
        """How many denials of a payer and category were won, and how many were lost."""
        ...

    def terms(self, payer_row: UUID) -> list[PayerWindows]: ...
    def set_terms(self, payer_row: UUID, terms: PayerWindows) -> None:
        """In place of the payer's row of the same day."""
        ...
