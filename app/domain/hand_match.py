"""The lines of a claim that a person names for the services of a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.remittance import ClaimPayment


@dataclass(frozen=True, slots=True)
class LineChoice:
    """This service of the payment is about that line of the claim."""

    ordinal: int  # of the service in the payment, from 1
    line_control_number: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a choice; `index` None: with what was not chosen."""

    index: int | None
    member: str
    code: str
    message: str


def chosen_lines(
    payment: ClaimPayment, claim: StoredClaim, choices: Sequence[LineChoice]
) -> tuple[dict[int, UUID], list[LineFault]]:
    """Service ordinal -> line id, and every fault; several services may be of one line."""
    by_number = {_key(line.line_control_number): line.id for line in claim.lines}
    services = {service.ordinal for service in payment.services}
    lines: dict[int, UUID] = {}
    faults: list[LineFault] = []
    for index, choice in enumerate(choices):
        line = by_number.get(_key(choice.line_control_number))
        if choice.ordinal not in services:
            faults.append(_fault(index, "ordinal", "The payment has no service of this number."))
        elif choice.ordinal in lines:
            faults.append(_fault(index, "ordinal", "This service was given a line before."))
        elif line is None:
            told = "The claim has no line of this control number."
            faults.append(_fault(index, "lineControlNumber", told))
        else:
            lines[choice.ordinal] = line
    left = sorted(services - {choice.ordinal for choice in choices})
    if left:
        told = f"Services {', '.join(map(str, left))} are given no line; each needs one."
        faults.append(LineFault(None, "lines", "line_choice", told))
    return lines, faults


def _fault(index: int, member: str, message: str) -> LineFault:
    return LineFault(index, member, "line_choice", message)


def _key(number: str) -> str:
    return number.strip().upper()
