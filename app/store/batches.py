"""Written interchanges and where each claim stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from app.domain.batch import BatchState, ClaimPosition, StoredBatch
from app.domain.opinion import OpinionFinding, SecondOpinion, Verdict
from app.flows.ports import SentClaim
from app.store import tables as t
from app.store.session import Session, chunks

_MAY_HAVE_LEFT = [state for state in BatchState if state.may_have_left]


class BatchRepository:
    """The `Batches` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, batch: StoredBatch, *, positions: Sequence[ClaimPosition]) -> None:
        self._session.insert(
            t.batch,
            [
                {
                    "id": batch.id,
                    "partner_id": batch.partner_id,
                    "interchange_control_number": batch.interchange_control_number,
                    "group_control_number": batch.group_control_number,
                    "file_name": batch.file_name,
                    "sha256": batch.sha256,
                    "claims": batch.claims,
                    "state": batch.state,
                    "mode": batch.mode,
                    "opinion": None,
                    "reason": batch.reason,
                    "created_at": batch.created_at,
                }
            ],
        )
        self._insert(batch.id, positions)

    def rewrite(self, batch_id: UUID, *, sha256: str, positions: Sequence[ClaimPosition]) -> None:
        self._session.connection.execute(
            delete(t.batch_position).where(
                self._session.owns(t.batch_position), t.batch_position.c.batch_id == batch_id
            )
        )
        self._insert(batch_id, positions)
        self._update(batch_id, sha256=sha256, claims=len(positions))

    def get(self, batch_id: UUID) -> StoredBatch | None:
        return self._one(t.batch.c.id == batch_id)

    def page(self, *, limit: int, after: UUID | None) -> list[StoredBatch]:
        query = self._session.rows(t.batch).order_by(t.batch.c.id).limit(limit)
        if after is not None:
            query = query.where(t.batch.c.id > after)
        return [_batch(row) for row in self._session.connection.execute(query)]

    def holding(self, claim_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        found: dict[UUID, UUID] = {}
        for some in chunks(claim_ids):
            query = (
                select(t.claim.c.id, t.batch_position.c.batch_id)
                .join_from(
                    t.claim,
                    t.batch_position,
                    (t.batch_position.c.tenant_id == t.claim.c.tenant_id)
                    & (t.batch_position.c.submission_id == t.claim.c.submission_id),
                )
                .where(self._session.owns(t.claim), t.claim.c.id.in_(some))
            )
            found |= {row[0]: row[1] for row in self._session.connection.execute(query)}
        return found

    def by_interchange(self, control_number: int) -> StoredBatch | None:
        return self._left(t.batch.c.interchange_control_number == control_number)

    def by_group(self, control_number: int) -> StoredBatch | None:
        return self._left(t.batch.c.group_control_number == control_number)

    def by_reference(self, reference: str) -> StoredBatch | None:
        named = select(t.batch_position.c.batch_id).where(
            self._session.owns(t.batch_position), t.batch_position.c.batch_reference == reference
        )
        return self._left(t.batch.c.id.in_(named))

    def claims(self, batch_id: UUID) -> list[SentClaim]:
        query = (
            select(
                t.batch_position.c.submission_id,
                t.claim.c.id,
                t.submission.c.patient_control_number,
                t.batch_position.c.transaction_control_number,
                t.batch_position.c.batch_reference,
                t.claim.c.billing_npi,
                t.claim.c.charge,
            )
            .join_from(
                t.batch_position,
                t.submission,
                (t.submission.c.tenant_id == t.batch_position.c.tenant_id)
                & (t.submission.c.id == t.batch_position.c.submission_id),
            )
            .join(
                t.claim,
                (t.claim.c.tenant_id == t.submission.c.tenant_id)
                & (t.claim.c.id == t.submission.c.claim_id),
            )
            .where(self._session.owns(t.batch_position), t.batch_position.c.batch_id == batch_id)
            .order_by(
                t.batch_position.c.transaction_control_number, t.batch_position.c.first_segment
            )
        )
        return [SentClaim(*row) for row in self._session.connection.execute(query)]

    def mark(self, batch_id: UUID, state: BatchState, *, reason: str | None = None) -> None:
        values = {} if reason is None else {"reason": reason}
        self._update(batch_id, state=state, **values)

    def keep_opinion(self, batch_id: UUID, opinion: SecondOpinion) -> None:
        self._update(batch_id, opinion=asdict(opinion))

    def of_claim(self, claim_id: UUID) -> tuple[StoredBatch, ClaimPosition] | None:
        query = (
            select(t.batch_position)
            .join_from(
                t.claim,
                t.batch_position,
                (t.batch_position.c.tenant_id == t.claim.c.tenant_id)
                & (t.batch_position.c.submission_id == t.claim.c.submission_id),
            )
            .where(self._session.owns(t.claim), t.claim.c.id == claim_id)
        )
        row = self._session.connection.execute(query).one_or_none()
        if row is None:
            return None
        found = self.get(row.batch_id)
        assert found is not None, "a foreign key holds it"
        position = ClaimPosition(
            submission_id=row.submission_id,
            transaction_control_number=row.transaction_control_number,
            batch_reference=row.batch_reference,
            first_segment=row.first_segment,
            last_segment=row.last_segment,
        )
        return found, position

    def _insert(self, batch_id: UUID, positions: Sequence[ClaimPosition]) -> None:
        rows = [{"batch_id": batch_id, **asdict(position)} for position in positions]
        self._session.insert(t.batch_position, rows)

    def _update(self, batch_id: UUID, **values: Any) -> None:
        self._session.connection.execute(
            update(t.batch)
            .where(self._session.owns(t.batch), t.batch.c.id == batch_id)
            .values(**values)
        )

    def _left(self, condition: ColumnElement[bool]) -> StoredBatch | None:
        """What a partner speaks of: what was never sealed has not reached it."""
        return self._one(condition & t.batch.c.state.in_(_MAY_HAVE_LEFT))

    def _one(self, condition: ColumnElement[bool]) -> StoredBatch | None:
        """The batch, held; None also when a number of ours is another partner's number too: an
        answer that could be about two batches is about none until a person has looked."""
        query = self._session.rows(t.batch, condition).order_by(t.batch.c.id)
        rows = self._session.connection.execute(self._session.locked(query, t.batch)).all()
        return _batch(rows[0]) if len(rows) == 1 else None


def _batch(row: Any) -> StoredBatch:
    return StoredBatch(
        id=row.id,
        partner_id=row.partner_id,
        interchange_control_number=row.interchange_control_number,
        group_control_number=row.group_control_number,
        file_name=row.file_name,
        sha256=row.sha256,
        claims=row.claims,
        state=BatchState(row.state),
        mode=row.mode,
        created_at=row.created_at,
        opinion=None if row.opinion is None else _opinion(row.opinion),
        reason=row.reason,
    )


def _opinion(kept: dict[str, Any]) -> SecondOpinion:
    findings = tuple(OpinionFinding(**finding) for finding in kept["findings"])
    return SecondOpinion(Verdict(kept["verdict"]), findings, kept["count"], kept["reason"])
