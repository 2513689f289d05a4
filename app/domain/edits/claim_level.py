"""The claim as a whole: CLM01, CLM02, CLM04, CLM06, CLM07, CLM10, CLM15, DX02."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim import Claim, Frequency
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType
from app.domain.money import ZERO, money_text

# HI: one ABK and eleven ABF of a professional claim, 24 of an institutional one, three of a dental.
MOST_DIAGNOSES = {
    ClaimType.PROFESSIONAL: 12,
    ClaimType.INSTITUTIONAL: 25,
    ClaimType.DENTAL: 4,
}
CHANGES_AN_EARLIER_CLAIM = frozenset("678")  # claim frequencies


@edit(
    "CLM01",
    snip=7,
    place=Place("2300", "CLM", "01", "26"),
    places={ClaimType.INSTITUTIONAL: Place("2300", "CLM", "01", "3a")},
    rule="The patient control number is new, short enough for the partner, of A-Z 0-9 and dash.",
)
def patient_control_number(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    number, most = context.patient_control_number, context.control_number_max
    if number is None:
        return
    if not re.fullmatch(f"[A-Z0-9-]{{1,{most}}}", number):
        yield Fault(
            "",
            f"The patient control number does not fit 1 to {most} characters of A-Z, 0-9 and dash.",
            "Have the claim numbered again under the partner's profile.",
        )
    elif context.control_number_taken(number):
        yield Fault(
            "",
            "The patient control number has been used by another submission.",
            "Have the claim numbered again: answers to two claims could not be told apart.",
        )


@edit(
    "CLM02",
    snip=3,
    place=Place("2300", "CLM", "02", "28"),
    places={
        ClaimType.INSTITUTIONAL: Place("2300", "CLM", "02", "47"),
        ClaimType.DENTAL: Place("2300", "CLM", "02", "32"),
    },
    rule="The total charge is the sum of the lines, and more than zero.",
)
def total_charge(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    total = claim.encounter.total_charge
    lines = sum((line.charge for line in claim.lines), ZERO)
    if total != lines:
        yield Fault(
            "/totalCharge",
            f"Total charge {money_text(total)} differs from the sum of lines {money_text(lines)}.",
            f"Set the total to {money_text(lines)} or correct a line.",
            value=money_text(total),
            expected=money_text(lines),
        )
    elif total <= ZERO:
        yield Fault(
            "/totalCharge",
            f"Total charge {money_text(total)} asks for nothing.",
            "Correct the charges of the lines.",
            value=money_text(total),
        )


@edit(
    "CLM04",
    snip=4,
    place=Place("2300", "CLM", "05-3", "22"),
    places={ClaimType.INSTITUTIONAL: Place("2300", "CLM", "05-3", "4")},
    rule="A replacement or void names the payer's claim number, an original does not.",
)
def frequency(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    code = claim.encounter.claim_frequency_code
    number = claim.encounter.claim_control_number
    place = Place("2300", "REF", "02", "22")
    if code in CHANGES_AN_EARLIER_CLAIM and number is None:
        yield Fault(
            "/claimControlNumber",
            f"Frequency {code} changes an earlier claim and the payer's number of it is missing.",
            "Enter the payer's claim control number from its 835 or 277CA.",
            place,
        )
    elif code == Frequency.ORIGINAL and number is not None:
        yield Fault(
            "/claimControlNumber",
            "An original claim names no earlier claim of the payer.",
            'Leave the number out, or set claimFrequencyCode to "7" (replace) or "8" (void).',
            place,
        )


# The boxes of the accident's day and of its state.
_ACCIDENT_BOXES = {ClaimType.PROFESSIONAL: ("14", "10b"), ClaimType.DENTAL: ("46", "47")}


@edit(
    "CLM06",
    snip=4,
    place=Place("2300", "CLM", "11", "10"),
    places={ClaimType.DENTAL: Place("2300", "CLM", "11", "45")},
    rule="A related cause comes with the accident's date, an auto accident with its state too.",
    claim_types=(ClaimType.PROFESSIONAL, ClaimType.DENTAL),  # occurrence codes tell of it in 837I
)
def accident(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    at = "/claimDateInformation/accidentDate"
    day_box, state_box = _ACCIDENT_BOXES[encounter.claim_type]
    place = Place("2300", "DTP", "03", day_box)
    if encounter.related_causes and encounter.dates.accident_date is None:
        yield Fault(
            at,
            "The claim names a related cause and lacks the date of the accident.",
            "Enter the accident's date.",
            place,
        )
    if not encounter.related_causes and encounter.dates.accident_date is not None:
        yield Fault(
            "/relatedCausesCode",
            "The claim has the date of an accident and no cause.",
            "Enter AA (auto), EM (employment) or OA (other), or leave the date out.",
        )
    if "AA" in encounter.related_causes and encounter.auto_accident_state is None:
        yield Fault(
            "/autoAccidentStateCode",
            "An auto accident comes with the state where it happened.",
            "Enter the state's two letters.",
            Place("2300", "CLM", "11-4", state_box),
        )


# The elements of CLM that a kind of claim states, and their boxes on its form.
_SIGNATURE_BOXES: dict[ClaimType, dict[str, str | None]] = {
    ClaimType.PROFESSIONAL: {"06": "31", "07": "27", "08": "13", "09": "12"},
    ClaimType.INSTITUTIONAL: {"07": None, "08": "53", "09": "52"},
    ClaimType.DENTAL: {"06": "53", "07": None, "08": "37", "09": "36"},
}


@edit(
    "CLM07",
    snip=2,
    place=Place("2300", "CLM", "06", "31"),
    places={ClaimType.INSTITUTIONAL: Place("2300", "CLM", "07")},
    rule="Signature, assignment, assigned benefits and release of information are stated.",
)
def signatures(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    boxes = _SIGNATURE_BOXES[encounter.claim_type]
    for element, box in boxes.items():
        member, value = {
            "06": ("signatureOnFile", encounter.signature_on_file),
            "07": ("acceptAssignment", encounter.accept_assignment),
            "08": ("benefitsAssigned", encounter.benefits_assigned),
            "09": ("releaseOfInformation", encounter.release_of_information),
        }[element]
        place = Place("2300", "CLM", element, box)
        if value is None:
            yield Fault(
                f"/{member}", f"{member} is not stated.", "State it; every claim carries it.", place
            )


@edit(
    "CLM10",
    snip=4,
    place=Place("2400", "DTP", "03", "24A"),
    places={
        ClaimType.INSTITUTIONAL: Place("2400", "DTP", "03", "45"),
        ClaimType.DENTAL: Place("2400", "DTP", "03", "24"),
    },
    rule="No service is in the future, none after the patient's death.",
)
def dates_of_service(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    died = claim.encounter.patient.date_of_death
    for index, line in enumerate(claim.lines):
        if line.service_date is None or line.last_date is None:
            continue
        if line.last_date > context.today:
            member = "serviceDate" if line.service_date_end is None else "serviceDateEnd"
            yield Fault(
                f"/serviceLines/{index}/{member}",
                f"The service of line {index + 1} is in the future.",
                "Correct the date, or send the encounter when the service is done.",
            )
        if died is not None and line.service_date > died:
            yield Fault(
                f"/serviceLines/{index}/serviceDate",
                f"The service of line {index + 1} is after the patient's death.",
                "Correct the date of service or the patient's dateOfDeath.",
            )


@edit(
    "CLM15",
    snip=4,
    place=Place("2300", "AMT", "02", "29"),
    rule="What the patient paid is between zero and the total charge.",
)
def patient_paid(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    paid, total = claim.encounter.patient_paid, claim.encounter.total_charge
    if paid < ZERO or paid > total:
        yield Fault(
            "/patientPaid",
            f"Patient paid {money_text(paid)} is not between 0.00 and the total "
            f"{money_text(total)}.",
            "Enter only what the patient paid toward the services of this claim.",
            value=money_text(paid),
        )


@edit(
    "DX02",
    snip=2,
    place=Place("2300", "HI", "01-2", "21"),
    rule="At most 12 diagnoses (institutional 25, dental 4), none twice, written without a dot.",
    places={
        ClaimType.INSTITUTIONAL: Place("2300", "HI", "01-2", "67"),
        ClaimType.DENTAL: Place("2300", "HI", "01-2", "34a"),
    },
)
def diagnoses(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    told = claim.encounter.diagnoses
    codes = [diagnosis.code for diagnosis in told]
    most = MOST_DIAGNOSES[claim.encounter.claim_type]
    if len(codes) > most:
        yield Fault(
            "/diagnoses",
            f"The claim has {len(codes)} diagnoses and {most} fit.",
            f"Keep the {most} that matter for the services.",
            value=str(len(codes)),
            expected=str(most),
        )
    first: dict[tuple[str | None, str], int] = {}
    for index, code in enumerate(codes):
        plain = told[index].code_list, code.replace(".", "").upper()
        if "." in code:
            yield Fault(
                f"/diagnoses/{index}/code",
                f"Diagnosis {index + 1} is written with a dot.",
                "Leave the dot out.",
            )
        if plain in first:
            yield Fault(
                f"/diagnoses/{index}/code",
                f"Diagnosis {index + 1} repeats diagnosis {first[plain] + 1}.",
                "Remove one and correct the pointers of the lines.",
            )
        first.setdefault(plain, index)


EDITS = (
    patient_control_number,
    total_charge,
    frequency,
    accident,
    signatures,
    dates_of_service,
    patient_paid,
    diagnoses,
)
