"""The members of the encounter JSON, and the domain value each one stands for.

The example of the contract is design/encounter.json; members beyond it carry the names of the
crosswalk in api.md 2.3. What mirrors a domain value name by name is a `Mirror`; the others say in
`to_domain()` and `of()` where they differ.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field

from app.documents import fields as f
from app.documents.dental_members import DentalLine
from app.documents.detail_members import Attachment, Contract, LineNumbers, Note, Repricing
from app.documents.fields import Maybe
from app.documents.institutional_members import InstitutionalLine
from app.documents.mirror import Mirror
from app.documents.other_payer_members import LineDecision, PayerDecision, ProviderAtPayer
from app.documents.party_members import PayerOtherId, PersonMembers, Provider
from app.documents.procedure_members import Device, Drug, Procedure
from app.documents.professional_members import (
    Ambulance,
    EquipmentCertificate,
    EquipmentPrice,
    Form,
    LineDates,
    PurchasedService,
    TestResult,
)
from app.domain import encounter as domain
from app.domain import party


class Patient(PersonMembers):
    external_id: Maybe[f.Text80] = None
    date_of_death: Maybe[f.Day] = None
    weight: f.Quantity | None = None
    pregnant: bool | None = None
    casualty_claim_number: Maybe[f.Text50] = None

    def to_domain(self) -> domain.Patient:
        return domain.Patient(
            external_id=self.external_id,
            person=self.person(),
            date_of_death=self.date_of_death,
            weight=self.weight,
            pregnant=bool(self.pregnant),
            casualty_claim_number=self.casualty_claim_number,
        )

    @classmethod
    def of(cls, patient: domain.Patient) -> Self:
        return cls.model_construct(
            external_id=patient.external_id,
            date_of_death=patient.date_of_death,
            weight=patient.weight,
            pregnant=patient.pregnant or None,
            casualty_claim_number=patient.casualty_claim_number,
            **cls.members_of(patient.person),
        )


class Subscriber(PersonMembers):
    ssn: Maybe[f.Text50] = None

    @classmethod
    def of_person(cls, person: party.Person, ssn: str | None) -> Self:
        return cls.model_construct(ssn=ssn, **cls.members_of(person))


class Coverage(Mirror, of=domain.Coverage):
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
    decision: PayerDecision | None = None
    never_covers: bool | None = None
    prior_authorization: Maybe[f.Text50] = None
    referral_number: Maybe[f.Text50] = None
    payer_other_ids: f.ListOf[PayerOtherId] | None = Field(default=None, max_length=3)
    providers: f.ListOf[ProviderAtPayer] | None = Field(default=None, max_length=8)

    def domain_members(self) -> dict[str, Any]:
        return super().domain_members() | {
            "member_id": self.member_id or "",  # the edit SUB01 says that it is missing
            "subscriber": self.subscriber.person() if self.subscriber else None,
            "subscriber_ssn": self.subscriber.ssn if self.subscriber else None,
        }

    @classmethod
    def document_members(cls, value: Any) -> dict[str, Any]:
        subscriber = value.subscriber
        named = Subscriber.of_person(subscriber, value.subscriber_ssn) if subscriber else None
        return super().document_members(value) | {
            "member_id": value.member_id or None,
            "subscriber": named,
        }


class ServiceLine(Mirror, of=domain.ServiceLine):
    line_id: f.Text30
    service_date: Maybe[f.Day] = None
    service_date_end: Maybe[f.Day] = None
    procedure: Procedure | None = None
    charge: f.Money
    units: f.Quantity
    unit: f.UnitOfService = "UN"
    place_of_service: Maybe[f.TwoDigits] = None
    emergency: f.Flag = False
    diagnosis_pointers: f.ListOf[int] = Field(default=[], max_length=50)
    drug: Drug | None = None
    device: Device | None = None
    epsdt: bool | None = None
    family_planning: bool | None = None
    copay_exempt: bool | None = None
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    ordering_provider: Provider | None = None
    supervising_provider: Provider | None = None
    service_facility: Provider | None = None
    attachments: f.ListOf[Attachment] | None = Field(default=None, max_length=10)
    note: Maybe[f.Text80] = None
    notes: f.ListOf[Note] | None = Field(default=None, max_length=2)
    fixed_format: f.ListOf[f.Text80] | None = Field(default=None, max_length=10)
    contract: Contract | None = None
    dates: LineDates | None = None
    numbers: LineNumbers | None = None
    sales_tax: Maybe[f.Money] = None
    postage: Maybe[f.Money] = None
    repricing: Repricing | None = None
    obstetric_units: f.Quantity | None = None
    test_results: f.ListOf[TestResult] | None = Field(default=None, max_length=5)
    ambulance: Ambulance | None = None
    equipment: EquipmentPrice | None = None
    certificate: EquipmentCertificate | None = None
    hospice_employee: bool | None = None
    forms: f.ListOf[Form] | None = Field(default=None, max_length=10)
    purchased_service: PurchasedService | None = None
    institutional: InstitutionalLine | None = None
    dental: DentalLine | None = None
    decisions: list[LineDecision] | None = Field(default=None, max_length=15)
