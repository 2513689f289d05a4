"""A tenant's deposits, PLB pairs and patients' money for `verify`, read in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from app.domain.clock import SystemClock
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.domain.recoupment import Recoupment
from app.domain.remittance import PaymentState
from app.flows.ports import RemittanceState, Tenant
from app.flows.verify_cash import BookedPair
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.deposits import DepositRepository
from app.store.journal import JournalRepository
from app.store.patient_money import PatientMoneyRepository
from app.store.recoupments import RecoupmentRepository
from app.store.remittance_rows import read_provider_adjustment, stored_remittance
from app.store.session import CHUNK, Session
from app.store.types import Cents

ON_THE_BOOKS = (PaymentState.POSTED, PaymentState.REVERSED)


class TenantCash:
    """The `CashRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._session = Session(connection, tenant, "verify", SystemClock(), cipher)
        self.deposits = DepositRepository(self._session)
        self.patient_money = PatientMoneyRepository(self._session)
        self.journal = JournalRepository(self._session)
        self._recoupments = RecoupmentRepository(self._session)

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

    def pairs(self) -> Iterator[BookedPair]:
        pair, own, token = t.provider_adjustment, t.remittance, t.provider_adjustment_token
        entry, line = t.journal_entry, t.journal_line
        booked: defaultdict[UUID, dict[str, Decimal]] = defaultdict(dict)
        sums = (
            select(entry.c.source_id, line.c.account, func.sum(line.c.amount))
            .join_from(entry, line, _of_entry(entry, line))
            .where(
                self._session.owns(entry),
                entry.c.source_type == "provider_adjustment",
                line.c.account != Account.UNAPPLIED,
            )
            .group_by(entry.c.source_id, line.c.account)
        )
        for source_id, account, amount in self._session.connection.execute(sums):
            booked[source_id][account] = amount
        tokens: defaultdict[UUID, list[str]] = defaultdict(list)
        of_pairs = self._session.rows(token).order_by(token.c.ordinal)
        for row in self._session.connection.execute(of_pairs):
            tokens[row.provider_adjustment_id].append(row.token)
        query = (
            select(pair, own.c.state, own.c.payer_identifier, own.c.payer_name)
            .join_from(
                pair,
                own,
                (own.c.tenant_id == pair.c.tenant_id) & (own.c.id == pair.c.remittance_id),
            )
            .where(self._session.owns(pair))
            .order_by(pair.c.id)
        )
        for row in self._session.connection.execute(query):
            yield BookedPair(
                remittance_id=row.remittance_id,
                state=row.state,
                ordinal=row.ordinal,
                payer=row.payer_name or ""
                if row.payer_identifier is None
                else row.payer_identifier,
                pair=read_provider_adjustment(row),
                tokens=tokens[row.id],
                booked=booked[row.id],
            )

    def recoupments(self) -> list[Recoupment]:
        found: list[Recoupment] = []
        while True:
            after = found[-1].id if found else None
            some = self._recoupments.page(open_only=False, limit=CHUNK, after=after)
            found += some
            if len(some) < CHUNK:
                return found

    def balance(self, account: Account) -> Decimal:
        return self.journal.trial_balance()[account]

    def paid_otherwise(self) -> Iterator[tuple[UUID, Decimal, Decimal]]:
        payment = t.claim_payment
        booked = self._booked("claim_payment", Account.UNAPPLIED)
        due = case((payment.c.state.in_(ON_THE_BOOKS), payment.c.paid), else_=ZERO)
        query = (
            select(payment.c.id, due.label("due"), booked.c.amount)
            .join_from(payment, booked, booked.c.source_id == payment.c.id)
            .where(self._session.owns(payment), booked.c.amount != due)
            .order_by(payment.c.id)
        )
        yield from self._rows(query)

    def adjusted_otherwise(self) -> Iterator[tuple[UUID, int, Decimal, Decimal]]:
        payment, service, cut = t.claim_payment, t.service_payment, t.adjustment
        balanced = cast(payment.c.imbalances, String) == "[]"
        total = func.coalesce(func.sum(cut.c.amount), ZERO)
        whole = (
            select(
                payment.c.id,
                literal(0),
                type_coerce(payment.c.charge - total, Cents),
                payment.c.paid,
            )
            .join_from(payment, cut, _of_payment(payment.c.id, cut), isouter=True)
            .where(self._session.owns(payment), balanced)
            .group_by(payment.c.id, payment.c.charge, payment.c.paid)
            .having(payment.c.charge - total != payment.c.paid)
        )
        lines = (
            select(
                service.c.claim_payment_id,
                service.c.ordinal,
                type_coerce(service.c.charge - total, Cents),
                service.c.paid,
            )
            .join_from(
                service,
                payment,
                (payment.c.tenant_id == service.c.tenant_id)
                & (payment.c.id == service.c.claim_payment_id),
            )
            .join(
                cut,
                _of_payment(service.c.claim_payment_id, cut)
                & (cut.c.service_ordinal == service.c.ordinal),
                isouter=True,
            )
            .where(self._session.owns(service), balanced)
            .group_by(
                service.c.claim_payment_id, service.c.ordinal, service.c.charge, service.c.paid
            )
            .having(service.c.charge - total != service.c.paid)
        )
        for query in (whole, lines):
            yield from self._rows(query)

    def arrived_otherwise(self) -> Iterator[tuple[UUID, Decimal, Decimal]]:
        own = t.remittance
        booked = self._booked("remittance", Account.CASH)
        query = (
            select(own, booked.c.amount.label("booked"))
            .join_from(own, booked, booked.c.source_id == own.c.id, isouter=True)
            .where(self._session.owns(own))
            .order_by(own.c.id)
        )
        for row in self._session.connection.execute(query):
            deposit = stored_remittance(row).deposit
            if deposit != (row.booked or ZERO):
                yield row.id, deposit, row.booked or ZERO

    def _rows(self, query: Select[Any]) -> Iterator[Any]:
        yield from self._session.connection.execute(query)

    def _booked(self, source_type: str, account: Account) -> Subquery:
        """What the entries of each source moved in an account."""
        entry, line = t.journal_entry, t.journal_line
        return (
            select(entry.c.source_id, func.sum(line.c.amount).label("amount"))
            .join_from(entry, line, _of_entry(entry, line))
            .where(
                self._session.owns(entry),
                entry.c.source_type == source_type,
                line.c.account == account,
            )
            .group_by(entry.c.source_id)
            .subquery()
        )

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


def _of_entry(entry: Any, line: Any) -> ColumnElement[bool]:
    return and_(line.c.tenant_id == entry.c.tenant_id, line.c.entry_id == entry.c.id)


def _of_payment(payment_id: Any, cut: Any) -> ColumnElement[bool]:
    return and_(
        cut.c.tenant_id == payment_id.table.c.tenant_id, cut.c.claim_payment_id == payment_id
    )
