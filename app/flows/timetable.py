"""What a partner's profile wants done by the clock: looks into its folders, and cut-offs.

Each has one row on the schedule, which its job moves on; so a change of the profile counts from the
next time on, and a partner without such settings has no rows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.connection import HttpsConnection, SftpConnection
from app.domain.partner import PartnerProfile
from app.domain.timetable import next_cut_off
from app.flows.ports import WORKFLOW_CUT_OFF, WORKFLOW_PULL, UnitOfWork


def plan_partner(uow: UnitOfWork, profile: PartnerProfile) -> None:
    """Put on the schedule what the profile as it is now wants."""
    now = uow.clock.now()
    uow.schedule.at(WORKFLOW_PULL, profile.id, now if pulls(profile) else None)
    uow.schedule.at(WORKFLOW_CUT_OFF, profile.id, _cut_off(uow, profile))


def plan_next_pull(uow: UnitOfWork, profile: PartnerProfile) -> None:
    """The look after this one."""
    later = uow.clock.now() + timedelta(minutes=profile.pull_minutes)
    uow.schedule.at(WORKFLOW_PULL, profile.id, later if pulls(profile) else None)


def plan_next_cut_off(uow: UnitOfWork, profile: PartnerProfile) -> None:
    """The cut-off after this one."""
    uow.schedule.at(WORKFLOW_CUT_OFF, profile.id, _cut_off(uow, profile))


def pulls(profile: PartnerProfile) -> bool:
    """Whether there are folders at the partner to look into."""
    if isinstance(profile.connection, SftpConnection):
        return bool(profile.connection.pickups)
    return isinstance(profile.connection, HttpsConnection)


def _cut_off(uow: UnitOfWork, profile: PartnerProfile) -> datetime | None:
    return next_cut_off(profile.cut_offs, after=uow.clock.now(), time_zone=uow.tenant.time_zone)
