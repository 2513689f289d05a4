"""What is known of claims to the payers behind the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.crossover import NextResponsibility
from app.domain.next_payer import Adjudicated


class NextPayers(Protocol):
    """Decisions of earlier payers, claims built on them, and what each payer is asked for."""

    def adjudications(self, claim_id: UUID) -> list[Adjudicated]:
        """The claim's posted payments that nothing took back, oldest first."""
        ...

    def keep_basis(self, claim_id: UUID, version: int, payment_ids: Collection[UUID]) -> None:
        """What a version of the claim tells of earlier payers."""
        ...

    def basis(self, claim_id: UUID) -> set[UUID]:
        """What the claim's latest version tells of earlier payers."""
        ...

    def restate(self, encounter_id: UUID) -> None:
        """Bring `elsewhere` of the encounter's claims up to the journal: what each payer is asked
        for is what its receivable holds."""
        ...

    def due(self, *, limit: int, after: UUID | None = None) -> list[UUID]:
        """Claims whose next payer can be asked now and has not been, in the order of their ids."""
        ...

    def behind(self, claim_ids: Collection[UUID]) -> dict[UUID, list[StoredClaim]]:
        """Of these claims, those with claims to later payers of the encounter, and these."""
        ...

    def states(self, claims: Sequence[StoredClaim]) -> dict[UUID, NextResponsibility]:
        """Of these claims, those with a next payer."""
        ...
