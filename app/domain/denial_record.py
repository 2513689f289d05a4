"""A denial as it is kept, and what people did to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.domain.denial import FoundDenial, How, Verdict


@dataclass(frozen=True, slots=True)
class NewDenial:
    """A denial on its way into the store."""

    id: UUID
    claim_id: UUID
    payment_id: UUID
    remittance_id: UUID
    line_id: UUID | None
    adjudicated_on: date | None
    payer_id: str | None
    payer_name: str | None
    procedure_code: str | None
    found: FoundDenial
    deadline: date | None
    appeal_deadline: date | None


@dataclass(frozen=True, slots=True)
class StoredDenial:
    """A denial as it is kept, with the verdict on it."""

    new: NewDenial
    created_at: datetime
    by_person: How | None
    assigned_to: str | None
    appealed: bool
    verdict: Verdict
    closed_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.new.id


@dataclass(frozen=True, slots=True)
class DenialAct:
    """What a person did to a denial: assigned, dismissed, written_off, reopened."""

    id: UUID
    ordinal: int
    act: str
    actor: str
    at: datetime
    amount: Decimal | None = None
    assigned_to: str | None = None
    reason: str | None = None
