"""Stories of edits of single fields of practice: transport, the spine, anesthesia, equipment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.claim_details import ClaimDates, ClaimNumbers, Diagnosis, Note
from app.domain.encounter import ClaimType, Encounter
from app.domain.other_payer import ProviderAtPayer
from app.domain.party import Address, OtherId, Provider
from app.domain.procedure import Device, Drug, Procedure
from app.domain.professional import (
    Ambulance,
    EquipmentCertificate,
    LineNumbers,
    SpinalManipulation,
)
from app.domain.scrub import ScrubContext
from tests.domain.encounters import CLEAN, SECOND, TODAY, billing, line

CONTEXT = ScrubContext(today=TODAY)
Story = tuple[str, Encounter, str, ScrubContext]
HOME = Address("1 MAIN ST", "ALBANY", "NY", "122030001")
TRANSPORT = Ambulance(
    reason="A", distance=Decimal("12.5"), pick_up=HOME, drop_off=HOME, conditions=("01", "09")
)
DOCTOR = Provider("1245319599", first_name="DANA", last_name="DOCTOR")
GROUP = Provider("1245319599", organization_name="THE GROUP")
CHILD = Provider("1740293307", first_name="PRIM", last_name="CARE")
CERTIFICATE = EquipmentCertificate("I", Decimal(12), begin_therapy_date=date(2026, 10, 1))


def ride(told: Ambulance | None = TRANSPORT, **changes: Any) -> Encounter:
    """A transport from home to hospital, and its miles."""
    base, miles = CLEAN.service_lines
    carried = replace(base, procedure=Procedure("A0429", ("RH",)))
    driven = replace(
        miles,
        **{"procedure": Procedure("A0425", ("RH",)), "units": Decimal("12.5")} | changes,
    )
    return replace(CLEAN, ambulance=told, place_of_service="41", service_lines=(carried, driven))


def first_line(**changes: Any) -> Encounter:
    first, *others = CLEAN.service_lines
    return replace(CLEAN, service_lines=(replace(first, **changes), *others))


def spine(**changes: Any) -> Encounter:
    treated = replace(
        CLEAN.service_lines[0],
        procedure=Procedure("98940", ("AT",)),
        diagnosis_pointers=(2,),
    )
    whole: dict[str, Any] = {
        "diagnoses": (Diagnosis("I10"), Diagnosis("M9901")),
        "dates": ClaimDates(initial_treatment_date=date(2026, 10, 1)),
        "service_lines": (treated,),
        "total_charge": treated.charge,
    }
    return replace(CLEAN, **whole | changes)


def spinal_line(**changes: Any) -> Encounter:
    treated = spine().service_lines[0]
    return spine(service_lines=(replace(treated, **changes),))


def code(code: str, *modifiers: str, **changes: Any) -> Encounter:
    return line(procedure=Procedure(code, modifiers), **changes)


def sleep(**changes: Any) -> Encounter:
    return code("00810", "AA", **{"unit": "MJ", "units": Decimal(95)} | changes)


def certified(certificate: EquipmentCertificate, doctor: Provider | None = DOCTOR) -> Encounter:
    return code("E0431", "RR", certificate=certificate, ordering_provider=doctor)


def numbered(**numbers: str) -> Encounter:
    return line(numbers=LineNumbers(**numbers))


FIRES: list[Story] = [
    ("AMB01", ride(None), "/ambulance/reason", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, distance=None)), "/ambulance/distance", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, conditions=())), "/ambulance/conditions", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, pick_up=None)), "/ambulance/pickUp", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, drop_off=None)), "/ambulance/dropOff", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, patient_weight=Decimal(-5))), "/ambulance/patientWeight",
     CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, conditions_absent=TRANSPORT.conditions[:1])),
     "/ambulance/conditionsAbsent/0", CONTEXT),
    ("AMB01", ride(procedure=Procedure("A0425", ("XH",))),
     "/serviceLines/1/procedure/modifiers", CONTEXT),
    ("AMB01", ride(units=Decimal(12)), "/serviceLines/1/units", CONTEXT),
    ("AMB01", replace(CLEAN, ambulance=Ambulance(pick_up=HOME)), "/ambulance/reason", CONTEXT),
    ("CHI01", spinal_line(procedure=Procedure("98940")), "/serviceLines/0/procedure/modifiers",
     CONTEXT),
    ("CHI01", spine(dates=ClaimDates()), "/claimDateInformation/initialTreatmentDate", CONTEXT),
    ("CHI01", spinal_line(diagnosis_pointers=(1,)), "/serviceLines/0/diagnosisPointers", CONTEXT),
    ("CLM12", replace(CLEAN, place_of_service="21"), "/claimDateInformation/admissionDate",
     CONTEXT),
    ("CLM12", line(place_of_service="61"), "/claimDateInformation/admissionDate", CONTEXT),
    ("LIN05", sleep(unit="UN"), "/serviceLines/1/unit", CONTEXT),
    ("LIN05", sleep(units=Decimal("95.5")), "/serviceLines/1/units", CONTEXT),
    ("LIN05", code("01999", unit="MJ"), "/serviceLines/1/procedure/modifiers", CONTEXT),
    ("LIN06", code("J3490"), "/serviceLines/1/procedure/description", CONTEXT),
    ("LIN07", line(drug=Drug("00409379501", Decimal(0), "ML")), "/serviceLines/1/drug/quantity",
     CONTEXT),
    ("LIN08", code("G0306", "QW"), "/cliaNumber", CONTEXT),
    ("LIN08", replace(CLEAN, clia_number="3610123456"), "/cliaNumber", CONTEXT),
    ("LIN08", numbered(clia_number="36D01"), "/serviceLines/1/numbers/cliaNumber", CONTEXT),
    ("LIN08", code("G0306", "90"), "/serviceLines/1/numbers/referringCliaNumber", CONTEXT),
    ("DME01", certified(replace(CERTIFICATE, begin_therapy_date=None)),
     "/serviceLines/1/certificate/beginTherapyDate", CONTEXT),
    ("DME01", certified(replace(CERTIFICATE, type="R")),
     "/serviceLines/1/certificate/certificationRevisionDate", CONTEXT),
    ("DME01", certified(CERTIFICATE, None), "/serviceLines/1/orderingProvider", CONTEXT),
    ("PRV03", replace(CLEAN, referring_provider=GROUP), "/referringProvider/organizationName",
     CONTEXT),
    ("PRV03", replace(CLEAN, supervising_provider=replace(DOCTOR, npi="1245319590")),
     "/supervisingProvider/npi", CONTEXT),
    ("PRV03", line(ordering_provider=GROUP), "/serviceLines/1/orderingProvider/organizationName",
     CONTEXT),
    ("PRV03", replace(CLEAN, primary_care_provider=CHILD), "/primaryCareProvider", CONTEXT),
    ("PRV04", replace(CLEAN, service_facility=GROUP), "/serviceFacility/address", CONTEXT),
    ("PRV04", line(service_facility=GROUP), "/serviceLines/1/serviceFacility/address", CONTEXT),
    ("ENV07", replace(CLEAN, claim_type=ClaimType.DENTAL, ambulance=TRANSPORT), "/ambulance",
     CONTEXT),
    ("ENV07", replace(CLEAN, ambulance=replace(TRANSPORT, patient_count=2)),
     "/ambulance/patientCount", CONTEXT),
    ("ENV07", replace(CLEAN, dates=ClaimDates(appliance_placement_date=TODAY)),
     "/claimDateInformation/appliancePlacementDate", CONTEXT),
    ("ENV07", replace(CLEAN, diagnoses=(Diagnosis("E119"), Diagnosis("I10", "Y"))),
     "/diagnoses/1/presentOnAdmission", CONTEXT),
    ("ENV07", numbered(predetermination="P1"), "/serviceLines/1/numbers/predetermination",
     CONTEXT),
    ("ENV07", billing(other_ids=(OtherId("G2", "P1"), OtherId("0B", "L1", "87726"))),
     "/billingProvider/otherIds/1/payerId", CONTEXT),
    ("ENV07", first_line(referring_provider=replace(CHILD, other_ids=(OtherId("LU", "S1"),))),
     "/serviceLines/0/referringProvider/otherIds/0/qualifier", CONTEXT),
    ("ENV07", replace(CLEAN, coverages=(*CLEAN.coverages, replace(
        SECOND, providers=(ProviderAtPayer("71", (OtherId("G2", "A1"),)),)))),
     "/coverages/1/providers/0/role", CONTEXT),
    ("ENV08", first_line(drug=Drug("00409379501", Decimal(1), "ML"),
     device=Device("UK", "00614141007349", Decimal(1), "UN")),
     "/serviceLines/0/device", CONTEXT),
    ("ENV08", replace(CLEAN, claim_note="ONE", notes=(Note("CER", "TWO"),)), "/notes", CONTEXT),
    ("ENV08", replace(CLEAN, numbers=ClaimNumbers(investigational_device_exemption=("1", "2"))),
     "/numbers/investigationalDeviceExemption", CONTEXT),
    ("ENV08", line(note="ONE", notes=(Note("DCP", "TWO"),)), "/serviceLines/1/notes", CONTEXT),
    ("ENV08", line(drug=Drug("00409379501", Decimal(1), "ML", "RX1", "LK1")),
     "/serviceLines/1/drug/linkNumber", CONTEXT),
]  # fmt: skip

NEAR_MISSES: list[Story] = [
    ("AMB01", ride(), "a transport told in full", CONTEXT),
    ("AMB01", ride(replace(TRANSPORT, conditions=(), conditions_absent=("05",))),
     "what was not the case", CONTEXT),
    ("AMB01", ride(units=Decimal(3), ambulance=Ambulance("A", Decimal(3))),
     "a line with a transport of its own", CONTEXT),
    ("AMB01", code("A0998"), "an answer without a transport", CONTEXT),
    ("CHI01", spine(), "active treatment", CONTEXT),
    ("CHI01", spinal_line(procedure=Procedure("98941", ("GY",))), "maintenance", CONTEXT),
    ("CHI01", spine(dates=ClaimDates(acute_manifestation_date=TODAY)), "turned acute", CONTEXT),
    ("CHI01", replace(CLEAN, spinal_manipulation=SpinalManipulation("A")), "another code",
     CONTEXT),
    ("CLM12", replace(CLEAN, place_of_service="22"), "an outpatient of a hospital", CONTEXT),
    ("CLM12", replace(CLEAN, place_of_service="21",
     dates=ClaimDates(admission_date=date(2026, 10, 4))), "an inpatient since yesterday", CONTEXT),
    ("LIN05", sleep(), "ninety-five minutes", CONTEXT),
    ("LIN05", code("02000"), "no anesthesia", CONTEXT),
    ("LIN06", line(procedure=Procedure("J3490", description="TEA, 2 CUPS")), "told in words",
     CONTEXT),
    ("LIN07", line(drug=Drug("00409379501", Decimal("0.001"), "ML")), "a little", CONTEXT),
    ("LIN08", replace(code("G0306", "QW"), clia_number="36D0123456"), "a waived test", CONTEXT),
    ("LIN08", code("G0306", "90", numbers=LineNumbers(referring_clia_number="36d0123456")),
     "referred out, told small", CONTEXT),
    ("DME01", certified(CERTIFICATE), "a first certificate", CONTEXT),
    ("DME01", certified(replace(CERTIFICATE, type="S", certification_revision_date=TODAY)),
     "a revised certificate", CONTEXT),
    ("PRV03", replace(CLEAN, referring_provider=DOCTOR, primary_care_provider=CHILD),
     "who referred, and whose patient it is", CONTEXT),
    ("PRV03", replace(CLEAN, referring_provider=replace(DOCTOR, npi=None)), "no NPI to be had",
     CONTEXT),
    ("PRV04", replace(CLEAN, service_facility=replace(GROUP, address=HOME)), "a place", CONTEXT),
    ("ENV07", ride(), "a transport on a professional claim", CONTEXT),
    ("ENV07", line(ambulance=Ambulance(patient_count=2)), "two patients in a line", CONTEXT),
    ("ENV08", replace(CLEAN, notes=(Note("CER", "ONE"),)), "one note of another kind", CONTEXT),
    ("ENV08", line(note="ONE", notes=(Note("TPO", "TWO"),)), "one for each reader", CONTEXT),
]  # fmt: skip
