"""What claims of every kind may carry beside their services, as JSON."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.documents import fields as f
from app.documents.fields import Maybe
from app.documents.mirror import Mirror
from app.domain import claim_details, professional


class Diagnosis(Mirror, of=claim_details.Diagnosis):
    code: f.Text30
    present_on_admission: f.PresentOnAdmission | None = None
    code_list: f.DiagnosisList | None = None


class ClaimDateInformation(Mirror, of=claim_details.ClaimDates):
    symptom_date: Maybe[f.Day] = None
    accident_date: Maybe[f.Day] = None
    admission_date: Maybe[f.Day] = None
    discharge_date: Maybe[f.Day] = None
    initial_treatment_date: Maybe[f.Day] = None
    last_seen_date: Maybe[f.Day] = None
    acute_manifestation_date: Maybe[f.Day] = None
    last_menstrual_period_date: Maybe[f.Day] = None
    last_x_ray_date: Maybe[f.Day] = None
    hearing_and_vision_prescription_date: Maybe[f.Day] = None
    disability_begin_date: Maybe[f.Day] = None
    disability_end_date: Maybe[f.Day] = None
    last_worked_date: Maybe[f.Day] = None
    authorized_return_to_work_date: Maybe[f.Day] = None
    assumed_care_date: Maybe[f.Day] = None
    relinquished_care_date: Maybe[f.Day] = None
    first_contact_date: Maybe[f.Day] = None
    appliance_placement_date: Maybe[f.Day] = None


class ClaimNumbers(Mirror, of=claim_details.ClaimNumbers):
    service_authorization_exception: Maybe[f.Text50] = None
    mandatory_medicare_crossover: f.YesNo | None = None
    mammography_certification: Maybe[f.Text50] = None
    investigational_device_exemption: f.ListOf[f.Text50] | None = None
    medical_record_number: Maybe[f.Text50] = None
    demonstration_project: Maybe[f.Text50] = None
    care_plan_oversight: Maybe[f.Text50] = None
    peer_review_authorization: Maybe[f.Text50] = None
    predetermination: Maybe[f.Text50] = None
    repriced_claim: Maybe[f.Text50] = None
    adjusted_repriced_claim: Maybe[f.Text50] = None
    network_trace: Maybe[f.Text50] = None


class Repricing(Mirror, of=claim_details.Repricing):
    method: f.PricingMethod
    allowed: f.Money
    savings: f.Money | None = None
    organization: Maybe[f.Text50] = None
    rate: f.Money | None = None
    patient_group: Maybe[f.Text50] = None
    patient_group_amount: f.Money | None = None
    revenue_code: Maybe[f.FourDigits] = None
    procedure_qualifier: f.ProcedureQualifier | None = None
    procedure: Maybe[f.ProcedureCode] = None
    unit: f.UnitOfService | None = None
    quantity: f.Quantity | None = None
    reject_reason: f.PricingRejection | None = None
    compliance: f.PricingCompliance | None = None
    exception: f.PricingException | None = None

    @model_validator(mode="after")
    def _in_pairs(self) -> Self:
        """HCP P0910 and P1112."""
        if (self.procedure is None) != (self.procedure_qualifier is None):
            raise PydanticCustomError(
                "repriced_procedure", "A repriced procedure comes with its procedureQualifier."
            )
        if (self.quantity is None) != (self.unit is None):
            raise PydanticCustomError(
                "repriced_quantity", "A repriced quantity comes with its unit."
            )
        return self


class Attachment(Mirror, of=claim_details.Attachment):
    report_type: f.Text2
    transmission: f.Delivery
    control_number: Maybe[f.Text80] = None


class Note(Mirror, of=claim_details.Note):
    kind: f.Text3
    text: f.Text80


class Contract(Mirror, of=claim_details.Contract):
    type: f.ContractType
    amount: Maybe[f.Money] = None
    percent: Maybe[f.Quantity] = None
    code: Maybe[f.Text50] = None
    terms_discount_percent: Maybe[f.Quantity] = None
    version: Maybe[f.Text30] = None


class LineNumbers(Mirror, of=professional.LineNumbers):
    prior_authorization: Maybe[f.Text50] = None
    referral_number: Maybe[f.Text50] = None
    clia_number: Maybe[f.Text50] = None
    referring_clia_number: Maybe[f.Text50] = None
    mammography_certification: Maybe[f.Text50] = None
    immunization_batch: Maybe[f.Text50] = None
    predetermination: Maybe[f.Text50] = None
    repriced_line: Maybe[f.Text50] = None
    adjusted_repriced_line: Maybe[f.Text50] = None
