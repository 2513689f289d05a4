"""What an encounter must have, and may not have, because of the kind of claim it asks for.

The members of an encounter are those of all three kinds; which of them a kind needs is this table.
What a kind's 837 cannot carry beside these is for the edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from app.documents.problem import Problem, pointer
from app.domain.encounter import ClaimType

DENTAL_PROCEDURE = "AD"  # SV301-1 has no other


@dataclass(frozen=True, slots=True)
class Members:
    """Attribute names of members that the kind needs, and of those that are another kind's."""

    needed: tuple[str, ...]
    foreign: tuple[str, ...]


ENCOUNTER: Mapping[ClaimType, Members] = {
    ClaimType.PROFESSIONAL: Members(("place_of_service",), ("dental",)),
    ClaimType.DENTAL: Members(("place_of_service",), ()),
}
LINE: Mapping[ClaimType, Members] = {
    ClaimType.PROFESSIONAL: Members(("service_date", "procedure"), ("dental",)),
    ClaimType.DENTAL: Members(("procedure",), ()),
}


def kind_problems(document: Any) -> list[Problem]:
    """What the kind of claim of an encounter document misses in it, or does not know."""
    kind = document.claim_type
    found = list(_problems(document, ENCOUNTER[kind], ()))
    for index, line in enumerate(document.service_lines):
        found += _problems(line, LINE[kind], ("serviceLines", index))
    return found


def with_defaults(value: Any) -> Any:
    """The JSON value of an encounter with what only its kind of claim lets us assume."""
    if not isinstance(value, dict) or value.get("claimType") != ClaimType.DENTAL:
        return value
    lines = value.get("serviceLines")
    return value | {"serviceLines": list(map(_dental, lines))} if isinstance(lines, list) else value


def _dental(line: Any) -> Any:
    if isinstance(line, dict) and isinstance(line.get("procedure"), dict):
        return line | {"procedure": {"qualifier": DENTAL_PROCEDURE} | line["procedure"]}
    return line


def _problems(document: Any, members: Members, at: tuple[str | int, ...]) -> Iterator[Problem]:
    for name in members.needed:
        if getattr(document, name) is None:
            message = "This member is required on this type of claim."
            yield Problem(pointer((*at, to_camel(name))), "missing", message)
    for name in members.foreign:
        if getattr(document, name) is not None:
            message = "Another type of claim has this member, not this one."
            yield Problem(pointer((*at, to_camel(name))), "other_claim_type", message)
