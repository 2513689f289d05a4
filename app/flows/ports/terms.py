"""What is agreed with payers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.contract import Fee, KeptSchedule
from app.domain.treatment import Terms, TreatmentRow


class PayerTerms(Protocol):
    """Fees and treatments by the id an encounter names a payer by; each list is replaced whole."""

    def fees(self, payer_id: str) -> list[Fee]:
        """In the order they were given."""
        ...

    def set_fees(self, payer_id: str, fees: Sequence[Fee]) -> None:
        """These in place of those that stand, as the next version of the payer's schedule."""
        ...

    def schedule(self, payer_id: str, version: int | None) -> KeptSchedule | None:
        """That version, or the last one."""
        ...

    def treatments(self, payer_id: str) -> list[TreatmentRow]: ...
    def set_treatments(self, payer_id: str, rows: Sequence[TreatmentRow]) -> None: ...
    def of_claims(self, claims: Iterable[StoredClaim]) -> Mapping[UUID, Terms]:
        """By claim id; a claim of a payer without any terms is not in it. Two queries in all."""
        ...
