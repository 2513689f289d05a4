"""Appeals with their papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.domain.appeal import Appeal, AppealPaper, AppealState, RemittedClaim


@dataclass(frozen=True, slots=True)
class AppealFilter:
    """GET /v1/appeals: None means any."""

    state: str | None = None
    claim_id: UUID | None = None


class Appeals(Protocol):
    """Appeals; who changes one holds its claim."""

    def add(self, appeal: Appeal) -> None: ...
    def keep(self, appeal: Appeal) -> None:
        """In place of the one of its id."""
        ...

    def get(self, appeal_id: UUID) -> Appeal | None: ...
    def of_claims(self, claim_ids: Sequence[UUID]) -> list[Appeal]:
        """In id order."""
        ...

    def states(self, claim_ids: Sequence[UUID]) -> dict[UUID, AppealState]:
        """The state of each claim's latest appeal; a claim without any has NONE."""
        ...

    def search(self, which: AppealFilter, *, limit: int, after: UUID | None) -> list[Appeal]: ...
    def add_document(self, appeal_id: UUID, *, name: str, sha256: str, size: int) -> None:
        """The same bytes once."""
        ...

    def documents(self, appeal_id: UUID) -> list[AppealPaper]: ...
    def remitted(self, payment_ids: Sequence[UUID]) -> list[RemittedClaim]: ...
