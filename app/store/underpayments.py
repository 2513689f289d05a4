"""Lines of posted claim payments beside the fees of their payers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, String, Uuid, column, func, select, table

from app.domain.contract import Agreed, Fee
from app.domain.underpayment import (
    REOPENED,
    ExpectedPayment,
    Finding,
    State,
    StoredUnderpayment,
    UnderpaymentAct,
)
from app.flows.ports import UnderpaymentFilter
from app.store import tables as t
from app.store.session import Session, chunks
from app.store.types import Cents

_e = t.expected_payment
_REASON = "underpayment_act.reason"
_UUIDS = ("tenant_id", "id", "claim_payment_id", "remittance_id", "claim_id", "service_line_id")
_TEXTS = ("procedure_code", "payer_id", "payer_name", "finding", "state")
_MONEY = ("charge", "expected", "allowed", "set_apart", "difference", "left_open", "at_stake")
_VIEW: Any = table(
    "allowed_as_judged",
    *(column(name, Uuid(as_uuid=True)) for name in _UUIDS),
    *(column(name, String) for name in _TEXTS),
    *(column(name, Cents) for name in _MONEY),
    *(column(name, Integer) for name in ("service_ordinal", "schedule_version", "schedule_row")),
    column("decided_on", Date),
)


class UnderpaymentRepository:
    """The `Underpayments` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, rows: Sequence[ExpectedPayment]) -> None:
        if not rows:
            return
        before = self._postings(sorted({row.payment_id for row in rows}))
        now = self._session.clock.now()
        self._session.insert(
            _e,
            [
                {
                    "id": self._session.new_id(),
                    "posting": before[row.payment_id] + 1,
                    "judged_at": now,
                    **_columns(row),
                }
                for row in rows
            ],
        )

    def judged(self, payment_id: UUID) -> list[ExpectedPayment]:
        return self.judged_of([payment_id]).get(payment_id, [])

    def judged_of(self, payment_ids: Sequence[UUID]) -> dict[UUID, list[ExpectedPayment]]:
        found: dict[UUID, dict[int, list[ExpectedPayment]]] = {}
        for some in chunks(payment_ids):
            query = self._session.rows(_e, _e.c.claim_payment_id.in_(some)).order_by(
                _e.c.claim_payment_id, _e.c.posting, _e.c.service_ordinal
            )
            for row in self._session.connection.execute(query):
                postings = found.setdefault(row.claim_payment_id, {})
                postings.setdefault(row.posting, []).append(_expected(row))
        return {id: postings[max(postings)] for id, postings in found.items()}

    def get(self, id: UUID) -> StoredUnderpayment | None:
        row = self._session.connection.execute(
            select(_VIEW).where(self._session.owns(_VIEW), _VIEW.c.id == id)
        ).one_or_none()
        return None if row is None else _stored(row)

    def page(
        self, which: UnderpaymentFilter, *, limit: int, after: UUID | None
    ) -> list[StoredUnderpayment]:
        conditions = [self._session.owns(_VIEW)]
        for name in ("state", "finding", "payer_id", "claim_id"):
            value = getattr(which, name)
            if value is not None:
                conditions.append(_VIEW.c[name] == value)
        if which.finding is None:
            conditions.append(_VIEW.c.finding != Finding.AS_AGREED)
        if after is not None:
            conditions.append(_VIEW.c.id > after)
        query = select(_VIEW).where(*conditions).order_by(_VIEW.c.id).limit(limit)
        return [_stored(row) for row in self._session.connection.execute(query)]

    def of_payments(self, payment_ids: Sequence[UUID]) -> dict[UUID, State]:
        act = t.underpayment_act
        found: dict[UUID, State] = {}
        for some in chunks(payment_ids):
            query = (
                select(_e.c.id, act.c.act)
                .join_from(
                    _e,
                    act,
                    (act.c.tenant_id == _e.c.tenant_id) & (act.c.expected_payment_id == _e.c.id),
                )
                .where(self._session.owns(_e), _e.c.claim_payment_id.in_(some))
                .order_by(_e.c.id, act.c.ordinal)
            )
            for id, done in self._session.connection.execute(query):
                found[id] = State.OPEN if done == REOPENED else State(done)
        return found

    def subject(self, id: UUID) -> tuple[UUID, UUID | None]:
        row = self._session.connection.execute(self._session.rows(_e, _e.c.id == id)).one()
        return row.claim_id, row.service_line_id

    def add_act(
        self, id: UUID, act: str, *, amount: Decimal | None = None, reason: str | None = None
    ) -> UnderpaymentAct:
        done = UnderpaymentAct(
            id=self._session.new_id(),
            ordinal=len(self.acts(id)) + 1,
            act=act,
            actor=self._session.actor,
            at=self._session.clock.now(),
            amount=amount,
            reason=reason,
        )
        self._session.insert(
            t.underpayment_act,
            [
                {
                    "id": done.id,
                    "expected_payment_id": id,
                    "ordinal": done.ordinal,
                    "act": act,
                    "amount": amount,
                    **self._session.sealed_alone(_REASON, reason),
                    "actor": done.actor,
                    "at": done.at,
                }
            ],
        )
        return done

    def acts(self, id: UUID) -> list[UnderpaymentAct]:
        own = t.underpayment_act.c
        query = self._session.rows(t.underpayment_act, own.expected_payment_id == id).order_by(
            own.ordinal
        )
        return [
            UnderpaymentAct(
                id=row.id,
                ordinal=row.ordinal,
                act=row.act,
                actor=row.actor,
                at=row.at,
                amount=row.amount,
                reason=self._opened(row),
            )
            for row in self._session.connection.execute(query)
        ]

    def _opened(self, row: Any) -> str | None:
        if row.reason is None:
            return None
        return self._session.open(row.reason, row.reason_key_id, _REASON).decode()

    def _postings(self, payment_ids: Sequence[UUID]) -> Counter[UUID]:
        """How often each of them was judged."""
        found: Counter[UUID] = Counter()
        for some in chunks(payment_ids):
            query = (
                select(_e.c.claim_payment_id, func.max(_e.c.posting))
                .where(self._session.owns(_e), _e.c.claim_payment_id.in_(some))
                .group_by(_e.c.claim_payment_id)
            )
            found.update({row[0]: row[1] for row in self._session.connection.execute(query)})
        return found


