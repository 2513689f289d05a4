"""One encounter, one partner and what differs from them: the claims these tests are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from app.domain.batch import BatchHeader, ControlNumbers, OutboundClaim
from app.domain.claim import Claim
from app.domain.claim_details import ClaimDates, Diagnosis
from app.domain.encounter import ClaimType, Coverage, Encounter, Patient, ServiceLine
from app.domain.partner import PartnerProfile
from app.domain.party import Address, Contact, Person, Provider
from app.domain.procedure import Drug, Procedure
from app.x12 import claim_837
from app.x12.read_837 import read_with_issues

HOME = Address("1 MAIN ST", "ALBANY", "NY", "122030001")
CLINIC = Address("2 CLINIC WAY", "ALBANY", "NY", "122030002")
ANN = Person("ANN", "SAMPLE", date(1980, 1, 2), "F", HOME)
PAT = Person("PAT", "SAMPLE", date(1955, 5, 5), "M", HOME)
SAM = Person("SAM", "SAMPLE", date(2015, 7, 4), "M", HOME)
ACME = Provider(
    "1234567893",
    organization_name="ACME MEDICAL",
    taxonomy_code="207Q00000X",
    employer_id="512345678",
    address=CLINIC,
    contact=Contact("BILLING", "5185550100"),
)
DANA = Provider("1245319599", first_name="DANA", last_name="DOCTOR", taxonomy_code="207Q00000X")
SELF_PAY = Coverage("P", "60054", "EXAMPLE HEALTH", "CI", "W123456789", "18", group_number="G100")
SPOUSE_PAY = replace(SELF_PAY, member_id="X5550001", relationship="01", subscriber=PAT)
VISIT = ServiceLine(
    "1",
    date(2026, 10, 5),
    Procedure("G0439"),
    Decimal("150.00"),
    Decimal(1),
    diagnosis_pointers=(1, 2),
)
DRUG = ServiceLine(
    "2",
    date(2026, 10, 5),
    Procedure("J1885"),
    Decimal("75.50"),
    Decimal(2),
    diagnosis_pointers=(1,),
    drug=Drug("00409379501", Decimal(1), "ML"),
)
ENCOUNTER = Encounter(
    source_system="acme-pms",
    external_id="ENC-1001",
    claim_type=ClaimType.PROFESSIONAL,
    patient=Patient("P-1", ANN),
    coverages=(SELF_PAY,),
    billing_provider=ACME,
    place_of_service="11",
    diagnoses=(Diagnosis("E119"), Diagnosis("I10")),
    service_lines=(VISIT, DRUG),
    total_charge=Decimal("225.50"),
    rendering_provider=DANA,
    signature_on_file=True,
    accept_assignment="A",
    benefits_assigned="Y",
    release_of_information="Y",
)

# Everything an encounter can hold, on a dependent's claim with two coverages.
FULL = replace(
    ENCOUNTER,
    patient=Patient("P-2", SAM),
    coverages=(
        replace(SPOUSE_PAY, relationship="19", subscriber_ssn="123456780"),
        replace(SELF_PAY, responsibility="S", payer_id="87726", payer_name="SECOND HEALTH"),
    ),
    place_of_service="21",
    referring_provider=Provider("1740293307", first_name="RAE", last_name="FERRER"),
    service_facility=Provider(
        "1205836004", organization_name="CITY HOSPITAL", address=replace(CLINIC, city="TROY")
    ),
    pay_to_address=Address("PO BOX 9", "ALBANY", "NY", "122030009", address2="DESK 4"),
    patient_paid=Decimal("20.00"),
    prior_authorization="PA1",
    referral_number="RF1",
    claim_frequency_code="7",
    claim_control_number="ICN0001",
    clia_number="36D0123456",
    claim_note="SEEN AFTER HOURS",
    related_causes=("AA", "EM"),
    auto_accident_state="NY",
    dates=ClaimDates(date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 4), date(2026, 10, 7)),
    diagnoses=tuple(map(Diagnosis, (*(f"E11{n}" for n in "012345689"), "I10", "I110", "I119"))),
    service_lines=(
        replace(
            VISIT,
            procedure=Procedure("G0439", ("25", "GT"), "OFFICE WORK"),
            service_date_end=date(2026, 10, 6),
            place_of_service="22",
            emergency=True,
            rendering_provider=Provider(
                "1669457891", first_name="LEE", last_name="OTHER", taxonomy_code="207R00000X"
            ),
        ),
        replace(DRUG, units=Decimal("1.5")),
    ),
)

PARTNER = PartnerProfile(
    id=UUID(int=1),
    name="default",
    sender_qualifier="ZZ",
    sender="CLAIMLOOP",
    receiver_qualifier="ZZ",
    receiver="CLEARINGHOUSE",
    submitter_name="CLAIMLOOP",
    submitter_identifier="CLAIMLOOP",
    submitter_contact=Contact("EDI DESK", "5185550111", "edi@example.com"),
    receiver_name="EXAMPLE CLEARINGHOUSE",
    receiver_identifier="CLEARINGHOUSE",
)
HEADER = BatchHeader(
    PARTNER,
    ControlNumbers(101, 101, "B000000101"),
    ClaimType.PROFESSIONAL,
    "T",
    datetime(2026, 11, 16, 14, 30, tzinfo=UTC),
)


@contextmanager
def structure_alone() -> Iterator[None]:
    """For claims that are drawn, or published: they travel, though they need not make sense.

    The gate of the writer then looks at what a guide says of segments and elements alone.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claim_837, "examine_written", read_with_issues)
        yield


def dx(*codes: str) -> tuple[Diagnosis, ...]:
    return tuple(map(Diagnosis, codes))


def outbound(number: int = 1, *, position: str = "P", **changes: Any) -> OutboundClaim:
    """The example encounter with those members changed, as the claim with that number."""
    encounter = replace(changes.pop("of", ENCOUNTER), **changes)
    claim = Claim(
        encounter,
        position,
        encounter.claim_frequency_code,
        encounter.claim_control_number,
    )
    return OutboundClaim(UUID(int=number), f"C{number:09d}-1", claim)


def covered(**changes: Any) -> tuple[Coverage, ...]:
    """The example's coverage with those members changed."""
    return (replace(SELF_PAY, **changes),)
