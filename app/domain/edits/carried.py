"""What an encounter tells that its kind of claim has no place for, or no room: ENV07, ENV08."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType
from app.domain.guide_places import CARRIED_BY
from app.domain.unsaid import unsaid

_EACH_LINE = "service_lines/*/"
_THIRD_PARTY = "TPO"  # NTE01 of a line that a third party reads, beside the line's own

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
    claim_types=[ClaimType.PROFESSIONAL],
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
    elif member != unsaid(owner)[head]:
        yield at


def _json_name(name: str, owner: str) -> str:
    if name == "dates" and not owner:
        return "claimDateInformation"
    first, *others = name.split("_")
    return _JSON_NAMES.get(name) or first + "".join(map(str.capitalize, others))


def _article(kind: ClaimType) -> str:
    return "An" if kind is ClaimType.INSTITUTIONAL else "A"


EDITS = (carried, room)
