"""Encounters as they were sent, payers and trading partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from app.domain.batch import ControlNumbers
from app.domain.encounter import Encounter
from app.domain.partner import PartnerChange, PartnerProfile


@dataclass(frozen=True, slots=True)
class StoredEncounter:
    """The latest version of an encounter; `content_hash` is of its canonical JSON."""

    id: UUID
    version: int
    content_hash: str
    encounter: Encounter
    created_at: datetime


class Encounters(Protocol):
    """Business key: source system and external id."""

    def find(self, *, source_system: str, external_id: str) -> StoredEncounter | None: ...
    def get(self, encounter_id: UUID) -> StoredEncounter | None: ...
    def add(
        self, encounter: Encounter, *, content: bytes, content_hash: str
    ) -> StoredEncounter: ...
    def add_version(
        self, encounter_id: UUID, encounter: Encounter, *, content: bytes, content_hash: str
    ) -> StoredEncounter: ...


@dataclass(frozen=True, slots=True)
class StoredPayer:
    """A payer of this tenant; `served` False makes edit PAY01 fire."""

    id: UUID
    payer_id: str
    name: str
    served: bool


class Payers(Protocol):
    """Payers by the id an encounter names (scheme PI)."""

    def find(self, payer_id: str) -> StoredPayer | None: ...
    def ensure(self, *, payer_id: str, name: str) -> StoredPayer:
        """The payer, made from the first encounter that names it."""
        ...

    def of_partner(self, partner_id: UUID) -> list[str]:
        """The ids of the payers that name the partner, in their order."""
        ...

    def set_partner(self, payer_id: str, partner_id: UUID | None) -> None:
        """Where its claims go; None: to the partner `default`."""
        ...

    def set_served(self, payer_id: str, *, served: bool) -> None: ...


class Partners(Protocol):
    """Trading partners as they are today; a new tenant has one, `default`."""

    def for_payer(self, payer_row: UUID) -> PartnerProfile: ...
    def get(self, partner_id: UUID) -> PartnerProfile | None: ...
    def all(self) -> list[PartnerProfile]:
        """In the order of their names; a tenant has a few."""
        ...

    def hold(self, partner_id: UUID, *, on: date | None = None) -> PartnerProfile | None:
        """As it will be on that day, and nobody else changes it until this unit of work ends."""
        ...

    def add(self, profile: PartnerProfile) -> None:
        """A new partner, under a name that no other has."""
        ...

    def change(self, before: PartnerProfile, after: PartnerProfile, *, valid_from: date) -> None:
        """Keep what is other from that day on; id, name and `live` stay as they are."""
        ...

    def changes(self, partner_id: UUID) -> list[PartnerChange]:
        """In the order in which they come into force, those that are to come included."""
        ...

    def take_control_numbers(self, partner_id: UUID) -> ControlNumbers:
        """The next numbers, from the partner's row, locked until this unit of work ends."""
        ...
