"""How a sealed file is brought to its partner, as JSON: every attempt, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.answers import Answer, Instant
from app.domain.transmission import Step


class StepDocument(Answer):
    """One step of an attempt; `fault` and `reason` where it failed."""

    attempt: int
    step: str
    at: Instant
    fault: str | None
    reason: str | None
    needs_person: bool  # whether trying again is of no use until someone changes something


class TransmissionDocument(Answer):
    """The attempts so far, and when the next one is due."""

    attempts: int
    next_attempt_at: Instant | None
    steps: list[StepDocument]

    @classmethod
    def of(cls, steps: Sequence[Step], *, next_at: datetime | None) -> TransmissionDocument:
        return cls(
            attempts=max((step.attempt for step in steps), default=0),
            next_attempt_at=next_at,
            steps=[
                StepDocument(
                    attempt=step.attempt,
                    step=step.kind.value,
                    at=step.at,
                    fault=step.fault.value if step.fault else None,
                    reason=step.reason,
                    needs_person=bool(step.fault and step.fault.needs_person),
                )
                for step in steps
            ],
        )
