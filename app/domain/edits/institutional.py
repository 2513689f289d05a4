"""Institutional claims: the type of bill (CLM03) and the stay (INS01 to INS04, INS07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.domain import nubc
from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType
from app.domain.finding import Severity
from app.domain.institutional import InstitutionalStay

KIND = (ClaimType.INSTITUTIONAL,)
PAYMENT_WINDOW = timedelta(days=3)  # before an admission: services billed with the stay
_EXTERNAL_CAUSE = "VWXY"  # first letters of ICD-10-CM codes that tell what did it


def stay_of(claim: Claim) -> InstitutionalStay:
    """The stay of an institutional claim."""
    stay = claim.encounter.institutional
    assert stay is not None  # the documents refuse an institutional encounter without one
    return stay


@edit(
    "CLM03",
    snip=5,
    place=Place("2300", "CLM", "05", "4"),
    rule="The type of bill is one of the uniform bill's facilities and frequencies.",
    claim_types=KIND,
)
def type_of_bill(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    bill = claim.encounter.type_of_bill or ""
    facility, frequency = bill[1:3], bill[3:]
    if facility not in nubc.BILLS or frequency not in nubc.FREQUENCIES:
        yield Fault(
            "/institutional/typeOfBill",
            f"There is no type of bill {bill}.",
            "Enter a facility, a classification and a frequency of the uniform bill, as 0131.",
            value=bill,
        )


@edit(
    "INS01",
    snip=4,
    place=Place("2300", "DTP", "03", "6"),
    rule="The statement dates run forward and not into the future, the dates of lines lie within "
    "them, and an outpatient line has a date.",
    claim_types=KIND,
)
def statement_dates(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay, died = stay_of(claim), claim.encounter.patient.date_of_death
    first, last = stay.statement_from, stay.statement_through
    if first > last:
        yield Fault(
            "/institutional/statementThrough",
            "The statement ends before it begins.",
            "Correct one of the two dates.",
        )
    if last > context.today:
        yield Fault(
            "/institutional/statementThrough",
            "The statement reaches into the future.",
            "Send the claim when its days are over.",
        )
    if died is not None and first > died:
        yield Fault(
            "/institutional/statementFrom",
            "The statement begins after the patient's death.",
            "Correct the statement or the patient's dateOfDeath.",
        )
    line_place = Place("2400", "DTP", "03", "45")
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}/serviceDate"
        if line.service_date is None or line.last_date is None:
            if stay.facility_type in nubc.OUTPATIENT_BILLS:
                yield Fault(
                    at,
                    f"Line {index + 1} of an outpatient claim has no date.",
                    "Enter the day of the service.",
                    line_place,
                )
        elif line.service_date < first or line.last_date > last:
            yield Fault(
                at,
                f"Line {index + 1} lies outside the statement dates.",
                "Correct the line's date, or the statement dates.",
                line_place,
            )


@edit(
    "INS02",
    snip=4,
    place=Place("2300", "CL1", "01", "14"),
    rule="Admission type, point of origin and patient status are codes of the uniform bill, and "
    "status, discharge hour and frequency agree.",
    claim_types=KIND,
)
def admission_and_status(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay, frequency = stay_of(claim), claim.encounter.claim_frequency_code
    if stay.admission_type not in nubc.ADMISSION_TYPES:
        yield Fault(
            "/institutional/admissionType",
            f"There is no type of admission {stay.admission_type}.",
            "Enter one of 1 to 5, or 9.",
            value=stay.admission_type,
        )
    newborn = stay.admission_type == nubc.NEWBORN
    sources = nubc.NEWBORN_SOURCES if newborn else nubc.ADMISSION_SOURCES
    source_place = Place("2300", "CL1", "02", "15")
    inpatient = stay.facility_type in nubc.INPATIENT_BILLS
    if stay.admission_source is None and inpatient:
        yield Fault(
            "/institutional/admissionSource",
            "An inpatient claim says where the patient came from.",
            "Enter the point of origin.",
            source_place,
        )
    elif stay.admission_source is not None and stay.admission_source not in sources:
        yield Fault(
            "/institutional/admissionSource",
            f"Point of origin {stay.admission_source} does not go with admission type "
            f"{stay.admission_type}.",
            "Enter a point of origin of the uniform bill; a newborn's is 5 or 6.",
            source_place,
            value=stay.admission_source,
        )
    if stay.patient_status not in nubc.PATIENT_STATUSES:
        yield Fault(
            "/institutional/patientStatus",
            f"There is no patient status {stay.patient_status}.",
            "Enter the discharge status of the uniform bill, 30 for one who is still a patient.",
            _STATUS,
            value=stay.patient_status,
        )
    if inpatient:
        yield from _discharge(stay, frequency)


_STATUS = Place("2300", "CL1", "03", "17")


def _discharge(stay: InstitutionalStay, frequency: str) -> Iterator[Fault]:
    """Who is still a patient gets an interim bill and has no hour of discharge."""
    stays = stay.patient_status == nubc.STILL_A_PATIENT
    interim = frequency in (nubc.INTERIM_FIRST, nubc.INTERIM_CONTINUING)
    final = frequency in ("1", nubc.INTERIM_LAST)
    if (stays and final) or (interim and not stays):
        yield Fault(
            "/institutional/patientStatus",
            f"Patient status {stay.patient_status} and frequency {frequency} contradict each"
            " other: 2 and 3 bill one who is still a patient (30), 1 and 4 one who has left.",
            "Correct the status, or the last digit of the type of bill.",
            _STATUS,
            value=stay.patient_status,
        )
    hour = Place("2300", "DTP", "03", "16")
    if stays and stay.discharge_hour is not None:
        yield Fault(
            "/institutional/dischargeHour",
            "One who is still a patient has no hour of discharge.",
            "Leave the hour out, or correct the patient status.",
            hour,
        )
    elif final and not stays and stay.discharge_hour is None:
        yield Fault(
            "/institutional/dischargeHour",
            "The last bill of an inpatient stay names the hour of discharge.",
            "Enter it as HHMM.",
            hour,
        )


@edit(
    "INS03",
    snip=4,
    place=Place("2300", "DTP", "03", "12"),
    rule="An inpatient claim has the date of admission and the admitting diagnosis; of an acute "
    "stay the diagnoses say whether they were present on admission (a single one that does not, or "
    "an external cause, is a warning, since the exempt codes change by year; no diagnosis at all "
    "is an error).",
    claim_types=KIND,
)
def admission(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay = stay_of(claim)
    if stay.facility_type not in nubc.INPATIENT_BILLS:
        return
    if stay.admission_date is None:
        yield Fault(
            "/institutional/admissionDate",
            "An inpatient claim names the day of admission.",
            "Enter it, and the hour if the payer asks for it.",
        )
    elif stay.admission_date > stay.statement_through:
        yield Fault(
            "/institutional/admissionDate",
            "The patient was admitted after the statement ends.",
            "Correct the admission or the statement dates.",
        )
    if stay.admitting_diagnosis is None:
        yield Fault(
            "/institutional/admittingDiagnosis",
            "An inpatient claim names the admitting diagnosis.",
            "Enter the diagnosis the patient was admitted with.",
            Place("2300", "HI", "01-2", "69"),
        )
    if stay.facility_type == nubc.ACUTE_INPATIENT_BILL:
        yield from _present_on_admission(claim)


def _present_on_admission(claim: Claim) -> Iterator[Fault]:
    """The list of exempt codes is CMS's, by year: a blank may be right, none at all is not."""
    diagnoses = claim.encounter.diagnoses
    due = [
        index
        for index, d in enumerate(diagnoses)
        if d.present_on_admission is None and d.code[:1] not in (*_EXTERNAL_CAUSE, "Z")
    ]
    stay = stay_of(claim)
    for index, cause in enumerate(stay.external_causes):
        if cause.present_on_admission is None:
            yield Fault(
                f"/institutional/externalCauses/{index}/presentOnAdmission",
                f"External cause {index + 1} does not say whether it was present on admission.",
                "Enter Y, N, U or W; leave it out for an exempt code only.",
                Place("2300", "HI", "01-9", "72"),
                severity=Severity.WARNING,
            )
    nothing_said = not any(d.present_on_admission for d in diagnoses)
    for index in due:
        yield Fault(
            f"/diagnoses/{index}/presentOnAdmission",
            f"Diagnosis {index + 1} does not say whether it was present on admission.",
            "Enter Y, N, U or W; leave it out for an exempt code only.",
            Place("2300", "HI", "01-9", "67"),
            severity=Severity.ERROR if nothing_said else Severity.WARNING,
        )


