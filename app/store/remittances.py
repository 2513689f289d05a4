"""835 transaction sets: header once, claim payments behind a cursor, PLB pairs at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.domain.remittance import Content, ProviderAdjustment, Remittance
from app.domain.remittance_report import Sums
from app.domain.seen_before import FIRST, Seen, Verdict
from app.flows.ports import (
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    StoredPayment,
    StoredRemittance,
)
from app.store import remittance_rows as rows_of
from app.store import tables as t
from app.store.remittance_sums import remittance_sums
from app.store.session import Session, chunks

_BODY = "remittance"
_CONTENT = "remittance_content"
_PAYMENT = "claim_payment"
_SAID_OTHERWISE = (
    "It says what an earlier remittance says; they differ in what carries no money alone."
)


class CursorMoved(Exception):
    """Another worker has stored these claim payments; this one's transaction must end in nothing,
    and its job, tried again, begins behind the cursor."""

    def __init__(self, remittance_id: UUID, cursor: int) -> None:
        self.remittance_id = remittance_id
        self.cursor = cursor
        super().__init__(
            f"remittance {remittance_id} has its claim payments up to {cursor} from another"
            " worker; try again"
        )


class RemittanceRepository:
    """The `Remittances` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(
        self,
        remittance: Remittance,
        *,
        file_id: UUID,
        state: RemittanceState,
        reason: str | None,
        verdict: Verdict = FIRST,
    ) -> StoredRemittance:
        at = (t.remittance.c.file_id == file_id) & (t.remittance.c.ordinal == remittance.ordinal)
        stands = self._find(at)
        if stands:
            return stands[0]
        id = self._session.new_id()
        of_body = self._claim(_BODY, remittance.body_sha256, id)
        content = remittance.content
        of_content = self._claim(_CONTENT, content.sha256, id) if content else id
        owner = of_body if of_body != id else of_content
        first = owner == id
        row = {
            "id": id,
            "file_id": file_id,
            "state": state if first else RemittanceState.DUPLICATE,
            "reason": reason if first else _SAID_OTHERWISE if of_body == id else None,
            "duplicate_of": None if first else owner,
            "seen": None if verdict.seen is Seen.FIRST or not first else verdict.seen,
            "same_payment_as": verdict.of if first else None,
            "cursor": 0,
            "finished": False,
            "posted": 0,
            "waiting": 0,
            "created_at": self._session.clock.now(),
            **rows_of.remittance_columns(remittance),
        }
        self._session.insert(t.remittance, [row])
        if content is not None and first:
            self._session.insert(t.remittance_content, [_content_columns(id, content)])
        return self._find(at)[0]

    def _claim(self, kind: str, digest: str, id: UUID) -> UUID:
        """Whose this hash is; of two workers that claim it at once, both get the same answer."""
        self._session.insert_once(t.fingerprint, [{"kind": kind, "hash": digest, "subject_id": id}])
        owner: UUID = self._session.connection.execute(
            select(t.fingerprint.c.subject_id).where(
                self._session.owns(t.fingerprint),
                t.fingerprint.c.kind == kind,
                t.fingerprint.c.hash == digest,
            )
        ).scalar_one()
        return owner

    def add_payments(
        self, remittance_id: UUID, outcomes: Sequence[PaymentOutcome], *, cursor: int
    ) -> None:
        """Raises CursorMoved where one of them is stored already."""
        stands = self._held(remittance_id)
        if any(outcome.payment.ordinal <= stands.cursor for outcome in outcomes):
            raise CursorMoved(remittance_id, stands.cursor)
        self._session.insert(
            t.claim_payment,
            [rows_of.payment_columns(self._session, remittance_id, o) for o in outcomes],
        )
        self._session.insert(t.service_payment, rows_of.service_rows(outcomes))
        self._session.insert(t.adjustment, rows_of.adjustment_rows(outcomes))
        self._session.insert(t.remark, rows_of.remark_rows(outcomes))
        self._session.insert(t.unknown_code, rows_of.unknown_code_rows(outcomes))
        posted = [o for o in outcomes if o.state is PaymentState.POSTED]
        self._session.insert(
            t.fingerprint,
            [
                {"kind": _PAYMENT, "hash": o.fingerprint, "subject_id": o.id}
                for o in posted
                if o.fingerprint is not None
            ],
        )
        self._session.insert(
            t.payment_act,
            [rows_of.act_columns(self._session, rows_of.first_act(o), ordinal=1) for o in posted],
        )
        self._session.connection.execute(
            update(t.remittance)
            .where(self._session.owns(t.remittance), t.remittance.c.id == remittance_id)
            .values(
                cursor=cursor,
                posted=t.remittance.c.posted + len(posted),
                waiting=t.remittance.c.waiting + len(outcomes) - len(posted),
            )
        )

    def posted_fingerprints(self, fingerprints: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for some in chunks(list(fingerprints)):
            query = select(t.fingerprint.c.hash).where(
                self._session.owns(t.fingerprint),
                t.fingerprint.c.kind == _PAYMENT,
                self._session.among(t.fingerprint.c.hash, some),
            )
            found.update(self._session.connection.execute(query).scalars())
        return found

    def add_provider_adjustments(
        self, remittance_id: UUID, adjustments: Sequence[tuple[UUID, ProviderAdjustment]]
    ) -> None:
        """Raises CursorMoved when the remittance is finished."""
        stands = self._held(remittance_id)
        if stands.finished:
            raise CursorMoved(remittance_id, stands.cursor)
        self._session.insert(
            t.provider_adjustment,
            [rows_of.provider_adjustment_columns(remittance_id, id, a) for id, a in adjustments],
        )
        self._session.insert(
            t.provider_adjustment_token, rows_of.provider_adjustment_tokens(adjustments)
        )

    def finish(self, remittance_id: UUID, state: RemittanceState) -> None:
        self._session.connection.execute(
            update(t.remittance)
            .where(self._session.owns(t.remittance), t.remittance.c.id == remittance_id)
            .values(state=state, finished=True)
        )

    def mark(self, remittance_id: UUID, state: RemittanceState) -> None:
        self._session.connection.execute(
            update(t.remittance)
            .where(self._session.owns(t.remittance), t.remittance.c.id == remittance_id)
            .values(state=state)
        )

    def get(self, remittance_id: UUID) -> StoredRemittance | None:
        return next(iter(self._find(t.remittance.c.id == remittance_id)), None)

    def of_file(self, file_id: UUID) -> list[StoredRemittance]:
        found = self._find(t.remittance.c.file_id == file_id)
        return sorted(found, key=lambda stored: stored.remittance.ordinal)

    def page(self, *, limit: int, after: UUID | None) -> list[StoredRemittance]:
        conditions = [] if after is None else [t.remittance.c.id > after]
        query = (
            self._session.rows(t.remittance, *conditions).order_by(t.remittance.c.id).limit(limit)
        )
        return [rows_of.stored_remittance(row) for row in self._session.connection.execute(query)]

    def payments(self, remittance_id: UUID, *, limit: int, after: int) -> list[StoredPayment]:
        query = (
            self._session.rows(
                t.claim_payment,
                t.claim_payment.c.remittance_id == remittance_id,
                t.claim_payment.c.ordinal > after,
            )
            .order_by(t.claim_payment.c.ordinal)
            .limit(limit)
        )
        return [rows_of.stored_payment(row) for row in self._session.connection.execute(query)]

    def provider_adjustments(self, remittance_id: UUID) -> list[ProviderAdjustment]:
        query = self._session.rows(
            t.provider_adjustment, t.provider_adjustment.c.remittance_id == remittance_id
        ).order_by(t.provider_adjustment.c.ordinal)
        return [
            rows_of.read_provider_adjustment(row)
            for row in self._session.connection.execute(query).all()
        ]

    def provider_adjustment_ids(self, remittance_id: UUID) -> list[UUID]:
        query = (
            select(t.provider_adjustment.c.id)
            .where(
                self._session.owns(t.provider_adjustment),
                t.provider_adjustment.c.remittance_id == remittance_id,
            )
            .order_by(t.provider_adjustment.c.ordinal)
        )
        return list(self._session.connection.execute(query).scalars())

    def sums(self, remittance_id: UUID) -> Sums:
        return remittance_sums(self._session, remittance_id)

    def _find(self, condition: ColumnElement[bool]) -> list[StoredRemittance]:
        """Held in the order of their ids: who asks for a remittance is about to move it on."""
        query = self._session.rows(t.remittance, condition).order_by(t.remittance.c.id)
        held = self._session.connection.execute(self._session.locked(query, t.remittance))
        return [rows_of.stored_remittance(row) for row in held.all()]

    def _held(self, remittance_id: UUID) -> StoredRemittance:
        stands = self.get(remittance_id)
        if stands is None:
            raise LookupError("payments are added to a remittance of this tenant")
        return stands


def _content_columns(id: UUID, content: Content) -> dict[str, Any]:
    return {
        "remittance_id": id,
        "sha256": content.sha256,
        "numbers": content.numbers,
        "payments": content.payments,
    }
