"""Fees and treatments of payers, and the terms of claims that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, select

from app.domain.carc import CarcClass
from app.domain.claim import StoredClaim
from app.domain.contract import Fee, FeeSchedule
from app.domain.treatment import Policy, Terms, Treatment, TreatmentRow
from app.store.session import Session, chunks
from app.store.tables import fee, treatment_row

_CLASSES = frozenset(CarcClass)


class TermsRepository:
    """The `PayerTerms` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def fees(self, payer_id: str) -> list[Fee]:
        return [_fee(row) for row in self._rows(fee, fee.c.payer_id == payer_id)]

    def set_fees(self, payer_id: str, fees: Sequence[Fee]) -> None:
        rows = [
            {
                "code": each.code,
                "modifiers": sorted(each.modifiers),
                "amount": each.amount,
                "valid_from": each.since,
                "valid_to": each.until,
            }
            for each in fees
        ]
        self._replace(fee, payer_id, rows)

    def treatments(self, payer_id: str) -> list[TreatmentRow]:
        own = self._rows(treatment_row, treatment_row.c.payer_id == payer_id)
        return [_treatment(row) for row in own]

    def set_treatments(self, payer_id: str, rows: Sequence[TreatmentRow]) -> None:
        told = [
            {
                "group": row.group,
                "reason": str(row.reason),
                "treatment": row.treatment,
                "valid_from": row.since,
                "valid_to": row.until,
            }
            for row in rows
        ]
        self._replace(treatment_row, payer_id, told)

    def of_claims(self, claims: Iterable[StoredClaim]) -> Mapping[UUID, Terms]:
        asked = [c for c in claims if c.payer_id]
        payers = sorted({c.payer_id for c in asked if c.payer_id})
        if not payers:
            return {}
        codes = sorted({line.procedure.code for c in asked for line in c.lines})
        own: defaultdict[str, list[TreatmentRow]] = defaultdict(list)
        for row in self._rows(treatment_row, treatment_row.c.payer_id.in_(payers)):
            own[row.payer_id].append(_treatment(row))
        fees = [
            _fee(row)
            for some in chunks(codes)
            for row in self._rows(fee, fee.c.payer_id.in_(payers), fee.c.code.in_(some))
        ]
        if not own and not fees:
            return {}
        schedule = FeeSchedule(fees)
        policies = {payer: Policy(tuple(rows)) for payer, rows in own.items()}
        return {
            claim.id: Terms(
                policies.get(claim.payer_id or "", Policy()), _expected(schedule, claim)
            )
            for claim in asked
        }

    def _rows(self, of: Table, *conditions: ColumnElement[bool]) -> Iterator[Row[Any]]:
        query = select(of).where(self._session.owns(of), *conditions)
        return iter(self._session.connection.execute(query.order_by(of.c.payer_id, of.c.position)))

    def _replace(self, of: Table, payer_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._session.connection.execute(
            delete(of).where(self._session.owns(of), of.c.payer_id == payer_id)
        )
        numbered = [
            {"payer_id": payer_id, "position": position, **row}
            for position, row in enumerate(rows, start=1)
        ]
        self._session.insert(of, numbered)


def _expected(schedule: FeeSchedule, claim: StoredClaim) -> dict[UUID, Any]:
    found = {
        line.id: schedule.expected(
            claim.payer_id or "",
            line.procedure,
            units=line.units,
            charge=line.charge,
            on=line.service_date or claim.first_service_date,
        )
        for line in claim.lines
    }
    return {line: amount for line, amount in found.items() if amount is not None}


def _fee(row: Any) -> Fee:
    return Fee(
        payer_id=row.payer_id,
        code=row.code,
        amount=row.amount,
        modifiers=frozenset(row.modifiers),
        since=row.valid_from,
        until=row.valid_to,
    )


def _treatment(row: Any) -> TreatmentRow:
    return TreatmentRow(
        group=row.group,
        reason=CarcClass(row.reason) if row.reason in _CLASSES else row.reason,
        treatment=Treatment(row.treatment),
        since=row.valid_from,
        until=row.valid_to,
    )
