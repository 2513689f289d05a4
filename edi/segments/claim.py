"""Segments of a claim and of its service lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.model import Composite, Segment, el, opt, run
from edi.segments.control import DATED, is_dated


class Facility(Composite):
    """C023: place of service (or type of bill), the kind of code, and the claim frequency."""

    code: str = el(1, 2)
    qualifier: str = el(2, 2)
    frequency: str = el(3, 1)


class RelatedCauses(Composite):
    """C024: what the claim is the consequence of."""

    cause_1: str = el(1, 3)
    cause_2: str | None = opt(2, 3)
    cause_3: str | None = opt(3, 3)
    state: str | None = opt(4, 2, shortest=2)
    country: str | None = opt(5, 3, shortest=2)


class CLM(Segment):
    """A claim."""

    patient_control_number: str = el(1, 38)
    charge: Decimal = el(2, 18)
    facility: Facility = el(5)
    provider_signature: str | None = opt(6, codes="Y N")
    assignment: str | None = opt(7, codes="A B C")
    benefits_assigned: str | None = opt(8, codes="N W Y")
    release_of_information: str | None = opt(9, codes="I Y")
    patient_signature_source: str | None = opt(10, codes="P")
    related_causes: RelatedCauses | None = opt(11)
    special_program: str | None = opt(12, 3)
    submission_reason: str | None = opt(19, codes="PB")  # predetermination of benefits (dental)
    delay_reason: str | None = opt(20, codes="1 2 3 4 5 6 7 8 9 10 11 15")


class HealthCode(Composite):
    """C022: a diagnosis, procedure, condition, occurrence or value code."""

    qualifier: str = el(1, 3)
    code: str = el(2, 30)
    format_qualifier: str | None = opt(3, 3)
    date: str | None = opt(4, 35)
    amount: Decimal | None = opt(5, 18)
    quantity: Decimal | None = opt(6, 15)
    version: str | None = opt(7, 30)
    through: str | None = opt(8, 30)
    present_on_admission: str | None = opt(9, 1)
    dated = (3, 4)


class HI(Segment):
    """Up to twelve health care codes."""

    codes: list[HealthCode] = run(1, times=12)
    checked = True

    def faults(self) -> list[tuple[int, str, str]]:
        return [
            (n, "IK403:8", f"the date of code {n} is not {DATED[c.format_qualifier]}")
            for n, c in enumerate(self.codes, 1)
            if c.date is not None
            and c.format_qualifier in DATED
            and not is_dated(c.format_qualifier, c.date)
        ]


class CL1(Segment):
    """How a stay in an institution began and stands: NUBC codes."""

    admission_type: str | None = opt(1, 1)
    admission_source: str | None = opt(2, 1)
    patient_status: str = el(3, 2)


class DN1(Segment):
    """Months of orthodontic treatment, in all and left."""

    total_months: Decimal | None = opt(1, 15)
    remaining_months: Decimal | None = opt(2, 15)
    indicator: str | None = opt(4, 80)  # Y when neither is known


class DN2(Segment):
    """A tooth that is missing (M) or to be extracted (E)."""

    tooth: str = el(1, 50)
    status: str = el(2, codes="E M")
    code_list: str | None = opt(6, codes="JP")


class PWK(Segment):
    """An attachment."""

    notes = "P0506"

    report: str = el(1, 2)
    transmission: str = el(2, 2)
    qualifier: str | None = opt(5, 2)
    control_number: str | None = opt(6, 80, shortest=2)


class CN1(Segment):
    """The terms of a contract."""

    type: str = el(1, 2)
    amount: Decimal | None = opt(2, 18)
    percent: Decimal | None = opt(3, 6)
    code: str | None = opt(4, 50)
    terms_discount: Decimal | None = opt(5, 6)
    version: str | None = opt(6, 30)


class CR1(Segment):
    """Ambulance transport."""

    notes = "P0102 P0506"

    weight_unit: str | None = opt(1, codes="LB")
    weight: Decimal | None = opt(2, 10)
    reason: str = el(4, codes="A B C D E")
    distance_unit: str = el(5, codes="DH")
    distance: Decimal = el(6, 15)
    round_trip_purpose: str | None = opt(9, 80)
    stretcher_purpose: str | None = opt(10, 80)


class CR2(Segment):
    """Spinal manipulation."""

    condition: str = el(8, codes="A C D E F G M")
    description_1: str | None = opt(10, 80)
    description_2: str | None = opt(11, 80)


class CR3(Segment):
    """Certification of durable medical equipment."""

    type: str = el(1, codes="I R S")
    unit: str = el(2, codes="MO")
    duration: Decimal = el(3, 15)


class CRC(Segment):
    """Conditions that hold or do not."""

    category: str = el(1, 2)
    applies: str = el(2, codes="N Y")
    conditions: list[str] = run(3, times=5)


class HCP(Segment):
    """A repricer's view."""

    notes = "R0113 P0910 P1112"

    method: str | None = opt(1, 2)
    allowed: Decimal | None = opt(2, 18)
    savings: Decimal | None = opt(3, 18)
    organization: str | None = opt(4, 50)
    rate: Decimal | None = opt(5, 9)
    ambulatory_group: str | None = opt(6, 50)
    ambulatory_group_amount: Decimal | None = opt(7, 18)
    revenue_code: str | None = opt(8, 48)
    procedure_qualifier: str | None = opt(9, 2)
    procedure: str | None = opt(10, 48)
    unit: str | None = opt(11, 2)
    quantity: Decimal | None = opt(12, 15)
    reject_reason: str | None = opt(13, 2)
    compliance: str | None = opt(14, 2)
    exception: str | None = opt(15, 2)


