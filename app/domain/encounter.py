"""What happened: a coded encounter, in the order of its JSON (design/encounter.json).

Members that the contract's example does not show are optional and default to absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.claim_details import (
    Attachment,
    ClaimDates,
    ClaimNumbers,
    Contract,
    Diagnosis,
    Note,
    Repricing,
)
from app.domain.dental import DentalLine, DentalTreatment
from app.domain.institutional import InstitutionalLine, InstitutionalStay
from app.domain.money import ZERO
from app.domain.other_payer import LineDecision, PayerDecision, ProviderAtPayer
from app.domain.party import Address, OtherId, Person, Provider
from app.domain.procedure import Device, Drug, Procedure
from app.domain.professional import (
    Ambulance,
    EpsdtReferral,
    EquipmentCertificate,
    EquipmentPrice,
    Form,
    LineDates,
    LineNumbers,
    PurchasedService,
    SpinalManipulation,
    TestResult,
    VisionCondition,
)

SELF = "18"  # relationship of a patient who is the subscriber (SBR02)
REVENUE_CODE = "NU"  # SVC01-1 where the code is one of revenue
_ORDER = "PSTABCDEFGHU"  # SBR01


class ClaimType(StrEnum):
    """Which of the three 837 guides asks for it."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"
    DENTAL = "dental"


