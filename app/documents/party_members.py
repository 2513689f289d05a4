"""Who and where, as JSON: addresses, contacts, providers, and what patient and subscriber share."""

from __future__ import annotations

import re
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.fields import Document, Maybe
from app.documents.mirror import Mirror
from app.domain import party


class Address(Document):
    address1: f.Text55
    address2: Maybe[f.Text55] = None
    city: f.City
    state: Maybe[f.TwoLetters] = None
    postal_code: f.PostalCode
    country: Maybe[f.TwoLetters] = None

    @model_validator(mode="after")
    def _fit_for_the_us(self) -> Self:
        if (self.country or "US").upper() == "US":
            if self.state is None:
                raise PydanticCustomError("missing_state", "An address in the US has a state.")
            if not re.fullmatch("[0-9]{5}([0-9]{4})?", self.postal_code):
                raise PydanticCustomError("zip", "A ZIP code in the US has 5 or 9 digits.")
        return self

    def to_domain(self) -> party.Address:
        return party.Address(
            address1=self.address1,
            address2=self.address2,
            city=self.city,
            state=self.state or "",
            postal_code=self.postal_code,
            country=self.country,
        )

    @classmethod
    def of(cls, address: party.Address) -> Self:
        return cls.model_construct(
            address1=address.address1,
            address2=address.address2,
            city=address.city,
            state=address.state or None,
            postal_code=address.postal_code,
            country=address.country,
        )


class Contact(Mirror, of=party.Contact):
    name: f.Text60
    phone_number: Maybe[f.Phone] = None
    email: Maybe[f.Email] = None


class ProviderId(Mirror, of=party.OtherId):
    qualifier: f.ProviderIdQualifier
    id: f.Text50
    payer_id: Maybe[f.Text80] = None


class PayerOtherId(Mirror, of=party.OtherId):
    qualifier: f.PayerIdQualifier
    id: f.Text50


class Provider(Mirror, of=party.Provider):
    npi: Maybe[f.Text80] = None
    organization_name: Maybe[f.Text60] = None
    first_name: Maybe[f.Text35] = None
    middle_name: Maybe[f.Text25] = None
    last_name: Maybe[f.Text60] = None
    taxonomy_code: Maybe[f.Taxonomy] = None
    employer_id: Maybe[f.Text50] = None
    ssn: Maybe[f.Text50] = None
    address: Address | None = None
    contact: Contact | None = None
    other_ids: f.ListOf[ProviderId] | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.organization_name is None) == (self.last_name is None):
            raise PydanticCustomError(
                "provider_name", "A provider has an organizationName or a lastName, not both."
            )
        return self


class PersonMembers(Document):
    """What a patient and a subscriber share."""

    first_name: Maybe[f.Text35] = None
    middle_name: Maybe[f.Text25] = None
    last_name: f.Text60
    suffix: Maybe[f.Text10] = None
    date_of_birth: Maybe[f.Day] = None
    gender: Maybe[f.Gender] = None
    address: Address | None = None

    def person(self) -> party.Person:
        return party.Person(
            first_name=self.first_name,
            middle_name=self.middle_name,
            last_name=self.last_name,
            suffix=self.suffix,
            date_of_birth=self.date_of_birth,
            gender=self.gender,
            address=self.address.to_domain() if self.address else None,
        )

    @staticmethod
    def members_of(person: party.Person) -> dict[str, Any]:
        return {
            "first_name": person.first_name,
            "middle_name": person.middle_name,
            "last_name": person.last_name,
            "suffix": person.suffix,
            "date_of_birth": person.date_of_birth,
            "gender": person.gender,
            "address": Address.of(person.address) if person.address else None,
        }
