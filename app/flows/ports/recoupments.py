"""What payers take back through the provider level, and the claims that PLB pairs name."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from app.domain.recoupment import Recoupment


class Recoupments(Protocol):
    """Balances of WO and FB, and the claims that PLB pairs name."""

    def page(self, *, open_only: bool, limit: int, after: UUID | None) -> list[Recoupment]: ...
    def claims_named(self, remittance_id: UUID) -> dict[int, UUID]:
        """The claims that a remittance's PLB pairs name, by the pair's ordinal."""
        ...

    def naming(self, claim_id: UUID) -> list[tuple[UUID, int]]:
        """PLB pairs that name this claim: (remittance, ordinal), in the order they came."""
        ...
