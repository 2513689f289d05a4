"""How long we have: the windows in which a payer hears a correction, an appeal, records or a claim.

Defaults are dated rows by program (SBR09 says which program a claim is under); what a payer's own
contract says goes before them. They are where to begin, not legal advice: api.md 5.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.denial_categories import Window


@dataclass(frozen=True, slots=True)
class AppealLevel:
    """One instance that hears an appeal, and the days until it must be filed."""

    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """The windows of one program or payer, in days."""

    appeals: tuple[AppealLevel, ...]
    correction_days: int
    records_days: int
    filing_days: int


@dataclass(frozen=True, slots=True)
class PayerWindows:
    """What one payer's contract says otherwise from a day on; None: as the default."""

    valid_from: date
    program: str | None = None
    appeal_days: tuple[int, ...] | None = None  # by level, from 1
    correction_days: int | None = None
    records_days: int | None = None
    filing_days: int | None = None


MEDICARE, ADVANTAGE, MEDICAID, COMMERCIAL = (
    "medicare",
    "medicare_advantage",
    "medicaid",
    "commercial",
)
PROGRAMS = (MEDICARE, ADVANTAGE, MEDICAID, COMMERCIAL)

# SBR09 -> program; every other filing indicator is commercial.
_PROGRAM: Mapping[str, str] = {"MA": MEDICARE, "MB": MEDICARE, "16": ADVANTAGE, "MC": MEDICAID}

_MEDICARE_LEVELS = (
    AppealLevel("redetermination", 120),
    AppealLevel("reconsideration", 180),
    AppealLevel("administrative law judge", 60),
    AppealLevel("Medicare Appeals Council", 60),
    AppealLevel("federal district court", 60),
)
_AFTER_THE_PLAN = (AppealLevel("independent review entity", 60), *_MEDICARE_LEVELS[2:])
_ALWAYS = date(1, 1, 1)

# (program, from when) -> terms. A year is 365 days.
DEFAULTS: Mapping[tuple[str, date], Terms] = {
    (MEDICARE, _ALWAYS): Terms(_MEDICARE_LEVELS, 365, 45, 365),
    (ADVANTAGE, _ALWAYS): Terms(
        (AppealLevel("plan reconsideration", 60), *_AFTER_THE_PLAN), 180, 45, 365
    ),
    # 42 CFR 422.582 as changed for 2025.
    (ADVANTAGE, date(2025, 1, 1)): Terms(
        (AppealLevel("plan reconsideration", 65), *_AFTER_THE_PLAN), 180, 45, 365
    ),
    (MEDICAID, _ALWAYS): Terms(
        (AppealLevel("plan appeal", 60), AppealLevel("state fair hearing", 120)), 90, 45, 180
    ),
    (COMMERCIAL, _ALWAYS): Terms(
        (
            AppealLevel("first-level appeal", 180),
            AppealLevel("second-level appeal", 60),
            AppealLevel("external review", 120),
        ),
        180,
        45,
        180,
    ),
}


def program_of(claim_filing_code: str | None) -> str:
    """The program of SBR09."""
    return _PROGRAM.get(claim_filing_code or "", COMMERCIAL)


def terms_on(day: date, *, program: str, own: Iterable[PayerWindows] = ()) -> Terms:
    """The terms that hold on a day: the payer's own where it has any, else the program's."""
    special = max(
        (row for row in own if row.valid_from <= day), key=lambda row: row.valid_from, default=None
    )
    if special and special.program:
        program = special.program
    valid = max(start for name, start in DEFAULTS if name == program and start <= day)
    terms = DEFAULTS[program, valid]
    if special is None:
        return terms
    days = dict(enumerate(special.appeal_days or ()))
    return Terms(
        appeals=tuple(
            AppealLevel(level.name, days.get(n, level.days))
            for n, level in enumerate(terms.appeals)
        ),
        correction_days=_own(special.correction_days, terms.correction_days),
        records_days=_own(special.records_days, terms.records_days),
        filing_days=_own(special.filing_days, terms.filing_days),
    )


def deadline(
    window: Window | None, terms: Terms, *, decided: date | None, served: date | None
) -> date | None:
    """The last day of an action; None where nothing counts or the day it counts from is unknown."""
    match window:
        case Window.APPEAL:
            return _after(decided, terms.appeals[0].days)
        case Window.CORRECTION:
            return _after(decided, terms.correction_days)
        case Window.RECORDS:
            return _after(decided, terms.records_days)
        case Window.FILING:
            return _after(served, terms.filing_days)
        case None:
            return None


def _own(days: int | None, default: int) -> int:
    return default if days is None else days


def _after(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)
