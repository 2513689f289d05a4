"""Lines that were allowed otherwise than agreed, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.documents.answers import Answer, Day, Instant, Money
from app.domain.identity import Prefix, public_id
from app.domain.underpayment import StoredUnderpayment, UnderpaymentAct


class UnderpaymentActDocument(Answer):
    """What a person made of it."""

    act: str  # disputed, accepted, reopened
    amount: Money | None  # written off with it
    reason: str | None
    actor: str
    at: Instant


class UnderpaymentDocument(Answer):
    """A line of a posted claim payment beside the fee agreed with its payer."""

    id: str
    state: str  # open, disputed, accepted, settled, closed
    finding: str  # underpaid, whole_charge, beyond_allowed, overpaid, as_agreed
    claim_id: str
    claim_payment_id: str
    remittance_id: str
    service_ordinal: int  # 0: the claim, which was decided without lines
    procedure_code: str | None  # as billed
    payer_id: str | None
    payer_name: str | None
    decided_on: Day | None
    charge: Money
    expected: Money | None  # null: no fee is agreed, the cut itself is suspect
    allowed: Money
    set_apart: Money  # what denials, bundling and reductions of a named reason took
    difference: Money  # short of what was agreed; below zero: beyond it
    left_open: Money  # of the cut, what was not written off
    at_stake: Money
    schedule_version: int | None
    schedule_row: int | None

    @classmethod
    def of(cls, found: StoredUnderpayment) -> UnderpaymentDocument:
        return cls(**_members(found))


class UnderpaymentDetailDocument(UnderpaymentDocument):
    """One with what people made of it."""

    acts: list[UnderpaymentActDocument]

    @classmethod
    def with_acts(
        cls, found: StoredUnderpayment, acts: Sequence[UnderpaymentAct]
    ) -> UnderpaymentDetailDocument:
        told = [
            UnderpaymentActDocument(
                act=act.act, amount=act.amount, reason=act.reason, actor=act.actor, at=act.at
            )
            for act in acts
        ]
        return cls(**_members(found), acts=told)


def _members(found: StoredUnderpayment) -> dict[str, Any]:
    told = asdict(found)
    del told["service_line_id"]
    return told | {
        "id": public_id(Prefix.UNDERPAYMENT, found.id),
        "claim_id": public_id(Prefix.CLAIM, found.claim_id),
        "claim_payment_id": public_id(Prefix.CLAIM_PAYMENT, found.claim_payment_id),
        "remittance_id": public_id(Prefix.REMITTANCE, found.remittance_id),
        "state": found.state.value,
        "finding": found.finding.value,
    }
