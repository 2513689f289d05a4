"""What was allowed beside what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.underpayment import ExpectedPayment, UnderpaymentAct


class Underpayments(Protocol):
    """Lines of posted claim payments, held to the fees of their payers."""

    def add(self, rows: Sequence[ExpectedPayment]) -> None:
        """Keep them as the next posting of their payments; nothing is asked where there are none.

        The events `underpayment.detected` are the flow's.
        """
        ...

    def judged(self, payment_id: UUID) -> list[ExpectedPayment]:
        """How the lines of a payment were judged when it was last posted."""
        ...

    def add_act(
        self, id: UUID, act: str, *, amount: Decimal | None = None, reason: str | None = None
    ) -> UnderpaymentAct: ...
    def acts(self, id: UUID) -> list[UnderpaymentAct]: ...
