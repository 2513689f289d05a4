"""Denials with their acts, and the decisions they are judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from app.domain.denial import Decided, How, Verdict
from app.domain.denial_categories import EDITION, Category
from app.domain.denial_record import DenialAct, NewDenial, StoredDenial
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.payer_terms import PayerWindows
from app.flows.ports import DenialFilter, PaymentState
from app.store import tables as t
from app.store.denial_rows import denial_columns, stored_denial
from app.store.session import Session, chunks

OPEN, CLOSED = "open", "closed"
_REASON = "denial_act.reason"
# Payments that decide nothing of a line, though they are posted.
_NO_DECISION = (Stage.PREDETERMINED, Stage.FORWARDED_TO_OTHER_PAYER, Stage.REVERSED)


class DenialRepository:
    """The `Denials` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def decided(self, payment_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, date | None]]:
        found: dict[UUID, tuple[UUID, date | None]] = {}
        for some in chunks(payment_ids):
            query = (
                select(t.claim_payment.c.id, t.remittance.c.id, t.remittance.c.effective_date)
                .join_from(t.claim_payment, t.remittance, _its_remittance())
                .where(
                    self._session.owns(t.claim_payment),
                    self._session.among(t.claim_payment.c.id, some),
                )
            )
            for payment_id, remittance_id, day in self._session.connection.execute(query).all():
                found[payment_id] = remittance_id, day
        return found

    def add(self, denials: Sequence[NewDenial]) -> set[UUID]:
        now = self._session.clock.now()
        begun = {
            "edition": EDITION,
            "created_at": now,
            "by_person": None,
            "assigned_to": None,
            "appealed": False,
            "state": OPEN,
            "how": None,
            "recovered": ZERO,
            "closed_by": None,
            "closed_at": None,
        }
        return self._session.inserted(
            t.denial,
            [
                {**denial_columns(denial), **begun, "at_stake": denial.found.counted}
                for denial in denials
            ],
        )

    def denied_claims(self, claim_ids: Sequence[UUID]) -> set[UUID]:
        return self._claims(t.denial.c.claim_id, claim_ids)

    def claims_of_payments(self, payment_ids: Sequence[UUID]) -> set[UUID]:
        about: list[UUID] = []
        for some in chunks(payment_ids):
            query = select(t.claim_payment.c.claim_id).where(
                self._session.owns(t.claim_payment),
                self._session.among(t.claim_payment.c.id, some),
                t.claim_payment.c.claim_id.is_not(None),
            )
            about += self._session.connection.execute(query).scalars()
        return (
            self.denied_claims(about)
            | self._claims(t.denial.c.payment_id, payment_ids)
            | self._claims(t.denial.c.closed_by, payment_ids)
        )

    def of_claims(self, claim_ids: Sequence[UUID]) -> dict[UUID, list[StoredDenial]]:
        found: dict[UUID, list[StoredDenial]] = {id: [] for id in claim_ids}
        for some in chunks(list(found)):
            query = self._session.rows(
                t.denial, self._session.among(t.denial.c.claim_id, some)
            ).order_by(t.denial.c.id)
            for row in self._session.connection.execute(query).all():
                found[row.claim_id].append(stored_denial(row))
        return found

    def decisions(self, claim_ids: Sequence[UUID]) -> dict[UUID, list[Decided]]:
        found: dict[UUID, list[Decided]] = {id: [] for id in claim_ids}
        for some in chunks(list(found)):
            by_payment: dict[UUID, list[Any]] = {}
            for row in self._session.connection.execute(self._standing(some)).all():
                by_payment.setdefault(row.id, []).append(row)
            for rows in by_payment.values():
                found[rows[0].claim_id] += _decisions(rows)
        return found

    def keep(self, verdicts: Mapping[UUID, Verdict]) -> None:
        now = self._session.clock.now()
        for id, verdict in verdicts.items():
            self._update(
                id,
                state=OPEN if verdict.is_open else CLOSED,
                how=verdict.how,
                at_stake=verdict.at_stake,
                recovered=verdict.recovered,
                closed_by=verdict.closed_by,
                closed_at=None if verdict.is_open else func.coalesce(t.denial.c.closed_at, now),
            )

    def get(self, denial_id: UUID) -> StoredDenial | None:
        row = self._session.connection.execute(
            self._session.rows(t.denial, t.denial.c.id == denial_id)
        ).one_or_none()
        return None if row is None else stored_denial(row)

    def search(self, which: DenialFilter, *, limit: int, after: UUID | None) -> list[StoredDenial]:
        wanted = {
            t.denial.c.state: which.state,
            t.denial.c.category: which.category,
            t.denial.c.payer_id: which.payer_id,
            t.denial.c.scenario: which.scenario,
            t.denial.c.claim_id: which.claim_id,
        }
        conditions: list[ColumnElement[bool]] = [
            column == value for column, value in wanted.items() if value is not None
        ]
        if after is not None:
            conditions.append(t.denial.c.id > after)
        query = self._session.rows(t.denial, *conditions).order_by(t.denial.c.id).limit(limit)
        return [stored_denial(row) for row in self._session.connection.execute(query)]

    def acts(self, denial_id: UUID) -> list[DenialAct]:
        query = self._session.rows(t.denial_act, t.denial_act.c.denial_id == denial_id).order_by(
            t.denial_act.c.ordinal
        )
        return [self._act(row) for row in self._session.connection.execute(query)]

    def add_act(
        self,
        denial_id: UUID,
        act: str,
        *,
        amount: Decimal | None = None,
        assigned_to: str | None = None,
        reason: str | None = None,
    ) -> DenialAct:
        before = self._session.connection.execute(
            select(func.count())
            .select_from(t.denial_act)
            .where(self._session.owns(t.denial_act), t.denial_act.c.denial_id == denial_id)
        ).scalar_one()
        done = DenialAct(
            id=self._session.new_id(),
            ordinal=before + 1,
            act=act,
            actor=self._session.actor,
            at=self._session.clock.now(),
            amount=amount,
            assigned_to=assigned_to,
            reason=reason,
        )
        sealed = self._session.seal(reason.encode(), _REASON) if reason else None
        self._session.insert(
            t.denial_act,
            [
                {
                    "id": done.id,
                    "denial_id": denial_id,
                    "ordinal": done.ordinal,
                    "act": act,
                    "amount": amount,
                    "assigned_to": assigned_to,
                    "reason": sealed.data if sealed else None,
                    "reason_key_id": sealed.key_id if sealed else None,
                    "actor": done.actor,
                    "at": done.at,
                }
            ],
        )
        return done

    def mark(self, denial_id: UUID, *, by_person: How | None, assigned_to: str | None) -> None:
        self._update(denial_id, by_person=by_person, assigned_to=assigned_to)

    def mark_appealed(self, denial_ids: Sequence[UUID], *, appealed: bool) -> None:
        for id in denial_ids:
            self._update(id, appealed=appealed)

    def history(self, payer_id: str | None, category: Category) -> tuple[int, int]:
        query = (
            select(t.denial.c.how, func.count())
            .where(
                self._session.owns(t.denial),
                t.denial.c.payer_id == payer_id,
                t.denial.c.category == category,
                t.denial.c.state == CLOSED,
            )
            .group_by(t.denial.c.how)
        )
        rows = self._session.connection.execute(query).all()
        counts: dict[str, int] = {row[0]: row[1] for row in rows}
        won = counts.get(How.PAID, 0) + counts.get(How.OVERTURNED, 0)
        return won, counts.get(How.WRITTEN_OFF, 0) + counts.get(How.DECIDED_AGAIN, 0)

    def terms(self, payer_row: UUID) -> list[PayerWindows]:
        query = self._session.rows(t.payer_terms, t.payer_terms.c.payer_row == payer_row).order_by(
            t.payer_terms.c.valid_from
        )
        return [
            PayerWindows(
                valid_from=row.valid_from,
                program=row.program,
                appeal_days=None if row.appeal_days is None else tuple(row.appeal_days),
                correction_days=row.correction_days,
                records_days=row.records_days,
                filing_days=row.filing_days,
            )
            for row in self._session.connection.execute(query).all()
        ]

    def set_terms(self, payer_row: UUID, terms: PayerWindows) -> None:
        values = {
            "program": terms.program,
            "appeal_days": None if terms.appeal_days is None else list(terms.appeal_days),
            "correction_days": terms.correction_days,
            "records_days": terms.records_days,
            "filing_days": terms.filing_days,
        }
        key = {"payer_row": payer_row, "valid_from": terms.valid_from}
        self._session.insert_once(t.payer_terms, [key | values])
        self._session.connection.execute(
            update(t.payer_terms)
            .where(
                self._session.owns(t.payer_terms),
                t.payer_terms.c.payer_row == payer_row,
                t.payer_terms.c.valid_from == terms.valid_from,
            )
            .values(**values)
        )

    def _standing(self, claim_ids: Sequence[UUID]) -> Select[Any]:
        """Posted payments of these claims with their services, if they have any."""
        payment, service = t.claim_payment, t.service_payment
        return (
            select(
                payment.c.id,
                payment.c.claim_id,
                payment.c.ordinal,
                payment.c.paid,
                t.remittance.c.effective_date,
                service.c.service_line_id,
                service.c.paid.label("line_paid"),
                service.c.ordinal.label("service_ordinal"),
            )
            .join_from(payment, t.remittance, _its_remittance())
            .join(
                service,
                (service.c.tenant_id == payment.c.tenant_id)
                & (service.c.claim_payment_id == payment.c.id),
                isouter=True,
            )
            .where(
                self._session.owns(payment),
                payment.c.claim_id.in_(claim_ids),
                payment.c.state == PaymentState.POSTED,
                payment.c.status != "22",
                or_(payment.c.outcome.is_(None), payment.c.outcome.not_in(_NO_DECISION)),
            )
        )

    def _claims(self, column: ColumnElement[Any], values: Sequence[UUID]) -> set[UUID]:
        found: set[UUID] = set()
        for some in chunks(values):
            query = (
                select(t.denial.c.claim_id)
                .where(self._session.owns(t.denial), self._session.among(column, some))
                .distinct()
            )
            found.update(self._session.connection.execute(query).scalars())
        return found

    def _update(self, denial_id: UUID, **values: Any) -> None:
        self._session.connection.execute(
            update(t.denial)
            .where(self._session.owns(t.denial), t.denial.c.id == denial_id)
            .values(**values)
        )

    def _act(self, row: Any) -> DenialAct:
        reason = None
        if row.reason is not None:
            reason = self._session.open(row.reason, row.reason_key_id, _REASON).decode()
        return DenialAct(
            id=row.id,
            ordinal=row.ordinal,
            act=row.act,
            actor=row.actor,
            at=row.at,
            amount=row.amount,
            assigned_to=row.assigned_to,
            reason=reason,
        )


def _its_remittance() -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (t.remittance.c.tenant_id == t.claim_payment.c.tenant_id) & (
        t.remittance.c.id == t.claim_payment.c.remittance_id
    )
    return joined


def _decisions(rows: Sequence[Any]) -> list[Decided]:
    """One payment's decisions: on the claim as a whole, and on each line its services name."""
    head = rows[0]
    whole = Decided(
        payment_id=head.id,
        line_id=None,
        on=head.effective_date,
        paid=head.paid,
        ordinal=head.ordinal,
        without_lines=head.service_ordinal is None,
    )
    by_line: dict[UUID, Decimal] = {}
    for row in rows:
        if row.service_line_id is not None:
            by_line[row.service_line_id] = by_line.get(row.service_line_id, ZERO) + row.line_paid
    return [
        whole,
        *(
            replace(whole, line_id=line_id, paid=paid, without_lines=False)
            for line_id, paid in by_line.items()
        ),
    ]
