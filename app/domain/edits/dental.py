"""Dental claims: teeth and areas (DEN01, DEN02), prostheses (DEN03), days of service (DEN04),
members that need or exclude one another (DEN05), teeth and their area (DEN06).

Which procedure needs a tooth, a surface or an area is told by the procedure code's own licensed
text, which is not ours to ship; these edits judge what the claim says of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.domain.claim import Claim
from app.domain.dental import DentalLine, DentalTreatment
from app.domain.dentition import TEETH, lies_in, surfaces_of
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType

KIND = (ClaimType.DENTAL,)
ONCE = Decimal(1)  # SV306
REPLACEMENT = "R"  # SV305
PROCEDURES = "UN"  # SV306 counts these and names no unit
ADDITIONAL = "ADD"  # NTE01


@edit(
    "DEN01",
    snip=4,
    place=Place("2400", "TOO", "02", "27"),
    rule="Teeth are named in the universal numbering, each once, with surfaces that they have; "
    "an area of the mouth is named once.",
    claim_types=KIND,
)
def teeth_and_areas(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, status in enumerate(_treatment(claim).tooth_statuses):
        at = f"/dental/toothStatuses/{position}/number"
        yield from _tooth(status.number, seen, at, Place("2300", "DN2", "01", "33"))
    for index, line in enumerate(claim.lines):
        told = line.dental or DentalLine()
        seen = set()
        for position, tooth in enumerate(told.teeth):
            at = f"/serviceLines/{index}/dental/teeth/{position}"
            yield from _tooth(tooth.number, seen, f"{at}/number", None)
            yield from _surfaces(tooth.number, tooth.surfaces, at)
        for position, area in enumerate(told.oral_cavity):
            if area in told.oral_cavity[:position]:
                yield Fault(
                    f"/serviceLines/{index}/dental/oralCavity/{position}",
                    f"Line {index + 1} names area {area} twice.",
                    "Remove one of the two.",
                    Place("2400", "SV3", "04", "25"),
                    value=area,
                )


def _tooth(number: str, seen: set[str], at: str, place: Place | None) -> Iterator[Fault]:
    if number not in TEETH:
        yield Fault(
            at,
            "There is no such tooth in the universal numbering.",
            "Enter 1 to 32, A to T, or beside one of these a supernumerary 51 to 82, AS to TS.",
            place,
            value=number,
        )
    elif number in seen:
        yield Fault(at, f"Tooth {number} is named twice.", "Name it once.", place, value=number)
    seen.add(number)


def _surfaces(number: str, surfaces: tuple[str, ...], at: str) -> Iterator[Fault]:
    has = surfaces_of(number)
    for position, surface in enumerate(surfaces):
        place = Place("2400", "TOO", "03", "28")
        pointer = f"{at}/surfaces/{position}"
        if surface in surfaces[:position]:
            message = f"Surface {surface} of tooth {number} is named twice."
            yield Fault(pointer, message, "Remove one of the two.", place, value=surface)
        elif has and surface not in has:
            yield Fault(
                pointer,
                f"Tooth {number} has no surface {surface}.",
                f"It has {', '.join(sorted(has))}: O and B are of back teeth, I and F of front"
                " teeth.",
                place,
                value=surface,
            )


@edit(
    "DEN02",
    snip=4,
    place=Place("2400", "SV3", "06", "29b"),
    rule="A line with several teeth counts its procedure once.",
    claim_types=KIND,
)
def several_teeth(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        teeth = len((line.dental or DentalLine()).teeth)
        if teeth > 1 and line.units != ONCE:
            yield Fault(
                f"/serviceLines/{index}/units",
                f"Line {index + 1} names {teeth} teeth and counts its procedure"
                f" {line.units.normalize():f} times.",
                "Count 1 for one procedure on these teeth, or give each tooth its own line.",
                value=f"{line.units.normalize():f}",
                expected="1",
            )


@edit(
    "DEN03",
    snip=4,
    place=Place("2400", "DTP", "03", "44"),
    rule="A prosthesis that replaces another tells when that one was placed; an initial one has "
    "none before it.",
    claim_types=KIND,
)
def prior_placement(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        told = line.dental or DentalLine()
        at = f"/serviceLines/{index}/dental"
        if told.prosthesis == REPLACEMENT and told.prior_placement_date is None:
            yield Fault(
                f"{at}/priorPlacementDate",
                f"Line {index + 1} replaces a prosthesis and lacks the day the old one was placed.",
                "Enter that day, with priorPlacementEstimated where nobody knows it exactly.",
            )
        elif told.prosthesis != REPLACEMENT and told.prior_placement_date is not None:
            yield Fault(
                f"{at}/prosthesis",
                f"Line {index + 1} tells when an earlier prosthesis was placed and replaces none.",
                'Set prosthesis to "R", or leave the date out.',
                Place("2400", "SV3", "05", "43"),
            )


@edit(
    "DEN04",
    snip=4,
    place=Place("2400", "DTP", "03", "24"),
    rule="Every service has its day, its own or the claim's, unless the claim is a "
    "predetermination: then none has one.",
    claim_types=KIND,
)
def days_of_service(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    treatment = _treatment(claim)
    of_claim = Place("2300", "DTP", "03", "24")
    if treatment.predetermination and treatment.service_date is not None:
        yield Fault(
            "/dental/serviceDate",
            "A predetermination asks about services that are not done, and has a day of service.",
            "Leave the day out, or set predetermination to false.",
            of_claim,
        )
    if not treatment.predetermination:
        yield from _claims_day(claim, context, of_claim)
    for index, line in enumerate(claim.lines):
        at = f"/serviceLines/{index}/serviceDate"
        if treatment.predetermination and line.service_date is not None:
            yield Fault(
                at,
                f"Line {index + 1} of a predetermination has a day of service.",
                "Leave the day out, or set predetermination to false.",
            )
        elif not (treatment.predetermination or line.service_date or treatment.service_date):
            yield Fault(
                at,
                f"Line {index + 1} has no day of service, and neither has the claim.",
                "Enter serviceDate here, or once for all lines in dental.",
            )
        if line.service_date is None and line.service_date_end is not None:
            yield Fault(
                at,
                f"Line {index + 1} has the last day of a span and no first one.",
                "Enter serviceDate.",
            )


def _claims_day(claim: Claim, context: ScrubContext, place: Place) -> Iterator[Fault]:
    """What CLM10 and LIN09 ask of a line's days, of those of the claim."""
    treatment, died = _treatment(claim), claim.encounter.patient.date_of_death
    first, last = treatment.service_date, treatment.service_date_end or treatment.service_date
    if first is None or last is None:
        if treatment.service_date_end is not None:
            at = "/dental/serviceDate"
            message = "The claim has the last day of a span and no first one."
            yield Fault(at, message, "Enter serviceDate.", place)
        return
    if last < first:
        yield Fault(
            "/dental/serviceDateEnd",
            "The claim's services end before they begin.",
            "Correct one of the two days.",
            place,
        )
    if last > context.today:
        yield Fault(
            "/dental/serviceDate",
            "The claim's day of service is in the future.",
            "Correct it, or send the encounter when the services are done.",
            place,
        )
    if died is not None and first > died:
        yield Fault(
            "/dental/serviceDate",
            "The claim's day of service is after the patient's death.",
            "Correct the day or the patient's dateOfDeath.",
            place,
        )


