"""Whose turn it is after a payer has decided: ours to ask the next one, or that payer's own.

A payer that has sent the claim on itself says so in one of several ways, and rarely in all of them
(lessons.md 13): each alone keeps our own claim back. What the next payer then decides arrives under
the number we gave the first one, so it has to be told apart by who pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.encounter import Coverage
from app.domain.money import ZERO
from app.domain.next_payer import PATIENT, Adjudicated, standing
from app.domain.remittance import ClaimPayment, Remittance

FORWARDED = frozenset({"19", "20", "21"})  # CLP02: processed, and sent on to the next payer
FORWARDED_REMARKS = frozenset({"MA18", "N89"})
PROCESSED = frozenset({"1", "2", "3"})  # CLP02
UNDECIDED = frozenset({"133", "257", "277"})  # CARC: the payer has not finished
SENT_ELSEWHERE, PREDETERMINATION = "23", "25"  # CLP02: not ours, only priced
_POSITIONS = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}  # CLP02


class NextState(StrEnum):
    """Where the next payer of a claim stands."""

    NOT_DUE = "not_due"  # this payer has not decided, or left nothing to ask another for
    READY = "ready"  # the claim to it can be built
    CROSSOVER_WAITING = "crossover_waiting"  # this payer sent the claim on: its 835 is awaited
    BILLED = "billed"  # a claim to it stands
    TO_REPLACE = "to_replace"  # what that claim told of this payer no longer stands


@dataclass(frozen=True, slots=True)
class NextResponsibility:
    """Who is asked after the payer of a claim, and how far that is."""

    responsibility: str  # P, S, T ...
    state: NextState
    claim_id: UUID | None = None


def is_forwarded(payment: ClaimPayment) -> bool:
    """The payer has sent the claim to the next one: CLP02, NM1*TT, or a remark."""
    remarks = {*payment.remarks, *(r for s in payment.services for r in s.remarks)}
    return (
        payment.status in FORWARDED
        or payment.crossover
        or not FORWARDED_REMARKS.isdisjoint(remarks)
    )


@dataclass(frozen=True, slots=True)
class NotDue:
    """Why the next payer is not asked now, and what there is to do."""

    what: str
    do: str
    insist: bool  # a person who gives a reason may ask it all the same


_ASK_ANYWAY = 'Send {"reason": "..."} to ask the next payer all the same.'


def why_not_due(found: Sequence[Adjudicated]) -> NotDue | None:
    """None where the next payer is due by what this one decided."""
    held = [item.payment for item in standing(found)]
    if not held:
        return NotDue(
            "No decision of this payer stands: none was posted, or the last was taken back.",
            "Wait for its remittance.",
            insist=False,
        )
    if any(p.status in (SENT_ELSEWHERE, PREDETERMINATION) for p in held):
        return NotDue(
            "This payer did not decide on the claim; it sent it elsewhere or only priced it.",
            "Wait for the payer that decides.",
            insist=False,
        )
    if any(map(is_forwarded, held)):
        return NotDue(
            "This payer has sent the claim to the next one itself (crossover).",
            f"Wait for the next payer's remittance. {_ASK_ANYWAY}",
            insist=True,
        )
    adjustments = [a for p in held for a in p.all_adjustments]
    if any(a.reason in UNDECIDED for a in adjustments):
        return NotDue("This payer has not finished with it.", _ASK_ANYWAY, insist=True)
    if any(p.status not in PROCESSED for p in held):
        return NotDue(
            "This payer denied the claim as a whole.",
            f"Work the denial. {_ASK_ANYWAY}",
            insist=True,
        )
    if not any(a.group == PATIENT and a.amount > ZERO for a in adjustments):
        return NotDue(
            "This payer left nothing to the patient, so there is nothing to ask the next one for.",
            _ASK_ANYWAY,
            insist=True,
        )
    return None


def position_paying(
    remittance: Remittance, payment: ClaimPayment, *, asked: Coverage, later: Sequence[Coverage]
) -> str:
    """Which payer of the claim a payment under its number is of: by the ids and the name in 1000A,
    else by CLP02, which counts the payers.
    """
    by_name = [(_likeness(remittance, c), c) for c in (asked, *later)]
    best = max(score for score, _ in by_name)
    named = [c for score, c in by_name if score == best] if best else []
    if len(named) == 1:
        return named[0].responsibility
    counted = _POSITIONS.get(payment.status)
    if counted in {c.responsibility for c in named or (asked, *later)}:
        return counted or asked.responsibility
    return (named[0] if named else asked).responsibility


def is_clearly_of(remittance: Remittance, payer_id: str | None, payer_name: str | None) -> bool:
    """The remittance names that payer, so that nobody else needs to be looked for."""
    return bool(_by_id(remittance, payer_id) or _by_name(remittance, payer_name))


def _likeness(remittance: Remittance, coverage: Coverage) -> int:
    if _by_id(remittance, coverage.payer_id):
        return 2
    return int(_by_name(remittance, coverage.payer_name))


def _by_id(remittance: Remittance, payer_id: str | None) -> bool:
    ids = {_plain(value) for _, value in remittance.payer_ids}
    return bool(payer_id) and _plain(payer_id or "") in ids


def _by_name(remittance: Remittance, name: str | None) -> bool:
    return bool(name) and _plain(name or "") == _plain(remittance.payer_name or "")


def _plain(text: str) -> str:
    """Capitals and digits alone, without leading zeros."""
    return "".join(c for c in text.upper() if c.isalnum()).lstrip("0")
