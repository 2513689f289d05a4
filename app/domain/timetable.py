"""When ready claims are batched: by the clock on the wall of the tenant, also when it is put on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.partner import CutOff

_A_WEEK = 8  # days: today, whose hour may be over, and the seven after it


def next_cut_off(cut_offs: Sequence[CutOff], *, after: datetime, time_zone: str) -> datetime | None:
    """The first one later than that instant, in UTC; None where there are none.

    An hour that a change of the clock leaves out comes with the hour behind it; one that comes
    twice counts the first time.
    """
    zone = ZoneInfo(time_zone)
    today = after.astimezone(zone).date()
    found = []
    for day in (today + timedelta(days=n) for n in range(_A_WEEK)):
        for cut_off in cut_offs:
            if day.isoweekday() in cut_off.days:
                at = datetime.combine(day, time.fromisoformat(cut_off.time), tzinfo=zone)
                found.append(at.astimezone(UTC))
    return min((at for at in found if at > after), default=None)
