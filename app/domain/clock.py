"""The one place that knows what time it is; everything else is handed a `Clock`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Gives the present instant, always in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still, for tests and for replays that must repeat byte for byte."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError("a clock needs an instant with a time zone")
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant


def local_date(clock: Clock, time_zone: str) -> date:
    """Today where the practice is: a date of service is in the future by its own calendar."""
    return clock.now().astimezone(ZoneInfo(time_zone)).date()
