"""Trading partners as JSON that is taken in: a new one, and what is changed of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.connection import ConnectionDocument, SftpConnectionDocument, connection_of
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.encounter import ClaimType
from app.domain.opinion import OpinionPolicy
from app.domain.partner import (
    ACKNOWLEDGMENTS,
    ANSWERABLE,
    AnswerKind,
    CutOff,
    PartnerProfile,
)
from app.domain.party import Contact


class DelimitersDocument(Document):
    """The characters that part what is sent; `lineEnd` stands behind every segment."""

    element: f.Separator = "*"
    component: f.Separator = ":"
    repetition: f.Separator = "^"
    segment: f.Separator = "~"
    line_end: Literal["none", "lf", "crlf"] = "lf"


class CutOffDocument(Document):
    """A time of the tenant's day at which ready claims are batched; Monday is 1."""

    time: f.ClockTime
    days: Annotated[
        list[Annotated[int, Field(ge=1, le=7)]],
        Field(min_length=1, default_factory=lambda: [1, 2, 3, 4, 5]),
    ]


class ContactDocument(Document):
    """Whom the partner asks about what we sent; PER of loop 1000A."""

    name: f.Text60
    phone_number: f.Maybe[f.Phone] = None
    email: f.Maybe[f.Email] = None


_LINE_ENDS = {"none": "", "lf": "\n", "crlf": "\r\n"}


def delimiters_of(partner: PartnerProfile) -> DelimitersDocument:
    """Those of a profile."""
    (line_end,) = (word for word, end in _LINE_ENDS.items() if end == partner.line_end)
    return DelimitersDocument.model_validate(
        {
            "element": partner.element_separator,
            "component": partner.component_separator,
            "repetition": partner.repetition_separator,
            "segment": partner.segment_terminator,
            "lineEnd": line_end,
        }
    )


Wait = Annotated[int, Field(ge=1, le=1000)]


class PatienceChangeDocument(Document):
    """Members that are absent or null are as for every partner."""

    model_config = ConfigDict(title="Patience")

    acknowledgment_hours: Wait | None = None
    clearinghouse_business_days: Wait | None = None
    payer_business_days: Wait | None = None
    adjudication_days: Wait | None = None
    remittance_days: Wait | None = None
    remittance_after_final_business_days: Wait | None = None


class GuidesDocument(Document):
    """The edition of each guide that the partner takes: GS08 and ST03."""

    professional: Literal["005010X222A1", "005010X222A2"] = "005010X222A1"
    institutional: Literal["005010X223A1", "005010X223A2", "005010X223A3"] = "005010X223A2"
    dental: Literal["005010X224A1", "005010X224A2", "005010X224A3"] = "005010X224A2"


class PartnerChangeDocument(Document):
    """Members that are absent or null stay as they are."""

    model_config = ConfigDict(title="PartnerChange")

    valid_from: f.Maybe[f.Day] = None  # today
    sender_qualifier: f.Modifier | None = None
    sender: f.EnvelopeId | None = None
    receiver_qualifier: f.Modifier | None = None
    receiver: f.EnvelopeId | None = None
    submitter_name: f.Text60 | None = None
    submitter_identifier: f.Text80 | None = None
    submitter_contact: ContactDocument | None = None
    receiver_name: f.Text60 | None = None
    receiver_identifier: f.Text80 | None = None
    acknowledgment_requested: bool | None = None
    claims_per_transaction: Annotated[int, Field(ge=1, le=5000)] | None = None
    control_number_digits: Annotated[int, Field(ge=4, le=9)] | None = None
    guides: GuidesDocument | None = None
    delimiters: DelimitersDocument | None = None
    connection: ConnectionDocument | None = None
    out_folder: f.PartnerName | None = None
    file_name: f.FileName | None = None
    second_opinion: Literal["off", "warn", "block"] | None = None
    answers: list[Literal["TA1", "999"]] | None = None
    answers_to: list[Literal["837", "835", "277CA"]] | None = None
    expects: list[Literal["TA1", "999", "277CA"]] | None = None
    cut_offs: Annotated[list[CutOffDocument], Field(max_length=20)] | None = None
    pull_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    patience: PatienceChangeDocument | None = None
    payers: Annotated[list[f.Text80], Field(max_length=5000)] | None = None


class NewPartnerDocument(PartnerChangeDocument):
    """A trading partner to be; what is absent or null has its default."""

    model_config = ConfigDict(title="NewPartner")

    name: f.PartnerName
    live: bool = False
    sender_qualifier: f.Modifier = "ZZ"
    sender: f.EnvelopeId
    receiver_qualifier: f.Modifier = "ZZ"
    receiver: f.EnvelopeId
    submitter_name: f.Text60
    submitter_identifier: f.Text80
    submitter_contact: ContactDocument
    receiver_name: f.Text60
    receiver_identifier: f.Text80


