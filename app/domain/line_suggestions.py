"""Lines that a service may be about, for a person who decides: what speaks for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.claim import ClaimLine
from app.domain.claim_matching import Confidence
from app.domain.line_matching import billed, code_of, line_key, place
from app.domain.remittance import ServicePayment


class Mark(StrEnum):
    """What a service has in common with a line."""

    NUMBER = "line_control_number"
    CODE = "procedure"
    CHARGE = "charge"
    DATE = "date"


WHY: dict[Mark, str] = {
    Mark.NUMBER: "REF*6R is its line control number.",
    Mark.CODE: "The procedure is the one billed, its modifiers aside.",
    Mark.CHARGE: "The charge is the one billed.",
    Mark.DATE: "The day is the one billed.",
}


@dataclass(frozen=True, slots=True)
class LineSuggestion:
    """A line for a service of the payment."""

    ordinal: int  # of the service
    line: ClaimLine
    marks: tuple[Mark, ...]
    confidence: Confidence

    @property
    def method(self) -> str:
        return "+".join(self.marks)

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(WHY[mark] for mark in self.marks)


def suggest_lines(
    services: Sequence[ServicePayment], lines: Sequence[ClaimLine]
) -> list[LineSuggestion]:
    """For each service the lines that share a mark with it, the surest first."""
    placed = place(services, lines)
    found = []
    for service in services:
        for line in lines:
            marks = _marks(service, line)
            if placed.lines.get(service.ordinal) == line.id:
                confidence = Confidence.CONFIRMED
            elif Mark.NUMBER in marks or {Mark.CODE, Mark.CHARGE} <= set(marks):
                confidence = Confidence.LIKELY
            elif Mark.CODE in marks or Mark.CHARGE in marks:
                confidence = Confidence.POSSIBLE
            else:
                continue
            found.append(LineSuggestion(service.ordinal, line, marks, confidence))
    order = list(Confidence)
    return sorted(
        found, key=lambda s: (s.ordinal, order.index(s.confidence), -len(s.marks), s.line.id)
    )


def _marks(service: ServicePayment, line: ClaimLine) -> tuple[Mark, ...]:
    shared = {
        Mark.NUMBER: line_key(service.line_control_number) == line_key(line.line_control_number),
        Mark.CODE: code_of(billed(service)) == code_of(line.procedure),
        Mark.CHARGE: service.charge == line.charge,
        Mark.DATE: service.service_date is not None and service.service_date == line.service_date,
    }
    return tuple(mark for mark, holds in shared.items() if holds)
