"""At a partner's cut-off: its ready claims are batched, and the next cut-off is planned."""

from __future__ import annotations

from uuid import UUID

from app.domain.errors import NotFound
from app.domain.identity import Prefix, public_id
from app.flows.batches import seal_batches
from app.flows.ports import RawFiles, UnitsOfWork
from app.flows.timetable import plan_next_cut_off


def cut_off(units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, partner_id: UUID) -> None:
    """Batch what is ready for the partner, some thousand claims a transaction; safe to repeat."""
    more = True
    while more:
        with units(tenant_id, actor="system") as uow:
            sealed = seal_batches(uow, raw, partner_id=partner_id)
            more = bool(sealed.batches)
    with units(tenant_id, actor="system") as uow:
        partner = uow.partners.get(partner_id)
        if partner is None:
            raise NotFound("trading partner", public_id(Prefix.PARTNER, partner_id))
        plan_next_cut_off(uow, partner)
