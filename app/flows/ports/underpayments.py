"""What was allowed beside what was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.underpayment import (
    ExpectedPayment,
    Finding,
    State,
    StoredUnderpayment,
    UnderpaymentAct,
)


@dataclass(frozen=True, slots=True)
class UnderpaymentFilter:
    """GET /v1/underpayments: None means any; what is as agreed is told only when asked for."""

    state: State | None = None
    finding: Finding | None = None
    payer_id: str | None = None
    claim_id: UUID | None = None


class Underpayments(Protocol):
    """Lines of posted claim payments, held to the fees of their payers."""

    def add(self, rows: Sequence[ExpectedPayment]) -> None:
        """Keep them as their payments' next posting; nothing is asked where there are none."""
        ...

    def judged(self, payment_id: UUID) -> list[ExpectedPayment]:
        """How the lines of a payment were judged when it was last posted."""
        ...

    def judged_of(self, payment_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ExpectedPayment]]:
        """The same of many payments."""
        ...

    def get(self, id: UUID) -> StoredUnderpayment | None:
        """One that stands: its claim payment is posted, and as it was judged last."""
        ...

    def page(
        self, which: UnderpaymentFilter, *, limit: int, after: UUID | None
    ) -> list[StoredUnderpayment]: ...
    def of_payments(self, payment_ids: Sequence[UUID]) -> dict[UUID, State]:
        """Those of these payments that people acted upon, whatever became of the payments since."""
        ...

    def subject(self, id: UUID) -> tuple[UUID, UUID | None]:
        """The claim and the line it is about."""
        ...

    def add_act(
        self, id: UUID, act: str, *, amount: Decimal | None = None, reason: str | None = None
    ) -> UnderpaymentAct: ...
    def acts(self, id: UUID) -> list[UnderpaymentAct]: ...
