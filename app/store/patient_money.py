"""What patients paid, and what payers left to them by the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.ledger import Account
from app.domain.patient_money import Method, PatientPayment, PaymentKind, Share
from app.domain.remittance import CURRENCY
from app.store.session import Session, chunks
from app.store.tables import charge, claim, journal_line, patient_payment


class PatientMoneyRepository:
    """The `PatientMoney` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, encounter_id: UUID) -> None:
        self._session.lock_name("patient_money", str(encounter_id))

    def add(
        self,
        *,
        encounter_id: UUID,
        kind: PaymentKind,
        amount: Decimal,
        method: Method,
        paid_on: date,
        reference: str | None,
        payment_id: UUID | None = None,
        reason: str | None = None,
    ) -> PatientPayment:
        added = PatientPayment(
            id=self._session.new_id(),
            encounter_id=encounter_id,
            kind=kind,
            payment_id=payment_id,
            amount=amount,
            method=method,
            paid_on=paid_on,
            reference=reference,
            reason=reason,
            actor=self._session.actor,
            recorded_at=self._session.clock.now(),
        )
        row = {name: getattr(added, name) for name in PatientPayment.__dataclass_fields__}
        self._session.insert(patient_payment, [{**row, "currency": CURRENCY}])
        return added

    def get(self, payment_id: UUID) -> PatientPayment | None:
        query = self._session.rows(patient_payment, patient_payment.c.id == payment_id)
        row = self._session.connection.execute(query).one_or_none()
        return None if row is None else _read(row)

    def of_encounter(self, encounter_id: UUID) -> list[PatientPayment]:
        query = self._session.rows(
            patient_payment, patient_payment.c.encounter_id == encounter_id
        ).order_by(patient_payment.c.recorded_at, patient_payment.c.id)
        return [_read(row) for row in self._session.connection.execute(query)]

    def paying(self, encounter_ids: Sequence[UUID]) -> list[UUID]:
        found: set[UUID] = set()
        for some in chunks(sorted(set(encounter_ids))):
            query = (
                select(patient_payment.c.encounter_id)
                .where(
                    self._session.owns(patient_payment),
                    self._session.among(patient_payment.c.encounter_id, some),
                )
                .distinct()
            )
            found.update(self._session.connection.execute(query).scalars())
        return sorted(found)

    def page(
        self, *, encounter_id: UUID | None, limit: int, after: UUID | None
    ) -> list[PatientPayment]:
        conditions = []
        if encounter_id is not None:
            conditions.append(patient_payment.c.encounter_id == encounter_id)
        if after is not None:
            conditions.append(patient_payment.c.id > after)
        query = (
            self._session.rows(patient_payment, *conditions)
            .order_by(patient_payment.c.id)
            .limit(limit)
        )
        return [_read(row) for row in self._session.connection.execute(query)]

    def shares(self, encounter_id: UUID) -> list[Share]:
        claims = select(claim.c.id).where(
            self._session.owns(claim), claim.c.encounter_id == encounter_id
        )
        # What patients paid names no claim, so these are the payers' words alone.
        query = (
            select(journal_line.c.charge_id, func.sum(journal_line.c.amount).label("amount"))
            .where(
                self._session.owns(journal_line),
                journal_line.c.account == Account.RECEIVABLE_PATIENT,
                journal_line.c.claim_id.in_(claims),
            )
            .group_by(journal_line.c.charge_id)
        )
        sums: dict[UUID | None, Decimal] = {
            row.charge_id: row.amount for row in self._session.connection.execute(query).all()
        }
        rows = self._session.connection.execute(
            self._session.rows(charge, charge.c.encounter_id == encounter_id)
        ).all()
        ordered = [row.id for row in sorted(rows, key=_line_order)]
        shares = [Share(id, sums.pop(id)) for id in ordered if id in sums]
        return shares + [Share(id, amount) for id, amount in sums.items()]


def _line_order(row: Any) -> tuple[date, int, str, int]:
    number = row.line_control_number
    return row.service_date or date.max, len(number), number, row.occurrence


def _read(row: Any) -> PatientPayment:
    return PatientPayment(
        id=row.id,
        encounter_id=row.encounter_id,
        kind=PaymentKind(row.kind),
        payment_id=row.payment_id,
        amount=row.amount,
        method=Method(row.method),
        paid_on=row.paid_on,
        reference=row.reference,
        reason=row.reason,
        actor=row.actor,
        recorded_at=row.recorded_at,
    )
