"""What an encounter tells that its kind of claim has no place for: ENV07.

Nothing that was told is left out in silence. The table has each member that not every guide
carries (837.md sections 4 to 6), by its path from the encounter, `service_lines/*` for each line;
a member that is in no row is carried by all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType

_P, _I, _D = ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL, ClaimType.DENTAL
_EACH_LINE = "service_lines/*/"
_THIRD_PARTY = "TPO"  # NTE01 of a line that a third party reads, beside the line's own

CARRIED_BY: Mapping[str, tuple[ClaimType, ...]] = {
    "primary_care_provider": (_P, _D),
    "supervising_provider": (_P, _D),
    "patient_signature_source": (_P,),
    "clia_number": (_P,),
    "related_causes": (_P, _D),
    "special_program": (_P, _D),
    "condition_codes": (_P, _I),
    "anesthesia_procedures": (_P,),
    "ambulance": (_P,),
    "ambulance/patient_count": (),  # QTY*PT is of a line
    "spinal_manipulation": (_P,),
    "vision_conditions": (_P,),
    "homebound": (_P,),
    "epsdt_referral": (_P, _I),
    "dates/symptom_date": (_P,),
    "dates/accident_date": (_P, _D),
    "dates/admission_date": (_P,),
    "dates/discharge_date": (_P,),
    "dates/initial_treatment_date": (_P,),
    "dates/last_seen_date": (_P,),
    "dates/acute_manifestation_date": (_P,),
    "dates/last_menstrual_period_date": (_P,),
    "dates/last_x_ray_date": (_P,),
    "dates/hearing_and_vision_prescription_date": (_P,),
    "dates/disability_begin_date": (_P,),
    "dates/disability_end_date": (_P,),
    "dates/last_worked_date": (_P,),
    "dates/authorized_return_to_work_date": (_P,),
    "dates/assumed_care_date": (_P,),
    "dates/relinquished_care_date": (_P,),
    "dates/first_contact_date": (_P,),
    "dates/appliance_placement_date": (_D,),
    "numbers/mandatory_medicare_crossover": (_P,),
    "numbers/mammography_certification": (_P,),
    "numbers/investigational_device_exemption": (_P, _I),
    "numbers/medical_record_number": (_P, _I),
    "numbers/demonstration_project": (_P, _I),
    "numbers/care_plan_oversight": (_P,),
    "numbers/peer_review_authorization": (_I,),
    "numbers/predetermination": (_D,),
    "diagnoses/*/present_on_admission": (_I,),
    "service_lines/*/epsdt": (_P,),
    "service_lines/*/family_planning": (_P,),
    "service_lines/*/copay_exempt": (_P,),
    "service_lines/*/emergency": (_P,),
    "service_lines/*/drug": (_P, _I),
    "service_lines/*/referring_provider": (_P, _I),
    "service_lines/*/ordering_provider": (_P,),
    "service_lines/*/supervising_provider": (_P, _D),
    "service_lines/*/service_facility": (_P, _D),
    "service_lines/*/attachments": (_P, _I),
    "service_lines/*/note": (_P,),
    "service_lines/*/notes": (_P, _I),
    "service_lines/*/fixed_format": (_P, _D),
    "service_lines/*/contract": (_P, _D),
    "service_lines/*/dates": (_P,),
    "service_lines/*/numbers/prior_authorization": (_P, _D),
    "service_lines/*/numbers/referral_number": (_P, _D),
    "service_lines/*/numbers/clia_number": (_P,),
    "service_lines/*/numbers/referring_clia_number": (_P,),
    "service_lines/*/numbers/mammography_certification": (_P,),
    "service_lines/*/numbers/immunization_batch": (_P,),
    "service_lines/*/numbers/predetermination": (_D,),
    "service_lines/*/sales_tax": (_P, _D),
    "service_lines/*/postage": (_P,),
    "service_lines/*/obstetric_units": (_P,),
    "service_lines/*/test_results": (_P,),
    "service_lines/*/ambulance": (_P,),
    "service_lines/*/equipment": (_P,),
    "service_lines/*/certificate": (_P,),
    "service_lines/*/hospice_employee": (_P,),
    "service_lines/*/forms": (_P,),
    "service_lines/*/purchased_service": (_P,),
}  # fmt: skip

# Where a member's JSON name is not its own in camelCase.
_JSON_NAMES = {
    "related_causes": "relatedCausesCode",
    "special_program": "specialProgramCode",
}


@edit(
    "ENV07",
    snip=2,
    place=Place("2300", "CLM", "01"),
    rule="An encounter tells only what its kind of claim has a place for.",
)
def carried(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    for path, kinds in CARRIED_BY.items():
        if encounter.claim_type in kinds:
            continue
        for pointer in _told(encounter, path.split("/"), ""):
            yield Fault(
                pointer,
                f"{_article(encounter.claim_type)} {encounter.claim_type} claim has no place for "
                "this.",
                "Leave it out, or tell it where this kind of claim has it.",
                Place("2400", "LX", "01") if path.startswith(_EACH_LINE) else None,
            )


@edit(
    "ENV08",
    snip=2,
    place=Place("2300", "NTE", "02", "19"),
    rule="A professional claim, and each of its lines, tells no more of a kind than its guide has "
    "room for: one note, one device exemption, one number of a drug.",
    claim_types=[_P],
)
def room(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    if len(encounter.notes) + (encounter.claim_note is not None) > 1:
        yield Fault(
            "/notes", "The claim has more than one note.", "Keep the one the payer is to read."
        )
    if len(encounter.numbers.investigational_device_exemption) > 1:
        yield Fault(
            "/numbers/investigationalDeviceExemption",
            "The claim has more than one device exemption.",
            "Give each device a claim of its own.",
            Place("2300", "REF", "02"),
        )
    for index, line in enumerate(claim.lines):
        own = [note for note in line.notes if note.kind != _THIRD_PARTY]
        if len(own) + (line.note is not None) > 1 or len(line.notes) - len(own) > 1:
            yield Fault(
                f"/serviceLines/{index}/notes",
                f"Line {index + 1} has more than one note of a kind.",
                "Keep the one the payer is to read.",
                Place("2400", "NTE", "02"),
            )
        drug = line.drug
        if drug and drug.prescription_number and drug.link_number:
            yield Fault(
                f"/serviceLines/{index}/drug/linkNumber",
                f"The drug of line {index + 1} has a prescription's number and a compound's.",
                "Keep one: the prescription's, or the one that links the lines of a compound.",
                Place("2410", "REF", "02"),
            )


def _told(value: Any, path: list[str], pointer: str) -> Iterator[str]:
    """Where under `value` the path leads to something that is told."""
    if value is None:
        return
    head, *rest = path
    if head == "*":
        for index, item in enumerate(value):
            yield from _told(item, rest, f"{pointer}/{index}")
        return
    member, owner = getattr(value, head), value.__class__
    at = f"{pointer}/{_json_name(head, pointer)}"
    if rest:
        yield from _told(member, rest, at)
    elif member != _defaults(owner)[head]:
        yield at


def _json_name(name: str, owner: str) -> str:
    if name == "dates" and not owner:
        return "claimDateInformation"
    first, *others = name.split("_")
    return _JSON_NAMES.get(name) or first + "".join(map(str.capitalize, others))


def _article(kind: ClaimType) -> str:
    return "An" if kind is ClaimType.INSTITUTIONAL else "A"


@cache
def _defaults(owner: Any) -> dict[str, Any]:
    found = {}
    for member in fields(owner):
        if member.default is not MISSING:
            found[member.name] = member.default
        elif member.default_factory is not MISSING:
            found[member.name] = member.default_factory()
    return found


EDITS = (carried, room)
