"""One attempt at bringing a sealed file to its partner, for batches and answers alike.

An attempt is on record before it begins, and again before the partner can see the file, each in a
transaction of its own; so whatever happens to this process, the next attempt knows where it stands.
What the attempt came to is recorded by the caller in the transaction that changes the batch or the
answer. A failed one puts the next one on the schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.partner import PartnerProfile
from app.domain.transmission import (
    NameTaken,
    SendFault,
    SendOutcome,
    SendState,
    StepKind,
    Superseded,
    pause_after,
)
from app.flows.ports import RawFiles, Transports, UnitOfWork, UnitsOfWork
from app.flows.sealing import keep_modes_apart


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What is sent: a batch's or an answer's bytes, under the name they have for ever."""

    subject_id: UUID
    workflow: str  # that sends it
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """What an attempt came to."""

    attempt: int
    outcome: SendOutcome


def attempt(
    units: UnitsOfWork,
    raw: RawFiles,
    transports: Transports,
    *,
    tenant_id: UUID,
    partner: PartnerProfile,
    file: SealedFile,
) -> Attempted | None:
    """Hand the file over; None: another attempt has begun meanwhile, and this one did nothing.

    Raises Conflict where a test tenant's file would go to a live partner.
    """
    with units(tenant_id, actor="system") as uow:
        tenant = uow.tenant
        keep_modes_apart(tenant, partner)
        begun = uow.transmissions.begin(file.subject_id, partner_id=partner.id)

    def publish() -> None:
        with units(tenant_id, actor="system") as uow:
            if not uow.transmissions.publish(file.subject_id, attempt=begun.attempt):
                raise Superseded

    data = raw.get(tenant_id, file.sha256)
    transport = transports(tenant, partner)
    try:
        outcome = transport.send(file.name, data, published=begun.published, publish=publish)
    except NameTaken as taken:
        outcome = SendOutcome(SendState.FAILED, str(taken), SendFault.NAME_TAKEN)
    except Superseded:
        return None
    return Attempted(begun.attempt, outcome)


def record_attempt(uow: UnitOfWork, file: SealedFile, attempted: Attempted) -> bool:
    """Keep what it came to and plan the next one; False: superseded, and nothing is kept."""
    outcome = attempted.outcome
    fault = outcome.fault or SendFault.REFUSED if outcome.state is SendState.FAILED else None
    next_at = _next_at(uow, fault, attempted.attempt)
    current = uow.transmissions.end(
        file.subject_id,
        attempt=attempted.attempt,
        kind=_STEPS[outcome.state],
        fault=fault,
        reason=outcome.reason,
        next_at=next_at,
    )
    if current:
        uow.schedule.at(file.workflow, file.subject_id, next_at)
    return current


def give_up_attempt(uow: UnitOfWork, subject_id: UUID, *, workflow: str, reason: str) -> None:
    """Our own process failed on the way, again and again: the schedule tries it later."""
    attempts = uow.transmissions.attempts(subject_id)
    next_at = _next_at(uow, SendFault.OURS, max(attempts, 1))
    if attempts:
        uow.transmissions.end(
            subject_id,
            attempt=attempts,
            kind=StepKind.FAILED,
            fault=SendFault.OURS,
            reason=reason,
            next_at=next_at,
        )
    uow.schedule.at(workflow, subject_id, next_at)


def _next_at(uow: UnitOfWork, fault: SendFault | None, attempts: int) -> datetime | None:
    return None if fault is None else uow.clock.now() + pause_after(fault, attempts=attempts)


_STEPS = {
    SendState.SENT: StepKind.SENT,
    SendState.FAILED: StepKind.FAILED,
    SendState.UNKNOWN: StepKind.UNKNOWN,
}
