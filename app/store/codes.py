"""Dated codes that a practice has loaded beside those we ship."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from app.domain.payment_codes import CodeList, DatedCode
from app.store.session import Session
from app.store.tables.codes import payment_code


class PaymentCodeRepository:
    """The `PaymentCodes` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def loaded(self, kind: CodeList) -> list[DatedCode]:
        query = self._session.rows(payment_code, payment_code.c.list == kind)
        rows = self._session.connection.execute(query.order_by(payment_code.c.position))
        return [DatedCode(row.code, row.valid_from, row.valid_to) for row in rows]

    def load(self, kind: CodeList, codes: Sequence[DatedCode]) -> None:
        own = self._session.owns(payment_code) & (payment_code.c.list == kind)
        self._session.connection.execute(delete(payment_code).where(own))
        rows = [
            {
                "list": kind,
                "position": position,
                "code": told.code,
                "valid_from": told.since,
                "valid_to": told.until,
            }
            for position, told in enumerate(codes, start=1)
        ]
        self._session.insert(payment_code, rows)
