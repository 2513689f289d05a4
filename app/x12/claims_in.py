"""The claims of an 837 that came in, as encounters, and what of each cannot be carried on.

A claim is carried on when our own builder, given what was read, writes the same segments again;
what it would not write is named, so that nothing of the sender's is lost in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import edi
from app.domain.batch import BatchHeader, ControlNumbers, OutboundClaim
from app.domain.claim import Claim
from app.domain.encounter import Encounter, ServiceLine
from app.domain.partner import PartnerProfile
from app.domain.party import Contact
from app.x12.claim_837 import unproven
from app.x12.parts_837 import MissingMember
from app.x12.read_837 import ReadClaim, read_claims

T = TypeVar("T")
_NOBODY = UUID(int=0)
_NUMBERED = frozenset({"HL", "LX"})  # they only count
# Their first element is a code of the guide's, and never a patient's.
_QUALIFIED = frozenset({"AMT", "CAS", "CRC", "DTP", "HI", "NM1", "NTE", "PRV", "PWK", "QTY", "REF"})


@dataclass(frozen=True, slots=True)
class Left:
    """A segment that would not be written again as it stands."""

    segment_number: int
    name: str  # REF*9F, NM1*87: its id and what qualifies it


@dataclass(frozen=True, slots=True)
class IncomingClaim:
    """One claim of the file; `encounter` is None where it could not be read."""

    segment_number: int  # of its CLM in the file
    set_key: tuple[str, str, str]  # ISA13, GS06, ST02
    encounter: Encounter | None
    asked: str = ""  # SBR01: the payer that the sender asks
    left: tuple[Left, ...] = ()
    issues: tuple[edi.Issue, ...] = ()


def incoming_claims(data: bytes) -> Iterator[IncomingClaim]:
    """Every claim of the file in its order.

    Its encounter is known by who sent it: `source_system` is the submitter's identifier (NM109 of
    1000A) and the billing provider's NPI, `external_id` is CLM01.
    """
    around = _Around(data)
    for read in read_claims(data):
        theirs = around.of(read)
        if read.claim is None:
            yield IncomingClaim(read.segment_number, read.set_key, None, issues=read.issues)
            continue
        yield IncomingClaim(
            read.segment_number,
            read.set_key,
            _named(read, read.claim),
            read.claim.responsibility,
            tuple(_left(theirs, _again(read, read.claim, theirs[0].delimiters))),
            read.issues,
        )


def _named(read: ReadClaim, claim: Claim) -> Encounter:
    encounter = claim.encounter
    submitter = read.submitter.name.id if read.submitter else None
    parts = ("837", submitter, encounter.billing_provider.npi)
    return replace(
        encounter,
        source_system=" ".join(part for part in parts if part),
        external_id=read.patient_control_number or "",
        service_lines=tuple(_lines(encounter.service_lines)),
    )


def _lines(lines: Sequence[ServiceLine]) -> Iterator[ServiceLine]:
    """A line that its sender gave no number (REF*6R) is known by its place."""
    taken = {line.line_id for line in lines}
    for place, line in enumerate(lines, start=1):
        number = str(place)
        while not line.line_id and number in taken:
            number = f"L{number}"
        yield line if line.line_id else replace(line, line_id=number)
        taken.add(number)


# ── What our builder makes of it ───────────────────────────────────────────


def _again(read: ReadClaim, claim: Claim, delimiters: edi.Delimiters) -> list[str]:
    """The claim and the levels above it as we would write them; empty where it cannot be."""
    header = BatchHeader(
        partner=_profile(read, delimiters),
        numbers=ControlNumbers(1, 1, "1"),
        claim_type=claim.encounter.claim_type,
        usage="T",
        written=datetime(2000, 1, 1, tzinfo=UTC),
    )
    outbound = OutboundClaim(_NOBODY, read.patient_control_number or "", claim)
    try:
        written = unproven(header, [outbound])
    except (edi.EdiError, MissingMember):
        return []
    texts = [segment.text for segment in edi.segments(written)]
    start = next(n for n, text in enumerate(texts) if text.startswith("HL"))
    return [text for text in texts[start:] if text[:2] not in ("SE", "GE") and text[:3] != "IEA"]


def _profile(read: ReadClaim, delimiters: edi.Delimiters) -> PartnerProfile:
    """Only the delimiters matter: nothing of this is sent."""
    return PartnerProfile(
        id=_NOBODY,
        name="",
        sender_qualifier="ZZ",
        sender="SENDER",
        receiver_qualifier="ZZ",
        receiver="RECEIVER",
        submitter_name="SENDER",
        submitter_identifier="SENDER",
        submitter_contact=Contact("S", "5550100"),
        receiver_name="RECEIVER",
        receiver_identifier="RECEIVER",
        element_separator=delimiters.element,
        component_separator=delimiters.component,
        repetition_separator=delimiters.repetition or "^",
        segment_terminator=delimiters.segment,
    )


def _left(theirs: Sequence[edi.RawSegment], ours: Sequence[str]) -> Iterator[Left]:
    """Their segments that are not among ours; each of ours stands for one of theirs."""
    if not theirs:
        return
    delimiters = theirs[0].delimiters
    written = Counter(_sense(text, delimiters) for text in ours)
    for segment in theirs:
        sense = _sense(segment.text, delimiters)
        if sense[0][0] in _NUMBERED or not segment.text.strip():
            continue
        if written[sense]:
            written[sense] -= 1
        else:
            yield Left(segment.number, _name(sense))


def _name(sense: tuple[tuple[str, ...], ...]) -> str:
    identifier = sense[0][0]
    if identifier in _QUALIFIED and len(sense) > 1 and sense[1]:
        return f"{identifier}*{sense[1][0]}"
    return identifier


def _sense(text: str, delimiters: edi.Delimiters) -> tuple[tuple[str, ...], ...]:
    """A segment without the freedom that X12 leaves: empty ends, zeros of decimals, letter case."""
    elements = [
        _without_empty_ends([_plain(part) for part in element.split(delimiters.component)])
        for element in text.strip().upper().split(delimiters.element)
    ]
    return tuple(_without_empty_ends(elements))


def _plain(part: str) -> str:
    part = part.strip()
    whole, point, decimals = part.partition(".")
    if point and (whole + decimals).lstrip("-").isdigit():
        decimals = decimals.rstrip("0")
        return f"{whole or '0'}.{decimals}" if decimals else whole or "0"
    return part


def _without_empty_ends(parts: list[T]) -> tuple[T, ...]:
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


class _Around:
    """The segments of each claim and of the levels above it, in one pass beside the reader's."""

    def __init__(self, data: bytes) -> None:
        self._segments = edi.segments(data)
        self._levels: dict[int, list[edi.RawSegment]] = {}
        self._open: list[edi.RawSegment] = []

    def of(self, read: ReadClaim) -> list[edi.RawSegment]:
        """Those of the next claim; claims are asked for in the order of the file."""
        last = read.segment_number + read.last_segment - read.first_segment
        own: list[edi.RawSegment] = []
        for segment in self._segments:
            if segment.number >= read.segment_number:
                own.append(segment)
            elif segment.text.lstrip()[:2] == "HL":
                self._open = self._levels[segment.number] = [segment]
            else:
                self._open.append(segment)
            if segment.number >= last:
                break
        self._open = []  # what follows a claim belongs to no level until the next HL
        self._levels = {n: s for n, s in self._levels.items() if n in read.levels}
        return [s for n in read.levels for s in self._levels.get(n, ())] + own