@edit(
    "INS04",
    snip=4,
    place=Place("2300", "HI", "01-2", "70"),
    rule="An unscheduled outpatient visit names the patient's reason for it.",
    claim_types=KIND,
)
def reason_for_visit(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay = stay_of(claim)
    emergency = any(
        line.institutional and nubc.is_emergency(line.institutional.revenue_code)
        for line in claim.lines
    )
    if (
        stay.facility_type in nubc.UNSCHEDULED_VISIT_BILLS
        and stay.admission_type in nubc.UNSCHEDULED
        and emergency
        and not stay.reasons_for_visit
    ):
        yield Fault(
            "/institutional/reasonsForVisit",
            "The visit was not scheduled and the reason for it is missing.",
            "Enter one to three diagnoses the patient came with.",
        )


@edit(
    "INS07",
    snip=7,
    place=Place("2300", "DTP", "03", "6"),
    rule="Services before an admission lie in the three days that are billed with the stay, and "
    "interim bills begin where they should: the first at the admission, the next ones after it.",
    severity=Severity.WARNING,
    claim_types=KIND,
)
def window_and_interim(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay, frequency = stay_of(claim), claim.encounter.claim_frequency_code
    admitted = stay.admission_date
    if admitted is None or stay.facility_type not in nubc.INPATIENT_BILLS:
        return
    for index, line in enumerate(claim.lines):
        if line.service_date is not None and line.service_date < admitted - PAYMENT_WINDOW:
            yield Fault(
                f"/serviceLines/{index}/serviceDate",
                f"Line {index + 1} is more than three days before the admission.",
                "Bill it on an outpatient claim of its own, unless the payer says otherwise.",
                Place("2400", "DTP", "03", "45"),
            )
    later = frequency in (nubc.INTERIM_CONTINUING, nubc.INTERIM_LAST)
    begins_late = frequency == nubc.INTERIM_FIRST and stay.statement_from > admitted
    if begins_late or (later and stay.statement_from <= admitted):
        yield Fault(
            "/institutional/statementFrom",
            f"An interim bill of frequency {frequency} begins on another day than this one.",
            "The first begins at the admission, each next one on the day after the last.",
        )


TYPE_OF_BILL_EDITS = (type_of_bill,)
STAY_EDITS = (statement_dates, admission_and_status, admission, reason_for_visit)
WINDOW_EDITS = (window_and_interim,)
