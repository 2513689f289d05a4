"""A tenant's deposits, PLB pairs and patients' money for `verify`, read in parts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from app.domain.clock import SystemClock
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.flows.ports import RemittanceState, Tenant
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.deposits import DepositRepository
from app.store.journal import JournalRepository
from app.store.patient_money import PatientMoneyRepository
from app.store.session import CHUNK, Session


class TenantCash:
    """The `CashRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._session = Session(connection, tenant, "verify", SystemClock(), cipher)
        self.deposits = DepositRepository(self._session)
        self.patient_money = PatientMoneyRepository(self._session)
        self.journal = JournalRepository(self._session)

    def deposit_ids(self) -> Iterator[list[UUID]]:
        yield from self._ids(select(t.deposit.c.id), t.deposit)

    def remittance_ids(self) -> Iterator[list[UUID]]:
        own = t.remittance
        query = select(own.c.id).where(own.c.state != RemittanceState.DUPLICATE)
        yield from self._ids(query, own)

    def paying_encounters(self) -> Iterator[UUID]:
        payment = t.patient_payment
        query = (
            select(payment.c.encounter_id)
            .where(self._session.owns(payment))
            .distinct()
            .order_by(payment.c.encounter_id)
        )
        yield from self._session.connection.execute(query).scalars().all()

    def booked_otherwise(self) -> Iterator[tuple[UUID, int, Decimal, Decimal]]:
        pair, entry, line = t.provider_adjustment, t.journal_entry, t.journal_line
        booked = func.sum(line.c.amount)
        query = (
            select(pair.c.remittance_id, pair.c.ordinal, pair.c.amount, booked.label("booked"))
            .join_from(
                pair,
                entry,
                (entry.c.tenant_id == pair.c.tenant_id)
                & (entry.c.source_type == "provider_adjustment")
                & (entry.c.source_id == pair.c.id),
            )
            .join(line, (line.c.tenant_id == entry.c.tenant_id) & (line.c.entry_id == entry.c.id))
            .where(self._session.owns(pair), line.c.account != Account.UNAPPLIED)
            .group_by(pair.c.remittance_id, pair.c.ordinal, pair.c.amount)
            .having((booked != pair.c.amount) & (booked != ZERO))
        )
        rows = self._session.connection.execute(query)
        yield from ((row.remittance_id, row.ordinal, row.amount, row.booked) for row in rows)

    def _ids(self, query: Select[Any], table: Any) -> Iterator[list[UUID]]:
        after: UUID | None = None
        while True:
            part = query.where(self._session.owns(table)).order_by(table.c.id).limit(CHUNK)
            if after is not None:
                part = part.where(table.c.id > after)
            ids = list(self._session.connection.execute(part).scalars())
            if not ids:
                return
            yield ids
            after = ids[-1]
