"""Silence is evidence: what should have been answered by now and was not (api.md 4.3 rule 7).

Two things are waited for at once. The acknowledgments come one after another, so only the first one
that is missing is told: without a TA1 or 999 nobody else can have answered. The decision and its
835 are waited for from the day the claim left, whether or not everybody acknowledged it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.business_days import is_business_day
from app.domain.lifecycle import Evidence, ReportedBy, Stage, fold
from app.domain.partner import ACKNOWLEDGMENTS


class Silence(StrEnum):
    """What is missing."""

    NO_ACK = "no_ack"  # no TA1, no 999
    NO_CLEARINGHOUSE_REPLY = "no_clearinghouse_reply"  # no 277CA at all
    NO_PAYER_REPLY = "no_payer_reply"  # no 277CA of the payer
    NO_ADJUDICATION = "no_adjudication"
    MISSING_ERA = "missing_era"
    NO_ERA_AFTER_FINAL = "no_era_after_final"  # a 277 says it is decided, no 835 does


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a trading partner's answers are waited for; a profile may say otherwise."""

    acknowledgment_hours: int = 24
    clearinghouse_business_days: int = 2
    payer_business_days: int = 5
    adjudication_days: int = 30
    remittance_days: int = 45
    remittance_after_final_business_days: int = 10


@dataclass(frozen=True, slots=True)
class Missing:
    """A silence, and since when it is one."""

    kind: Silence
    due: datetime


# A claim in one of these has left and is waited for. What was refused or decided is not, and what
# the payer asked us about waits for ourselves.
WAITING = frozenset(
    {
        Stage.SEND_UNKNOWN,
        Stage.TRANSMITTED,
        Stage.FILE_ACCEPTED,
        Stage.FORWARDED,
        Stage.RECEIVED,
        Stage.ACCEPTED_CLEARINGHOUSE,
        Stage.ACCEPTED_PAYER,
        Stage.SPLIT,
        Stage.NOT_FOUND,
        Stage.PENDED,
        Stage.FINALIZED_AWAITING_REMIT,
    }
)
_LEFT = frozenset({Stage.TRANSMITTED, Stage.SEND_UNKNOWN})


def silences(
    evidence: Iterable[Evidence],
    *,
    now: datetime,
    patience: Patience = Patience(),
    expects: Collection[str] = ACKNOWLEDGMENTS,
) -> list[Missing]:
    """What is missing of one submission now: at most one acknowledgment of those that the partner
    sends, and the decision."""
    facts = list(evidence)
    sent = [e.effective for e in facts if e.reported_by == ReportedBy.SYSTEM and e.stage in _LEFT]
    if not sent or fold(facts).stage not in WAITING:
        return []
    left = min(sent)
    missing = []
    for expected in _ACKNOWLEDGMENTS:
        if expected.told_by.isdisjoint(expects):
            continue
        if not any(expected.answered(e) for e in facts):
            missing.append(Missing(expected.kind, expected.due(left, patience)))
            break
    missing += _decision(facts, left, patience, now)
    return [m for m in missing if m.due <= now]


def after_business_days(instant: datetime, days: int) -> datetime:
    """The same time of day so many business days later."""
    while days:
        instant += timedelta(days=1)
        days -= is_business_day(instant.date())
    return instant


@dataclass(frozen=True, slots=True)
class _Expected:
    kind: Silence
    told_by: frozenset[str]  # the acknowledgments that answer it
    due: Callable[[datetime, Patience], datetime]
    answered: Callable[[Evidence], bool]


_ACKNOWLEDGMENTS = (
    _Expected(
        Silence.NO_ACK,
        frozenset({"TA1", "999"}),
        lambda left, p: left + timedelta(hours=p.acknowledgment_hours),
        lambda e: e.reported_by != ReportedBy.SYSTEM,
    ),
    _Expected(
        Silence.NO_CLEARINGHOUSE_REPLY,
        frozenset({"277CA"}),
        lambda left, p: after_business_days(left, p.clearinghouse_business_days),
        lambda e: e.kind == "277CA" or e.reported_by == ReportedBy.PAYER,
    ),
    _Expected(
        Silence.NO_PAYER_REPLY,
        frozenset({"277CA"}),
        lambda left, p: after_business_days(left, p.payer_business_days),
        lambda e: e.reported_by == ReportedBy.PAYER,
    ),
)


def _decision(
    facts: list[Evidence], left: datetime, patience: Patience, now: datetime
) -> list[Missing]:
    """The 835: the 30 days until a decision become the 45 of a missing remittance."""
    final = [e.effective for e in facts if e.stage is Stage.FINALIZED_AWAITING_REMIT]
    if final:
        days = patience.remittance_after_final_business_days
        return [Missing(Silence.NO_ERA_AFTER_FINAL, after_business_days(min(final), days))]
    adjudication = left + timedelta(days=patience.adjudication_days)
    remittance = left + timedelta(days=patience.remittance_days)
    if remittance <= now:
        return [Missing(Silence.MISSING_ERA, remittance)]
    return [Missing(Silence.NO_ADJUDICATION, adjudication)]
