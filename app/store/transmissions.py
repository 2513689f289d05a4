"""Sealed files on their way: attempts, step by step, and what the last one came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.domain.transmission import Begun, SendFault, Step, StepKind
from app.store.session import Session
from app.store.tables import transmission, transmission_step


class TransmissionRepository:
    """The `Transmissions` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, subject_id: UUID, *, partner_id: UUID) -> Begun:
        self._session.insert_once(
            transmission,
            [
                {
                    "subject_id": subject_id,
                    "partner_id": partner_id,
                    "attempts": 0,
                    "published": False,
                }
            ],
        )
        row = self._session.connection.execute(
            update(transmission)
            .where(self._session.owns(transmission), transmission.c.subject_id == subject_id)
            .values(attempts=transmission.c.attempts + 1)
            .returning(transmission.c.attempts, transmission.c.published)
        ).one()
        self._add(subject_id, row.attempts, StepKind.BEGUN)
        return Begun(row.attempts, row.published)

    def publish(self, subject_id: UUID, *, attempt: int) -> bool:
        if not self._hold(subject_id, attempt, published=True):
            return False
        self._add(subject_id, attempt, StepKind.PUBLISHING)
        return True

    def end(
        self,
        subject_id: UUID,
        *,
        attempt: int,
        kind: StepKind,
        fault: SendFault | None = None,
        reason: str | None = None,
        next_at: datetime | None = None,
    ) -> bool:
        if not self._hold(subject_id, attempt):
            return False
        self._add(subject_id, attempt, kind, fault=fault, reason=reason, next_at=next_at)
        return True

    def attempts(self, subject_id: UUID) -> int:
        row = self._session.connection.execute(
            self._session.rows(transmission, transmission.c.subject_id == subject_id)
        ).one_or_none()
        return 0 if row is None else int(row.attempts)

    def forget_published(self, subject_id: UUID) -> None:
        self._session.connection.execute(
            update(transmission)
            .where(self._session.owns(transmission), transmission.c.subject_id == subject_id)
            .values(published=False)
        )

    def steps(self, subject_id: UUID) -> Sequence[Step]:
        query = self._session.rows(
            transmission_step, transmission_step.c.subject_id == subject_id
        ).order_by(transmission_step.c.attempt, transmission_step.c.at)
        found = [_step(row) for row in self._session.connection.execute(query)]
        # Two steps of one attempt may have one instant.
        return sorted(found, key=lambda step: (step.attempt, _ORDER.index(step.kind)))

    def _hold(self, subject_id: UUID, attempt: int, **values: Any) -> bool:
        """Whether this attempt is the last one begun; nobody begins another until we commit."""
        result = self._session.connection.execute(
            update(transmission)
            .where(
                self._session.owns(transmission),
                transmission.c.subject_id == subject_id,
                transmission.c.attempts == attempt,
            )
            .values(attempts=attempt, **values)
        )
        return result.rowcount == 1

    def _add(
        self,
        subject_id: UUID,
        attempt: int,
        kind: StepKind,
        *,
        fault: SendFault | None = None,
        reason: str | None = None,
        next_at: datetime | None = None,
    ) -> None:
        row = {
            "subject_id": subject_id,
            "attempt": attempt,
            "step": kind,
            "fault": fault,
            "reason": reason,
            "at": self._session.clock.now(),
            "next_at": next_at,
        }
        self._session.insert_once(transmission_step, [row])


_ORDER = list(StepKind)


def _step(row: Any) -> Step:
    return Step(
        attempt=row.attempt,
        kind=StepKind(row.step),
        at=row.at,
        fault=None if row.fault is None else SendFault(row.fault),
        reason=row.reason,
        next_at=row.next_at,
    )
