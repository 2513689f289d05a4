"""The members of the encounter JSON, and the domain value each one stands for.

The example of the contract is design/encounter.json; members beyond it carry the names of the
crosswalk in api.md 2.3. `to_domain()` and `of()` of a class are one another's mirror.
"""

from __future__ import annotations

import re
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.fields import Document, Maybe
from app.domain import encounter as domain
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


class Contact(Document):
    name: f.Text60
    phone_number: Maybe[f.Phone] = None
    email: Maybe[f.Email] = None

    def to_domain(self) -> party.Contact:
        return party.Contact(self.name, self.phone_number, self.email)

    @classmethod
    def of(cls, contact: party.Contact) -> Self:
        return cls.model_construct(
            name=contact.name, phone_number=contact.phone_number, email=contact.email
        )


class Provider(Document):
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

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.organization_name is None) == (self.last_name is None):
            raise PydanticCustomError(
                "provider_name", "A provider has an organizationName or a lastName, not both."
            )
        return self

    def to_domain(self) -> party.Provider:
        return party.Provider(
            npi=self.npi,
            organization_name=self.organization_name,
            first_name=self.first_name,
            middle_name=self.middle_name,
            last_name=self.last_name,
            taxonomy_code=self.taxonomy_code,
            employer_id=self.employer_id,
            ssn=self.ssn,
            address=self.address.to_domain() if self.address else None,
            contact=self.contact.to_domain() if self.contact else None,
        )

    @classmethod
    def of(cls, provider: party.Provider) -> Self:
        return cls.model_construct(
            npi=provider.npi,
            organization_name=provider.organization_name,
            first_name=provider.first_name,
            middle_name=provider.middle_name,
            last_name=provider.last_name,
            taxonomy_code=provider.taxonomy_code,
            employer_id=provider.employer_id,
            ssn=provider.ssn,
            address=Address.of(provider.address) if provider.address else None,
            contact=Contact.of(provider.contact) if provider.contact else None,
        )


class _PersonMembers(Document):
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


class Patient(_PersonMembers):
    external_id: Maybe[f.Text80] = None
    date_of_death: Maybe[f.Day] = None

    def to_domain(self) -> domain.Patient:
        return domain.Patient(self.external_id, self.person(), self.date_of_death)

    @classmethod
    def of(cls, patient: domain.Patient) -> Self:
        return cls.model_construct(
            external_id=patient.external_id,
            date_of_death=patient.date_of_death,
            **cls.members_of(patient.person),
        )


class Subscriber(_PersonMembers):
    ssn: Maybe[f.Text50] = None

    @classmethod
    def of(cls, person: party.Person, ssn: str | None) -> Self:
        return cls.model_construct(ssn=ssn, **cls.members_of(person))


class Coverage(Document):
    responsibility: f.Responsibility
    payer_id: Maybe[f.Text80] = None
    payer_name: Maybe[f.Text60] = None
    claim_filing_code: f.ClaimFiling
    member_id: Maybe[f.Text80] = None
    group_number: Maybe[f.Text50] = None
    group_name: Maybe[f.Text60] = None
    insurance_type_code: Maybe[f.InsuranceType] = None
    relationship: f.Relationship
    patient_has_own_id: f.Flag = False
    subscriber: Subscriber | None = None

    def to_domain(self) -> domain.Coverage:
        return domain.Coverage(
            responsibility=self.responsibility,
            payer_id=self.payer_id,
            payer_name=self.payer_name,
            claim_filing_code=self.claim_filing_code,
            member_id=self.member_id or "",  # the edit SUB01 says that it is missing
            group_number=self.group_number,
            group_name=self.group_name,
            insurance_type_code=self.insurance_type_code,
            relationship=self.relationship,
            patient_has_own_id=self.patient_has_own_id,
            subscriber=self.subscriber.person() if self.subscriber else None,
            subscriber_ssn=self.subscriber.ssn if self.subscriber else None,
        )

    @classmethod
    def of(cls, coverage: domain.Coverage) -> Self:
        subscriber = coverage.subscriber
        return cls.model_construct(
            responsibility=coverage.responsibility,
            payer_id=coverage.payer_id,
            payer_name=coverage.payer_name,
            claim_filing_code=coverage.claim_filing_code,
            member_id=coverage.member_id or None,
            group_number=coverage.group_number,
            group_name=coverage.group_name,
            insurance_type_code=coverage.insurance_type_code,
            relationship=coverage.relationship,
            patient_has_own_id=coverage.patient_has_own_id,
            subscriber=Subscriber.of(subscriber, coverage.subscriber_ssn) if subscriber else None,
        )


