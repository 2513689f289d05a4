"""What happened: a coded encounter, in the order of its JSON (design/encounter.json).

Members that the contract's example does not show are optional and default to absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.party import Address, Person, Provider

SELF = "18"  # relationship of a patient who is the subscriber (SBR02)


@dataclass(frozen=True, slots=True)
class Patient:
    """The person who was treated."""

    external_id: str | None
    person: Person
    date_of_death: date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One payer's promise to this patient; no `subscriber` when the patient is the subscriber."""

    responsibility: str  # P, S, T, A..H or U (SBR01)
    payer_id: str | None
    payer_name: str | None
    claim_filing_code: str  # SBR09
    member_id: str
    relationship: str  # 18, 01, 19, ... (SBR02 / PAT01)
    group_number: str | None = None
    group_name: str | None = None
    insurance_type_code: str | None = None  # SBR05
    subscriber: Person | None = None
    subscriber_ssn: str | None = None
    patient_has_own_id: bool = False  # some payers give dependents their own member id

    @property
    def patient_is_subscriber(self) -> bool:
        """837.md section 2: own member id means the patient is sent as the subscriber."""
        return self.relationship == SELF or self.patient_has_own_id


@dataclass(frozen=True, slots=True)
class Procedure:
    """What was done: HCPCS or CPT code and up to four modifiers (SV101)."""

    code: str
    modifiers: tuple[str, ...] = ()
    description: str | None = None
    qualifier: str = "HC"


@dataclass(frozen=True, slots=True)
class Drug:
    """2410 LIN and CTP: national drug code (11 digits), quantity and unit (F2 GR ME ML UN)."""

    ndc: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service; `line_id` travels as REF*6R and comes back in the 835."""

    line_id: str
    service_date: date
    procedure: Procedure
    charge: Decimal
    units: Decimal
    unit: str = "UN"
    diagnosis_pointers: tuple[int, ...] = ()
    service_date_end: date | None = None
    place_of_service: str | None = None
    emergency: bool = False
    drug: Drug | None = None
    rendering_provider: Provider | None = None

    @property
    def line_control_number(self) -> str:
        return self.line_id

    @property
    def last_date(self) -> date:
        return self.service_date_end or self.service_date


@dataclass(frozen=True, slots=True)
class ClaimDates:
    """Claim-level dates (DTP 431, 439, 435, 096)."""

    symptom_date: date | None = None
    accident_date: date | None = None
    admission_date: date | None = None
    discharge_date: date | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """One coded encounter of one patient with one billing provider."""

    source_system: str
    external_id: str
    claim_type: str  # professional
    patient: Patient
    coverages: tuple[Coverage, ...]
    billing_provider: Provider
    place_of_service: str
    diagnoses: tuple[str, ...]
    service_lines: tuple[ServiceLine, ...]
    total_charge: Decimal
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    service_facility: Provider | None = None
    pay_to_address: Address | None = None
    signature_on_file: bool | None = None
    accept_assignment: str | None = None  # CLM07: A, B, C
    benefits_assigned: str | None = None  # CLM08: Y, N, W
    release_of_information: str | None = None  # CLM09: Y, I
    patient_paid: Decimal = ZERO
    prior_authorization: str | None = None
    referral_number: str | None = None
    claim_frequency_code: str = "1"
    claim_control_number: str | None = None  # REF*F8: the payer's number of the claim replaced
    clia_number: str | None = None
    claim_note: str | None = None
    related_causes: tuple[str, ...] = ()  # AA, EM, OA (CLM11)
    auto_accident_state: str | None = None
    dates: ClaimDates = field(default_factory=ClaimDates)

    @property
    def first_date(self) -> date:
        return min(line.service_date for line in self.service_lines)

    @property
    def last_date(self) -> date:
        return max(line.last_date for line in self.service_lines)

    def coverage(self, responsibility: str) -> Coverage | None:
        """The coverage in that payer position."""
        return next((c for c in self.coverages if c.responsibility == responsibility), None)
