"""Rules on days: births, deaths, services and the day the file was made. No clock is asked."""

from __future__ import annotations

from typing import Any

from edi.segments import DTP
from edi.segments.control import is_dated
from edi.situations import forms
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule, day


def odd_day(o: Any, c: Context) -> bool:
    """Whether a line is not between the patient's birth and the day of the file."""
    d = o.served
    return d is not None and not (c.born <= d.value[:8] and d.value[-8:] <= c.made)


def span(d: DTP | None) -> tuple[str, str]:
    """The first and the last day; empty where there is none, or what stands there is no date."""
    if d is None or d.format_qualifier == "TM" or not is_dated(d.format_qualifier, d.value):
        return "", ""
    return d.value[:8], d.value[9:] if d.format_qualifier == "RD8" else d.value[:8]


def _in_future(o: Any, c: Context) -> Found:
    return o.served if span(o.served)[0] > c.made else None


def _ends_in_future(o: Any, c: Context) -> Found:
    first, last = span(o.served)
    return o.served if first <= c.made < last else None


def _before_birth(o: Any, c: Context) -> Found:
    first, _ = span(o.served)
    return o.served if first and first < c.born else None


def _claim_in_future(o: Any, c: Context) -> Found:
    d = o.date("472")
    return d if span(d)[0] > c.made else None


def _after_death(o: Any, c: Context) -> Found:
    died = day(c.died) if c.died else "99999999"
    return [Hit(x.served, loop=x) for x in o.lines if span(x.served)[0] > died]


def has_died(o: Any, c: Context) -> bool:
    """Whether the file tells of the patient's death."""
    return c.died is not None


_PAST = forms.words("431 454 304 453 439 484 455 471 435 297 360 090 434 139 441 446 196")


def _event_in_future(o: Any, c: Context) -> Found:
    return [d for d in o.dates if d.qualifier in _PAST and span(d)[0] > c.made]


RULES = (
    Rule(
        "SERVICE-FUTURE", CLAIMS, "2400", "DTP03", _in_future,
        "the service lies after the day the file was made",
        "bill it when it has been given", "validation.md 6, CLM10", when=odd_day,
    ),
    Rule(
        "SERVICE-FUTURE-CLAIM", "837D", "2300", "DTP03", _claim_in_future,
        "the service lies after the day the file was made",
        "bill it when it has been given", "validation.md 6, CLM10", when="dates",
        code="SERVICE-FUTURE",
    ),
    Rule(
        "SERVICE-ENDS-FUTURE", CLAIMS, "2400", "DTP03", _ends_in_future,
        "the service ends after the day the file was made",
        "bill what has been given", "validation.md 6, CLM10", "warning", when=odd_day,
    ),
    Rule(
        "SERVICE-BEFORE-BIRTH", CLAIMS, "2400", "DTP03", _before_birth,
        "the service lies before the birth of the patient", "look both days up",
        "validation.md 6, SUB03", when=odd_day,
    ),
    Rule(
        "SERVICE-AFTER-DEATH", "837P", "2300", "DTP03", _after_death,
        "the service lies after the death of the patient", "look both days up",
        "837.md 8, CLM10", "warning", when=has_died,
    ),
    Rule(
        "EVENT-FUTURE", CLAIMS, "2300 2400", "DTP03", _event_in_future,
        "something that has happened is dated after the day the file was made",
        "look the day up", "validation.md 6, CLM10", "warning", when="dates",
    ),
)  # fmt: skip
