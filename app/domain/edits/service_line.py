"""Each service line: DX03, LIN03, LIN04, LIN09 and LIN15."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType, Encounter, ServiceLine
from app.domain.money import ZERO, money_text
from app.domain.nubc import PRICED_BY_CASE

MOST_POINTERS = 4
# A dental line points to a diagnosis only where one explains the service (837.md 6).
FEWEST_POINTERS = {ClaimType.PROFESSIONAL: 1, ClaimType.DENTAL: 0}
INPATIENT = frozenset({"21", "51", "61"})  # places of service that have an admission
# Codes that report quality and may cost nothing, by form: CPT category II, and the range that
# HCPCS keeps for quality measures.
REPORTING = (re.compile("[0-9]{4}F"), re.compile("G(8[3-9]|9[0-9])[0-9]{2}"))


@edit(
    "DX03",
    snip=4,
    place=Place("2400", "SV1", "07", "24E"),
    rule="Each line points to one to four of the claim's diagnoses, to none twice; a dental line "
    "may point to none.",
    claim_types=(ClaimType.PROFESSIONAL, ClaimType.DENTAL),
    places={ClaimType.DENTAL: Place("2400", "SV3", "11", "29a")},
)
def diagnosis_pointers(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    count = len(claim.encounter.diagnoses)
    fewest = FEWEST_POINTERS[claim.encounter.claim_type]
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}/diagnosisPointers"
        pointers = line.diagnosis_pointers
        if not fewest <= len(pointers) <= MOST_POINTERS:
            asked = "one to four are needed" if fewest else "four at most have a place"
            yield Fault(
                at,
                f"Line {index + 1} points to {len(pointers)} diagnoses; {asked}.",
                "Point to the diagnoses that explain this service, the main one first.",
                value=str(len(pointers)),
            )
        for position, pointer in enumerate(pointers):
            if not 1 <= pointer <= count:
                yield Fault(
                    f"{at}/{position}",
                    f"Line {index + 1} points to diagnosis {pointer}; the claim has {count}.",
                    f"Point to one of 1 to {count}." if count else "Add the diagnosis.",
                    value=str(pointer),
                )
            elif pointer in pointers[:position]:
                yield Fault(
                    f"{at}/{position}",
                    f"Line {index + 1} points to diagnosis {pointer} twice.",
                    "Remove one of the two.",
                    value=str(pointer),
                )


@edit(
    "LIN03",
    snip=4,
    place=Place("2400", "SV1", "04", "24G"),
    places={
        ClaimType.INSTITUTIONAL: Place("2400", "SV2", "05", "46"),
        ClaimType.DENTAL: Place("2400", "SV3", "06", "29b"),
    },
    rule="Units are more than zero.",
)
def units(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        if line.units <= 0:
            yield Fault(
                f"/serviceLines/{index}/units",
                f"Line {index + 1} has {line.units:f} units.",
                "Enter how often the service was done, or remove the line.",
                value=f"{line.units:f}",
            )


@edit(
    "LIN04",
    snip=4,
    place=Place("2400", "SV1", "02", "24F"),
    places={
        ClaimType.INSTITUTIONAL: Place("2400", "SV2", "03", "47"),
        ClaimType.DENTAL: Place("2400", "SV3", "02", "31"),
    },
    rule="The charge is more than zero; zero is for codes that only report quality and for the "
    "lines that name the case an institution is paid by.",
)
def charge(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        reports = any(form.fullmatch(line.billed.code.upper()) for form in REPORTING)
        own = line.institutional
        reports = reports or (own is not None and own.revenue_code in PRICED_BY_CASE)
        if line.charge < ZERO or (line.charge == ZERO and not reports):
            yield Fault(
                f"/serviceLines/{index}/charge",
                f"Line {index + 1} charges {money_text(line.charge)}.",
                "Enter the charge, or remove the line.",
                value=money_text(line.charge),
            )


@edit(
    "LIN09",
    snip=4,
    place=Place("2400", "DTP", "03", "24A"),
    places={
        ClaimType.INSTITUTIONAL: Place("2400", "DTP", "03", "45"),
        ClaimType.DENTAL: Place("2400", "DTP", "03", "24"),
    },
    rule="A line's dates run forward, lie within the inpatient stay if there is one, and a span of "
    "days counts as many units as days on a professional line.",
)
def line_dates(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    counts_days = claim.encounter.claim_type is ClaimType.PROFESSIONAL
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}"
        if line.service_date is None or line.last_date is None:
            continue
        days = (line.last_date - line.service_date).days + 1
        if days < 1:
            yield Fault(
                f"{at}/serviceDateEnd",
                f"Line {index + 1} ends before it begins.",
                "Correct one of the two dates.",
            )
        elif counts_days and days > 1 and (line.unit != "UN" or line.units != days):
            yield Fault(
                f"{at}/units",
                f"Line {index + 1} spans {days} days and counts other units.",
                f"Count {days} units, or give each date its own line.",
                value=f"{line.units:f}",
                expected=str(days),
            )
        if days >= 1 and _outside_stay(line.service_date, line.last_date, line, claim.encounter):
            yield Fault(
                f"{at}/serviceDate",
                f"Line {index + 1} lies outside the stay of the claim.",
                "Correct the line's dates, or the admission or discharge date.",
            )


@edit(
    "LIN15",
    snip=4,
    place=Place("2400", "REF", "02"),
    rule="Each line has its own line id: the 835 answers by it.",
)
def line_ids(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for index, line in enumerate(claim.lines):
        # A file is written in capitals, so ids that differ by case only come back as one.
        key = line.line_control_number.upper()
        if key in first:
            yield Fault(
                f"/serviceLines/{index}/lineId",
                f"Line {index + 1} has the line id of line {first[key] + 1}.",
                "Give each line its own lineId.",
            )
        first.setdefault(key, index)


def _outside_stay(first: date, last: date, line: ServiceLine, encounter: Encounter) -> bool:
    if (line.place_of_service or encounter.place_of_service) not in INPATIENT:
        return False
    admitted, discharged = encounter.dates.admission_date, encounter.dates.discharge_date
    return (admitted is not None and first < admitted) or (
        discharged is not None and last > discharged
    )


EDITS = (diagnosis_pointers, units, charge, line_dates, line_ids)
