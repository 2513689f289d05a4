"""Trading partners as JSON: the profile, and what may be changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.identity import Prefix, public_id
from app.domain.opinion import OpinionPolicy
from app.domain.partner import ANSWERABLE, AnswerKind, PartnerProfile
from app.domain.silence import Patience


class PatienceDocument(Answer):
    """Hours and days after which an answer is missing; work.md tells which."""

    acknowledgment_hours: int
    clearinghouse_business_days: int
    payer_business_days: int
    adjudication_days: int
    remittance_days: int
    remittance_after_final_business_days: int


class PartnerDocument(Answer):
    """A trading partner's profile: the envelope both ways, and how we treat what goes through."""

    id: str
    name: str
    live: bool
    sender_qualifier: str  # ISA05 of what we send
    sender: str  # ISA06, GS02
    receiver_qualifier: str  # ISA07
    receiver: str  # ISA08, GS03; a file whose ISA06 it is, is from this partner
    submitter_name: str
    submitter_identifier: str
    receiver_name: str
    receiver_identifier: str
    acknowledgment_requested: bool  # ISA14
    claims_per_transaction: int
    guides: dict[str, str]  # GS08 and ST03, by kind of claim
    out_folder: str
    second_opinion: str
    answers: list[str]
    answers_to: list[str]
    patience: PatienceDocument  # how long its answers are waited for

    @classmethod
    def of(cls, partner: PartnerProfile) -> PartnerDocument:
        return cls(
            id=public_id(Prefix.PARTNER, partner.id),
            name=partner.name,
            live=partner.live,
            sender_qualifier=partner.sender_qualifier,
            sender=partner.sender,
            receiver_qualifier=partner.receiver_qualifier,
            receiver=partner.receiver,
            submitter_name=partner.submitter_name,
            submitter_identifier=partner.submitter_identifier,
            receiver_name=partner.receiver_name,
            receiver_identifier=partner.receiver_identifier,
            acknowledgment_requested=partner.acknowledgment_requested,
            claims_per_transaction=partner.claims_per_transaction,
            guides={kind.value: guide for kind, guide in partner.guides.items()},
            out_folder=partner.out_folder,
            second_opinion=partner.second_opinion.value,
            answers=[kind.value for kind in partner.answers],
            answers_to=list(partner.answers_to),
            patience=PatienceDocument(**asdict(Patience(**partner.patience))),
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


class PartnerChangeDocument(Document):
    """Members that are absent or null stay as they are."""

    model_config = ConfigDict(title="PartnerChange")

    sender_qualifier: f.Modifier | None = None
    sender: f.EnvelopeId | None = None
    receiver_qualifier: f.Modifier | None = None
    receiver: f.EnvelopeId | None = None
    second_opinion: Literal["off", "warn", "block"] | None = None
    answers: list[Literal["TA1", "999"]] | None = None
    answers_to: list[Literal["837", "835", "277CA"]] | None = None
    patience: PatienceChangeDocument | None = None


def read_partner_change(raw: bytes) -> tuple[Mapping[str, Any], list[Problem]]:
    """Fields of `PartnerProfile` with their new values, and what is wrong with the text."""
    value, problems = read_json(raw)
    if problems:
        return {}, problems
    try:
        document = PartnerChangeDocument.model_validate(value)
    except ValidationError as refused:
        return {}, shape_problems(refused)
    change = {
        name: given
        for name in PartnerChangeDocument.model_fields
        if (given := getattr(document, name)) is not None
    }
    # Lists are kept in the order of the words, each word once.
    if "second_opinion" in change:
        change["second_opinion"] = OpinionPolicy(change["second_opinion"])
    if document.patience is not None:
        change["patience"] = document.patience.model_dump(exclude_none=True, by_alias=False)
    if "answers" in change:
        change["answers"] = tuple(kind for kind in AnswerKind if kind in change["answers"])
    if "answers_to" in change:
        change["answers_to"] = tuple(kind for kind in ANSWERABLE if kind in change["answers_to"])
    return change, []
