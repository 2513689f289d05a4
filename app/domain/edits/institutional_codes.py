"""Institutional claims: what a UB-04 lists (INS05 and INS06) and its physicians (PRV05)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from app.domain import nubc
from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.edits.institutional import KIND, PAYMENT_WINDOW, stay_of
from app.domain.formats import is_npi
from app.domain.institutional import InstitutionalStay
from app.domain.party import Provider

_CODE = re.compile("[0-9A-Z]{2}")
_PROCEDURE = re.compile("[0-9A-HJ-NP-Z]{7}")  # ICD-10-PCS
_DRG = re.compile("[0-9]{3,4}")


@edit(
    "INS05",
    snip=4,
    place=Place("2400", "SV2", "01", "42"),
    rule="Revenue codes: no line is the total, departments that must name a procedure do, rooms "
    "count days, and these are the covered and the non-covered days.",
    claim_types=KIND,
)
def revenue_codes(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay = stay_of(claim)
    days = Decimal(0)
    for index, line in enumerate(claim.lines):
        if line.institutional is None:
            continue
        own, at = line.institutional, f"/serviceLines/{index}"
        if own.revenue_code == nubc.TOTAL_LINE:
            yield Fault(
                f"{at}/institutional/revenueCode",
                f"Line {index + 1} is the total of a paper claim.",
                "Leave it out; totalCharge is the total.",
                value=own.revenue_code,
            )
        outpatient = stay.facility_type in nubc.OUTPATIENT_BILLS
        if outpatient and line.procedure is None and nubc.names_its_procedure(own.revenue_code):
            yield Fault(
                f"{at}/procedure",
                f"Line {index + 1}: an outpatient line of revenue code {own.revenue_code} names"
                " its procedure.",
                "Enter the HCPCS code.",
                Place("2400", "SV2", "02", "44"),
            )
        if own.non_covered_charge is not None and own.non_covered_charge > line.charge:
            yield Fault(
                f"{at}/institutional/nonCoveredCharge",
                f"Line {index + 1} has more not covered than it charges.",
                "Enter the part of the charge that is not covered.",
                Place("2400", "SV2", "07", "48"),
            )
        if nubc.is_room(own.revenue_code):
            days += line.units
            if line.unit != "DA":
                yield Fault(
                    f"{at}/unit",
                    f"Line {index + 1} is a room, and rooms are counted in days.",
                    'Set unit to "DA".',
                    Place("2400", "SV2", "04", "46"),
                    value=line.unit,
                    expected="DA",
                )
    told = [v for v in stay.values if v.code in (nubc.COVERED_DAYS, nubc.NON_COVERED_DAYS)]
    counted = sum((v.amount for v in told), Decimal(0))
    if told and days != counted:
        yield Fault(
            "/institutional/values",
            f"The rooms count {days:f} days; value codes 80 and 81 tell {counted:f}.",
            "Correct the units of the rooms or the days covered and not covered.",
            Place("2300", "HI", "01-5", "39"),
            value=f"{days:f}",
            expected=f"{counted:f}",
        )


@edit(
    "INS06",
    snip=5,
    place=Place("2300", "HI", "01-2", "31"),
    rule="Occurrence, span, value and condition codes have two characters; dates run forward and "
    "not into the future; procedures are ICD-10-PCS of an inpatient, the principal one first.",
    claim_types=KIND,
)
def codes(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay = stay_of(claim)
    lists = (
        ("/institutional/occurrences", [o.code for o in stay.occurrences], "31"),
        ("/institutional/occurrenceSpans", [s.code for s in stay.occurrence_spans], "35"),
        ("/institutional/values", [v.code for v in stay.values], "39"),
        ("/conditionCodes", claim.encounter.condition_codes, "18"),
    )
    for at, found, box in lists:
        for index, code in enumerate(found):
            if not _CODE.fullmatch(code.upper()):
                pointer = f"{at}/{index}"
                yield Fault(
                    pointer if at == "/conditionCodes" else f"{pointer}/code",
                    "This code does not have the two characters of the uniform bill's lists.",
                    "Enter the code as the list has it.",
                    Place("2300", "HI", "01-2", box),
                )
    for index, occurrence in enumerate(stay.occurrences):
        if occurrence.on > context.today:
            yield Fault(
                f"/institutional/occurrences/{index}/date",
                "This occurrence is in the future.",
                "Correct its date.",
                Place("2300", "HI", "01-4", "31"),
            )
    for index, span in enumerate(stay.occurrence_spans):
        if span.first > span.last:
            yield Fault(
                f"/institutional/occurrenceSpans/{index}/through",
                "This span ends before it begins.",
                "Correct one of the two dates.",
                Place("2300", "HI", "01-4", "35"),
            )
    if stay.drg is not None and not _DRG.fullmatch(stay.drg):
        yield Fault(
            "/institutional/drg",
            "A DRG has three digits, or four.",
            "Enter it without its version.",
            Place("2300", "HI", "01-2", "71"),
        )
    yield from _procedures(stay)


def _procedures(stay: InstitutionalStay) -> Iterator[Fault]:
    principal = [("principalProcedure", stay.principal_procedure)]
    others = [(f"otherProcedures/{n}", p) for n, p in enumerate(stay.other_procedures)]
    place = Place("2300", "HI", "01-2", "74")
    for name, procedure in (*principal, *others):
        if procedure is None:
            continue
        if procedure.code_list is None and not _PROCEDURE.fullmatch(procedure.code.upper()):
            yield Fault(
                f"/institutional/{name}/code",
                "This is no ICD-10-PCS code of seven characters.",
                "Enter it without dots; a CPT or HCPCS code stands on its line.",
                place,
            )
        earliest = stay.statement_from - PAYMENT_WINDOW
        if not earliest <= procedure.on <= stay.statement_through:
            yield Fault(
                f"/institutional/{name}/date",
                "This procedure lies outside the statement dates.",
                "Correct its date, or the statement dates.",
                Place("2300", "HI", "01-4", "74"),
            )
    if stay.other_procedures and stay.principal_procedure is None:
        yield Fault(
            "/institutional/principalProcedure",
            "The claim has other procedures and no principal one.",
            "Name the principal procedure.",
            place,
        )
    if stay.principal_procedure and stay.facility_type not in nubc.INPATIENT_BILLS:
        yield Fault(
            "/institutional/principalProcedure",
            "ICD-10-PCS procedures are told of inpatients alone.",
            "Leave them out; the lines name HCPCS codes.",
            place,
        )


@edit(
    "PRV05",
    snip=4,
    place=Place("2310A", "NM1", "09", "76"),
    rule="The attending provider is a person with an NPI, and present unless the claim is for "
    "transport alone; whoever operates beside an operating physician comes with one.",
    claim_types=KIND,
)
def physicians(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    stay = stay_of(claim)
    transport = all(
        line.institutional and nubc.is_ambulance(line.institutional.revenue_code)
        for line in claim.lines
    )
    at = "/institutional/attendingProvider"
    if stay.attending_provider is None:
        if not transport:
            yield Fault(
                at,
                "The claim names no attending provider.",
                "Enter the person who was responsible for the patient's care.",
                Place("2310A", "NM1", "03", "76"),
            )
    else:
        yield from _person(at, "attending provider", stay.attending_provider, None)
    for member, role, provider, place in (
        ("operatingPhysician", "operating physician", stay.operating_physician,
         Place("2310B", "NM1", "09", "77")),
        ("otherOperatingPhysician", "other operating physician", stay.other_operating_physician,
         Place("2310C", "NM1", "09", "78")),
    ):  # fmt: skip
        if provider is not None:
            yield from _person(f"/institutional/{member}", role, provider, place)
    if stay.other_operating_physician is not None and stay.operating_physician is None:
        yield Fault(
            "/institutional/operatingPhysician",
            "The claim names another operating physician and no operating physician.",
            "Name the one who had the main part in the operation.",
            Place("2310B", "NM1", "03", "77"),
        )


def _person(pointer: str, role: str, provider: Provider, place: Place | None) -> Iterator[Fault]:
    if not provider.is_person:
        yield Fault(
            f"{pointer}/organizationName",
            f"The {role} is an organization.",
            "Name the person, by lastName and firstName.",
            place,
        )
    if provider.npi is None or not is_npi(provider.npi):
        yield Fault(
            f"{pointer}/npi",
            f"The {role}'s NPI is missing or its check digit is wrong.",
            "Enter the person's own ten-digit NPI (type 1).",
            place,
        )


EDITS = (revenue_codes, codes)
PHYSICIAN_EDITS = (physicians,)