class Diagnosis(Document):
    code: f.Text30


class Procedure(Document):
    code: f.ProcedureCode
    modifiers: f.ListOf[f.Modifier] = Field(default=[], max_length=4)
    description: Maybe[f.Text80] = None
    qualifier: f.ProcedureQualifier = "HC"

    def to_domain(self) -> domain.Procedure:
        return domain.Procedure(self.code, tuple(self.modifiers), self.description, self.qualifier)

    @classmethod
    def of(cls, procedure: domain.Procedure) -> Self:
        return cls.model_construct(
            code=procedure.code,
            modifiers=list(procedure.modifiers),
            description=procedure.description,
            qualifier=procedure.qualifier,
        )


class Drug(Document):
    ndc: f.Ndc
    quantity: f.Quantity
    unit: f.DrugUnit

    def to_domain(self) -> domain.Drug:
        return domain.Drug(self.ndc, self.quantity, self.unit)

    @classmethod
    def of(cls, drug: domain.Drug) -> Self:
        return cls.model_construct(ndc=drug.ndc, quantity=drug.quantity, unit=drug.unit)


class ServiceLine(Document):
    line_id: f.Text30
    service_date: f.Day
    service_date_end: Maybe[f.Day] = None
    procedure: Procedure
    charge: f.Money
    units: f.Quantity
    unit: f.UnitOfService = "UN"
    place_of_service: Maybe[f.TwoDigits] = None
    emergency: f.Flag = False
    diagnosis_pointers: f.ListOf[int] = Field(default=[], max_length=50)
    drug: Drug | None = None
    rendering_provider: Provider | None = None

    def to_domain(self) -> domain.ServiceLine:
        rendering = self.rendering_provider
        return domain.ServiceLine(
            line_id=self.line_id,
            service_date=self.service_date,
            service_date_end=self.service_date_end,
            procedure=self.procedure.to_domain(),
            charge=self.charge,
            units=self.units,
            unit=self.unit,
            place_of_service=self.place_of_service,
            emergency=self.emergency,
            diagnosis_pointers=tuple(self.diagnosis_pointers),
            drug=self.drug.to_domain() if self.drug else None,
            rendering_provider=rendering.to_domain() if rendering else None,
        )

    @classmethod
    def of(cls, line: domain.ServiceLine) -> Self:
        rendering = line.rendering_provider
        return cls.model_construct(
            line_id=line.line_id,
            service_date=line.service_date,
            service_date_end=line.service_date_end,
            procedure=Procedure.of(line.procedure),
            charge=line.charge,
            units=line.units,
            unit=line.unit,
            place_of_service=line.place_of_service,
            emergency=line.emergency,
            diagnosis_pointers=list(line.diagnosis_pointers),
            drug=Drug.of(line.drug) if line.drug else None,
            rendering_provider=Provider.of(rendering) if rendering else None,
        )


class ClaimDateInformation(Document):
    symptom_date: Maybe[f.Day] = None
    accident_date: Maybe[f.Day] = None
    admission_date: Maybe[f.Day] = None
    discharge_date: Maybe[f.Day] = None

    def to_domain(self) -> domain.ClaimDates:
        return domain.ClaimDates(
            self.symptom_date, self.accident_date, self.admission_date, self.discharge_date
        )

    @classmethod
    def of(cls, dates: domain.ClaimDates) -> Self:
        return cls.model_construct(
            symptom_date=dates.symptom_date,
            accident_date=dates.accident_date,
            admission_date=dates.admission_date,
            discharge_date=dates.discharge_date,
        )
