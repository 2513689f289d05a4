"""A trading partner's profile: everything about it that neither the guide nor a claim fixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.connection import Connection
from app.domain.encounter import ClaimType
from app.domain.opinion import OpinionPolicy
from app.domain.party import Contact

# What a partner is sent unless its profile says otherwise: the guides with their errata.
GUIDES: Mapping[ClaimType, str] = {
    ClaimType.PROFESSIONAL: "005010X222A1",
    ClaimType.INSTITUTIONAL: "005010X223A2",
    ClaimType.DENTAL: "005010X224A2",
}


class AnswerKind(StrEnum):
    """An acknowledgment that a partner may want of the files it sends us."""

    TA1 = "TA1"
    IMPLEMENTATION = "999"


ANSWERABLE = ("837", "835", "277CA")  # kinds of files that may be answered; acknowledgments never


# The acknowledgments that a partner can be expected to send.
ACKNOWLEDGMENTS = ("TA1", "999", "277CA")


@dataclass(frozen=True, slots=True)
class CutOff:
    """Ready claims are batched at this time of the tenant's day, on these days of the week."""

    time: str  # HH:MM
    days: tuple[int, ...] = (1, 2, 3, 4, 5)  # ISO: Monday is 1


@dataclass(frozen=True, slots=True)
class PartnerChange:
    """Members of a profile that are other from a day on."""

    revision: int
    valid_from: date
    members: tuple[str, ...]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """A trading partner: everything in the envelope that the guide does not fix."""

    id: UUID
    name: str
    sender_qualifier: str  # ISA05
    sender: str  # ISA06 and GS02
    receiver_qualifier: str  # ISA07
    receiver: str  # ISA08 and GS03
    submitter_name: str  # 1000A NM103
    submitter_identifier: str  # 1000A NM109
    submitter_contact: Contact
    receiver_name: str  # 1000B NM103
    receiver_identifier: str  # 1000B NM109
    acknowledgment_requested: bool = True  # ISA14
    claims_per_transaction: int = 5000
    guides: Mapping[ClaimType, str] = field(default_factory=lambda: dict(GUIDES))  # GS08, ST03
    element_separator: str = "*"
    component_separator: str = ":"
    repetition_separator: str = "^"
    segment_terminator: str = "~"
    line_end: str = "\n"
    out_folder: str = "out"  # under the tenant's folder of the data directory, without a connection
    connection: Connection | None = None  # None: a folder
    # Of what is sent: {kind} 837P, {partner}, {number} ISA13, {date} YYYYMMDD.
    file_name: str = "{kind}_{partner}_{number}.edi"
    control_number_digits: int = 9  # of ISA13 and GS06 before they begin again at 1
    expects: tuple[str, ...] = ACKNOWLEDGMENTS  # what it sends us, and is missed by a silence
    cut_offs: tuple[CutOff, ...] = ()  # none: batches are made when someone asks
    pull_minutes: int = 15  # between two looks into its folders
    live: bool = False
    second_opinion: OpinionPolicy = OpinionPolicy.WARN
    answers: tuple[AnswerKind, ...] = ()  # what its files are answered with
    answers_to: tuple[str, ...] = ("837", "835")  # of ANSWERABLE
    patience: Mapping[str, int] = field(default_factory=dict)  # members of domain.silence.Patience

    @property
    def envelope(self) -> tuple[str, str, str, str]:
        """ISA05 to ISA08 of what we send; a file from this partner has the pairs changed round."""
        return self.sender_qualifier, self.sender, self.receiver_qualifier, self.receiver

    def name_of_file(self, *, kind: str, number: int, day: date) -> str:
        """The name of what is sent; the number, ISA13, makes it one of its own."""
        return self.file_name.format(
            kind=kind, partner=self.name, number=f"{number:09d}", date=f"{day:%Y%m%d}"
        )
