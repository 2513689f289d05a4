"""Appeals by people: drafted from open denials, filed, decided, withdrawn, and their papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.domain.appeal import DECISIONS, Appeal, AppealState, DecidedBy, NextLevel, next_level
from app.domain.claim import StoredClaim
from app.domain.clock import local_date
from app.domain.denial_categories import Owner
from app.domain.denial_record import StoredDenial
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, new_id, public_id
from app.domain.money import ZERO
from app.domain.payer_terms import Terms, program_of, terms_on
from app.domain.task import NewTask, TaskType
from app.flows.appeal_verdicts import tell_decision
from app.flows.denials import judge_again
from app.flows.ports import RawFiles, UnitOfWork

# When nothing is heard of a filed appeal for so long, somebody asks.
DECISION_DAYS = 60


def draft(uow: UnitOfWork, denial_ids: Sequence[UUID], *, argument: str | None = None) -> Appeal:
    """An appeal of open denials of one claim, at the level that comes next for their lines."""
    denials = [_denial(uow, id) for id in dict.fromkeys(denial_ids)]
    claim_id = denials[0].new.claim_id
    claim = uow.claims.held([claim_id])[claim_id]
    denials = [_denial(uow, denial.id) for denial in denials]
    if {denial.new.claim_id for denial in denials} != {claim_id}:
        raise Conflict("The denials are of several claims.", do="Appeal each claim by itself.")
    for denial in denials:
        if not denial.verdict.is_open or not denial.new.found.advice.appealable:
            raise Conflict(
                f"Denial {public_id(Prefix.DENIAL, denial.id)} is closed or cannot be appealed.",
                do="Leave it out.",
            )
    earlier = uow.appeals.of_claims([claim_id])
    lines = {denial.new.line_id for denial in denials}
    before = [a for a in earlier if lines & _lines(uow, a)]
    if any(a.state in (AppealState.DRAFT, AppealState.FILED) for a in before):
        raise Conflict("An appeal of these lines is under way.", do="Decide or withdraw it first.")
    decided = [a for a in before if a.state in DECISIONS]
    previous = max(decided, key=lambda a: (a.level, a.id), default=None)
    terms = _terms(uow, claim)
    if previous is None:
        level, name = 1, terms.appeals[0].name
        days = [d.new.appeal_deadline for d in denials if d.new.appeal_deadline]
        deadline = min(days, default=None)
    else:
        following = next_level(previous, terms)
        if following is None:
            raise Conflict(
                f"Level {previous.level} decided it {previous.state} and is the last.",
                do="There is no instance above it.",
            )
        level, name, deadline = following.level, following.name, following.deadline
    dearest = max(denials, key=lambda d: d.verdict.at_stake)
    appeal = Appeal(
        id=new_id(uow.clock),
        claim_id=claim_id,
        level=level,
        level_name=name,
        category=dearest.new.found.advice.category,
        state=AppealState.DRAFT,
        deadline=deadline,
        amount_at_stake=sum((d.verdict.at_stake for d in denials), ZERO),
        denial_ids=tuple(sorted(d.id for d in denials)),
        created_by=uow.actor,
        created_at=uow.clock.now(),
        argument=argument,
        previous_id=previous.id if previous else None,
    )
    uow.appeals.add(appeal)
    if previous is not None:
        uow.tasks.end(TaskType.APPEAL, {previous.id: "next_level"})
    _begin_task(uow, appeal, "file", due=deadline)
    uow.audit("appeal.drafted", subject=public_id(Prefix.APPEAL, appeal.id))
    return appeal


def file(
    uow: UnitOfWork,
    appeal_id: UUID,
    *,
    filed_on: date | None,
    method: str,
    tracking_number: str | None,
) -> Appeal:
    """It went to the payer. A day after the deadline is kept and said in the audit chain."""
    appeal = _held(uow, appeal_id, AppealState.DRAFT)
    today = local_date(uow.clock, uow.tenant.time_zone)
    on = filed_on or today
    if on > today:
        raise Conflict("The day of filing is ahead.", do="File it when it has left.")
    filed = replace(
        appeal,
        state=AppealState.FILED,
        filed_on=on,
        method=method,
        tracking_number=tracking_number,
    )
    uow.appeals.keep(filed)
    uow.denials.mark_appealed(appeal.denial_ids, appealed=True)
    uow.tasks.end(TaskType.APPEAL, {appeal.id: "filed"})
    _begin_task(uow, filed, "await_decision", due=on + timedelta(days=DECISION_DAYS))
    name = public_id(Prefix.APPEAL, appeal.id)
    late = bool(appeal.deadline and on > appeal.deadline)
    uow.audit("appeal.filed", subject=name, detail={"level": appeal.level, "late": late})
    uow.event("appeal.filed", resource=name, data={"level": appeal.level})
    return filed


def record_decision(
    uow: UnitOfWork,
    appeal_id: UUID,
    *,
    decision: AppealState,
    decided_on: date | None,
    recovered: Decimal | None,
) -> Appeal:
    """What the payer's letter says. No money moves: the 835 that pays does that."""
    appeal = _held(uow, appeal_id, AppealState.FILED)
    decided = replace(
        appeal,
        state=decision,
        decided_on=decided_on or local_date(uow.clock, uow.tenant.time_zone),
        decided_by=DecidedBy.PERSON,
        recovered=recovered or ZERO,
    )
    uow.appeals.keep(decided)
    tell_decision(uow, decided)
    following = level_after(uow, decided)
    if following is not None:
        _begin_task(uow, decided, "next_level", due=following.deadline)
    return decided


