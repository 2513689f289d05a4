"""Claim payments as JSON: what waits and what stands, and what a person may do to one."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.fields import Document
from app.documents.inbound import ClaimPaymentDocument
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.hand_match import LineChoice, LineFault
from app.domain.identity import Prefix, parse_id

T = TypeVar("T", bound=Document)

Reason = f.Text256


class PaidAdjustmentDocument(Answer):
    """One CAS triplet."""

    group: str
    reason: str
    amount: Money  # positive reduces the payment


class PaidServiceDocument(Answer):
    """One SVC of a claim payment."""

    ordinal: int
    line_control_number: str | None  # REF*6R, as the payer says it
    matched_line: str | None  # the line of our claim it is about
    procedure_code: str  # SVC01
    submitted_procedure_code: str | None  # SVC06, where it differs
    charge: Money
    paid: Money
    allowed: Money | None
    service_date: Day | None
    adjustments: list[PaidAdjustmentDocument]
    remarks: list[str]


class PaymentActDocument(Answer):
    """What was done to a claim payment; acts are added and never changed."""

    ordinal: int
    act: str  # matched, unmatched, posted, reversed, unposted, reposted, dismissed
    claim_id: str | None
    counterpart_id: str | None  # the reversal of this payment, or what this reversal took back
    method: str | None
    confidence: str | None
    reason: str | None
    actor: str
    at: Instant
    outcome: str | None  # what it made of the claim, or what was taken back; null: as at first
    outcome_reasons: list[str]
    classifier_version: int | None


class JournalLineDocument(Answer):
    """One account's part of a journal entry; a debit is positive."""

    account: str
    amount: Money
    claim_id: str | None
    payer_position: str | None


class JournalEntryDocument(Answer):
    """An entry that this payment posted; its lines sum to zero."""

    id: str
    ordinal: int
    effective_date: Day | None
    reverses_id: str | None  # the entry that it takes back
    lines: list[JournalLineDocument]


class ClaimPaymentDetailDocument(ClaimPaymentDocument):
    """One claim payment with all it says, what was done to it, and its journal."""

    adjustments: list[PaidAdjustmentDocument]
    remarks: list[str]
    services: list[PaidServiceDocument]
    acts: list[PaymentActDocument]
    journal: list[JournalEntryDocument]


class ReasonDocument(Document):
    """Why a person does it: the audit chain keeps these words."""

    model_config = ConfigDict(title="Reason")

    reason: Reason


class AcceptDocument(Document):
    """Why a remittance that was held stands, and whether it is the earlier one's payment told
    anew (`same`) or a payment of its own (`own`), whose cash is not in the books yet."""

    model_config = ConfigDict(title="Accept")

    reason: Reason
    payment: Literal["same", "own"] = "same"


class LineChoiceDocument(Document):
    """Which line of the claim a service of the payment is about."""

    ordinal: Annotated[int, Field(ge=1, le=9999)]
    line_control_number: f.Text80


class MatchDocument(Document):
    """The claim, and a line for each service; a reversal (CLP02 22) needs no lines."""

    model_config = ConfigDict(title="Match")

    claim_id: f.Text80
    lines: f.ListOf[LineChoiceDocument] = Field(default=[], max_length=999)
    reason: Reason


def read_match(raw: bytes) -> tuple[UUID | None, list[LineChoice], str, list[Problem]]:
    """The claim (None: the id is none of a claim), the lines, the reason, and what is wrong."""
    document, problems = _read(raw, MatchDocument)
    if document is None:
        return None, [], "", problems
    claim_id = parse_id(Prefix.CLAIM, document.claim_id)
    if claim_id is None:
        told = "This is not the id of a claim (clm_...)."
        return None, [], "", [Problem("/claimId", "claim_id", told)]
    choices = [LineChoice(line.ordinal, line.line_control_number) for line in document.lines]
    return claim_id, choices, document.reason, []


def line_problems(faults: list[LineFault]) -> list[Problem]:
    """Faults of the lines, each at its member."""
    return [
        Problem(
            "/lines" if fault.index is None else f"/lines/{fault.index}/{fault.member}",
            fault.code,
            fault.message,
        )
        for fault in faults
    ]


def _read(raw: bytes, model: type[T]) -> tuple[T | None, list[Problem]]:
    value, problems = read_json(raw)
    if problems:
        return None, problems
    try:
        return model.model_validate(value), []
    except ValidationError as refused:
        return None, shape_problems(refused)
