"""Fees and treatments of payers, and the terms of claims that follow from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, func, select

from app.domain.carc import CarcClass
from app.domain.claim import StoredClaim
from app.domain.contract import Agreed, Fee, FeeSchedule, KeptSchedule
from app.domain.treatment import Policy, Terms, Treatment, TreatmentRow
from app.store.session import Session, chunks
from app.store.tables import fee, fee_schedule, treatment_row

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
        kept = fee_schedule.c
        version: int = self._session.connection.execute(
            select(func.coalesce(func.max(kept.version), 0) + 1).where(
                self._session.owns(fee_schedule), kept.payer_id == payer_id
            )
        ).scalar_one()
        self._session.insert(
            fee_schedule,
            [
                {
                    "payer_id": payer_id,
                    "version": version,
                    "fees": [_fee_json(each) for each in fees],
                    "actor": self._session.actor,
                    "at": self._session.clock.now(),
                }
            ],
        )
        self._replace(fee, payer_id, [{**row, "version": version} for row in rows])

    def schedule(self, payer_id: str, version: int | None) -> KeptSchedule | None:
        query = self._session.rows(fee_schedule, fee_schedule.c.payer_id == payer_id)
        if version is not None:
            query = query.where(fee_schedule.c.version == version)
        row = self._session.connection.execute(
            query.order_by(fee_schedule.c.version.desc()).limit(1)
        ).one_or_none()
        if row is None:
            return None
        fees = [
            _fee_of_json(told, row, position) for position, told in enumerate(row.fees, start=1)
        ]
        return KeptSchedule(row.version, tuple(fees), row.actor, row.at)

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
            for row in self._rows(
                fee, fee.c.payer_id.in_(payers), self._session.among(fee.c.code, some)
            )
        ]
        if not own and not fees:
            return {}
        schedule = FeeSchedule(fees)
        policies = {payer: Policy(tuple(rows)) for payer, rows in own.items()}
        return {
            claim.id: Terms(policies.get(claim.payer_id or "", Policy()), _agreed(schedule, claim))
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


def _agreed(schedule: FeeSchedule, claim: StoredClaim) -> dict[UUID, Agreed]:
    found = {
        line.id: schedule.agreed(
            claim.payer_id or "",
            line.procedure,
            units=line.units,
            charge=line.charge,
            on=line.service_date or claim.first_service_date,
        )
        for line in claim.lines
    }
    return {line: agreed for line, agreed in found.items() if agreed is not None}


def _fee(row: Any) -> Fee:
    return Fee(
        payer_id=row.payer_id,
        code=row.code,
        amount=row.amount,
        modifiers=frozenset(row.modifiers),
        since=row.valid_from,
        until=row.valid_to,
        version=row.version,
        position=row.position,
    )


def _fee_json(one: Fee) -> dict[str, Any]:
    return {
        "code": one.code,
        "modifiers": sorted(one.modifiers),
        "amount": f"{one.amount:f}",
        "valid_from": one.since.isoformat(),
        "valid_to": one.until.isoformat(),
    }


def _fee_of_json(told: dict[str, Any], row: Any, position: int) -> Fee:
    return Fee(
        payer_id=row.payer_id,
        code=told["code"],
        amount=Decimal(told["amount"]),
        modifiers=frozenset(told["modifiers"]),
        since=date.fromisoformat(told["valid_from"]),
        until=date.fromisoformat(told["valid_to"]),
        version=row.version,
        position=position,
    )


def _treatment(row: Any) -> TreatmentRow:
    return TreatmentRow(
        group=row.group,
        reason=CarcClass(row.reason) if row.reason in _CLASSES else row.reason,
        treatment=Treatment(row.treatment),
        since=row.valid_from,
        until=row.valid_to,
    )
