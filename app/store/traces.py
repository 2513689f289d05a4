"""Remittances that share a trace: which came before, and the parts of one payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, true, update

from app.domain.remittance import Content, Remittance
from app.domain.seen_before import (
    Earlier,
    Seen,
    is_whole,
    names_a_payment,
    payer_key,
    payment_key,
)
from app.flows.ports import RemittanceState, StoredRemittance
from app.store import tables as t
from app.store.remittance_rows import stored_remittance
from app.store.session import Session

_content = t.remittance_content


class TraceRepository:
    """The `Traces` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, remittances: Sequence[Remittance]) -> None:
        named = {(_payer(r), r.trace_number.strip()) for r in remittances if names_a_payment(r)}
        for payer, trace in sorted(named):
            self._session.lock_name("trace", payer, trace)

    def earlier(self, remittance: Remittance) -> list[Earlier]:
        if not names_a_payment(remittance):
            return []
        query = (
            select(t.remittance, _content.c.sha256, _content.c.numbers, _content.c.payments)
            .join_from(
                t.remittance,
                _content,
                (_content.c.tenant_id == t.remittance.c.tenant_id)
                & (_content.c.remittance_id == t.remittance.c.id),
                isouter=True,
            )
            .where(
                self._session.owns(t.remittance),
                t.remittance.c.trace_number == remittance.trace_number,
                t.remittance.c.state != RemittanceState.DUPLICATE,
            )
            .order_by(t.remittance.c.id)
        )
        found = [_earlier(row) for row in self._session.connection.execute(query)]
        return [e for payer, e in found if payer == _payer(remittance)]

    def parts(self, lead_id: UUID) -> list[StoredRemittance]:
        query = self._session.rows(
            t.remittance,
            (t.remittance.c.id == lead_id)
            | ((t.remittance.c.same_payment_as == lead_id) & (t.remittance.c.seen == "part")),
        ).order_by(t.remittance.c.id)
        held = self._session.connection.execute(self._session.locked(query, t.remittance))
        return [stored_remittance(row) for row in held.all()]

    def told_otherwise(self, stored: StoredRemittance) -> list[StoredRemittance]:
        r = t.remittance
        lead = stored.same_payment_as or stored.id
        of_one_payment = (r.c.id == lead) | (r.c.same_payment_as == lead)
        other = true() if stored.seen is Seen.OTHER_CONTENT else r.c.seen == Seen.OTHER_CONTENT
        query = self._session.rows(r, of_one_payment, other, r.c.id != stored.id).order_by(r.c.id)
        held = self._session.connection.execute(self._session.locked(query, r))
        return [stored_remittance(row) for row in held.all()]

    def pay_itself(self, remittance_id: UUID) -> None:
        self._session.connection.execute(
            update(t.remittance)
            .where(self._session.owns(t.remittance), t.remittance.c.id == remittance_id)
            .values(seen=None, same_payment_as=None)
        )

    def explain(self, remittance_ids: Sequence[UUID], reason: str | None) -> None:
        self._session.connection.execute(
            update(t.remittance)
            .where(self._session.owns(t.remittance), t.remittance.c.id.in_(remittance_ids))
            .values(reason=reason)
        )


def _payer(remittance: Remittance) -> str:
    return payer_key(remittance.payer_identifier, remittance.payer_name)


def _earlier(row: Any) -> tuple[str, Earlier]:
    stored = stored_remittance(row)
    remittance = stored.remittance
    return _payer(remittance), Earlier(
        id=stored.id,
        payment=payment_key(remittance),
        content=Content(row.sha256, row.numbers, row.payments) if row.sha256 else None,
        seen=stored.seen,
        same_payment_as=stored.same_payment_as,
        adds_up_to=remittance.adds_up_to,
        deposit=remittance.deposit,
        whole=is_whole(remittance),
    )
