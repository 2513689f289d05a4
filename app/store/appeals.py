"""Appeals with their denials and papers, and what they quote of remittances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from app.domain.appeal import (
    Appeal,
    AppealPaper,
    AppealState,
    DecidedBy,
    RemittedClaim,
    RemittedLine,
)
from app.domain.denial_categories import Category
from app.flows.ports import AppealFilter
from app.store import tables as t
from app.store.session import Session, chunks

_ARGUMENT = "appeal.argument"
# Columns of the same name as the member.
_PLAIN = (
    "id", "claim_id", "level", "level_name", "category", "state", "deadline", "amount_at_stake",
    "filed_on", "method", "tracking_number", "decided_on", "decided_by", "recovered",
    "previous_id", "created_by", "created_at",
)  # fmt: skip


class AppealRepository:
    """The `Appeals` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, appeal: Appeal) -> None:
        self._session.insert(t.appeal, [self._columns(appeal)])
        self._session.insert(
            t.appeal_denial,
            [{"appeal_id": appeal.id, "denial_id": id} for id in appeal.denial_ids],
        )

    def keep(self, appeal: Appeal) -> None:
        self._session.connection.execute(
            update(t.appeal)
            .where(self._session.owns(t.appeal), t.appeal.c.id == appeal.id)
            .values(**self._columns(appeal))
        )

    def get(self, appeal_id: UUID) -> Appeal | None:
        return next(iter(self._find(t.appeal.c.id == appeal_id)), None)

    def of_claims(self, claim_ids: Sequence[UUID]) -> list[Appeal]:
        return [
            a
            for some in chunks(claim_ids)
            for a in self._find(self._session.among(t.appeal.c.claim_id, some))
        ]

    def states(self, claim_ids: Sequence[UUID]) -> dict[UUID, AppealState]:
        found = dict.fromkeys(claim_ids, AppealState.NONE)
        for some in chunks(claim_ids):
            query = (
                select(t.appeal.c.claim_id, t.appeal.c.state)
                .where(self._session.owns(t.appeal), self._session.among(t.appeal.c.claim_id, some))
                .order_by(t.appeal.c.id)
            )
            for claim_id, state in self._session.connection.execute(query):
                found[claim_id] = AppealState(state)
        return found

    def search(self, which: AppealFilter, *, limit: int, after: UUID | None) -> list[Appeal]:
        conditions: list[ColumnElement[bool]] = []
        if which.state is not None:
            conditions.append(t.appeal.c.state == which.state)
        if which.claim_id is not None:
            conditions.append(t.appeal.c.claim_id == which.claim_id)
        if after is not None:
            conditions.append(t.appeal.c.id > after)
        return self._find(*conditions, limit=limit)

    def add_document(self, appeal_id: UUID, *, name: str, sha256: str, size: int) -> None:
        before = self._session.connection.execute(
            select(func.count())
            .select_from(t.appeal_document)
            .where(
                self._session.owns(t.appeal_document), t.appeal_document.c.appeal_id == appeal_id
            )
        ).scalar_one()
        row = {
            "appeal_id": appeal_id,
            "ordinal": before + 1,
            "name": name,
            "sha256": sha256,
            "size": size,
            "actor": self._session.actor,
            "added_at": self._session.clock.now(),
        }
        self._session.insert_once(t.appeal_document, [row])

    def documents(self, appeal_id: UUID) -> list[AppealPaper]:
        query = self._session.rows(
            t.appeal_document, t.appeal_document.c.appeal_id == appeal_id
        ).order_by(t.appeal_document.c.ordinal)
        return [
            AppealPaper(row.ordinal, row.name, row.sha256, row.size, row.actor, row.added_at)
            for row in self._session.connection.execute(query)
        ]

    def remitted(self, payment_ids: Sequence[UUID]) -> list[RemittedClaim]:
        payment, remittance = t.claim_payment, t.remittance
        query = (
            select(
                payment,
                remittance.c.trace_number,
                remittance.c.payer_name,
                remittance.c.effective_date,
                t.file.c.sha256,
            )
            .join_from(
                payment,
                remittance,
                (remittance.c.tenant_id == payment.c.tenant_id)
                & (remittance.c.id == payment.c.remittance_id),
            )
            .join(
                t.file,
                (t.file.c.tenant_id == remittance.c.tenant_id)
                & (t.file.c.id == remittance.c.file_id),
            )
            .where(self._session.owns(payment), payment.c.id.in_(payment_ids))
            .order_by(remittance.c.effective_date, payment.c.id)
        )
        return [
            RemittedClaim(
                payment_id=row.id,
                status=row.status,
                charge=row.charge,
                paid=row.paid,
                payer_claim_control_number=row.payer_claim_control_number,
                segment_number=row.segment_number,
                trace_number=row.trace_number,
                payer_name=row.payer_name,
                effective_date=row.effective_date,
                file_sha256=row.sha256,
                lines=self._remitted_lines(row),
            )
            for row in self._session.connection.execute(query).all()
        ]

    def _remitted_lines(self, payment: Any) -> tuple[RemittedLine, ...]:
        """The claim level first, if it says anything, then each service."""
        adjustments: dict[int, list[tuple[str, str, Any]]] = {}
        query = self._session.rows(
            t.adjustment, t.adjustment.c.claim_payment_id == payment.id
        ).order_by(t.adjustment.c.service_ordinal, t.adjustment.c.ordinal)
        for row in self._session.connection.execute(query):
            said = (row.group, row.reason, row.amount)
            adjustments.setdefault(row.service_ordinal, []).append(said)
        remarks: dict[int, list[str]] = {}
        query = self._session.rows(t.remark, t.remark.c.claim_payment_id == payment.id).order_by(
            t.remark.c.service_ordinal, t.remark.c.ordinal
        )
        for row in self._session.connection.execute(query):
            remarks.setdefault(row.service_ordinal, []).append(row.code)
        lines = []
        if 0 in adjustments or 0 in remarks:
            lines.append((0, None, None, payment.charge, payment.paid))
        query = self._session.rows(
            t.service_payment, t.service_payment.c.claim_payment_id == payment.id
        ).order_by(t.service_payment.c.ordinal)
        for row in self._session.connection.execute(query):
            code = row.procedure["code"] if row.procedure else None
            lines.append((row.ordinal, row.line_control_number, code, row.charge, row.paid))
        return tuple(
            RemittedLine(
                *line, tuple(adjustments.get(line[0], ())), tuple(remarks.get(line[0], ()))
            )
            for line in lines
        )

    def _find(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Appeal]:
        query = self._session.rows(t.appeal, *conditions).order_by(t.appeal.c.id).limit(limit)
        rows = self._session.connection.execute(query).all()
        denials: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
        for some in chunks(list(denials)):
            of = self._session.rows(
                t.appeal_denial, self._session.among(t.appeal_denial.c.appeal_id, some)
            ).order_by(t.appeal_denial.c.denial_id)
            for row in self._session.connection.execute(of):
                denials[row.appeal_id].append(row.denial_id)
        return [self._read(row, tuple(denials[row.id])) for row in rows]

    def _columns(self, appeal: Appeal) -> dict[str, Any]:
        sealed = None
        if appeal.argument is not None:
            sealed = self._session.seal(appeal.argument.encode(), _ARGUMENT)
        return {name: getattr(appeal, name) for name in _PLAIN} | {
            "argument": sealed.data if sealed else None,
            "argument_key_id": sealed.key_id if sealed else None,
        }

    def _read(self, row: Any, denial_ids: tuple[UUID, ...]) -> Appeal:
        argument = None
        if row.argument is not None:
            argument = self._session.open(row.argument, row.argument_key_id, _ARGUMENT).decode()
        members = {name: row._mapping[name] for name in _PLAIN}
        members |= {
            "category": Category(row.category),
            "state": AppealState(row.state),
            "decided_by": None if row.decided_by is None else DecidedBy(row.decided_by),
        }
        return Appeal(**members, argument=argument, denial_ids=denial_ids)