@edit(
    "DEN06",
    snip=4,
    place=Place("2400", "TOO", "02", "27"),
    rule="A tooth of a line lies in an area of the mouth that the line names.",
    claim_types=KIND,
)
def teeth_in_their_area(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, line in enumerate(claim.lines):
        told = line.dental or DentalLine()
        for position, tooth in enumerate(told.teeth):
            areas = told.oral_cavity
            if tooth.number in TEETH and areas and not any(lies_in(tooth.number, a) for a in areas):
                yield Fault(
                    f"/serviceLines/{index}/dental/teeth/{position}/number",
                    f"Tooth {tooth.number} lies outside area {', '.join(areas)} of line"
                    f" {index + 1}.",
                    "Correct the tooth or the area, or leave the area out: a tooth says it.",
                    value=tooth.number,
                )


# ── What belongs together, and what does not ───────────────────────────────


@edit(
    "DEN05",
    snip=4,
    place=Place("2300", "CLM", "01"),
    rule="An assistant surgeon and a rendering provider are not named together, primary care "
    "stands beside a referral, notes are ADD, lines count procedures, and assignment is A or C.",
    claim_types=KIND,
)
def belonging_together(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    e = claim.encounter
    for position, note in enumerate(e.notes):
        if note.kind != ADDITIONAL:
            yield Fault(
                f"/notes/{position}/kind",
                "The notes of a dental claim are all of kind ADD.",
                'Set it to "ADD", or leave the note out.',
                Place("2300", "NTE", "01", "35"),
                value=note.kind,
            )
    if e.accept_assignment == "B":
        yield Fault(
            "/acceptAssignment",
            "Assignment B is for laboratory services only, which a dental claim has none of.",
            "Enter A (assigned) or C (not assigned).",
            Place("2300", "CLM", "07"),
        )
    if e.primary_care_provider is not None and e.referring_provider is None:
        yield Fault(
            "/primaryCareProvider",
            "A primary care provider stands beside a referring provider only.",
            "Name it as referringProvider, or leave it out.",
            Place("2310A", "NM1", "01"),
        )
    if _treatment(claim).assistant_surgeon is not None and e.rendering_provider is not None:
        place = Place("2310D", "NM1", "01")
        yield _both("/dental/assistantSurgeon", "The claim", place)
    for index, line in enumerate(claim.lines):
        at, told = f"/serviceLines/{index}", line.dental or DentalLine()
        if told.assistant_surgeon is not None and line.rendering_provider is not None:
            place = Place("2420B", "NM1", "01")
            yield _both(f"{at}/dental/assistantSurgeon", f"Line {index + 1}", place)
        if line.unit != PROCEDURES:
            yield Fault(
                f"{at}/unit",
                f"Line {index + 1} counts something else than procedures.",
                'Set unit to "UN" and count how often the procedure was done.',
                Place("2400", "SV3", "06", "29b"),
                value=line.unit,
            )


def _both(pointer: str, who: str, place: Place) -> Fault:
    return Fault(
        pointer,
        f"{who} names an assistant surgeon and a rendering provider; the guide has one or the"
        " other.",
        "Leave one of them out.",
        place,
    )


def _treatment(claim: Claim) -> DentalTreatment:
    return claim.encounter.dental or DentalTreatment()


EDITS = (
    teeth_and_areas,
    several_teeth,
    prior_placement,
    days_of_service,
    belonging_together,
    teeth_in_their_area,
)
