"""A clean encounter, and how a story changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.claim_details import Diagnosis
from app.domain.encounter import ClaimType, Coverage, Encounter, Patient, ServiceLine
from app.domain.party import Address, Person, Provider
from app.domain.procedure import Procedure

TODAY = date(2026, 11, 23)

_HOME = Address("1 MAIN ST", "ALBANY", "NY", "122030001")

CLEAN = Encounter(
    source_system="acme-pms",
    external_id="ENC-1",
    claim_type=ClaimType.PROFESSIONAL,
    patient=Patient("P-1", Person("ANN", "SAMPLE", date(1980, 1, 2), "F", _HOME)),
    coverages=(Coverage("P", "60054", "EXAMPLE HEALTH", "CI", "W123456789", "18"),),
    billing_provider=Provider(
        npi="1234567893",
        organization_name="ACME MEDICAL",
        employer_id="512345678",
        address=Address("2 CLINIC WAY", "ALBANY", "NY", "122030002"),
    ),
    rendering_provider=Provider(npi="1245319599", first_name="DANA", last_name="DOCTOR"),
    place_of_service="11",
    diagnoses=(Diagnosis("E119"), Diagnosis("I10")),
    service_lines=(
        ServiceLine(
            line_id="1",
            service_date=date(2026, 10, 5),
            procedure=Procedure("G0439"),
            charge=Decimal("150.00"),
            units=Decimal(1),
            diagnosis_pointers=(1, 2),
        ),
        ServiceLine(
            line_id="2",
            service_date=date(2026, 10, 5),
            procedure=Procedure("J1885"),
            charge=Decimal("75.50"),
            units=Decimal(2),
            diagnosis_pointers=(1,),
        ),
    ),
    total_charge=Decimal("225.50"),
    signature_on_file=True,
    accept_assignment="A",
    benefits_assigned="Y",
    release_of_information="Y",
)

OTHER_PERSON = Person("PAT", "OTHER", date(1955, 5, 5), "M", _HOME)
SECOND = Coverage("S", "87726", "SECOND HEALTH", "CI", "X5550001", "01", subscriber=OTHER_PERSON)


def billing(**changes: Any) -> Encounter:
    return replace(CLEAN, billing_provider=replace(CLEAN.billing_provider, **changes))


def billing_address(**changes: Any) -> Encounter:
    address = CLEAN.billing_provider.address
    assert address is not None
    return billing(address=replace(address, **changes))


def coverage(**changes: Any) -> Encounter:
    return replace(CLEAN, coverages=(replace(CLEAN.coverages[0], **changes),))


def person(**changes: Any) -> Encounter:
    return replace(
        CLEAN, patient=replace(CLEAN.patient, person=replace(CLEAN.patient.person, **changes))
    )


def line(**changes: Any) -> Encounter:
    """The second line changed, and the total with it."""
    second = replace(CLEAN.service_lines[1], **changes)
    lines = (CLEAN.service_lines[0], second)
    total = sum((each.charge for each in lines), Decimal("0.00"))
    return replace(CLEAN, service_lines=lines, total_charge=total)
