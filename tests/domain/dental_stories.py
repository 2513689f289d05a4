"""What the edits stop, and let pass, of dental claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.claim_details import ClaimDates, Diagnosis, Note
from app.domain.dental import DentalLine, DentalTreatment, Tooth, ToothStatus
from app.domain.encounter import Encounter
from app.domain.scrub import ScrubContext
from tests.domain.encounters import TODAY
from tests.x12.dental_claims import ASA, DEE, DENTAL, FULL_DENTAL, PREDETERMINATION, RAE

CONTEXT = ScrubContext(today=TODAY)
DENTISTS: list[Encounter] = [DENTAL, FULL_DENTAL, PREDETERMINATION]
DAY = date(2026, 10, 5)


def treated(of: Encounter = DENTAL, **changes: Any) -> Encounter:
    return replace(of, dental=replace(of.dental or DentalTreatment(), **changes))


def line(of: Encounter = DENTAL, **changes: Any) -> Encounter:
    """The first line with those members changed."""
    first, *rest = of.service_lines
    return replace(of, service_lines=(replace(first, **changes), *rest))


def on_line(of: Encounter = DENTAL, **changes: Any) -> Encounter:
    """The first line with those dental members changed."""
    told = of.service_lines[0].dental or DentalLine()
    return line(of, dental=replace(told, **changes))


def tooth(number: str, *surfaces: str) -> Encounter:
    return on_line(teeth=(Tooth(number, surfaces),))


AT = "/serviceLines/0"
TEETH = f"{AT}/dental/teeth"
NO_DAY = treated(service_date=None)

FIRES = [
    ("DEN01", tooth("33"), f"{TEETH}/0/number", CONTEXT),
    ("DEN01", tooth("U"), f"{TEETH}/0/number", CONTEXT),
    ("DEN01", tooth("50"), f"{TEETH}/0/number", CONTEXT),
    ("DEN01", tooth("83"), f"{TEETH}/0/number", CONTEXT),
    ("DEN01", tooth("SA"), f"{TEETH}/0/number", CONTEXT),
    ("DEN01", tooth("14", "I"), f"{TEETH}/0/surfaces/0", CONTEXT),
    ("DEN01", tooth("14", "M", "F"), f"{TEETH}/0/surfaces/1", CONTEXT),
    ("DEN01", tooth("8", "O"), f"{TEETH}/0/surfaces/0", CONTEXT),
    ("DEN01", tooth("D", "B"), f"{TEETH}/0/surfaces/0", CONTEXT),
    ("DEN01", tooth("58", "O"), f"{TEETH}/0/surfaces/0", CONTEXT),
    ("DEN01", tooth("14", "M", "M"), f"{TEETH}/0/surfaces/1", CONTEXT),
    ("DEN01", on_line(teeth=(Tooth("14"), Tooth("14"))), f"{TEETH}/1/number", CONTEXT),
    ("DEN01", on_line(oral_cavity=("10", "10")), f"{AT}/dental/oralCavity/1", CONTEXT),
    ("DEN01", treated(tooth_statuses=(ToothStatus("0", "M"),)), "/dental/toothStatuses/0/number",
     CONTEXT),
    ("DEN01", treated(tooth_statuses=(ToothStatus("1", "M"), ToothStatus("1", "E"))),
     "/dental/toothStatuses/1/number", CONTEXT),
    ("DEN02", line(on_line(teeth=(Tooth("14"), Tooth("15"))), units=Decimal(2)), f"{AT}/units",
     CONTEXT),
    ("DEN03", on_line(prosthesis="R"), f"{AT}/dental/priorPlacementDate", CONTEXT),
    ("DEN03", on_line(prosthesis="I", prior_placement_date=DAY), f"{AT}/dental/prosthesis",
     CONTEXT),
    ("DEN03", on_line(prior_placement_date=DAY), f"{AT}/dental/prosthesis", CONTEXT),
    ("DEN04", treated(PREDETERMINATION, service_date=DAY), "/dental/serviceDate", CONTEXT),
    ("DEN04", line(PREDETERMINATION, service_date=DAY), f"{AT}/serviceDate", CONTEXT),
    ("DEN04", NO_DAY, "/serviceLines/1/serviceDate", CONTEXT),
    ("DEN04", line(NO_DAY, service_date=DAY), "/serviceLines/1/serviceDate", CONTEXT),
    ("DEN04", treated(service_date=None, service_date_end=DAY), "/dental/serviceDate", CONTEXT),
    ("DEN04", line(service_date_end=DAY), f"{AT}/serviceDate", CONTEXT),
    ("DEN04", treated(service_date_end=DAY - timedelta(days=1)), "/dental/serviceDateEnd",
     CONTEXT),
    ("DEN04", treated(service_date=TODAY + timedelta(days=1)), "/dental/serviceDate", CONTEXT),
    ("DEN04", replace(DENTAL, patient=replace(DENTAL.patient,
     date_of_death=DAY - timedelta(days=1))), "/dental/serviceDate", CONTEXT),
    ("DEN05", replace(DENTAL, notes=(Note("DCP", "TEXT"),)), "/notes/0/kind", CONTEXT),
    ("DEN05", replace(DENTAL, accept_assignment="B"), "/acceptAssignment", CONTEXT),
    ("DEN05", replace(DENTAL, primary_care_provider=RAE), "/primaryCareProvider", CONTEXT),
    ("DEN05", treated(assistant_surgeon=ASA), "/dental/assistantSurgeon", CONTEXT),
    ("DEN05", on_line(line(rendering_provider=DEE), assistant_surgeon=ASA),
     f"{AT}/dental/assistantSurgeon", CONTEXT),
    ("DEN05", line(unit="MJ"), f"{AT}/unit", CONTEXT),
    ("DEN06", on_line(oral_cavity=("10",), teeth=(Tooth("14"),)),
     f"{AT}/dental/teeth/0/number", CONTEXT),
    ("DEN06", on_line(oral_cavity=("02", "03"), teeth=(Tooth("3"), Tooth("C"))),
     f"{AT}/dental/teeth/1/number", CONTEXT),
    ("DEN06", on_line(oral_cavity=("R",), teeth=(Tooth("60"),)),  # beside tooth 10
     f"{AT}/dental/teeth/0/number", CONTEXT),
    ("ENV07", replace(DENTAL, homebound=True), "/homebound", CONTEXT),
    ("ENV07", replace(DENTAL, dates=ClaimDates(symptom_date=DAY)),
     "/claimDateInformation/symptomDate", CONTEXT),
    ("ENV07", line(emergency=True), f"{AT}/emergency", CONTEXT),
    ("ENV07", line(hospice_employee=False), f"{AT}/hospiceEmployee", CONTEXT),
    ("DX02", replace(FULL_DENTAL, diagnoses=(*FULL_DENTAL.diagnoses, Diagnosis("K036"))),
     "/diagnoses", CONTEXT),
    ("DX03", line(diagnosis_pointers=(1,)), f"{AT}/diagnosisPointers/0", CONTEXT),
]  # fmt: skip

NEAR_MISSES = [
    ("DEN01", tooth("14", "M", "O", "D", "B", "L"), "all surfaces of a back tooth", CONTEXT),
    ("DEN01", tooth("8", "M", "I", "D", "F", "L"), "all surfaces of a front tooth", CONTEXT),
    ("DEN01", tooth("A", "O"), "a primary molar", CONTEXT),
    ("DEN01", tooth("C", "I"), "a primary canine", CONTEXT),
    ("DEN01", tooth("51", "O"), "beside a molar", CONTEXT),
    ("DEN01", tooth("CS", "F"), "beside a primary canine", CONTEXT),
    ("DEN01", treated(tooth_statuses=(ToothStatus("14", "M"),)),
     "treated on a line and missing", CONTEXT),
    ("DEN02", on_line(teeth=(Tooth("14"), Tooth("15"))), "two teeth, once", CONTEXT),
    ("DEN02", line(units=Decimal(2)), "one tooth, twice", CONTEXT),
    ("DEN03", on_line(prosthesis="I"), "an initial one", CONTEXT),
    ("DEN03", on_line(prosthesis="R", prior_placement_date=DAY), "with its date", CONTEXT),
    ("DEN04", replace(NO_DAY, service_lines=tuple(replace(x, service_date=DAY)
     for x in DENTAL.service_lines)), "each line its own day", CONTEXT),
    ("DEN04", treated(service_date=TODAY), "today", CONTEXT),
    ("DEN05", treated(replace(DENTAL, rendering_provider=None), assistant_surgeon=ASA),
     "an assistant surgeon alone", CONTEXT),
    ("DEN05", replace(DENTAL, referring_provider=RAE, primary_care_provider=RAE),
     "primary care beside the referral", CONTEXT),
    ("DEN06", on_line(oral_cavity=("20",), teeth=(Tooth("14"),)), "in its quadrant", CONTEXT),
    ("DEN06", on_line(oral_cavity=("00",), teeth=(Tooth("T"),)), "the whole mouth", CONTEXT),
    ("DEN06", on_line(oral_cavity=("30", "05"), teeth=(Tooth("JS"),)), "in one of two", CONTEXT),
    ("DX03", DENTAL, "a dental line without pointers", CONTEXT),
    ("DX02", FULL_DENTAL, "four", CONTEXT),
    ("DX08", replace(FULL_DENTAL, diagnoses=(
        Diagnosis("K029"), Diagnosis("A12345", None, "SNODENT"))),
     "SNODENT beside ICD-10", CONTEXT),
]  # fmt: skip
