"""Filed appeals follow the verdicts on their denials: a later 835 that pays decides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from app.domain.appeal import Appeal, AppealState, DecidedBy, decided_by_payment
from app.domain.clock import local_date
from app.domain.identity import Prefix, public_id
from app.domain.money import ZERO, money_text
from app.domain.task import TaskType
from app.flows.ports import UnitOfWork


def decide_by_payment(uow: UnitOfWork, claim_ids: Sequence[UUID]) -> None:
    """Decide what the denials of these claims decide, and take back what they decide no more."""
    appeals = [a for a in uow.appeals.of_claims(claim_ids) if a.was_filed]
    if not appeals:
        return
    denials = uow.denials.of_claims(sorted({appeal.claim_id for appeal in appeals}))
    for appeal in appeals:
        of_claim = denials[appeal.claim_id]
        about = set(appeal.denial_ids)
        state, recovered = decided_by_payment(
            [(d.new.line_id, d.verdict) for d in of_claim if d.id in about],
            denied_again={
                d.new.line_id for d in of_claim if d.id not in about and d.verdict.is_open
            },
        )
        if not appeal.follows_payments:
            # What the letter says stands; what came of it is what was paid.
            if recovered > appeal.recovered:
                uow.appeals.keep(replace(appeal, recovered=recovered))
        elif (state, recovered) != (appeal.state, appeal.recovered):
            decided = state is not AppealState.FILED
            now = replace(
                appeal,
                state=state,
                recovered=recovered if decided else ZERO,
                decided_by=DecidedBy.PAYMENT if decided else None,
                decided_on=local_date(uow.clock, uow.tenant.time_zone) if decided else None,
            )
            uow.appeals.keep(now)
            tell_decision(uow, now)


def tell_decision(uow: UnitOfWork, appeal: Appeal) -> None:
    """Its tasks are done; who listens is told."""
    name = public_id(Prefix.APPEAL, appeal.id)
    uow.tasks.end(TaskType.APPEAL, {appeal.id: appeal.state.lower()})
    detail = {"state": appeal.state, "recovered": money_text(appeal.recovered)}
    uow.audit("appeal.decided", subject=name, detail=detail)
    uow.event("appeal.decided", resource=name, data={"state": appeal.state})
