"""Once an hour: work that no file tells of. Silences, what waits for people, deadlines that near.

Each page is a transaction of its own, and each task is made once for its subject, so a sweep that
is interrupted or runs twice does no harm. A task whose cause is gone is finished here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from app.domain.clock import local_date
from app.domain.denial_categories import Owner, Window
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.partner import ACKNOWLEDGMENTS, PartnerProfile
from app.domain.payer_terms import deadline, program_of, terms_on
from app.domain.silence import WAITING, Patience, silences
from app.domain.task import NewTask, TaskType
from app.domain.underpayment import State
from app.flows.next_claims import bill_due
from app.flows.ports import UnitOfWork, UnitsOfWork, WaitingClaim

PAGE = 200
FILING_WARNING = timedelta(days=30)

# Claims that have still to reach their payer.
_NOT_FILED = frozenset(
    {
        Stage.DRAFT,
        Stage.NEEDS_INFO,
        Stage.ON_HOLD,
        Stage.READY,
        Stage.FILE_REJECTED,
        Stage.REJECTED,
    }
)
_GONE = "answered"


def sweep(units: UnitsOfWork, *, tenant_id: UUID) -> None:
    """Bring a tenant's tasks up to now, and ask the next payers where that is automatic."""
    bill_due(units, tenant_id=tenant_id)
    for stages, find, type in (
        (WAITING, _silent, TaskType.SILENCE),
        (frozenset({Stage.INFO_REQUESTED}), _asked, TaskType.INFO_REQUESTED),
        (_NOT_FILED, _late, TaskType.FILING_DEADLINE),
    ):
        seen = _open_what_is_found(units, tenant_id, stages, find)
        _end_what_is_gone(units, tenant_id, type, seen)
    _waiting_payments(units, tenant_id)
    _disputes(units, tenant_id)
    with units(tenant_id, actor="system") as uow:
        uow.tasks.wake(today=local_date(uow.clock, uow.tenant.time_zone))


_Find = Callable[[UnitOfWork, Sequence[WaitingClaim]], list[NewTask]]
_Seen = set[tuple[UUID, str]]  # subject and category


def _open_what_is_found(
    units: UnitsOfWork, tenant_id: UUID, stages: frozenset[Stage], find: _Find
) -> _Seen:
    seen: _Seen = set()
    after: UUID | None = None
    while True:
        with units(tenant_id, actor="system") as uow:
            claims = uow.tasks.claims_in(stages, limit=PAGE, after=after)
            tasks = find(uow, claims)
            uow.tasks.begin(tasks, today=local_date(uow.clock, uow.tenant.time_zone))
        seen.update((task.subject_id, task.category) for task in tasks)
        if len(claims) < PAGE:
            return seen
        after = claims[-1].claim_id


def _end_what_is_gone(
    units: UnitsOfWork, tenant_id: UUID, type: TaskType, still_there: _Seen
) -> None:
    after: UUID | None = None
    while True:
        with units(tenant_id, actor="system") as uow:
            tasks = uow.tasks.unfinished(type, limit=PAGE, after=after)
            for task in tasks:
                if (task.new.subject_id, task.new.category) not in still_there:
                    gone = {task.new.subject_id: _GONE}
                    uow.tasks.end(type, gone, category=task.new.category)
        if len(tasks) < PAGE:
            return
        after = tasks[-1].id


def _silent(uow: UnitOfWork, claims: Sequence[WaitingClaim]) -> list[NewTask]:
    """What is missing of each submission, by the patience of the partner it went to."""
    facts = uow.evidence.of_submissions([claim.submission_id for claim in claims])
    partners: dict[UUID | None, PartnerProfile | None] = {
        id: uow.partners.get(id) if id else None for id in {claim.partner_id for claim in claims}
    }
    tasks = []
    for claim in claims:
        partner = partners[claim.partner_id]
        patience = Patience(**partner.patience) if partner else Patience()
        expects = partner.expects if partner else ACKNOWLEDGMENTS
        for missing in silences(
            facts[claim.submission_id], now=uow.clock.now(), patience=patience, expects=expects
        ):
            tasks.append(
                NewTask(
                    type=TaskType.SILENCE,
                    category=missing.kind,
                    subject_id=claim.submission_id,
                    claim_id=claim.claim_id,
                    owner=Owner.BILLER,
                    amount=claim.amount,
                    due=missing.due.date(),
                )
            )
    return tasks


