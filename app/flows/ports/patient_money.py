"""What patients paid, and what they owe by the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.patient_money import Method, PatientPayment, PaymentKind, Share


class PatientMoney(Protocol):
    """Payments of patients, their refunds and voids."""

    def hold(self, encounter_id: UUID) -> None:
        """Keep others from an encounter's patient money until the unit of work ends."""
        ...

    def add(
        self,
        *,
        encounter_id: UUID,
        kind: PaymentKind,
        amount: Decimal,
        method: Method,
        paid_on: date,
        reference: str | None,
        payment_id: UUID | None = None,
        reason: str | None = None,
    ) -> PatientPayment: ...
    def get(self, payment_id: UUID) -> PatientPayment | None: ...
    def of_encounter(self, encounter_id: UUID) -> list[PatientPayment]:
        """Payments, refunds and voids in the order they came."""
        ...

    def paying(self, encounter_ids: Sequence[UUID]) -> list[UUID]:
        """Which of these encounters have payments at all, in the order of their ids."""
        ...

    def page(
        self, *, encounter_id: UUID | None, limit: int, after: UUID | None
    ) -> list[PatientPayment]: ...
    def shares(self, encounter_id: UUID) -> list[Share]:
        """What payers left to the patient by the journal, in the order of the charges; the claims'
        own shares, which are of no charge, come last."""
        ...