class DiagnosisPointers(Composite):
    """C004: which diagnoses of the claim a line is for, the most important first."""

    pointers: list[int] = run(1, times=4)


class LineProcedure(Composite):
    """C003 of a billed line."""

    qualifier: str = el(1, 2, shortest=2)
    code: str = el(2, 48)
    modifiers: list[str] = run(3, times=4, longest=2, shortest=2)
    description: str | None = opt(7, 80)


class SV1(Segment):
    """A professional service."""

    procedure: LineProcedure = el(1)
    charge: Decimal = el(2, 18)
    unit: str | None = opt(3, codes="MJ UN")
    units: Decimal | None = opt(4, 15)
    place_of_service: str | None = opt(5, 2)
    diagnoses: DiagnosisPointers | None = opt(7)
    emergency: str | None = opt(9, codes="Y")
    epsdt: str | None = opt(11, codes="Y")
    family_planning: str | None = opt(12, codes="Y")
    copay_exempt: str | None = opt(15, codes="0")


class SV2(Segment):
    """An institutional service by its revenue code."""

    revenue_code: str = el(1, 48)
    procedure: LineProcedure | None = opt(2)
    charge: Decimal = el(3, 18)
    unit: str | None = opt(4, codes="DA UN")
    units: Decimal | None = opt(5, 15)
    non_covered: Decimal | None = opt(7, 18)


class OralCavity(Composite):
    """C006: up to five areas of the mouth."""

    areas: list[str] = run(1, times=5, longest=3)


class SV3(Segment):
    """A dental service."""

    procedure: LineProcedure = el(1)
    charge: Decimal = el(2, 18)
    place_of_service: str | None = opt(3, 2)
    oral_cavity: OralCavity | None = opt(4)
    placement: str | None = opt(5, codes="I R")  # of a prosthesis, crown or inlay: initial, again
    count: Decimal | None = opt(6, 15)
    diagnoses: DiagnosisPointers | None = opt(11)


class ToothSurfaces(Composite):
    """C005: up to five surfaces of a tooth."""

    surfaces: list[str] = run(1, times=5, codes="B D F I L M O")


class TOO(Segment):
    """A tooth and its surfaces."""

    code_list: str = el(1, codes="JP")
    tooth: str | None = opt(2, 30)
    surfaces: ToothSurfaces | None = opt(3)


class SV5(Segment):
    """Rental and purchase price of durable medical equipment."""

    procedure: LineProcedure = el(1)
    unit: str = el(2, codes="DA")
    days: Decimal = el(3, 15)
    rental_price: Decimal | None = opt(4, 18)
    purchase_price: Decimal | None = opt(5, 18)
    frequency: str | None = opt(6, codes="1 4 6")


class MEA(Segment):
    """A test result."""

    reference: str = el(1, 2)
    qualifier: str = el(2, 3)
    value: Decimal = el(3, 20)


class PS1(Segment):
    """A purchased service."""

    provider: str = el(1, 50)
    amount: Decimal = el(2, 18)


class LIN(Segment):
    """A drug by its code (N4 = NDC, eleven digits)."""

    qualifier: str = el(2, 2)
    code: str = el(3, 48)


class UnitOfMeasure(Composite):
    """C001."""

    code: str = el(1, 2)


class CTP(Segment):
    """How much of a drug."""

    quantity: Decimal = el(4, 15)
    unit: UnitOfMeasure = el(5)


class OI(Segment):
    """What the other insured agreed to."""

    benefits_assigned: str | None = opt(3, codes="N W Y")
    patient_signature_source: str | None = opt(4, codes="P")
    release_of_information: str | None = opt(6, codes="I Y")


class SVD(Segment):
    """What another payer paid for a line."""

    payer: str = el(1, 80, shortest=2)
    paid: Decimal = el(2, 18)
    procedure: LineProcedure | None = opt(3)
    revenue_code: str | None = opt(4, 48)
    units: Decimal | None = opt(5, 15)
    bundled_line: int | None = opt(6, 6)


class FRM(Segment):
    """One answer of a form."""

    notes = "R02030405"

    question: str = el(1, 20)
    answer: str | None = opt(2, codes="N W Y")
    text: str | None = opt(3, 50)
    on: date | None = opt(4)
    percent: Decimal | None = opt(5, 6)
