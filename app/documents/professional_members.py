"""What only professional claims tell, as JSON. The lists are those of the guide (837.md 4)."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.documents.party_members import Address
from app.domain import professional


class Ambulance(Mirror, of=professional.Ambulance):
    reason: Maybe[f.TransportReason] = None
    distance: f.Quantity | None = None
    patient_weight: f.Quantity | None = None
    pick_up: Address | None = None
    drop_off: Address | None = None
    drop_off_name: Maybe[f.Text60] = None
    round_trip_purpose: Maybe[f.Text80] = None
    stretcher_purpose: Maybe[f.Text80] = None
    conditions: f.ListOf[f.TransportCondition] = Field(default=[], max_length=5)
    conditions_absent: f.ListOf[f.TransportCondition] = Field(default=[], max_length=5)
    patient_count: int | None = Field(default=None, ge=1, le=99)


class SpinalManipulation(Mirror, of=professional.SpinalManipulation):
    condition: f.SpinalCondition
    description: Maybe[f.Text80] = None
    description_2: Maybe[f.Text80] = Field(default=None, alias="description2")


class EpsdtReferral(Mirror, of=professional.EpsdtReferral):
    given: bool
    conditions: list[f.ScreeningCondition] = Field(min_length=1, max_length=3)


class VisionCondition(Mirror, of=professional.VisionCondition):
    category: f.VisionCategory
    certified: bool
    conditions: list[f.VisionReason] = Field(min_length=1, max_length=5)


class EquipmentPrice(Mirror, of=professional.EquipmentPrice):
    days: f.Quantity
    rental_price: f.Money
    purchase_price: f.Money
    frequency: f.RentalFrequency


class FormAnswer(Mirror, of=professional.FormAnswer):
    question: f.Text20
    answer: Maybe[f.Answer] = None
    text: Maybe[f.Text50] = None
    on: Maybe[f.Day] = None
    percent: f.Quantity | None = None

    @model_validator(mode="after")
    def _answered(self) -> Self:
        told = (self.answer, self.text, self.on, self.percent)
        if not any(element is not None for element in told):
            raise PydanticCustomError(
                "form_answer", "An answer of a form has an answer, a text, a day or a percent."
            )
        return self


class Form(Mirror, of=professional.Form):
    code: f.Text30
    list_qualifier: f.FormList = "UT"
    answers: list[FormAnswer] = Field(min_length=1, max_length=99)


class EquipmentCertificate(Mirror, of=professional.EquipmentCertificate):
    type: f.CertificateType
    months: f.Quantity
    transmission: Maybe[f.CertificateDelivery] = None
    conditions: f.ListOf[f.EquipmentCondition] = Field(default=[], max_length=2)
    conditions_certified: bool = True
    begin_therapy_date: Maybe[f.Day] = None
    certification_revision_date: Maybe[f.Day] = None
    last_certification_date: Maybe[f.Day] = None


class TestResult(Mirror, of=professional.TestResult):
    kind: f.TestKind
    measure: f.TestMeasure
    value: f.Quantity


class PurchasedService(Mirror, of=professional.PurchasedService):
    provider_npi: f.Text80
    amount: f.Money
    provider_is_person: f.Flag = False


class LineDates(Mirror, of=professional.LineDates):
    prescription_date: Maybe[f.Day] = None
    last_seen_date: Maybe[f.Day] = None
    hemoglobin_or_hematocrit_date: Maybe[f.Day] = None
    serum_creatinine_date: Maybe[f.Day] = None
    shipped_date: Maybe[f.Day] = None
    last_x_ray_date: Maybe[f.Day] = None
    initial_treatment_date: Maybe[f.Day] = None
