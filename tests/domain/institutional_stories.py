"""What the edits stop, and let pass, of institutional claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.claim_details import Diagnosis
from app.domain.encounter import Encounter, ServiceLine
from app.domain.institutional import DatedCode, Span, ValueCode
from app.domain.party import Provider
from app.domain.scrub import ScrubContext
from tests.domain.encounters import TODAY
from tests.x12.institutional import DAY, INPATIENT, OUTPATIENT, SURGEON, ancillary, room

CONTEXT = ScrubContext(today=TODAY)
INSTITUTIONS: list[Encounter] = [INPATIENT, OUTPATIENT]


def stay(of: Encounter = INPATIENT, **changes: Any) -> Encounter:
    assert of.institutional is not None
    return replace(of, institutional=replace(of.institutional, **changes))


def billed(*lines: ServiceLine, of: Encounter = INPATIENT) -> Encounter:
    total = sum((line.charge for line in lines), Decimal("0.00"))
    return replace(of, service_lines=lines, total_charge=total)


def interim(frequency: str, status: str = "30", **changes: Any) -> Encounter:
    changes = {"patient_status": status, "discharge_hour": None} | changes
    return replace(stay(**changes), claim_frequency_code=frequency)


def own(line: ServiceLine, **changes: Any) -> ServiceLine:
    assert line.institutional is not None
    return replace(line, institutional=replace(line.institutional, **changes))


ROOM = room("1", 4, "1500.00")
DRUGS = ancillary("2", "0250", None, "640.25")
VISIT = ancillary("1", "0450", "G0383", "900.00", DAY)
GROUP = Provider("1730123878", organization_name="A GROUP")
AFTER = TODAY + timedelta(days=1)
S = "/institutional"
L = "/serviceLines/0"

Story = tuple[str, Encounter, str, ScrubContext]
FIRES: list[Story] = [
    ("BIL02", replace(INPATIENT, billing_provider=replace(INPATIENT.billing_provider,
     organization_name=None, last_name="SOLO")), "/billingProvider/lastName", CONTEXT),
    ("CLM03", stay(facility_type="99"), f"{S}/typeOfBill", CONTEXT),
    ("CLM03", replace(INPATIENT, claim_frequency_code="R"), f"{S}/typeOfBill", CONTEXT),
    ("CLM04", replace(INPATIENT, claim_frequency_code="7"), "/claimControlNumber", CONTEXT),
    ("CLM07", replace(INPATIENT, accept_assignment=None), "/acceptAssignment", CONTEXT),
    ("DX02", replace(INPATIENT, diagnoses=tuple(Diagnosis(f"A{n:03d}", "Y") for n in range(26))),
     "/diagnoses", CONTEXT),
    ("DX08", stay(other_procedures=(DatedCode("BABCD", DAY, "ABC"),)),
     f"{S}/otherProcedures/0/codeList", CONTEXT),
    ("LIN04", billed(replace(ROOM, charge=Decimal("0.00"))), f"{L}/charge", CONTEXT),
    ("INS01", stay(statement_from=date(2026, 10, 6)), f"{S}/statementThrough", CONTEXT),
    ("INS01", stay(statement_through=AFTER), f"{S}/statementThrough", CONTEXT),
    ("INS01", replace(INPATIENT, patient=replace(INPATIENT.patient,
     date_of_death=date(2026, 9, 30))), f"{S}/statementFrom", CONTEXT),
    ("INS01", billed(ancillary("1", "0300", "G0103", "9.00"), of=OUTPATIENT), f"{L}/serviceDate",
     CONTEXT),
    ("INS01", billed(replace(VISIT, service_date=DAY + timedelta(days=1)), of=OUTPATIENT),
     f"{L}/serviceDate", CONTEXT),
    ("INS02", stay(admission_type="7"), f"{S}/admissionType", CONTEXT),
    ("INS02", stay(admission_source=None), f"{S}/admissionSource", CONTEXT),
    ("INS02", stay(admission_type="4", admission_source="1"), f"{S}/admissionSource", CONTEXT),
    ("INS02", stay(patient_status="08"), f"{S}/patientStatus", CONTEXT),
    ("INS02", interim("1"), f"{S}/patientStatus", CONTEXT),
    ("INS02", interim("2", "01"), f"{S}/patientStatus", CONTEXT),
    ("INS02", interim("2", discharge_hour="1400"), f"{S}/dischargeHour", CONTEXT),
    ("INS02", stay(discharge_hour=None), f"{S}/dischargeHour", CONTEXT),
    ("INS03", stay(admission_date=None), f"{S}/admissionDate", CONTEXT),
    ("INS03", stay(admission_date=date(2026, 10, 6)), f"{S}/admissionDate", CONTEXT),
    ("INS03", stay(admitting_diagnosis=None), f"{S}/admittingDiagnosis", CONTEXT),
    ("INS03", replace(INPATIENT, diagnoses=(Diagnosis("J189"), Diagnosis("E119"))),
     "/diagnoses/1/presentOnAdmission", CONTEXT),
    ("INS04", stay(OUTPATIENT, reasons_for_visit=()), f"{S}/reasonsForVisit", CONTEXT),
    ("INS05", billed(ROOM, ancillary("2", "0001", None, "6000.00")),
     "/serviceLines/1/institutional/revenueCode", CONTEXT),
    ("INS05", billed(replace(VISIT, procedure=None), of=OUTPATIENT), f"{L}/procedure", CONTEXT),
    ("INS05", billed(own(ROOM, non_covered_charge=Decimal("6000.01"))),
     f"{L}/institutional/nonCoveredCharge", CONTEXT),
    ("INS05", billed(replace(ROOM, unit="UN")), f"{L}/unit", CONTEXT),
    ("INS05", billed(room("1", 3, "1500.00")), f"{S}/values", CONTEXT),
    ("INS06", stay(occurrences=(DatedCode("111", DAY),)), f"{S}/occurrences/0/code", CONTEXT),
    ("INS06", replace(INPATIENT, condition_codes=("9",)), "/conditionCodes/0", CONTEXT),
    ("INS06", stay(occurrences=(DatedCode("11", AFTER),)), f"{S}/occurrences/0/date", CONTEXT),
    ("INS06", stay(occurrence_spans=(Span("70", DAY, DAY - timedelta(days=1)),)),
     f"{S}/occurrenceSpans/0/through", CONTEXT),
    ("INS06", stay(drg="V193"), f"{S}/drg", CONTEXT),
    ("INS06", stay(principal_procedure=DatedCode("0BH17EI", date(2026, 10, 2))),
     f"{S}/principalProcedure/code", CONTEXT),
    ("INS06", stay(principal_procedure=DatedCode("0BH17EZ", date(2026, 9, 27))),
     f"{S}/principalProcedure/date", CONTEXT),
    ("INS06", stay(other_procedures=(DatedCode("0BH17EZ", date(2026, 10, 2)),)),
     f"{S}/principalProcedure", CONTEXT),
    ("INS06", stay(OUTPATIENT, principal_procedure=DatedCode("0BH17EZ", DAY)),
     f"{S}/principalProcedure", CONTEXT),
    ("INS07", billed(replace(DRUGS, service_date=date(2026, 9, 27)),
     of=stay(statement_from=date(2026, 9, 27))), f"{L}/serviceDate", CONTEXT),
    ("INS07", interim("2", statement_from=date(2026, 10, 2)), f"{S}/statementFrom", CONTEXT),
    ("INS07", interim("3"), f"{S}/statementFrom", CONTEXT),
    ("PRV05", stay(attending_provider=None), f"{S}/attendingProvider", CONTEXT),
    ("PRV05", stay(attending_provider=GROUP), f"{S}/attendingProvider/organizationName", CONTEXT),
    ("PRV05", stay(operating_physician=replace(SURGEON, npi="1669457890")),
     f"{S}/operatingPhysician/npi", CONTEXT),
    ("PRV05", stay(other_operating_physician=SURGEON), f"{S}/operatingPhysician", CONTEXT),
]  # fmt: skip

NEAR_MISSES: list[Story] = [
    ("BIL02", INPATIENT, "an organization with its EIN", CONTEXT),
    ("CLM03", replace(INPATIENT, claim_frequency_code="5"), "late charges", CONTEXT),
    ("CLM04", interim("2"), "a first interim bill changes no earlier claim", CONTEXT),
    ("CLM07", replace(INPATIENT, signature_on_file=None), "837I has no CLM06", CONTEXT),
    ("DX02", replace(INPATIENT, diagnoses=tuple(Diagnosis(f"A{n:03d}", "Y") for n in range(25))),
     "twenty-five", CONTEXT),
    ("DX03", OUTPATIENT, "SV2 points to no diagnosis", CONTEXT),
    ("LIN04", billed(ROOM, ancillary("2", "0023", None, "0.00")), "the case itself", CONTEXT),
    ("LIN09", billed(ROOM, replace(DRUGS, service_date=date(2026, 10, 2),
     service_date_end=date(2026, 10, 4))), "three days of drugs as one unit", CONTEXT),
    ("INS01", INPATIENT, "inpatient lines have no dates", CONTEXT),
    ("INS01", billed(replace(DRUGS, service_date=date(2026, 10, 5))), "the last day", CONTEXT),
    ("INS02", stay(admission_type="4", admission_source="5"), "a newborn", CONTEXT),
    ("INS02", interim("2"), "still a patient", CONTEXT),
    ("INS02", interim("4", "20", discharge_hour="0100"), "the last of the interim bills", CONTEXT),
    ("INS02", stay(OUTPATIENT, discharge_hour=None), "an outpatient has no hour", CONTEXT),
    ("INS03", replace(INPATIENT, diagnoses=(Diagnosis("J189", "N"), Diagnosis("Z794"))),
     "an exempt code says nothing", CONTEXT),
    ("INS03", stay(OUTPATIENT), "an outpatient is not admitted", CONTEXT),
    ("INS04", stay(OUTPATIENT, admission_type="3", reasons_for_visit=()), "elective", CONTEXT),
    ("INS05", billed(replace(ROOM, units=Decimal(4)), of=stay(values=(
     ValueCode("80", Decimal(3)), ValueCode("81", Decimal(1))))), "one day not covered", CONTEXT),
    ("INS05", billed(replace(VISIT, procedure=None, institutional=replace(
     VISIT.institutional, revenue_code="0270")), of=OUTPATIENT), "supplies", CONTEXT),
    ("INS06", stay(occurrences=(DatedCode("a1", TODAY),)), "in small letters, today", CONTEXT),
    ("INS06", stay(principal_procedure=DatedCode("0BH17EZ", date(2026, 9, 28)),
     operating_physician=SURGEON), "in the three days before", CONTEXT),
    ("INS07", interim("3", statement_from=date(2026, 10, 3)), "goes on after a while", CONTEXT),
    ("PRV05", billed(ancillary("1", "0540", "A0428", "300.00", DAY),
     of=stay(OUTPATIENT, attending_provider=None)), "transport alone", CONTEXT),
]  # fmt: skip


def one_of_several_not_told() -> Encounter:
    """A second diagnosis without an indicator: it may be exempt."""
    return replace(INPATIENT, diagnoses=(Diagnosis("J189", "Y"), Diagnosis("E119")))
