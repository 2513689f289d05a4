"""What an encounter tells that its kind of claim has no place for, or no room: ENV07, ENV08."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType
from app.domain.guide_places import CARRIED_BY, OTHER_IDS, ROLES_AT_PAYER
from app.domain.party import Provider
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
    for path, by_kind in OTHER_IDS.items():
        for pointer, provider in _found(encounter, path.split("/"), ""):
            yield from _other_ids(pointer, provider, by_kind[encounter.claim_type])
    for index, coverage in enumerate(encounter.coverages):
        for number, own in enumerate(coverage.providers):
            if own.role not in ROLES_AT_PAYER[encounter.claim_type]:
                yield Fault(
                    f"/coverages/{index}/providers/{number}/role",
                    f"{_article(encounter.claim_type)} {encounter.claim_type} claim names nobody "
                    "of this role by another payer's numbers.",
                    "Leave the provider out.",
                    Place("2320", "NM1", "01"),
                )


@edit(
    "ENV08",
    snip=2,
    place=Place("2300", "NTE", "02", "19"),
    rule="A professional claim, and each of its lines, tells no more of a kind than its guide has "
    "room for: one note, one device exemption, one drug or device with one number.",
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
        if line.drug and line.device:
            yield Fault(
                f"/serviceLines/{index}/device",
                f"Line {index + 1} has a drug and a device.",
                "Bill the device on a line of its own.",
                Place("2410", "LIN", "02"),
            )
        drug = line.drug or line.device
        if drug and drug.prescription_number and drug.link_number:
            yield Fault(
                f"/serviceLines/{index}/{'drug' if line.drug else 'device'}/linkNumber",
                f"The product of line {index + 1} has a prescription's number and a compound's.",
                "Keep one: the prescription's, or the one that links the lines of a compound.",
                Place("2410", "REF", "02"),
            )


def _other_ids(at: str, provider: Provider, known: frozenset[str]) -> Iterator[Fault]:
    for index, own in enumerate(provider.other_ids):
        if own.qualifier not in known:
            yield Fault(
                f"{at}/otherIds/{index}/qualifier",
                f"The guide has no {own.qualifier} number of this provider.",
                f"Send {', '.join(sorted(known))}, or leave the number out.",
                Place("2310", "REF", "01"),
                value=own.qualifier,
            )
        if own.payer_id is not None and not at.startswith("/serviceLines"):
            yield Fault(
                f"{at}/otherIds/{index}/payerId",
                "Only the provider of a line has another payer's number here.",
                "Tell it in the providers of that payer's coverage.",
                Place("2310", "REF", "04"),
            )


def _found(value: Any, path: list[str], pointer: str) -> Iterator[tuple[str, Any]]:
    """What is there at the end of the path, and where."""
    if value is None:
        return
    if not path:
        yield pointer, value
        return
    head, *rest = path
    if head == "*":
        for index, item in enumerate(value):
            yield from _found(item, rest, f"{pointer}/{index}")
        return
    yield from _found(getattr(value, head), rest, f"{pointer}/{_json_name(head, pointer)}")


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
