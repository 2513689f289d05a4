"""Requests that were asked before: each idempotency key stands for one request and its answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, select, update

from app.flows.access import Answered, Seen
from app.store.crypto import Cipher, Sealed
from app.store.session import insert_unless_there
from app.store.tables.access import idempotency_key as t

_ANSWER = "idempotency_key.answer"


class Idempotency:
    """The `IdempotencyKeys` of http: every call is a transaction of its own.

    Answers may hold a patient's data, so they are sealed like every other content.
    """

    def __init__(self, engine: Engine, *, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def begin(
        self, tenant_id: UUID, key: str, *, fingerprint: str, now: datetime, stale_before: datetime
    ) -> Answered | Seen | None:
        """None: the request is the caller's to carry out now, and nobody else's."""
        mine = {
            "tenant_id": tenant_id,
            "key": key,
            "fingerprint": fingerprint,
            "started_at": now,
        }
        with self._engine.begin() as connection:
            added = connection.execute(
                insert_unless_there(connection, t).returning(t.c.key), [mine]
            )
            if added.first() is not None:
                return None
            row = connection.execute(
                select(t).where(_is(tenant_id, key)).with_for_update()
            ).one_or_none()
            if row is None:  # forgotten between the two statements: the caller may ask again
                return Seen.IN_FLIGHT
            if row.fingerprint != fingerprint:
                return Seen.OTHER_REQUEST
            if row.status is not None:
                sealed = Sealed(row.answer, row.answer_key_id)
                body = self._cipher.open(sealed, tenant_id=tenant_id, column=_ANSWER)
                return Answered(row.status, body, row.location)
            if row.started_at >= stale_before:
                return Seen.IN_FLIGHT
            self._set(connection, tenant_id, key, started_at=now)
            return None

    def finish(self, tenant_id: UUID, key: str, answered: Answered) -> None:
        """Keep the answer for replays."""
        sealed = self._cipher.seal(answered.body, tenant_id=tenant_id, column=_ANSWER)
        with self._engine.begin() as connection:
            self._set(
                connection,
                tenant_id,
                key,
                status=answered.status,
                location=answered.location,
                answer=sealed.data,
                answer_key_id=sealed.key_id,
            )

    def abandon(self, tenant_id: UUID, key: str) -> None:
        """Forget a request that failed by our own fault, so that it may be tried again."""
        with self._engine.begin() as connection:
            connection.execute(delete(t).where(_is(tenant_id, key), t.c.status.is_(None)))

    def _set(self, connection: Connection, tenant_id: UUID, key: str, **columns: object) -> None:
        connection.execute(update(t).where(_is(tenant_id, key)).values(**columns))


def _is(tenant_id: UUID, key: str) -> ColumnElement[bool]:
    return and_(t.c.tenant_id == tenant_id, t.c.key == key)
