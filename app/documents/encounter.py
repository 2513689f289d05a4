"""The encounter JSON: bytes to a domain `Encounter` or problems, and back.

Two texts that mean the same give the same encounter and so the same content hash: members in any
order, absent or null or empty, dates in either form, money with or without cents.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.encounter_members import (
    Address,
    ClaimDateInformation,
    Coverage,
    Diagnosis,
    Patient,
    Provider,
    ServiceLine,
)
from app.documents.fields import Document, Maybe
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain import encounter as domain
from app.domain import party
from app.domain.money import ZERO

MAX_LINES = 999


def read_encounter(raw: bytes) -> domain.Encounter | list[Problem]:
    """The encounter behind the bytes, or every problem of its shape in the order of the text."""
    value, problems = read_json(raw)
    if problems:
        return problems
    try:
        return EncounterDocument.model_validate(value).to_domain()
    except ValidationError as refused:
        return shape_problems(refused)


def encounter_json(encounter: domain.Encounter) -> dict[str, Any]:
    """The encounter as JSON values; absent members are left out."""
    document = EncounterDocument.of(encounter)
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def canonical_bytes(encounter: domain.Encounter) -> bytes:
    """The one text of this encounter, for its content hash."""
    return json.dumps(
        encounter_json(encounter), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _served(value: object) -> object:
    if value != "professional":
        raise PydanticCustomError(
            "claim_type_not_served",
            'This claim type is not served yet; send claimType "professional".',
        )
    return value


def _causes(value: object) -> object:
    """One cause may stand alone, as in the crosswalk; several stand in an array."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    return [] if value is None else value


def _absent_is_zero(value: object) -> object:
    return "0.00" if value is None or (isinstance(value, str) and not value.strip()) else value


ClaimType = Annotated[Literal["professional"], BeforeValidator(_served)]
RelatedCauses = Annotated[
    list[f.RelatedCause],
    BeforeValidator(_causes),
    Field(max_length=2),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["AA", "EM", "OA"]},
                {"type": "array", "items": {"enum": ["AA", "EM", "OA"]}, "maxItems": 2},
                {"type": "null"},
            ]
        }
    ),
]
MoneyOrNone = Annotated[
    Decimal,
    BeforeValidator(_absent_is_zero),
    *f.Money.__metadata__,
]


class EncounterDocument(Document):
    """One coded encounter of one patient with one billing provider."""

    source_system: f.Text80
    external_id: f.Text80
    claim_type: ClaimType
    patient: Patient
    coverages: list[Coverage] = Field(min_length=1, max_length=11)
    billing_provider: Provider
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    service_facility: Provider | None = None
    pay_to_address: Address | None = None
    place_of_service: f.TwoDigits
    signature_on_file: bool | None = None
    accept_assignment: Maybe[f.Assignment] = None
    benefits_assigned: Maybe[f.BenefitsAssigned] = None
    release_of_information: Maybe[f.Release] = None
    patient_paid: MoneyOrNone = ZERO
    total_charge: f.Money
    prior_authorization: Maybe[f.Text50] = None
    referral_number: Maybe[f.Text50] = None
    claim_frequency_code: f.FrequencyCode = "1"
    claim_control_number: Maybe[f.Text50] = None
    clia_number: Maybe[f.Text50] = None
    claim_note: Maybe[f.Text80] = None
    related_causes_code: RelatedCauses = []  # noqa: RUF012 - pydantic copies defaults
    auto_accident_state_code: Maybe[f.TwoLetters] = None
    claim_date_information: ClaimDateInformation | None = None
    diagnoses: list[Diagnosis] = Field(max_length=100)
    service_lines: list[ServiceLine] = Field(min_length=1, max_length=MAX_LINES)

    def to_domain(self) -> domain.Encounter:
        dates = self.claim_date_information
        return domain.Encounter(
            source_system=self.source_system,
            external_id=self.external_id,
            claim_type=self.claim_type,
            patient=self.patient.to_domain(),
            coverages=tuple(c.to_domain() for c in self.coverages),
            billing_provider=self.billing_provider.to_domain(),
            rendering_provider=_provider(self.rendering_provider),
            referring_provider=_provider(self.referring_provider),
            service_facility=_provider(self.service_facility),
            pay_to_address=self.pay_to_address.to_domain() if self.pay_to_address else None,
            place_of_service=self.place_of_service,
            signature_on_file=self.signature_on_file,
            accept_assignment=self.accept_assignment,
            benefits_assigned=self.benefits_assigned,
            release_of_information=self.release_of_information,
            patient_paid=self.patient_paid,
            total_charge=self.total_charge,
            prior_authorization=self.prior_authorization,
            referral_number=self.referral_number,
            claim_frequency_code=self.claim_frequency_code,
            claim_control_number=self.claim_control_number,
            clia_number=self.clia_number,
            claim_note=self.claim_note,
            related_causes=tuple(self.related_causes_code),
            auto_accident_state=self.auto_accident_state_code,
            dates=dates.to_domain() if dates else domain.ClaimDates(),
            diagnoses=tuple(d.code for d in self.diagnoses),
            service_lines=tuple(line.to_domain() for line in self.service_lines),
        )

    @classmethod
    def of(cls, encounter: domain.Encounter) -> Self:
        e = encounter
        dates = e.dates if e.dates != domain.ClaimDates() else None
        return cls.model_construct(
            source_system=e.source_system,
            external_id=e.external_id,
            claim_type=e.claim_type,
            patient=Patient.of(e.patient),
            coverages=[Coverage.of(c) for c in e.coverages],
            billing_provider=Provider.of(e.billing_provider),
            rendering_provider=_document(e.rendering_provider),
            referring_provider=_document(e.referring_provider),
            service_facility=_document(e.service_facility),
            pay_to_address=Address.of(e.pay_to_address) if e.pay_to_address else None,
            place_of_service=e.place_of_service,
            signature_on_file=e.signature_on_file,
            accept_assignment=e.accept_assignment,
            benefits_assigned=e.benefits_assigned,
            release_of_information=e.release_of_information,
            patient_paid=e.patient_paid,
            total_charge=e.total_charge,
            prior_authorization=e.prior_authorization,
            referral_number=e.referral_number,
            claim_frequency_code=e.claim_frequency_code,
            claim_control_number=e.claim_control_number,
            clia_number=e.clia_number,
            claim_note=e.claim_note,
            related_causes_code=list(e.related_causes),
            auto_accident_state_code=e.auto_accident_state,
            claim_date_information=ClaimDateInformation.of(dates) if dates else None,
            diagnoses=[Diagnosis(code=code) for code in e.diagnoses],
            service_lines=[ServiceLine.of(line) for line in e.service_lines],
        )


def _provider(document: Provider | None) -> party.Provider | None:
    return document.to_domain() if document else None


def _document(provider: party.Provider | None) -> Provider | None:
    return Provider.of(provider) if provider else None
