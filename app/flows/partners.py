"""Trading partners' profiles: what a user may set of them, and who a file is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.partner import PartnerProfile
from app.flows.ports import UnitOfWork


def change_partner(uow: UnitOfWork, partner_id: UUID, change: Mapping[str, Any]) -> PartnerProfile:
    """The profile with these fields as they are now; the same again changes nothing.

    Raises NotFound, and Conflict for envelope ids under which another partner is known.
    """
    before = uow.partners.hold(partner_id)
    if before is None:
        raise NotFound("trading partner", "of this id")
    after = replace(before, **change)
    if after == before:
        return before
    for other in uow.partners.all():
        if other.id != after.id and other.envelope == after.envelope:
            raise Conflict(
                f"Trading partner {other.name} has these ids in ISA05 to ISA08 already.",
                do="A file could be from either; nothing was changed.",
            )
    uow.partners.change(after)
    changed = [name for name in change if getattr(before, name) != getattr(after, name)]
    subject = public_id(Prefix.PARTNER, after.id)
    uow.audit(
        "partner.changed",
        subject=subject,
        detail={name: [getattr(before, name), getattr(after, name)] for name in changed},
    )
    uow.event("partner.changed", resource=subject, data={"members": changed})
    return after
