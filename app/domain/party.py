"""Who takes part in a claim: people, organizations, providers and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4; `postal_code` is five or nine digits without a dash."""

    address1: str
    city: str
    state: str
    postal_code: str
    address2: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """PER: whom to ask."""

    name: str
    phone_number: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person with what DMG and NM1 need."""

    first_name: str | None
    last_name: str
    date_of_birth: date | None = None
    gender: str | None = None  # F, M or U (DMG03)
    address: Address | None = None
    middle_name: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class OtherId:
    """A number beside the NPI or the payer's id (REF).

    Of providers: 0B licence, 1G UPIN, G2 given by the payer, LU of a location; of payers: 2U, EI,
    FY claim office, NF.
    """

    qualifier: str  # REF01
    id: str  # REF02
    payer_id: str | None = None  # REF04, of a line's provider: the other payer whose number it is


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider in any role: an organization when `organization_name` is there, else a person."""

    npi: str | None
    organization_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    taxonomy_code: str | None = None
    employer_id: str | None = None  # REF*EI, nine digits
    ssn: str | None = None  # REF*SY, sole proprietors only
    address: Address | None = None
    contact: Contact | None = None
    other_ids: tuple[OtherId, ...] = ()

    @property
    def is_person(self) -> bool:
        return self.organization_name is None
