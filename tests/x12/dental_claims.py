"""Dental claims for these tests: one plain, one with everything, one predetermination.

Codes have the form of dental ones; what they stand for is licensed and stands nowhere here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.batch import OutboundClaim
from app.domain.claim_details import (
    Attachment,
    ClaimDates,
    ClaimNumbers,
    Contract,
    Diagnosis,
    Note,
)
from app.domain.dental import DentalLine, DentalTreatment, Orthodontics, Tooth, ToothStatus
from app.domain.encounter import ClaimType, Encounter, ServiceLine
from app.domain.party import Provider
from app.domain.procedure import Procedure
from app.domain.professional import LineNumbers
from tests.x12.claims import ACME, CLINIC, ENCOUNTER, HEADER, outbound

DENTAL_HEADER = replace(HEADER, claim_type=ClaimType.DENTAL)
DEE = Provider("1245319599", first_name="DEE", last_name="DENTIST", taxonomy_code="1223G0001X")
RAE = Provider("1740293307", first_name="RAE", last_name="FERRER", taxonomy_code="1223E0200X")
ASA = Provider("1669457891", first_name="ASA", last_name="ASSIST", taxonomy_code="1223S0112X")
HALL = Provider("1205836004", organization_name="TOOTH HALL", address=replace(CLINIC, city="TROY"))


def service(number: int, code: str, charge: str, **changes: Any) -> ServiceLine:
    """A line with that code and charge, done once on the claim's day."""
    plain = ServiceLine(
        str(number), None, Procedure(code, qualifier="AD"), Decimal(charge), Decimal(1)
    )
    return replace(plain, **changes)


FILLING = service(
    1, "D2001", "180.00", dental=DentalLine(teeth=(Tooth("14", ("M", "O")),), oral_cavity=("20",))
)
DENTAL = replace(
    ENCOUNTER,
    claim_type=ClaimType.DENTAL,
    billing_provider=replace(ACME, taxonomy_code="1223G0001X"),
    rendering_provider=DEE,
    diagnoses=(),
    service_lines=(FILLING, service(2, "D0001", "45.00")),
    total_charge=Decimal("225.00"),
    dental=DentalTreatment(service_date=date(2026, 10, 5)),
)

# Everything a dental encounter can hold, beside what claims of every kind share.
FULL_DENTAL = replace(
    DENTAL,
    referring_provider=RAE,
    primary_care_provider=replace(RAE, npi="1669457891", last_name="PRIMER"),
    supervising_provider=replace(DEE, npi="1306849450", taxonomy_code=None),
    service_facility=HALL,
    patient_paid=Decimal("20.00"),
    prior_authorization="PA1",
    referral_number="RF1",
    claim_frequency_code="7",
    claim_control_number="ICN0001",
    claim_note="SEEN AFTER HOURS",
    notes=tuple(Note("ADD", f"NOTE {n}") for n in range(2, 6)),
    fixed_format=("AGREED 1", "AGREED 2"),
    related_causes=("AA", "OA"),
    auto_accident_state="NY",
    special_program="01",
    delay_reason="3",
    dates=ClaimDates(accident_date=date(2026, 9, 1), appliance_placement_date=date(2026, 9, 2)),
    numbers=ClaimNumbers(service_authorization_exception="1", predetermination="PD1"),
    attachments=(Attachment("RB", "EL", "ATT1"), Attachment("DA", "AA")),
    contract=Contract("02", Decimal("10.5"), Decimal("5"), "C1", Decimal("2.5"), "V1"),
    diagnoses=tuple(map(Diagnosis, ("K0262", "K029", "K0381", "K045"))),
    service_lines=(
        replace(
            FILLING,
            diagnosis_pointers=(1, 2, 3, 4),
            contract=Contract("01"),
            numbers=LineNumbers(
                prior_authorization="LPA", referral_number="LRF", predetermination="LPD"
            ),
            sales_tax=Decimal("1.25"),
            rendering_provider=replace(DEE, npi="1669457891", last_name="OTHER"),
            supervising_provider=replace(DEE, npi="1740293307", taxonomy_code=None),
            service_facility=replace(HALL, npi="1306849450"),
        ),
        service(
            2,
            "D6001",
            "900.00",
            service_date=date(2026, 10, 6),
            service_date_end=date(2026, 10, 7),
            place_of_service="22",
            dental=DentalLine(
                oral_cavity=("10", "R"),
                prosthesis="R",
                teeth=(Tooth("3"),),
                prior_placement_date=date(2015, 5, 5),
                prior_placement_estimated=True,
                appliance_placement_date=date(2026, 1, 1),
                replacement_date=date(2026, 1, 2),
                treatment_start_date=date(2026, 1, 3),
                treatment_completion_date=date(2026, 1, 4),
                assistant_surgeon=ASA,
            ),
        ),
        service(3, "D1001", "30.00", units=Decimal(2), sales_tax=Decimal("0.5")),
    ),
    total_charge=Decimal("1110.00"),
    dental=DentalTreatment(
        service_date=date(2026, 10, 5),
        orthodontics=Orthodontics(Decimal(24), Decimal(20), None),
        tooth_statuses=(ToothStatus("8", "M"), ToothStatus("A", "E")),
    ),
)

PREDETERMINATION = replace(
    DENTAL,
    service_lines=(service(1, "D6001", "900.00", dental=DentalLine((), "I", (Tooth("3"),))),),
    total_charge=Decimal("900.00"),
    dental=DentalTreatment(predetermination=True),
)
WITH_ASSISTANT = replace(
    DENTAL,
    rendering_provider=None,
    dental=replace(DENTAL.dental or DentalTreatment(), assistant_surgeon=ASA),
)


def dental(number: int = 1, *, of: Encounter = DENTAL, **changes: Any) -> OutboundClaim:
    """A dental encounter with those members changed, as the claim with that number."""
    return outbound(number, of=of, **changes)
