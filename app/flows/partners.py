"""Trading partners' profiles: made, and changed from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.clock import local_date
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.partner import PartnerProfile
from app.flows.ports import UnitOfWork
from app.flows.sealing import keep_modes_apart
from app.flows.timetable import plan_partner


def add_partner(uow: UnitOfWork, profile: PartnerProfile) -> PartnerProfile:
    """A new trading partner; the same again changes nothing.

    Raises Conflict for a name or envelope ids that another partner has, and for a live partner of a
    test tenant.
    """
    for other in uow.partners.all():
        if other.name == profile.name:
            if replace(profile, id=other.id) == other:
                return other
            raise Conflict(
                f"There is a trading partner {other.name} already, with other settings.",
                do="Change that one, or choose another name; nothing was changed.",
            )
    keep_modes_apart(uow.tenant, profile)
    _refuse_same_envelope(uow, profile)
    uow.partners.add(profile)
    plan_partner(uow, profile)
    subject = public_id(Prefix.PARTNER, profile.id)
    uow.audit("partner.added", subject=subject, detail={"name": profile.name, "live": profile.live})
    uow.event("partner.added", resource=subject)
    return profile


def change_partner(
    uow: UnitOfWork, partner_id: UUID, change: Mapping[str, Any], *, valid_from: date | None = None
) -> PartnerProfile:
    """The profile with these fields from that day on, today by default; as it is on that day.

    The same again changes nothing. Raises NotFound, and Conflict for a day that is over and for
    envelope ids under which another partner is known.
    """
    today = local_date(uow.clock, uow.tenant.time_zone)
    day = valid_from or today
    before = uow.partners.hold(partner_id, on=day)
    if before is None:
        raise NotFound("trading partner", "of this id")
    after = replace(before, **change)
    if after == before:
        return before
    if day < today:
        raise Conflict(
            f"{day} is over: files have left by the profile of that day.",
            do="Change it from today on, or from a later day; nothing was changed.",
        )
    _refuse_same_envelope(uow, after)
    uow.partners.change(before, after, valid_from=day)
    now = uow.partners.get(partner_id)
    if now is not None:
        plan_partner(uow, now)
    changed = {
        name: [_told(getattr(before, name)), _told(getattr(after, name))]
        for name in change
        if getattr(before, name) != getattr(after, name)
    }
    subject = public_id(Prefix.PARTNER, after.id)
    uow.audit(
        "partner.changed",
        subject=subject,
        detail=changed if day == today else {**changed, "validFrom": day.isoformat()},
    )
    uow.event("partner.changed", resource=subject, data={"members": list(changed)})
    return after


def route_payers(uow: UnitOfWork, profile: PartnerProfile, payers: Sequence[str] | None) -> None:
    """The claims of these payers, and of no others, go to the partner; None: as it was.

    A payer that no encounter has named yet is made under its id.
    """
    if payers is None:
        return
    before = set(uow.payers.of_partner(profile.id))
    wanted = set(payers)
    if wanted == before:
        return
    for payer_id in sorted(wanted - before):
        uow.payers.ensure(payer_id=payer_id, name=payer_id)
        uow.payers.set_partner(payer_id, profile.id)
    for payer_id in sorted(before - wanted):
        uow.payers.set_partner(payer_id, None)
    detail = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
    uow.audit("partner.payers", subject=public_id(Prefix.PARTNER, profile.id), detail=detail)


def _refuse_same_envelope(uow: UnitOfWork, profile: PartnerProfile) -> None:
    for other in uow.partners.all():
        if other.id != profile.id and other.envelope == profile.envelope:
            raise Conflict(
                f"Trading partner {other.name} has these ids in ISA05 to ISA08 already.",
                do="A file could be from either; nothing was changed.",
            )


def _told(value: Any) -> Any:
    """A member as the audit chain keeps it, which is JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return _told(asdict(value))
    if isinstance(value, Mapping):
        return {str(name): _told(member) for name, member in value.items()}
    return [_told(one) for one in value] if isinstance(value, list | tuple) else value
