"""What claims of every kind may carry beside their services: dates, numbers, notes, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One diagnosis; `present_on_admission` is Y, N, U or W on inpatient claims (HI, C022-9).

    A code is of ICD-10-CM unless `code_list` says ICD9, for services before October 2015, or
    SNODENT, which dental claims alone have (HI, C022-1).
    """

    code: str
    present_on_admission: str | None = None
    code_list: str | None = None  # ICD9, SNODENT


@dataclass(frozen=True, slots=True)
class ClaimDates:
    """Claim-level dates, each by the DTP qualifier it travels under."""

    symptom_date: date | None = None  # 431
    accident_date: date | None = None  # 439
    admission_date: date | None = None  # 435
    discharge_date: date | None = None  # 096
    initial_treatment_date: date | None = None  # 454
    last_seen_date: date | None = None  # 304
    acute_manifestation_date: date | None = None  # 453
    last_menstrual_period_date: date | None = None  # 484
    last_x_ray_date: date | None = None  # 455
    hearing_and_vision_prescription_date: date | None = None  # 471
    disability_begin_date: date | None = None  # 360, or 314 with the end
    disability_end_date: date | None = None  # 361, or 314 with the begin
    last_worked_date: date | None = None  # 297
    authorized_return_to_work_date: date | None = None  # 296
    assumed_care_date: date | None = None  # 090
    relinquished_care_date: date | None = None  # 091
    first_contact_date: date | None = None  # 444, property and casualty
    appliance_placement_date: date | None = None  # 452, dental


@dataclass(frozen=True, slots=True)
class ClaimNumbers:
    """Numbers of a claim that are seldom asked for, each by its REF qualifier."""

    service_authorization_exception: str | None = None  # 4N
    mandatory_medicare_crossover: str | None = None  # F5: Y or N
    mammography_certification: str | None = None  # EW
    investigational_device_exemption: tuple[str, ...] = ()  # LX: one in 837P, five in 837I
    medical_record_number: str | None = None  # EA
    demonstration_project: str | None = None  # P4
    care_plan_oversight: str | None = None  # 1J: NPI of the home health agency or hospice
    peer_review_authorization: str | None = None  # G4, institutional
    predetermination: str | None = None  # G3, dental
    repriced_claim: str | None = None  # 9A: the repricer's number of the claim
    adjusted_repriced_claim: str | None = None  # 9C: its number after it repriced again
    network_trace: str | None = None  # D9: who carries the file on may put its own in its place


@dataclass(frozen=True, slots=True)
class Repricing:
    """HCP: what a repricer made of the claim or of the line; amounts in dollars."""

    method: str  # HCP01
    allowed: Decimal  # HCP02
    savings: Decimal | None = None  # HCP03
    organization: str | None = None  # HCP04: id of the repricer
    rate: Decimal | None = None  # HCP05: per diem or flat
    patient_group: str | None = None  # HCP06: approved DRG or ambulatory patient group
    patient_group_amount: Decimal | None = None  # HCP07
    revenue_code: str | None = None  # HCP08, institutional
    procedure_qualifier: str | None = None  # HCP09, of a line
    procedure: str | None = None  # HCP10, of a line
    unit: str | None = None  # HCP11, of a line and of institutional claims
    quantity: Decimal | None = None  # HCP12
    reject_reason: str | None = None  # HCP13: T1 to T6
    compliance: str | None = None  # HCP14: 1 to 5
    exception: str | None = None  # HCP15: 1 to 6


@dataclass(frozen=True, slots=True)
class Attachment:
    """PWK: a paper that goes another way, and the number it goes under."""

    report_type: str  # PWK01
    transmission: str  # PWK02: AA, BM, EL, EM, FT, FX
    control_number: str | None = None  # PWK06; none where the paper is on request (AA)


@dataclass(frozen=True, slots=True)
class Note:
    """NTE of another kind than ADD, which is the encounter's `claim_note`."""

    kind: str  # NTE01
    text: str


@dataclass(frozen=True, slots=True)
class Contract:
    """CN1: the terms the parties agreed on."""

    type: str  # CN101
    amount: Decimal | None = None
    percent: Decimal | None = None
    code: str | None = None
    terms_discount_percent: Decimal | None = None
    version: str | None = None