def _stored(row: Any) -> StoredUnderpayment:
    told = {name: value for name, value in row._mapping.items() if name != "tenant_id"}
    told |= {"finding": Finding(row.finding), "state": State(row.state)}
    return StoredUnderpayment(**told)


def _columns(row: ExpectedPayment) -> dict[str, Any]:
    fee = row.agreed.fee if row.agreed else None
    return {
        "claim_payment_id": row.payment_id,
        "service_ordinal": row.service_ordinal,
        "claim_id": row.claim_id,
        "service_line_id": row.line_id,
        "procedure_code": row.procedure_code,
        "finding": row.finding,
        "charge": row.charge,
        "expected": row.expected,
        "allowed": row.allowed,
        "set_apart": row.set_apart,
        "difference": row.difference,
        "left_open": row.left_open,
        "schedule_version": fee.version if fee else None,
        "schedule_row": fee.position if fee else None,
        "fee": fee.amount if fee else None,
        "fee_modifiers": sorted(fee.modifiers) if fee else None,
        "fee_from": fee.since if fee else None,
        "fee_to": fee.until if fee else None,
    }


def _expected(row: Any) -> ExpectedPayment:
    agreed = None
    if row.expected is not None:
        fee = Fee(
            payer_id="",  # the claim's
            code=row.procedure_code or "",
            amount=row.fee,
            modifiers=frozenset(row.fee_modifiers),
            since=row.fee_from,
            until=row.fee_to,
            version=row.schedule_version,
            position=row.schedule_row,
        )
        agreed = Agreed(row.expected, fee)
    return ExpectedPayment(
        payment_id=row.claim_payment_id,
        service_ordinal=row.service_ordinal,
        claim_id=row.claim_id,
        line_id=row.service_line_id,
        procedure_code=row.procedure_code,
        finding=Finding(row.finding),
        charge=row.charge,
        expected=row.expected,
        allowed=row.allowed,
        set_apart=row.set_apart,
        difference=row.difference,
        left_open=row.left_open,
        agreed=agreed,
    )
