"""A look into a partner's folders: each whole file is taken in once, and the next look is planned.

A file and the note that it was taken are one transaction; so a look that is cut off and run again
takes what is left. A fault ends up beside the partner, where `claimloop status` shows it.
"""

from __future__ import annotations

from uuid import UUID

from app.domain.connection import Collected, RemoteFile
from app.domain.errors import NotFound
from app.domain.identity import Prefix, public_id
from app.domain.transmission import pause_after
from app.flows.ports import WORKFLOW_PULL, Mailboxes, RawFiles, UnitOfWork, UnitsOfWork
from app.flows.receive import received
from app.flows.timetable import plan_next_pull, pulls


def pull(
    units: UnitsOfWork, raw: RawFiles, mailboxes: Mailboxes, *, tenant_id: UUID, partner_id: UUID
) -> Collected:
    """Take in what the partner's folders hold; safe to repeat."""
    with units(tenant_id, actor="system") as uow:
        tenant = uow.tenant
        partner = uow.partners.get(partner_id)
    if partner is None:
        raise NotFound("trading partner", public_id(Prefix.PARTNER, partner_id))
    if not pulls(partner):
        return Collected()
    actor = f"partner {partner.name}"

    def known(file: RemoteFile) -> bool:
        with units(tenant_id, actor=actor) as uow:
            return uow.pulls.known(partner_id, file)

    def take(file: RemoteFile, data: bytes) -> None:
        sha256 = raw.put(tenant_id, data)
        with units(tenant_id, actor=actor) as uow:
            if not uow.pulls.known(partner_id, file):
                stored = received(uow, name=file.name, sha256=sha256, size=len(data))
                uow.pulls.keep(partner_id, file, file_id=stored.id)

    collected = mailboxes(tenant, partner).collect(known=known, take=take)
    with units(tenant_id, actor="system") as uow:
        failures = uow.pulls.looked(partner_id, collected)
        plan_next_pull(uow, partner)
        _sooner_after_a_fault(uow, partner_id, collected, failures)
    return collected


def _sooner_after_a_fault(
    uow: UnitOfWork, partner_id: UUID, collected: Collected, failures: int
) -> None:
    """A line that broke is tried again soon; a login that was refused, not too soon."""
    planned = uow.schedule.of(WORKFLOW_PULL, partner_id)
    if collected.fault is None or planned is None:
        return
    again = uow.clock.now() + pause_after(collected.fault, attempts=failures)
    if collected.fault.needs_person:
        uow.schedule.at(WORKFLOW_PULL, partner_id, max(planned, again))
    else:
        uow.schedule.at(WORKFLOW_PULL, partner_id, min(planned, again))
