"""A stay in a hospital and a visit to its emergency room: the claims the 837I tests are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.claim_details import (
    Attachment,
    ClaimNumbers,
    Contract,
    Diagnosis,
    Note,
)
from app.domain.encounter import ClaimType, Encounter, Patient, ServiceLine
from app.domain.institutional import (
    DatedCode,
    InstitutionalLine,
    InstitutionalStay,
    Span,
    ValueCode,
)
from app.domain.party import Address, Provider
from app.domain.procedure import Drug, Procedure
from app.domain.professional import EpsdtReferral
from tests.x12.claims import ANN, HEADER, SELF_PAY

WARD = Address("3 HOSPITAL DRIVE", "ALBANY", "NY", "122030003")
HOSPITAL = Provider(
    "1043569122",
    organization_name="EXAMPLE HOSPITAL",
    taxonomy_code="282N00000X",
    employer_id="512345679",
    address=WARD,
)
ATTENDING = Provider("1730123878", first_name="RAY", last_name="ATTEND", taxonomy_code="207R00000X")
SURGEON = Provider("1669457891", first_name="LEE", last_name="SURGEON")
HEADER_I = replace(HEADER, claim_type=ClaimType.INSTITUTIONAL)


def room(line_id: str, days: int, rate: str, code: str = "0120") -> ServiceLine:
    """Days in a room: a revenue code without a procedure or a date of its own."""
    return ServiceLine(
        line_id,
        None,
        None,
        Decimal(rate) * days,
        Decimal(days),
        unit="DA",
        institutional=InstitutionalLine(code),
    )


def ancillary(
    line_id: str, revenue: str, hcpcs: str | None, charge: str, day: date | None = None
) -> ServiceLine:
    """A service of a department; an outpatient one has a code and a day."""
    return ServiceLine(
        line_id,
        day,
        Procedure(hcpcs) if hcpcs else None,
        Decimal(charge),
        Decimal(1),
        institutional=InstitutionalLine(revenue),
    )


STAY = InstitutionalStay(
    facility_type="11",
    statement_from=date(2026, 10, 1),
    statement_through=date(2026, 10, 5),
    patient_status="01",
    admission_type="1",
    admission_source="1",
    admission_date=date(2026, 10, 1),
    admission_hour="1030",
    discharge_hour="1400",
    admitting_diagnosis="R0602",
    drg="193",
    values=(ValueCode("80", Decimal("4.00")),),
    attending_provider=ATTENDING,
)
INPATIENT = Encounter(
    source_system="acme-his",
    external_id="STAY-1",
    claim_type=ClaimType.INSTITUTIONAL,
    patient=Patient("P-1", ANN),
    coverages=(SELF_PAY,),
    billing_provider=HOSPITAL,
    place_of_service=None,
    diagnoses=(Diagnosis("J189", "Y"), Diagnosis("E119", "Y")),
    service_lines=(room("1", 4, "1500.00"), ancillary("2", "0250", None, "640.25")),
    total_charge=Decimal("6640.25"),
    accept_assignment="A",
    benefits_assigned="Y",
    release_of_information="Y",
    institutional=STAY,
)
DAY = date(2026, 10, 6)
OUTPATIENT = replace(
    INPATIENT,
    external_id="VISIT-1",
    diagnoses=(Diagnosis("S0101XA"),),
    institutional=InstitutionalStay(
        facility_type="13",
        statement_from=DAY,
        statement_through=DAY,
        patient_status="01",
        admission_type="1",
        admission_source="1",
        reasons_for_visit=("R51",),
        attending_provider=ATTENDING,
    ),
    service_lines=(
        ancillary("1", "0450", "G0383", "900.00", DAY),
        ancillary("2", "0636", "J1885", "75.50", DAY),
    ),
    total_charge=Decimal("975.50"),
)

# Everything an institutional encounter can hold, the lists at their longest.
FULL_STAY = replace(
    INPATIENT,
    diagnoses=(Diagnosis("J189", "Y"), *(Diagnosis(f"E{n:03d}", "NUW"[n % 3]) for n in range(24))),
    institutional=replace(
        STAY,
        patient_status="30",
        discharge_hour=None,
        external_causes=(Diagnosis("W1830XA", "Y"), *(Diagnosis(f"Y{n:03d}") for n in range(11))),
        reasons_for_visit=("R51", "R52", "R53"),
        principal_procedure=DatedCode("0BH17EZ", date(2026, 10, 2)),
        other_procedures=tuple(DatedCode(f"0BH{n:02d}EZ", date(2026, 10, 3)) for n in range(24)),
        occurrences=tuple(DatedCode(f"{n:02d}", date(2026, 9, 30)) for n in range(24)),
        occurrence_spans=tuple(
            Span(f"{n:02d}", date(2026, 9, 1), date(2026, 9, 4)) for n in range(70, 94)
        ),
        values=tuple(ValueCode(f"{n}", Decimal(abs(n - 76))) for n in range(57, 81)),
        treatment_codes=tuple(f"A{n:02d}" for n in range(24)),
        estimated_amount_due=Decimal("0.00"),
        operating_physician=SURGEON,
        other_operating_physician=Provider("1205836004", first_name="KIM", last_name="SECOND"),
    ),
    claim_frequency_code="3",
    rendering_provider=Provider("1245319599", first_name="DANA", last_name="DOCTOR"),
    referring_provider=Provider("1740293307", first_name="RAE", last_name="FERRER"),
    service_facility=Provider(
        "1205836004", organization_name="SOUTH WING", address=replace(WARD, city="TROY")
    ),
    prior_authorization="PA1",
    referral_number="RF1",
    claim_note="SEE ATTACHED",
    notes=(Note("MED", "ASPIRIN"), Note("DGN", "PNEUMONIA"), Note("UPI", "UPDATE")),
    fixed_format=("FIXED 1", "FIXED 2"),
    auto_accident_state="NY",
    delay_reason="7",
    numbers=ClaimNumbers(
        service_authorization_exception="1",
        investigational_device_exemption=("IDE1", "IDE2"),
        medical_record_number="MRN1",
        demonstration_project="P1",
        peer_review_authorization="PR1",
    ),
    attachments=(Attachment("OZ", "EL", "ATT1"), Attachment("B4", "AA")),
    contract=Contract("02", Decimal("100.00"), Decimal("2.5"), "C1", Decimal("1"), "V1"),
    condition_codes=tuple(f"{n:02d}" for n in range(24)),
    epsdt_referral=EpsdtReferral(given=True, conditions=("AV",)),
    service_lines=(
        room("1", 4, "1500.00"),
        replace(
            ancillary("2", "0636", "J1885", "640.25", date(2026, 10, 2)),
            procedure=Procedure("J1885", ("JW", "JZ"), "A DRUG"),
            service_date_end=date(2026, 10, 3),
            drug=Drug("00409379501", Decimal("2"), "ML", prescription_number="RX1"),
            rendering_provider=Provider("1669457891", first_name="LEE", last_name="OTHER"),
            referring_provider=Provider("1730123878", first_name="RAY", last_name="ATTEND"),
            attachments=(Attachment("OZ", "FX", "ATT2"),),
            notes=(Note("TPO", "REPRICED"),),
            institutional=InstitutionalLine(
                "0636",
                non_covered_charge=Decimal("40.25"),
                service_tax=Decimal("1.10"),
                facility_tax=Decimal("2.20"),
                operating_physician=Provider("1245319599", first_name="DANA", last_name="DOCTOR"),
                other_operating_physician=Provider("1740293307", first_name="A", last_name="B"),
            ),
        ),
        replace(
            ancillary("3", "0023", None, "0.00"),
            procedure=Procedure("1AFKS", qualifier="HP"),
            drug=Drug("00409379501", Decimal("2"), "ML", link_number="LINK1"),
        ),
    ),
)
