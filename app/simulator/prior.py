"""What earlier payers have settled of each line, by the 2320 and 2430 of a claim (837.md 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.simulator.received import Line

NOTHING = Decimal(0)
PATIENT = "PR"


def with_settled(claim: Any, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, each with all that is not left for the patient by the last payer who decided.

    What is only told of the whole claim is taken from its lines in their order.
    """
    decided = [other for other in claim.other_payers if other.amount("D") is not None]
    if not decided:
        return tuple(lines)
    last = decided[-1]
    payer = last.payer.name.id
    own = [[d for d in loop.decisions if d.svd.payer == payer] for loop in claim.service_lines]
    if any(own):
        return tuple(
            replace(line, settled=line.charge - _left(decisions)) if decisions else line
            for line, decisions in zip(lines, own, strict=True)
        )
    owed = last.amount("EAF")
    rest = claim.clm.charge - (_patient_share(last.adjustments) if owed is None else owed)
    found = []
    for line in lines:
        settled = min(rest, line.charge)
        rest -= settled
        found.append(replace(line, settled=settled))
    return tuple(found)


def _left(decisions: Sequence[Any]) -> Decimal:
    """What the patient still owes of a line: as it is told, else the patient's share."""
    told = [d.remaining_patient_liability for d in decisions]
    if any(told):
        return sum((amount.amount for amount in told if amount), NOTHING)
    return sum((_patient_share(d.adjustments) for d in decisions), NOTHING)


def _patient_share(segments: Sequence[Any]) -> Decimal:
    shares = [a.amount for cas in segments if cas.group == PATIENT for a in cas.adjustments]
    return sum(shares, NOTHING)
