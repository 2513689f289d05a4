"""What only institutional claims tell: type of bill, the stay, and the NUBC codes around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.claim_details import Diagnosis
from app.domain.party import Provider


@dataclass(frozen=True, slots=True)
class DatedCode:
    """An occurrence or a procedure, with its day (HI BH, BBR, BBQ).

    A procedure is of ICD-10-PCS unless `code_list` says ICD9, or ABC of a principal one (BR, CAH).
    """

    code: str
    on: date
    code_list: str | None = None  # ICD9, ABC: of procedures


@dataclass(frozen=True, slots=True)
class Span:
    """An occurrence span (HI BI)."""

    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ValueCode:
    """A value code and its amount, which may count days (HI BE, component 5)."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InstitutionalStay:
    """The facts of a UB-04 beside its lines, diagnoses and parties (837.md 5).

    The type of bill (0111) is told in two: its middle digits here, its last one, the frequency, as
    `Encounter.claim_frequency_code`. Replacing, voiding and matching ask claims of every kind for
    their frequency, so it has one home; `Encounter.type_of_bill` puts the two together again.
    """

    facility_type: str  # CLM05-1: facility and classification, 11 for an inpatient in a hospital
    statement_from: date  # DTP*434
    statement_through: date
    patient_status: str  # CL103
    admission_type: str  # CL101
    admission_source: str | None = None  # CL102
    admission_date: date | None = None  # DTP*435
    admission_hour: str | None = None  # HHMM, sent with the date as DT
    discharge_hour: str | None = None  # DTP*096*TM, HHMM
    # These two are of the code list of the first diagnosis: a claim has ICD-10 or ICD-9, not both.
    admitting_diagnosis: str | None = None  # HI*ABJ
    reasons_for_visit: tuple[str, ...] = ()  # HI*APR, up to three
    external_causes: tuple[Diagnosis, ...] = ()  # HI*ABN, up to twelve
    drg: str | None = None  # HI*DR
    principal_procedure: DatedCode | None = None  # HI*BBR
    other_procedures: tuple[DatedCode, ...] = ()  # HI*BBQ, up to 24
    occurrences: tuple[DatedCode, ...] = ()  # HI*BH, up to 24
    occurrence_spans: tuple[Span, ...] = ()  # HI*BI, up to 24
    values: tuple[ValueCode, ...] = ()  # HI*BE, up to 24
    treatment_codes: tuple[str, ...] = ()  # HI*TC, up to 24
    estimated_amount_due: Decimal | None = None  # AMT*F3
    attending_provider: Provider | None = None  # 2310A
    operating_physician: Provider | None = None  # 2310B
    other_operating_physician: Provider | None = None  # 2310C


@dataclass(frozen=True, slots=True)
class InstitutionalLine:
    """What SV2 and its loop say beside procedure, charge and units."""

    revenue_code: str  # SV201, four digits
    non_covered_charge: Decimal | None = None  # SV207
    service_tax: Decimal | None = None  # AMT*GT
    facility_tax: Decimal | None = None  # AMT*N8
    operating_physician: Provider | None = None  # 2420A
    other_operating_physician: Provider | None = None  # 2420B