@dataclass(frozen=True, slots=True)
class Patient:
    """The person who was treated."""

    external_id: str | None
    person: Person
    date_of_death: date | None = None
    weight: Decimal | None = None  # PAT08, pounds; 837P
    pregnant: bool = False  # PAT09, 837P
    casualty_claim_number: str | None = None  # REF*Y4, property and casualty


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
    decision: PayerDecision | None = None  # what this payer has decided, if it has
    never_covers: bool = False  # AMT*A8: not asked, because this benefit is none of the plan's
    prior_authorization: str | None = None  # REF*G1 of 2330B: what another payer authorized
    referral_number: str | None = None  # REF*9F of 2330B
    payer_other_ids: tuple[OtherId, ...] = ()  # 2U, EI, FY, NF of 2010BB and 2330B
    providers: tuple[ProviderAtPayer, ...] = ()  # of another payer than the one that is asked

    @property
    def settled(self) -> bool:
        """Nothing more is to be asked of this payer: it has decided, or never covers this."""
        return self.decision is not None or self.never_covers

    @property
    def rank(self) -> int:
        """Its place in the order of payers."""
        return rank_of(self.responsibility)

    @property
    def patient_is_subscriber(self) -> bool:
        """837.md section 2: own member id means the patient is sent as the subscriber."""
        return self.relationship == SELF or self.patient_has_own_id


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service; `line_id` travels as REF*6R and comes back in the 835.

    An institutional line may have no procedure (a room by its revenue code); an inpatient line and
    one of a predetermination may have no date.
    """

    line_id: str
    service_date: date | None
    procedure: Procedure | None
    charge: Decimal
    units: Decimal
    unit: str = "UN"
    diagnosis_pointers: tuple[int, ...] = ()
    service_date_end: date | None = None
    place_of_service: str | None = None
    emergency: bool = False  # SV109
    epsdt: bool = False  # SV111
    family_planning: bool = False  # SV112
    copay_exempt: bool = False  # SV115
    drug: Drug | None = None
    device: Device | None = None  # in a drug's place
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    ordering_provider: Provider | None = None  # 2420E, with address and contact
    supervising_provider: Provider | None = None
    service_facility: Provider | None = None
    attachments: tuple[Attachment, ...] = ()
    note: str | None = None  # NTE*ADD
    notes: tuple[Note, ...] = ()  # NTE of other kinds: DCP, TPO
    fixed_format: tuple[str, ...] = ()  # K3
    contract: Contract | None = None
    dates: LineDates = field(default_factory=LineDates)
    numbers: LineNumbers = field(default_factory=LineNumbers)
    sales_tax: Decimal | None = None  # AMT*T
    postage: Decimal | None = None  # AMT*F4
    repricing: Repricing | None = None
    obstetric_units: Decimal | None = None  # QTY*FL
    test_results: tuple[TestResult, ...] = ()
    ambulance: Ambulance | None = None
    equipment: EquipmentPrice | None = None
    certificate: EquipmentCertificate | None = None
    hospice_employee: bool | None = None  # CRC*70
    forms: tuple[Form, ...] = ()
    purchased_service: PurchasedService | None = None
    institutional: InstitutionalLine | None = None
    dental: DentalLine | None = None
    decisions: tuple[LineDecision, ...] = ()

    @property
    def line_control_number(self) -> str:
        return self.line_id

    @property
    def last_date(self) -> date | None:
        return self.service_date_end or self.service_date

    @property
    def billed(self) -> Procedure:
        """What an 835 calls this line (SVC01): its procedure, else its revenue code as NU."""
        if self.procedure is not None:
            return self.procedure
        if self.institutional is None:
            raise ValueError("a line has a procedure or a revenue code")
        return Procedure(self.institutional.revenue_code, qualifier=REVENUE_CODE)


@dataclass(frozen=True, slots=True)
class Encounter:
    """One coded encounter of one patient with one billing provider.

    `institutional` is there on institutional encounters alone, `dental` on dental ones, and
    `place_of_service` on all others than institutional.
    """

    source_system: str
    external_id: str
    claim_type: ClaimType
    patient: Patient
    coverages: tuple[Coverage, ...]
    billing_provider: Provider
    place_of_service: str | None
    diagnoses: tuple[Diagnosis, ...]
    service_lines: tuple[ServiceLine, ...]
    total_charge: Decimal
    rendering_provider: Provider | None = None
    referring_provider: Provider | None = None
    primary_care_provider: Provider | None = None  # P3, only beside a referring provider
    supervising_provider: Provider | None = None
    service_facility: Provider | None = None
    pay_to_address: Address | None = None
    signature_on_file: bool | None = None
    accept_assignment: str | None = None  # CLM07: A, B, C
    benefits_assigned: str | None = None  # CLM08: Y, N, W
    release_of_information: str | None = None  # CLM09: Y, I
    patient_signature_source: str | None = None  # CLM10: P
    patient_paid: Decimal = ZERO
    prior_authorization: str | None = None
    referral_number: str | None = None
    claim_frequency_code: str = "1"  # CLM05-3; of an institutional claim any of the NUBC's
    claim_control_number: str | None = None  # REF*F8: the payer's number of the claim replaced
    clia_number: str | None = None
    claim_note: str | None = None  # NTE*ADD
    notes: tuple[Note, ...] = ()
    fixed_format: tuple[str, ...] = ()  # K3
    related_causes: tuple[str, ...] = ()  # AA, EM, OA (CLM11)
    auto_accident_state: str | None = None
    special_program: str | None = None  # CLM12
    delay_reason: str | None = None  # CLM20
    dates: ClaimDates = field(default_factory=ClaimDates)
    numbers: ClaimNumbers = field(default_factory=ClaimNumbers)
    attachments: tuple[Attachment, ...] = ()
    contract: Contract | None = None
    repricing: Repricing | None = None
    condition_codes: tuple[str, ...] = ()  # HI*BG, up to 24
    anesthesia_procedures: tuple[str, ...] = ()  # HI*BP, BO: the surgery behind an anesthesia
    ambulance: Ambulance | None = None
    spinal_manipulation: SpinalManipulation | None = None
    vision_conditions: tuple[VisionCondition, ...] = ()
    homebound: bool = False  # CRC*75
    epsdt_referral: EpsdtReferral | None = None
    institutional: InstitutionalStay | None = None
    dental: DentalTreatment | None = None

    @property
    def is_predetermination(self) -> bool:
        """It asks what the payer would pay; nothing has been done and nobody owes anything."""
        return self.dental is not None and self.dental.predetermination

    @property
    def first_date(self) -> date | None:
        """The first day of service; None where nothing was done yet (predetermination)."""
        if self.institutional is not None:
            return self.institutional.statement_from
        days = [line.service_date for line in self.service_lines if line.service_date]
        own = self.dental.service_date if self.dental else None
        return min([*days, own] if own else days, default=None)

    @property
    def last_date(self) -> date | None:
        if self.institutional is not None:
            return self.institutional.statement_through
        days = [line.last_date for line in self.service_lines if line.last_date]
        own = (self.dental.service_date_end or self.dental.service_date) if self.dental else None
        return max([*days, own] if own else days, default=None)

    @property
    def type_of_bill(self) -> str | None:
        """As the UB-04 has it, four digits; None on claims that are not institutional."""
        if self.institutional is None:
            return None
        return f"0{self.institutional.facility_type}{self.claim_frequency_code}"

    def coverage(self, responsibility: str) -> Coverage | None:
        """The coverage in that payer position."""
        return next((c for c in self.coverages if c.responsibility == responsibility), None)


def rank_of(position: str) -> int:
    """The place of SBR01 in the order of payers; U, unknown, is the last."""
    return _ORDER.find(position)