def _asked(uow: UnitOfWork, claims: Sequence[WaitingClaim]) -> list[NewTask]:
    """The payer asked; the days it gives for records are counted from the day it did."""
    today = local_date(uow.clock, uow.tenant.time_zone)
    tasks = []
    for claim in claims:
        own = uow.denials.terms(claim.payer_row) if claim.payer_row else []
        asked_on = claim.as_of or today
        terms = terms_on(asked_on, program=program_of(None), own=own)
        tasks.append(
            NewTask(
                type=TaskType.INFO_REQUESTED,
                category="info_requested",
                subject_id=claim.submission_id,
                claim_id=claim.claim_id,
                owner=Owner.BILLER,
                amount=claim.amount,
                due=deadline(Window.RECORDS, terms, decided=asked_on, served=None),
            )
        )
    return tasks


def _late(uow: UnitOfWork, claims: Sequence[WaitingClaim]) -> list[NewTask]:
    """Claims whose last day to be filed is near or over."""
    today = local_date(uow.clock, uow.tenant.time_zone)
    asked = uow.claims.snapshots([claim.claim_id for claim in claims])
    tasks = []
    for claim in claims:
        snapshot = asked.get(claim.claim_id)
        program = program_of(snapshot.coverage.claim_filing_code if snapshot else None)
        own = uow.denials.terms(claim.payer_row) if claim.payer_row else []
        terms = terms_on(claim.first_service_date or today, program=program, own=own)
        due = deadline(Window.FILING, terms, decided=None, served=claim.first_service_date)
        if due is not None and due - FILING_WARNING <= today:
            tasks.append(
                NewTask(
                    type=TaskType.FILING_DEADLINE,
                    category="filing_deadline",
                    subject_id=claim.submission_id,
                    claim_id=claim.claim_id,
                    owner=Owner.BILLER,
                    amount=claim.amount,
                    due=due,
                )
            )
    return tasks


def _disputes(units: UnitsOfWork, tenant_id: UUID) -> None:
    """A line that is disputed no longer needs no task: it was paid, or taken back."""
    after: UUID | None = None
    while True:
        with units(tenant_id, actor="system") as uow:
            tasks = uow.tasks.unfinished(TaskType.UNDERPAYMENT, limit=PAGE, after=after)
            found = {t.new.subject_id: uow.underpayments.get(t.new.subject_id) for t in tasks}
            gone = {
                id: _GONE for id, one in found.items() if not one or one.state != State.DISPUTED
            }
            uow.tasks.end(TaskType.UNDERPAYMENT, gone)
        if len(tasks) < PAGE:
            return
        after = tasks[-1].id


def _waiting_payments(units: UnitsOfWork, tenant_id: UUID) -> None:
    while True:
        with units(tenant_id, actor="system") as uow:
            settled = uow.tasks.settled_payments(limit=PAGE)
            uow.tasks.end(TaskType.WAITING_PAYMENT, dict.fromkeys(settled, "settled"))
            found = uow.tasks.new_waiting_payments(limit=PAGE)
            tasks = [
                NewTask(
                    type=TaskType.WAITING_PAYMENT,
                    category=payment.reason,
                    subject_id=payment.id,
                    claim_id=payment.claim_id,
                    owner=Owner.BILLER,
                    amount=payment.amount or ZERO,
                )
                for payment in found
            ]
            uow.tasks.begin(tasks, today=local_date(uow.clock, uow.tenant.time_zone))
        if len(settled) < PAGE and len(found) < PAGE:
            return
