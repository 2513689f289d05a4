"""Worklists as JSON."""

from __future__ import annotations

from typing import Any

from app.documents.answers import Answer, Day, Money
from app.domain.identity import Prefix, public_id
from app.domain.worklists import Worklist, WorklistItem


class WorklistDocument(Answer):
    """A list with how much is on it."""

    name: str
    owner: str
    holds: str
    sort: str
    sla_days: int
    actions: list[str]
    view: str  # the same list in SQL
    count: int

    @classmethod
    def of(cls, worklist: Worklist, count: int) -> WorklistDocument:
        return cls(**worklist_members(worklist, count))


class WorklistItemDocument(Answer):
    """One row; what the list has no word for is null."""

    kind: str
    id: str
    claim_id: str | None
    reference: str | None
    payer_id: str | None
    payer_name: str | None
    category: str | None
    reason: str | None
    amount: Money | None
    owner: str | None
    since: Day | None
    due: Day | None

    @classmethod
    def of(cls, item: WorklistItem) -> WorklistItemDocument:
        return cls(
            kind=item.kind,
            id=public_id(_PREFIX[item.kind], item.id),
            claim_id=public_id(Prefix.CLAIM, item.claim_id) if item.claim_id else None,
            reference=item.reference,
            payer_id=item.payer_id,
            payer_name=item.payer_name,
            category=item.category,
            reason=item.reason,
            amount=item.amount,
            owner=item.owner,
            since=item.since,
            due=item.due,
        )


class WorklistPageDocument(WorklistDocument):
    """A list with a page of its rows; `count` counts what the filters let through."""

    items: list[WorklistItemDocument]
    next_page_token: str | None = None


_PREFIX = {
    "claim": Prefix.CLAIM,
    "claim_payment": Prefix.CLAIM_PAYMENT,
    "remittance": Prefix.REMITTANCE,
    "denial": Prefix.DENIAL,
    "appeal": Prefix.APPEAL,
    "task": Prefix.TASK,
    "deposit": Prefix.DEPOSIT,
    "patient_payment": Prefix.PATIENT_PAYMENT,
    "underpayment": Prefix.UNDERPAYMENT,
    "provider_adjustment": Prefix.PROVIDER_ADJUSTMENT,
}


def worklist_members(worklist: Worklist, count: int) -> dict[str, Any]:
    """The members of a list by field name."""
    return {
        "name": worklist.name,
        "owner": worklist.owner.value,
        "holds": worklist.holds,
        "sort": worklist.sort,
        "sla_days": worklist.sla_days,
        "actions": list(worklist.actions),
        "view": worklist.view,
        "count": count,
    }
