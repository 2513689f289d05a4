"""Deposits with the ways they were told, and their pairs with remittances."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, select

from app.domain.deposit import Deposit, DepositSource, Sighting, StoredDeposit
from app.domain.reassociation import Expected, Pair, Reassociation
from app.domain.remittance import CURRENCY
from app.flows.ports import DepositAct, RemittanceState, Stands
from app.store.session import Session, chunks
from app.store.tables import (
    deposit,
    deposit_match,
    deposit_sighting,
    reassociation,
    remittance,
)

_ACCOUNT = "deposit.account"
_MOST_SUGGESTED = 100


class DepositRepository:
    """The `Deposits` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self) -> None:
        self._session.lock_name("deposits")

    def like(self, amounts: Sequence[Decimal]) -> list[StoredDeposit]:
        return self._where(deposit.c.amount, amounts)

    def add(self, new: Deposit, *, file_id: UUID | None) -> StoredDeposit:
        id = self._session.new_id()
        now = self._session.clock.now()
        row = {
            "id": id,
            "source": new.source,
            "file_id": file_id,
            "line": new.line,
            "amount": new.amount,
            "currency": CURRENCY,
            "deposited_on": new.date,
            "trace_number": new.trace_number,
            "trace_key": new.trace_key,
            "payer_identifier": new.payer_identifier,
            "payer_name": new.payer_name,
            **self._session.sealed_columns(_ACCOUNT, new.account),
            "reference": new.reference,
            "recorded_at": now,
        }
        self._session.insert(deposit, [row])
        self.see_again(id, new, file_id=file_id)
        return StoredDeposit(id, new, file_id, now)

    def see_again(self, deposit_id: UUID, again: Deposit, *, file_id: UUID | None) -> None:
        seen = self.sightings(deposit_id)
        if any((s.source, s.file_id, s.line) == (again.source, file_id, again.line) for s in seen):
            return
        row = {
            "deposit_id": deposit_id,
            "ordinal": len(seen) + 1,
            "source": again.source,
            "file_id": file_id,
            "line": again.line,
            "recorded_at": self._session.clock.now(),
        }
        self._session.insert(deposit_sighting, [row])

    def get(self, deposit_id: UUID) -> StoredDeposit | None:
        return next(iter(self.by_ids([deposit_id])), None)

    def by_ids(self, deposit_ids: Sequence[UUID]) -> list[StoredDeposit]:
        return self._where(deposit.c.id, deposit_ids)

    def by_traces(self, keys: Sequence[str]) -> list[StoredDeposit]:
        return self._where(deposit.c.trace_key, keys)

    def of_file(self, file_id: UUID) -> list[StoredDeposit]:
        return self._where(deposit.c.file_id, [file_id])

    def sightings(self, deposit_id: UUID) -> list[Sighting]:
        query = self._session.rows(
            deposit_sighting, deposit_sighting.c.deposit_id == deposit_id
        ).order_by(deposit_sighting.c.ordinal)
        return [
            Sighting(DepositSource(row.source), row.file_id, row.line, row.recorded_at)
            for row in self._session.connection.execute(query)
        ]

    def page(
        self, *, state: Reassociation | None, limit: int, after: UUID | None
    ) -> list[tuple[StoredDeposit, Stands]]:
        query = self._with_state(select(deposit, *_STANDS), deposit, state=state, after=after)
        rows = self._session.connection.execute(query.limit(limit))
        return [(self._read(row), _stands(row)) for row in rows]

    def expected(self, remittance_ids: Sequence[UUID]) -> list[Expected]:
        return self._expected(remittance.c.id, remittance_ids)

    def expected_by_traces(self, traces: Sequence[str]) -> list[Expected]:
        return self._expected(remittance.c.trace_number, traces)

    def expected_of_amount(self, amount: Decimal) -> list[Expected]:
        query = (
            self._session.rows(
                remittance, _NO_DUPLICATE, remittance.c.payment_amount == abs(amount)
            )
            .order_by(remittance.c.id.desc())
            .limit(_MOST_SUGGESTED)
        )
        return [read_expected(row) for row in self._session.connection.execute(query)]

    def expected_page(
        self, *, state: Reassociation | None, limit: int, after: UUID | None
    ) -> list[tuple[Expected, Stands]]:
        query = self._with_state(select(remittance, *_STANDS), remittance, state=state, after=after)
        rows = self._session.connection.execute(query.where(_NO_DUPLICATE).limit(limit))
        return [(read_expected(row), _stands(row)) for row in rows]

    def edges(
        self, *, deposit_ids: Sequence[UUID] = (), remittance_ids: Sequence[UUID] = ()
    ) -> list[tuple[UUID, UUID]]:
        m = deposit_match.c
        found: set[tuple[UUID, UUID]] = set()
        for column, ids in ((m.deposit_id, deposit_ids), (m.remittance_id, remittance_ids)):
            for some in chunks(sorted(set(ids))):
                found.update(self._pairs(column.in_(some), act="matched"))
        return sorted(found)

    def taken_apart(self, deposit_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
        return [
            pair
            for some in chunks(sorted(set(deposit_ids)))
            for pair in self._pairs(deposit_match.c.deposit_id.in_(some), act="unmatched")
        ]

    def acts(self, deposit_id: UUID) -> list[DepositAct]:
        query = self._session.rows(
            deposit_match, deposit_match.c.deposit_id == deposit_id
        ).order_by(deposit_match.c.at, deposit_match.c.remittance_id, deposit_match.c.ordinal)
        return [
            DepositAct(
                row.deposit_id,
                row.remittance_id,
                row.act,
                row.method,
                row.confidence,
                row.reason,
                row.actor,
                row.at,
            )
            for row in self._session.connection.execute(query)
        ]

    def join(self, pairs: Sequence[Pair], *, reason: str | None = None) -> None:
        for pair in pairs:
            ids = (pair.deposit_id, pair.remittance_id)
            self._act(ids, "matched", pair.method, pair.confidence, reason)

    def part(self, pairs: Sequence[tuple[UUID, UUID]], *, reason: str | None) -> None:
        for ids in pairs:
            self._act(ids, "unmatched", "by_hand", "certain", reason)

    def project(self, subject: str, stands: Sequence[Stands]) -> None:
        for some in chunks(stands):
            ids = [one.subject_id for one in some]
            self._session.connection.execute(
                delete(reassociation).where(
                    self._session.owns(reassociation), reassociation.c.subject_id.in_(ids)
                )
            )
            self._session.insert(
                reassociation,
                [
                    {
                        "subject_id": one.subject_id,
                        "subject": subject,
                        "state": one.state,
                        "expected": one.expected,
                        "arrived": one.arrived,
                    }
                    for one in some
                ],
            )

    def stands(self, subject_ids: Sequence[UUID]) -> dict[UUID, Stands]:
        return {
            row.subject_id: _stands(row)
            for some in chunks(list(subject_ids))
            for row in self._session.connection.execute(
                self._session.rows(reassociation, reassociation.c.subject_id.in_(some))
            )
        }

    def _act(
        self, ids: tuple[UUID, UUID], act: str, method: str, confidence: str, reason: str | None
    ) -> None:
        m = deposit_match.c
        ordinal = self._session.connection.execute(
            select(func.count()).where(
                self._session.owns(deposit_match), m.deposit_id == ids[0], m.remittance_id == ids[1]
            )
        ).scalar_one()
        row = {
            "deposit_id": ids[0],
            "remittance_id": ids[1],
            "ordinal": ordinal,
            "act": act,
            "method": method,
            "confidence": confidence,
            "reason": reason,
            "actor": self._session.actor,
            "at": self._session.clock.now(),
        }
        self._session.insert(deposit_match, [row])

    def _pairs(self, condition: ColumnElement[bool], *, act: str) -> list[tuple[UUID, UUID]]:
        """Pairs whose last act is this one."""
        m = deposit_match.c
        last = (
            select(m.deposit_id, m.remittance_id, func.max(m.ordinal).label("ordinal"))
            .where(self._session.owns(deposit_match), condition)
            .group_by(m.deposit_id, m.remittance_id)
            .subquery()
        )
        query = (
            select(m.deposit_id, m.remittance_id)
            .join_from(
                deposit_match,
                last,
                (m.deposit_id == last.c.deposit_id)
                & (m.remittance_id == last.c.remittance_id)
                & (m.ordinal == last.c.ordinal),
            )
            .where(self._session.owns(deposit_match), m.act == act)
            .order_by(m.deposit_id, m.remittance_id)
        )
        return [(row[0], row[1]) for row in self._session.connection.execute(query)]

    def _where(self, column: Any, values: Sequence[Any]) -> list[StoredDeposit]:
        found: list[StoredDeposit] = []
        for some in chunks(sorted(set(values))):
            query = self._session.rows(deposit, column.in_(some)).order_by(deposit.c.id)
            found += [self._read(row) for row in self._session.connection.execute(query)]
        return found

    def _expected(self, column: Any, values: Sequence[Any]) -> list[Expected]:
        found: list[Expected] = []
        for some in chunks(sorted(set(values))):
            query = self._session.rows(remittance, _NO_DUPLICATE, column.in_(some))
            rows = self._session.connection.execute(query.order_by(remittance.c.id))
            found += [read_expected(row) for row in rows]
        return found

    def _with_state(
        self,
        query: Select[Any],
        subject: Any,
        *,
        state: Reassociation | None,
        after: UUID | None,
    ) -> Select[Any]:
        joined = query.join_from(
            subject,
            reassociation,
            and_(
                reassociation.c.tenant_id == subject.c.tenant_id,
                reassociation.c.subject_id == subject.c.id,
            ),
        ).where(self._session.owns(subject))
        if state is not None:
            joined = joined.where(reassociation.c.state == state)
        if after is not None:
            joined = joined.where(subject.c.id > after)
        return joined.order_by(subject.c.id)

    def _read(self, row: Any) -> StoredDeposit:
        account = row.account
        if account is not None:
            account = self._session.open(account, row.account_key_id, _ACCOUNT).decode(
                "utf-8", "surrogateescape"
            )
        return StoredDeposit(
            id=row.id,
            deposit=Deposit(
                amount=row.amount,
                date=row.deposited_on,
                source=DepositSource(row.source),
                trace_number=row.trace_number,
                payer_identifier=row.payer_identifier,
                payer_name=row.payer_name,
                account=account,
                reference=row.reference,
                line=row.line,
            ),
            file_id=row.file_id,
            recorded_at=row.recorded_at,
        )


_STANDS = [
    reassociation.c[name].label(label)
    for name, label in (
        ("subject_id", "subject_id"),
        ("state", "stands_as"),
        ("expected", "expected"),
        ("arrived", "arrived"),
    )
]
# A remittance that is another one again, or a part of one, brings no money of its own.
_NO_DUPLICATE = and_(remittance.c.state != RemittanceState.DUPLICATE, remittance.c.seen.is_(None))


def read_expected(row: Any) -> Expected:
    """A row of `remittance` as what a bank can confirm."""
    return Expected(
        id=row.id,
        amount=-row.payment_amount if row.credit_debit == "D" else row.payment_amount,
        date=row.effective_date,
        trace_number=row.trace_number,
        payer_identifier=row.payer_identifier,
        payer_name=row.payer_name,
        payment_method=row.payment_method,
    )


def _stands(row: Any) -> Stands:
    state = row._mapping.get("stands_as") or row.state
    return Stands(row.subject_id, Reassociation(state), row.expected, row.arrived)
