"""What an encounter must have, and may not have, because of the kind of claim it asks for.

The members of an encounter are those of all three kinds; which of them a kind needs is this table.
What a kind's 837 cannot carry beside these is for the edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.documents.problem import Problem, pointer
from app.domain.encounter import ClaimType

DENTAL_PROCEDURE = "AD"  # SV301-1 has no other


# Members of the encounter, and of each line, that a kind of claim cannot do without.
NEEDED: Mapping[ClaimType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    ClaimType.PROFESSIONAL: (("placeOfService",), ("serviceDate", "procedure")),
    ClaimType.INSTITUTIONAL: (("institutional",), ("institutional",)),
    ClaimType.DENTAL: (("placeOfService",), ("procedure",)),
}
# Members of one kind alone, of the encounter as of its lines: in another nobody looks into them.
OF_ONE_KIND = {"institutional": ClaimType.INSTITUTIONAL, "dental": ClaimType.DENTAL}


def kind_problems(value: Any) -> list[Problem]:
    """What the JSON of an encounter misses for its kind of claim, or has from another kind.

    Judged on the JSON itself, so that it is told together with what its shape lacks.
    """
    if not isinstance(value, dict) or value.get("claimType") not in list(ClaimType):
        return []
    kind = ClaimType(value["claimType"])
    of_claim, of_line = NEEDED[kind]
    found = [*_problems(value, of_claim, kind, ()), *_frequency_problems(value, kind)]
    lines = value.get("serviceLines")
    for index, line in enumerate(lines if isinstance(lines, list) else ()):
        if isinstance(line, dict):
            found += _problems(line, of_line, kind, ("serviceLines", index))
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


def _problems(
    members: dict[str, Any], needed: Iterable[str], kind: ClaimType, at: tuple[str | int, ...]
) -> Iterator[Problem]:
    for name in needed:
        if _absent(members.get(name)):
            message = f"This member is required where claimType is {kind}."
            yield Problem(pointer((*at, name)), "missing", message)
    for name, owner in OF_ONE_KIND.items():
        if owner is not kind and not _absent(members.get(name)):
            message = f"This member belongs to claimType {owner} alone."
            yield Problem(pointer((*at, name)), "other_claim_type", message)


def _frequency_problems(value: dict[str, Any], kind: ClaimType) -> Iterator[Problem]:
    """The type of bill tells the frequency; told again, it must be the same."""
    stay, frequency = value.get("institutional"), value.get("claimFrequencyCode")
    bill = stay.get("typeOfBill") if isinstance(stay, dict) else None
    if kind is not ClaimType.INSTITUTIONAL or not isinstance(bill, str):
        return
    if isinstance(frequency, str) and frequency.strip() not in ("", bill.strip()[-1:]):
        yield Problem(
            pointer(("claimFrequencyCode",)),
            "frequency_told_twice",
            "The last character of institutional.typeOfBill is the frequency, and this differs;"
            " leave this member out.",
        )


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
