"""Appeals as JSON: given out, and what people ask to be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from app.documents import fields as f
from app.documents.answers import Answer, Day, Instant, Money
from app.documents.fields import Document
from app.domain.appeal import Appeal, AppealPaper, NextLevel
from app.domain.identity import Prefix, public_id


class NextLevelDocument(Answer):
    """The instance that may be asked next."""

    level: int
    name: str
    deadline: Day | None


class AppealPaperDocument(Answer):
    """A paper that goes with it."""

    name: str
    sha256: str
    size: int
    actor: str
    added_at: Instant


class AppealDocument(Answer):
    """One appeal at one level."""

    id: str
    claim_id: str
    denial_ids: list[str]
    state: str
    level: int
    payer_level_name: str
    reason_category: str
    deadline: Day | None
    amount_at_stake: Money
    argument: str | None
    filed_on: Day | None
    method: str | None
    tracking_number: str | None
    decided_on: Day | None
    decided_by: str | None  # person, payment
    recovered: Money
    previous_id: str | None
    next_level: NextLevelDocument | None
    documents: list[AppealPaperDocument]
    created_at: Instant

    @classmethod
    def of(
        cls, appeal: Appeal, *, papers: Sequence[AppealPaper], following: NextLevel | None
    ) -> AppealDocument:
        before = appeal.previous_id
        return cls(
            id=public_id(Prefix.APPEAL, appeal.id),
            claim_id=public_id(Prefix.CLAIM, appeal.claim_id),
            denial_ids=[public_id(Prefix.DENIAL, id) for id in appeal.denial_ids],
            state=appeal.state.value,
            level=appeal.level,
            payer_level_name=appeal.level_name,
            reason_category=appeal.category.value,
            deadline=appeal.deadline,
            amount_at_stake=appeal.amount_at_stake,
            argument=appeal.argument,
            filed_on=appeal.filed_on,
            method=appeal.method,
            tracking_number=appeal.tracking_number,
            decided_on=appeal.decided_on,
            decided_by=appeal.decided_by.value if appeal.decided_by else None,
            recovered=appeal.recovered,
            previous_id=public_id(Prefix.APPEAL, before) if before else None,
            next_level=(
                NextLevelDocument(
                    level=following.level, name=following.name, deadline=following.deadline
                )
                if following
                else None
            ),
            documents=[
                AppealPaperDocument(
                    name=p.name, sha256=p.sha256, size=p.size, actor=p.actor, added_at=p.added_at
                )
                for p in papers
            ],
            created_at=appeal.created_at,
        )


class AppealRequestDocument(Document):
    """The body of POST /v1/appeals: denials of one claim."""

    model_config = ConfigDict(title="AppealRequest")

    denial_ids: list[f.Text80] = Field(min_length=1, max_length=100)
    argument: f.Maybe[f.Text2000] = None


class FileAppealDocument(Document):
    """The body of :file."""

    model_config = ConfigDict(title="FileAppeal")

    method: Literal["portal", "fax", "mail", "electronic", "phone"]
    filed_on: f.Maybe[f.Day] = None
    tracking_number: f.Maybe[f.Text80] = None


class DecisionDocument(Document):
    """The body of :recordDecision."""

    model_config = ConfigDict(title="AppealDecision")

    decision: Literal["UPHELD", "OVERTURNED", "PARTIAL"]
    decided_on: f.Maybe[f.Day] = None
    recovered: f.Maybe[f.Money] = None