@dataclass(frozen=True, slots=True)
class NewPartner:
    """A profile to be, and the payers whose claims go to it."""

    profile: PartnerProfile
    payers: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Fields of `PartnerProfile` with their new values, and from which day on (None: today)."""

    members: Mapping[str, Any]
    valid_from: date | None = None
    payers: Sequence[str] | None = None  # whose claims go to the partner: all of them


def read_partner_change(raw: bytes) -> tuple[ProfileChange, list[Problem]]:
    """What is to be changed, and what is wrong with the text."""
    value, problems = read_json(raw)
    if problems:
        return ProfileChange({}), problems
    try:
        document = PartnerChangeDocument.model_validate(value)
    except ValidationError as refused:
        return ProfileChange({}), shape_problems(refused)
    change = ProfileChange(_members(document), document.valid_from, document.payers)
    return change, _further_problems(document)


def read_new_partner(raw: bytes, *, id: UUID) -> tuple[NewPartner | None, list[Problem]]:
    """The profile under that id, and what is wrong with the text."""
    value, problems = read_json(raw)
    if problems:
        return None, problems
    try:
        document = NewPartnerDocument.model_validate(value)
    except ValidationError as refused:
        return None, shape_problems(refused)
    problems = _further_problems(document)
    if problems:
        return None, problems
    return NewPartner(PartnerProfile(id=id, **_members(document)), document.payers), []


def _members(document: PartnerChangeDocument) -> dict[str, Any]:
    """Each member that is given, as the profile has it; lists in the order of the words."""
    given = {
        name: value
        for name in type(document).model_fields
        if name not in ("valid_from", "payers") and (value := getattr(document, name)) is not None
    }
    for name, read in _READ.items():
        if name in given:
            given[name] = read(given[name])
    if "delimiters" in given:
        given |= _delimiters(given.pop("delimiters"))
    return given


_READ: dict[str, Callable[[Any], Any]] = {
    "submitter_contact": lambda d: Contact(d.name, d.phone_number, d.email),
    "guides": lambda d: {kind: getattr(d, kind.value) for kind in ClaimType},
    "connection": connection_of,
    "second_opinion": OpinionPolicy,
    "answers": lambda given: tuple(kind for kind in AnswerKind if kind in given),
    "answers_to": lambda given: tuple(kind for kind in ANSWERABLE if kind in given),
    "expects": lambda given: tuple(kind for kind in ACKNOWLEDGMENTS if kind in given),
    "cut_offs": lambda given: tuple(CutOff(c.time, tuple(sorted(set(c.days)))) for c in given),
    "patience": lambda d: d.model_dump(exclude_none=True, by_alias=False),
}


# Folders of a tenant that files come in by, or that are told of elsewhere.
_OURS = frozenset(
    {"in", "archive", "error", "quarantine", "simulator", "to-stedi", "SendFiles", "inbound"}
)


def _delimiters(document: DelimitersDocument) -> dict[str, str]:
    return {
        "element_separator": document.element,
        "component_separator": document.component,
        "repetition_separator": document.repetition,
        "segment_terminator": document.segment,
        "line_end": _LINE_ENDS[document.line_end],
    }


def _further_problems(document: PartnerChangeDocument) -> list[Problem]:
    """What no single member shows."""
    problems = []
    if document.delimiters is not None:
        used = list(_delimiters(document.delimiters).values())[:4]
        if len(set(used)) < len(used):
            text = "The four separators differ from each other; here two are the same."
            problems.append(Problem("/delimiters", "separators", text))
    if document.file_name is not None and "{number}" not in document.file_name:
        text = "The name holds {number}, else two files of a day could have the same."
        problems.append(Problem("/fileName", "file_name", text))
    if document.out_folder is not None and document.out_folder in _OURS:
        text = "Files are taken in, or kept, in this folder; what is sent needs another one."
        problems.append(Problem("/outFolder", "out_folder", text))
    if isinstance(document.connection, SftpConnectionDocument):
        if not (document.connection.password or document.connection.private_key):
            text = "password or privateKey names the secret to log in with."
            problems.append(Problem("/connection", "no_secret", text))
        for number, pickup in enumerate(document.connection.pickups):
            if (pickup.afterwards == "archive") != (pickup.archive is not None):
                text = "archive names the folder where afterwards is archive, and only there."
                place = f"/connection/pickups/{number}/archive"
                problems.append(Problem(place, "archive", text))
    return problems
