"""The encounter JSON: bytes to a domain `Encounter` or problems, and back.

Two texts that mean the same give the same encounter and so the same content hash: members in any
order, absent or null or empty, dates in either form, money with or without cents.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.claim_kinds import kind_problems, with_defaults
from app.documents.dental_members import DentalTreatment
from app.documents.detail_members import (
    Attachment,
    ClaimDateInformation,
    ClaimNumbers,
    Contract,
    Diagnosis,
    Note,
    Repricing,
)
from app.documents.encounter_members import Coverage, Patient, ServiceLine
from app.documents.fields import Maybe
from app.documents.institutional_members import InstitutionalStay
from app.documents.mirror import Mirror
from app.documents.party_members import Address, Provider
from app.documents.problem import Problem
from app.documents.professional_members import (
    Ambulance,
    EpsdtReferral,
    SpinalManipulation,
    VisionCondition,
)
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain import encounter as domain
from app.domain.money import ZERO

MAX_LINES = 999


def encounter_hash(content: bytes) -> str:
    """What tells two contents of an encounter apart."""
    return hashlib.sha256(content).hexdigest()


def read_encounter(raw: bytes) -> domain.Encounter | list[Problem]:
    """The encounter behind the bytes, or every problem of its shape in the order of the text."""
    value, problems = read_json(raw)
    return problems or read_encounter_value(value)


def read_encounter_value(value: object) -> domain.Encounter | list[Problem]:
    """The same for JSON values, however they were written."""
    problems = kind_problems(value)
    try:
        document = EncounterDocument.model_validate(with_defaults(value))
    except ValidationError as refused:
        return shape_problems(refused) + problems
    encounter: domain.Encounter | list[Problem] = problems or document.to_domain()
    return encounter


def encounter_json(encounter: domain.Encounter) -> dict[str, Any]:
    """The encounter as JSON values; absent members are left out."""
    document = EncounterDocument.of(encounter)
    return document.model_dump(mode="json", by_alias=True, exclude_none=True)


def canonical_bytes(encounter: domain.Encounter) -> bytes:
    """The one text of this encounter, for its content hash."""
    return json.dumps(
        encounter_json(encounter), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


SERVED = tuple(domain.ClaimType)


def _served(value: object) -> object:
    if value not in SERVED:
        known = " or ".join(f'"{kind}"' for kind in SERVED)
        raise PydanticCustomError(
            "claim_type_not_served", f"This claim type is not served; send claimType {known}."
        )
    return domain.ClaimType(str(value))


def _causes(value: object) -> object:
    """One cause may stand alone, as in the crosswalk; several stand in an array."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    return [] if value is None else value


def _absent_is_zero(value: object) -> object:
    return "0.00" if value is None or (isinstance(value, str) and not value.strip()) else value


ClaimType = Annotated[
    domain.ClaimType,
    BeforeValidator(_served),
    WithJsonSchema({"type": "string", "enum": [str(kind) for kind in SERVED]}),
]
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


class EncounterDocument(Mirror, of=domain.Encounter):
    """One coded encounter of one patient with one billing provider."""

    source_system: f.Text80
    external_id: f.Text80
    claim_type: ClaimType
    patient: Patient
    coverages: list[Coverage] = Field(min_length=1, max_length=11)
    billing_provider: Provider
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    primary_care_provider: Provider | None = None
    supervising_provider: Provider | None = None
    service_facility: Provider | None = None
    pay_to_address: Address | None = None
    place_of_service: Maybe[f.TwoDigits] = None
    signature_on_file: bool | None = None
    accept_assignment: Maybe[f.Assignment] = None
    benefits_assigned: Maybe[f.BenefitsAssigned] = None
    release_of_information: Maybe[f.Release] = None
    patient_paid: MoneyOrNone = ZERO
    total_charge: f.Money
    prior_authorization: Maybe[f.Text50] = None
    referral_number: Maybe[f.Text50] = None
    claim_frequency_code: Maybe[f.FrequencyCode] = None
    claim_control_number: Maybe[f.Text50] = None
    clia_number: Maybe[f.Text50] = None
    claim_note: Maybe[f.Text80] = None
    notes: f.ListOf[Note] | None = Field(default=None, max_length=10)
    fixed_format: f.ListOf[f.Text80] | None = Field(default=None, max_length=10)
    related_causes: RelatedCauses = Field(default=[], alias="relatedCausesCode")
    auto_accident_state: Maybe[f.TwoLetters] = Field(default=None, alias="autoAccidentStateCode")
    special_program: Maybe[f.SpecialProgram] = Field(default=None, alias="specialProgramCode")
    delay_reason: Maybe[f.DelayReason] = Field(default=None, alias="delayReasonCode")
    dates: ClaimDateInformation | None = Field(default=None, alias="claimDateInformation")
    numbers: ClaimNumbers | None = None
    attachments: f.ListOf[Attachment] | None = Field(default=None, max_length=10)
    contract: Contract | None = None
    repricing: Repricing | None = None
    patient_signature_source: Maybe[f.PatientSignature] = None
    condition_codes: f.ListOf[f.Text30] | None = Field(default=None, max_length=24)
    anesthesia_procedures: f.ListOf[f.ProcedureCode] | None = Field(default=None, max_length=2)
    ambulance: Ambulance | None = None
    spinal_manipulation: SpinalManipulation | None = None
    vision_conditions: f.ListOf[VisionCondition] | None = Field(default=None, max_length=3)
    homebound: bool | None = None
    epsdt_referral: EpsdtReferral | None = None
    institutional: InstitutionalStay | None = None
    dental: DentalTreatment | None = None
    diagnoses: list[Diagnosis] = Field(max_length=100)
    service_lines: list[ServiceLine] = Field(min_length=1, max_length=MAX_LINES)

    def domain_members(self) -> dict[str, Any]:
        members = super().domain_members()
        if self.institutional is not None:
            facility, frequency = self.institutional.facility_and_frequency()
            members["claim_frequency_code"] = frequency
            members["institutional"] = replace(members["institutional"], facility_type=facility)
        return members

    @classmethod
    def document_members(cls, value: Any) -> dict[str, Any]:
        members = super().document_members(value)
        if value.institutional is None:
            return members | {"claim_frequency_code": value.claim_frequency_code}
        bill = {"facility_type": value.type_of_bill}
        return members | {
            "claim_frequency_code": None,  # the last character of the type of bill
            "institutional": members["institutional"].model_copy(update=bill),
        }