def withdraw(uow: UnitOfWork, appeal_id: UUID) -> Appeal:
    """We ask no more; its denials stay open."""
    appeal = _held(uow, appeal_id, AppealState.DRAFT, AppealState.FILED)
    withdrawn = replace(appeal, state=AppealState.WITHDRAWN)
    uow.appeals.keep(withdrawn)
    uow.denials.mark_appealed(appeal.denial_ids, appealed=False)
    tell_decision(uow, withdrawn)
    judge_again(uow, [appeal.claim_id])
    return withdrawn


def attach(uow: UnitOfWork, raw: RawFiles, appeal_id: UUID, *, name: str, data: bytes) -> Appeal:
    """Keep a paper with the appeal, under its hash."""
    appeal = _held(uow, appeal_id, AppealState.DRAFT, AppealState.FILED)
    sha256 = raw.put(uow.tenant.id, data)
    uow.appeals.add_document(appeal.id, name=name, sha256=sha256, size=len(data))
    detail = {"sha256": sha256}
    uow.audit("appeal.document_added", subject=public_id(Prefix.APPEAL, appeal.id), detail=detail)
    return appeal


def level_after(uow: UnitOfWork, appeal: Appeal) -> NextLevel | None:
    """The instance that may be asked next, and until when."""
    claim = uow.claims.get(appeal.claim_id)
    return next_level(appeal, _terms(uow, claim)) if claim else None


def _terms(uow: UnitOfWork, claim: StoredClaim) -> Terms:
    asked = uow.claims.snapshots([claim.id]).get(claim.id)
    own = uow.denials.terms(claim.payer_row) if claim.payer_row else []
    return terms_on(
        local_date(uow.clock, uow.tenant.time_zone),
        program=program_of(asked.coverage.claim_filing_code if asked else None),
        own=own,
    )


def _lines(uow: UnitOfWork, appeal: Appeal) -> set[UUID | None]:
    return {_denial(uow, id).new.line_id for id in appeal.denial_ids}


def _begin_task(uow: UnitOfWork, appeal: Appeal, category: str, *, due: date | None) -> None:
    task = NewTask(
        type=TaskType.APPEAL,
        category=category,
        subject_id=appeal.id,
        claim_id=appeal.claim_id,
        owner=Owner.BILLER,
        amount=appeal.amount_at_stake,
        due=due,
    )
    uow.tasks.begin([task], today=local_date(uow.clock, uow.tenant.time_zone))


def _denial(uow: UnitOfWork, denial_id: UUID) -> StoredDenial:
    denial = uow.denials.get(denial_id)
    if denial is None:
        raise NotFound("denial", "of this id")
    return denial


def _held(uow: UnitOfWork, appeal_id: UUID, *states: AppealState) -> Appeal:
    """The appeal with its claim held; raises Conflict when it is in no such state."""
    named = uow.appeals.get(appeal_id)
    if named is None:
        raise NotFound("appeal", "of this id")
    uow.claims.held([named.claim_id])
    appeal = uow.appeals.get(appeal_id)
    assert appeal is not None, "an appeal is never deleted"
    if appeal.state not in states:
        raise Conflict(f"The appeal is {appeal.state}.", do="Nothing was changed.")
    return appeal
