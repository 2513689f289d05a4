"""Bank deposits and where they stand to remittances, as JSON."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.bank_reading import traced
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.deposit import Deposit, DepositSource
from app.domain.identity import Prefix, parse_id
from app.domain.money import ZERO

_Addenda = Annotated[str, Field(max_length=400)]
_Reason = Annotated[str, Field(min_length=1, max_length=256)]


class DepositRequestDocument(Document):
    """One deposit; `addenda` is the TRN of its CCD+ addenda, in place of trace and payer."""

    model_config = ConfigDict(title="DepositRequest")

    amount: f.Money
    date: f.Day
    trace_number: f.Maybe[f.Text50] = None
    payer_identifier: f.Maybe[f.Text10] = None
    payer_name: f.Maybe[f.Text60] = None
    account: f.Maybe[f.Text35] = None
    reference: f.Maybe[f.Text50] = None
    addenda: f.Maybe[_Addenda] = None


class DepositMatchDocument(Document):
    """What to join a deposit to, or to take it apart from (there, none named means all)."""

    model_config = ConfigDict(title="DepositMatch")

    remittance_ids: list[f.Text80] | None = Field(default=None, min_length=1, max_length=500)
    reason: _Reason


def read_deposit(raw: bytes) -> Deposit | list[Problem]:
    """The deposit in a body, or every problem of it."""
    value, problems = read_json(raw)
    if problems:
        return problems
    try:
        document = DepositRequestDocument.model_validate(value)
    except ValidationError as refused:
        return shape_problems(refused)
    if document.amount == ZERO:
        return [Problem("/amount", "amount", "A deposit of nothing is none.")]
    trace, payer = document.trace_number, document.payer_identifier
    if document.addenda is not None:
        found = traced([document.addenda])
        if found is None:
            return [Problem("/addenda", "addenda", "Here stands no TRN*1*trace*payer.")]
        if (trace or found[0], payer or found[1]) != found:
            return [Problem("/addenda", "addenda", "This TRN is not that of the other members.")]
        trace, payer = found
    return Deposit(
        amount=document.amount,
        date=document.date,
        source=DepositSource.JSON,
        trace_number=trace,
        payer_identifier=payer,
        payer_name=document.payer_name,
        account=document.account,
        reference=document.reference,
    )


def read_deposit_match(raw: bytes) -> tuple[list[UUID] | None, str] | list[Problem]:
    """The remittances named (None for all) and the reason, or every problem of the body."""
    value, problems = read_json(raw)
    if problems:
        return problems
    try:
        document = DepositMatchDocument.model_validate(value)
    except ValidationError as refused:
        return shape_problems(refused)
    if document.remittance_ids is None:
        return None, document.reason
    ids = [parse_id(Prefix.REMITTANCE, text) for text in document.remittance_ids]
    problems = [
        Problem(f"/remittanceIds/{index}", "remittance_id", "This is no remittance's id (era_...).")
        for index, id in enumerate(ids)
        if id is None
    ]
    if problems:
        return problems
    return [id for id in ids if id is not None], document.reason


class DepositDocument(Answer):
    """A deposit; `account` shows its last four characters."""

    id: str
    state: str  # EFT_ONLY, MATCHED, AMOUNT_MISMATCH, SPLIT_DEPOSIT
    late: bool  # no remittance after three business days
    amount: Money
    date: Day
    expected: Money  # by the remittances it is joined to
    arrived: Money  # by the deposits of these remittances
    trace_number: str | None
    payer_identifier: str | None
    payer_name: str | None
    account: str | None
    reference: str | None
    source: str  # json, ccd, bai2, csv
    file_id: str | None
    line: int | None
    recorded_at: Instant


class SightingDocument(Answer):
    """One of the ways by which a deposit was told of."""

    source: str
    file_id: str | None
    line: int | None
    at: Instant


class DepositActDocument(Answer):
    """One joining or taking apart."""

    remittance_id: str
    act: str  # matched, unmatched
    method: str  # trace, trace_sum, trace_amount, check_number, by_hand
    confidence: str  # certain, probable
    reason: str | None
    actor: str
    at: Instant


class ReassociationDocument(Answer):
    """A remittance and where its money stands."""

    remittance_id: str
    state: str
    late: bool  # paid by EFT, and no deposit after three business days
    amount: Money  # BPR02
    date: Day | None  # BPR16
    expected: Money
    arrived: Money
    trace_number: str
    payer_identifier: str | None
    payer_name: str | None
    payment_method: str  # BPR04


class SuggestionDocument(Answer):
    """A remittance without a deposit, of the same amount or trace."""

    remittance_id: str
    amount: Money
    date: Day | None
    trace_number: str
    payer_name: str | None


class DepositDetailDocument(DepositDocument):
    """A deposit with how it came, what was done with it, and what may be done."""

    remittance_ids: list[str]
    sightings: list[SightingDocument]
    acts: list[DepositActDocument]
    suggestions: list[SuggestionDocument]
