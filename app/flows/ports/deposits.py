"""What banks say has arrived, and the remittances it is joined to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.deposit import Deposit, Sighting, StoredDeposit
from app.domain.reassociation import Expected, Pair, Reassociation


@dataclass(frozen=True, slots=True)
class Stands:
    """The projected state of a deposit or a remittance, and the sums of its group."""

    subject_id: UUID
    state: Reassociation
    expected: Decimal
    arrived: Decimal


@dataclass(frozen=True, slots=True)
class DepositAct:
    """One act on a deposit and a remittance; the last of a pair says whether they are joined."""

    deposit_id: UUID
    remittance_id: UUID
    act: str  # matched, unmatched
    method: str
    confidence: str
    reason: str | None
    actor: str
    at: datetime


class Deposits(Protocol):
    """Deposits, what they are joined to, and where both sides stand."""

    def hold(self) -> None:
        """Keep others from adding or joining deposits until the unit of work ends."""
        ...

    def like(self, amounts: Sequence[Decimal]) -> list[StoredDeposit]:
        """Those of one of these amounts."""
        ...

    def add(self, deposit: Deposit, *, file_id: UUID | None) -> StoredDeposit: ...
    def see_again(self, deposit_id: UUID, deposit: Deposit, *, file_id: UUID | None) -> None: ...
    def get(self, deposit_id: UUID) -> StoredDeposit | None: ...
    def by_ids(self, deposit_ids: Sequence[UUID]) -> list[StoredDeposit]: ...
    def by_traces(self, keys: Sequence[str]) -> list[StoredDeposit]: ...
    def of_file(self, file_id: UUID) -> list[StoredDeposit]:
        """Those whose first telling this file was."""
        ...

    def sightings(self, deposit_id: UUID) -> list[Sighting]: ...
    def page(
        self, *, state: Reassociation | None, limit: int, after: UUID | None
    ) -> list[tuple[StoredDeposit, Stands]]: ...

    def expected(self, remittance_ids: Sequence[UUID]) -> list[Expected]:
        """Of those that are no duplicates of others."""
        ...

    def expected_by_traces(self, traces: Sequence[str]) -> list[Expected]:
        """Of those that are no duplicates of others, TRN02 in these spellings."""
        ...

    def expected_of_amount(self, amount: Decimal) -> list[Expected]:
        """At most a hundred, the newest first."""
        ...

    def expected_page(
        self, *, state: Reassociation | None, limit: int, after: UUID | None
    ) -> list[tuple[Expected, Stands]]: ...

    def edges(
        self, *, deposit_ids: Sequence[UUID] = (), remittance_ids: Sequence[UUID] = ()
    ) -> list[tuple[UUID, UUID]]:
        """Pairs (deposit, remittance) that are joined and have one of these ids."""
        ...

    def taken_apart(self, deposit_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
        """Pairs that were joined and are no more."""
        ...

    def acts(self, deposit_id: UUID) -> list[DepositAct]: ...
    def join(self, pairs: Sequence[Pair], *, reason: str | None = None) -> None: ...
    def part(self, pairs: Sequence[tuple[UUID, UUID]], *, reason: str | None) -> None: ...
    def project(self, subject: str, stands: Sequence[Stands]) -> None:
        """Keep where these stand; `subject` is deposit or remittance."""
        ...

    def stands(self, subject_ids: Sequence[UUID]) -> dict[UUID, Stands]: ...
