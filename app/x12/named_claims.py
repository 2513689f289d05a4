"""Which claims of an 837 a second opinion speaks of, from the segments it names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import edi
from app.domain.finding import Finding, Severity
from app.domain.opinion import OpinionFinding
from app.x12.parts_837 import segment_and_element

OPINION_EDIT = "ENV09"
_CLAIM = "2300"


@dataclass(frozen=True, slots=True)
class Named:
    """Findings by CLM01 of the claims they are about, and those of what no claim is below."""

    claims: Mapping[str, tuple[Finding, ...]]
    head: tuple[OpinionFinding, ...]  # envelope, submitter, receiver: the partner's profile


def named_claims(data: bytes, findings: Iterable[OpinionFinding]) -> Named:
    """The claims named. What a level above claims has (a billing provider) is told of each below.

    A missing segment is noticed at the one that comes in its place, which may be the next claim's.
    """
    owners = _owners(data)
    starts = sorted(owners)
    head: list[OpinionFinding] = []
    claims: dict[str, list[Finding]] = {}
    for finding in findings:
        place = finding.segment_number - (finding.code == _MISSING)
        before = bisect_right(starts, place)
        below = owners[starts[before - 1]] if before else ()
        if not below:
            head.append(finding)
        for patient_control_number in below:
            claims.setdefault(patient_control_number, []).append(_as_finding(finding))
    return Named({number: tuple(found) for number, found in claims.items()}, tuple(head))


_MISSING = "3"  # also in IK304: a segment that must be there is not
# pyx12's codes are those of IK403 for elements and IK304 for segments; in our own words.
_OF_ELEMENTS = {
    "1": "is missing", "2": "is missing beside another element", "3": "is one too many",
    "4": "is too short", "5": "is too long", "6": "holds a character it may not",
    "7": "holds none of its codes", "8": "is no date", "9": "is no time", "10": "is not used here",
}  # fmt: skip
_OF_SEGMENTS = {
    "1": "is not expected here", "2": "is not used here", "3": "is missing",
    "4": "belongs to a loop that repeats too often", "5": "repeats too often",
}  # fmt: skip


def _owners(data: bytes) -> dict[int, list[str]]:
    """First segment of each stretch of the file -> CLM01 of the claims it is about; [] = none."""
    owners: dict[int, list[str]] = {}
    for event in edi.read(data):
        if isinstance(event, edi.TransactionOpened):
            owners[event.segment_number] = []
        elif isinstance(event, edi.Unit) and event.loop_id == _CLAIM and event.loop is not None:
            number = event.loop.clm.patient_control_number
            owners[event.segment_number] = [number]
            for level in event.parents:
                owners.setdefault(level.at, []).append(number)
        elif isinstance(event, edi.TransactionClosed):
            owners[event.segment_number] = []
    return owners


def _as_finding(said: OpinionFinding) -> Finding:
    segment, element = segment_and_element(said.ref)
    words = (_OF_ELEMENTS if element else _OF_SEGMENTS).get(said.code, "is at fault")
    return Finding(
        rule_id=OPINION_EDIT,
        severity=Severity.ERROR,
        snip_type=2,
        pointer="",
        message=f"The second opinion (pyx12): {said.ref} {words} (its code {said.code}).",
        fix="Correct the encounter, or let the partner's profile only warn.",
        segment=segment,
        element=element,
    )
