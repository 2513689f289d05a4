"""How a tenant's wire stands, gathered in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app.documents.connection import ConnectionAnswer
from app.documents.status import (
    FileStatus,
    LookStatus,
    PartnerStatus,
    TenantStatus,
    UnsentStatus,
)
from app.domain.partner import PartnerProfile
from app.domain.task import TaskType
from app.domain.transmission import SendFault
from app.flows.ports import WORKFLOW_CUT_OFF, WORKFLOW_PULL, LastFile, UnitOfWork, Unsent

DAY = timedelta(days=1)
_LAST_FILES = 5
_UNSENT = 100


def tenant_status(uow: UnitOfWork) -> TenantStatus:
    """The tenant of the unit of work."""
    unsent: defaultdict[UUID, list[Unsent]] = defaultdict(list)
    for one in uow.standing.unsent(limit=_UNSENT):
        unsent[one.partner_id].append(one)
    tasks = uow.standing.open_tasks()
    sent, counts = uow.standing.last_sent(), uow.standing.batches()
    by_type: Counter[str] = Counter()
    for (type, _), number in tasks.items():
        by_type[type] += number
    return TenantStatus(
        name=uow.tenant.name,
        mode=uow.tenant.mode,
        files_unfinished=uow.standing.unfinished_files(),
        files_last_day=dict(uow.standing.files(since=uow.clock.now() - DAY)),
        last_files=[_file(one) for one in uow.standing.last_files(limit=_LAST_FILES)],
        silences={kind: n for (type, kind), n in tasks.items() if type == TaskType.SILENCE},
        waiting_tasks=dict(by_type),
        partners=[
            _partner(uow, one, unsent=unsent[one.id], sent=sent.get(one.id), counts=counts)
            for one in uow.partners.all()
        ],
    )


def needs_person(status: TenantStatus) -> int:
    """How many things of the wire wait for someone to act."""
    unsent = sum(one.needs_person for partner in status.partners for one in partner.unsent)
    looks = sum(
        bool(p.last_look and p.last_look.fault and SendFault(p.last_look.fault).needs_person)
        for p in status.partners
    )
    return unsent + looks


def _partner(
    uow: UnitOfWork,
    partner: PartnerProfile,
    *,
    unsent: list[Unsent],
    sent: LastFile | None,
    counts: Mapping[tuple[UUID, str], int],
) -> PartnerStatus:
    look = uow.pulls.last(partner.id)
    return PartnerStatus(
        name=partner.name,
        connection=ConnectionAnswer.of(partner.connection).kind,
        batches={state: number for (id, state), number in counts.items() if id == partner.id},
        last_sent=_file(sent) if sent else None,
        unsent=[_unsent(one) for one in unsent],
        last_look=LookStatus(
            at=look.looked_at,
            well_at=look.well_at,
            files=look.files,
            failures=look.failures,
            fault=look.fault.value if look.fault else None,
            reason=look.reason,
        )
        if look
        else None,
        next_look_at=uow.schedule.of(WORKFLOW_PULL, partner.id),
        next_cut_off_at=uow.schedule.of(WORKFLOW_CUT_OFF, partner.id),
    )


def _unsent(one: Unsent) -> UnsentStatus:
    stuck = one.next_at is None or (one.fault is not None and SendFault(one.fault).needs_person)
    return UnsentStatus(
        file_name=one.file_name,
        state=one.state,
        since=one.since,
        attempts=one.attempts,
        fault=one.fault,
        reason=one.reason,
        next_attempt_at=one.next_at,
        needs_person=stuck,
    )


def _file(one: LastFile) -> FileStatus:
    return FileStatus(name=one.name, kind=one.kind, state=one.state, at=one.at)
