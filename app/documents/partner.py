"""Trading partners as JSON: the profile, and what may be changed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pydantic.alias_generators import to_camel

from app.documents.answers import Answer, Day, Instant
from app.documents.connection import (
    ConnectionAnswer,
)
from app.documents.partner_requests import (
    ContactDocument,
    CutOffDocument,
    DelimitersDocument,
    delimiters_of,
)
from app.domain.identity import Prefix, public_id
from app.domain.partner import (
    PartnerChange,
    PartnerProfile,
)
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
    submitter_contact: ContactDocument
    receiver_name: str
    receiver_identifier: str
    acknowledgment_requested: bool  # ISA14
    claims_per_transaction: int
    control_number_digits: int
    guides: dict[str, str]  # GS08 and ST03, by kind of claim
    delimiters: DelimitersDocument
    connection: ConnectionAnswer
    out_folder: str
    file_name: str
    second_opinion: str
    answers: list[str]
    answers_to: list[str]
    expects: list[str]
    cut_offs: list[CutOffDocument]
    pull_minutes: int
    patience: PatienceDocument  # how long its answers are waited for
    payers: list[str]  # whose claims go to it; those that no partner lists go to `default`

    @classmethod
    def of(cls, partner: PartnerProfile, *, payers: Sequence[str]) -> PartnerDocument:
        contact = partner.submitter_contact
        same = {name: getattr(partner, name) for name in cls.model_fields if name in _AS_IT_IS}
        return cls(
            **same,
            id=public_id(Prefix.PARTNER, partner.id),
            submitter_contact=ContactDocument.model_validate(
                {"name": contact.name, "phoneNumber": contact.phone_number, "email": contact.email}
            ),
            guides={kind.value: guide for kind, guide in partner.guides.items()},
            delimiters=delimiters_of(partner),
            connection=ConnectionAnswer.of(partner.connection),
            second_opinion=partner.second_opinion.value,
            answers=[kind.value for kind in partner.answers],
            answers_to=list(partner.answers_to),
            expects=list(partner.expects),
            cut_offs=[
                CutOffDocument.model_validate({"time": c.time, "days": list(c.days)})
                for c in partner.cut_offs
            ],
            payers=list(payers),
            patience=PatienceDocument(**asdict(Patience(**partner.patience))),
        )


_AS_IT_IS = frozenset(
    {
        "name", "live", "sender_qualifier", "sender", "receiver_qualifier", "receiver",
        "submitter_name", "submitter_identifier", "receiver_name", "receiver_identifier",
        "acknowledgment_requested", "claims_per_transaction", "control_number_digits",
        "out_folder", "file_name", "pull_minutes",
    }
)  # fmt: skip


class PartnerChangeAnswer(Answer):
    """Members that are other from a day on."""

    revision: int
    valid_from: Day
    members: list[str]
    changed_by: str
    changed_at: Instant

    @classmethod
    def of(cls, change: PartnerChange) -> PartnerChangeAnswer:
        return cls(
            revision=change.revision,
            valid_from=change.valid_from,
            members=[to_camel(name) for name in change.members],
            changed_by=change.changed_by,
            changed_at=change.changed_at,
        )
