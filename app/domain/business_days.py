"""The days on which banks settle: weekdays that the Federal Reserve does not keep as holidays.

A holiday on a Sunday is kept on the Monday after; one on a Saturday is not kept by the banks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6

# Month and day.
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
# Month, weekday, which of them; -1 is the last of the month.
_FLOATING = (
    (1, _MONDAY, 3),
    (2, _MONDAY, 3),
    (5, _MONDAY, -1),
    (9, _MONDAY, 1),
    (10, _MONDAY, 2),
    (11, _THURSDAY, 4),
)


def is_business_day(day: date) -> bool:
    """Whether banks settle on that day."""
    return day.weekday() < _SATURDAY and day not in set(_holidays(day.year))


def business_days_between(first: date, second: date) -> int:
    """How many business days lie after the earlier of the two, up to and with the later."""
    day, end = sorted((first, second))
    count = 0
    while day < end:
        day += _ONE_DAY
        count += is_business_day(day)
    return count


def _holidays(year: int) -> Iterator[date]:
    for month, number in _FIXED:
        day = date(year, month, number)
        yield day + _ONE_DAY if day.weekday() == _SUNDAY else day
    for month, weekday, which in _FLOATING:
        yield _nth(year, month, weekday=weekday, which=which)


def _nth(year: int, month: int, *, weekday: int, which: int) -> date:
    if which < 0:
        last = date(year, month + 1, 1) - _ONE_DAY
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
