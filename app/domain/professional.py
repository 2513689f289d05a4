"""What only professional claims tell: transport, manipulation, equipment, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.party import Address


@dataclass(frozen=True, slots=True)
class Ambulance:
    """CR1, its CRC*07, and loops PW and 45. `distance` in miles, `patient_weight` in pounds.

    The claim's tells all of the transport; a line's tells what differs there. CR1 travels where
    reason and distance are told.
    """

    reason: str | None = None  # CR104: A to E
    distance: Decimal | None = None  # CR106
    pick_up: Address | None = None
    drop_off: Address | None = None
    drop_off_name: str | None = None
    patient_weight: Decimal | None = None  # CR102
    round_trip_purpose: str | None = None  # CR109
    stretcher_purpose: str | None = None  # CR110
    conditions: tuple[str, ...] = ()  # CRC*07*Y, up to five: 01 04 05 06 07 08 09 12
    conditions_absent: tuple[str, ...] = ()  # CRC*07*N
    patient_count: int | None = None  # QTY*PT, of a line, where more than one was carried


@dataclass(frozen=True, slots=True)
class SpinalManipulation:
    """CR2: the condition that a chiropractor treats."""

    condition: str  # CR208: A C D E F G M
    description: str | None = None  # CR210
    description_2: str | None = None  # CR211


@dataclass(frozen=True, slots=True)
class EpsdtReferral:
    """CRC*ZZ: what came of a child's screening."""

    given: bool  # CRC02
    conditions: tuple[str, ...] = ()  # AV, NU, S2, ST


@dataclass(frozen=True, slots=True)
class VisionCondition:
    """CRC*E1, E2, E3: why lenses or frames are replaced."""

    category: str  # E1 spectacle lenses, E2 contact lenses, E3 frames
    certified: bool  # CRC02
    conditions: tuple[str, ...] = ()  # L1 to L5


@dataclass(frozen=True, slots=True)
class EquipmentPrice:
    """SV5: rental and purchase of durable medical equipment."""

    days: Decimal  # SV503
    rental_price: Decimal  # SV504
    purchase_price: Decimal  # SV505
    frequency: str  # SV506, of the rental: 1 weekly, 4 monthly, 6 daily


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """FRM: one answer of a form."""

    question: str  # FRM01
    answer: str | None = None  # FRM02: Y, N, W
    text: str | None = None  # FRM03
    on: date | None = None  # FRM04
    percent: Decimal | None = None  # FRM05


@dataclass(frozen=True, slots=True)
class Form:
    """2440: a certificate of medical necessity, or another form."""

    code: str  # LQ02
    answers: tuple[FormAnswer, ...]
    list_qualifier: str = "UT"  # LQ01: UT, AS


@dataclass(frozen=True, slots=True)
class EquipmentCertificate:
    """The certification of durable medical equipment: PWK*CT, CR3, CRC*09 and its dates."""

    type: str  # CR301: I initial, R renewal, S revised
    months: Decimal  # CR303
    transmission: str | None = None  # PWK02: AB, AD, AF, AG, NS
    conditions: tuple[str, ...] = ()  # CRC*09: 38, ZV
    conditions_certified: bool = True  # CRC02
    begin_therapy_date: date | None = None  # DTP*463
    certification_revision_date: date | None = None  # DTP*607
    last_certification_date: date | None = None  # DTP*461


@dataclass(frozen=True, slots=True)
class TestResult:
    """MEA: a test result."""

    kind: str  # MEA01: TR, OG
    measure: str  # MEA02: R1, R2, R3, R4, HT
    value: Decimal


@dataclass(frozen=True, slots=True)
class PurchasedService:
    """PS1 and loop 2420B, which tell whom it was bought from by the NPI alone."""

    provider_npi: str  # PS101, 2420B NM109
    amount: Decimal  # PS102
    provider_is_person: bool = False  # 2420B NM102


@dataclass(frozen=True, slots=True)
class LineDates:
    """Dates of a professional or dental line, each by its DTP qualifier."""

    prescription_date: date | None = None  # 471
    last_seen_date: date | None = None  # 304
    hemoglobin_or_hematocrit_date: date | None = None  # 738
    serum_creatinine_date: date | None = None  # 739
    shipped_date: date | None = None  # 011
    last_x_ray_date: date | None = None  # 455
    initial_treatment_date: date | None = None  # 454


@dataclass(frozen=True, slots=True)
class LineNumbers:
    """Numbers of a line, each by its REF qualifier."""

    prior_authorization: str | None = None  # G1
    referral_number: str | None = None  # 9F
    clia_number: str | None = None  # X4, where it is not the claim's
    referring_clia_number: str | None = None  # F4
    mammography_certification: str | None = None  # EW
    immunization_batch: str | None = None  # BT
    predetermination: str | None = None  # G3, dental
    repriced_line: str | None = None  # 9B: the repricer's number of the line
    adjusted_repriced_line: str | None = None  # 9D: its number after it repriced again
