"""Denials as JSON: given out, and what people ask to be done to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ConfigDict

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.fields import Document
from app.domain.denial_record import DenialAct, StoredDenial
from app.domain.identity import Prefix, public_id


class DenialActDocument(Answer):
    """What a person did to it."""

    act: str  # assigned, dismissed, written_off, reopened
    amount: Money | None
    assigned_to: str | None
    reason: str | None
    actor: str
    at: Instant

    @classmethod
    def of(cls, act: DenialAct) -> DenialActDocument:
        return cls(
            act=act.act,
            amount=act.amount,
            assigned_to=act.assigned_to,
            reason=act.reason,
            actor=act.actor,
            at=act.at,
        )


class DenialDocument(Answer):
    """What one reason left open on one line, or on the claim, by one claim payment."""

    id: str
    state: str  # open, closed
    how: str | None  # why it is closed
    claim_id: str
    claim_payment_id: str
    remittance_id: str
    service_ordinal: int  # the service in the claim payment; 0: the claim as a whole
    procedure_code: str | None
    payer_id: str | None
    payer_name: str | None
    adjudicated_on: Day | None
    group_code: str  # CO, PR, OA, PI
    reason_code: str  # CARC
    remark_codes: list[str]  # RARC
    category: str
    scenario: int | None  # of CORE 360
    action: str
    appealable: bool
    patient_liable: bool
    owner: str
    amount: Money  # the adjustment
    at_stake: Money  # what of it is still owed by the books, each cent counted once
    recovered: Money
    deadline: Day | None  # of the action
    appeal_deadline: Day | None
    appealed: bool
    assigned_to: str | None
    closed_by: str | None  # the claim payment that closed it
    created_at: Instant
    closed_at: Instant | None

    @classmethod
    def of(cls, denial: StoredDenial) -> DenialDocument:
        return cls(**_members(denial))


class DenialDetailDocument(DenialDocument):
    """A denial with everything that people did to it."""

    acts: list[DenialActDocument]

    @classmethod
    def with_acts(cls, denial: StoredDenial, acts: Sequence[DenialAct]) -> DenialDetailDocument:
        return cls(**_members(denial), acts=[DenialActDocument.of(act) for act in acts])


class AssignDocument(Document):
    """The body of :assign; null or no name: to nobody."""

    model_config = ConfigDict(title="Assign")

    to: f.Maybe[f.Text80] = None


class WriteOffDocument(Document):
    """The body of :writeOff; without an amount all that is at stake."""

    model_config = ConfigDict(title="WriteOff")

    reason: f.Text256
    amount: f.Maybe[f.Money] = None


def _members(denial: StoredDenial) -> dict[str, Any]:
    new, found, verdict = denial.new, denial.new.found, denial.verdict
    closed_by = verdict.closed_by
    return {
        "id": public_id(Prefix.DENIAL, denial.id),
        "state": "open" if verdict.is_open else "closed",
        "how": verdict.how.value if verdict.how else None,
        "claim_id": public_id(Prefix.CLAIM, new.claim_id),
        "claim_payment_id": public_id(Prefix.CLAIM_PAYMENT, new.payment_id),
        "remittance_id": public_id(Prefix.REMITTANCE, new.remittance_id),
        "service_ordinal": found.service_ordinal,
        "procedure_code": new.procedure_code,
        "payer_id": new.payer_id,
        "payer_name": new.payer_name,
        "adjudicated_on": new.adjudicated_on,
        "group_code": found.group,
        "reason_code": found.reason,
        "remark_codes": list(found.remarks),
        "category": found.advice.category.value,
        "scenario": found.advice.scenario.value if found.advice.scenario else None,
        "action": found.advice.action.value,
        "appealable": found.advice.appealable,
        "patient_liable": found.advice.patient_liable,
        "owner": found.advice.owner.value,
        "amount": found.amount,
        "at_stake": verdict.at_stake,
        "recovered": verdict.recovered,
        "deadline": new.deadline,
        "appeal_deadline": new.appeal_deadline,
        "appealed": denial.appealed,
        "assigned_to": denial.assigned_to,
        "closed_by": public_id(Prefix.CLAIM_PAYMENT, closed_by) if closed_by else None,
        "created_at": denial.created_at,
        "closed_at": denial.closed_at,
    }
