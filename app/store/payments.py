"""Claim payments after they were stored: found again, changed with an act that says why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal_column, or_, select, update

from app.domain.matching import REVERSAL_WITHOUT_ORIGINAL
from app.domain.outcome import Outcome
from app.flows.ports import (
    Act,
    KeptAct,
    KeptPayment,
    PaymentChange,
    PaymentFilter,
    PaymentState,
    RemittanceState,
    ReversalClue,
    StoredPayment,
)
from app.store import tables as t
from app.store.payment_rows import kept_payments
from app.store.remittance_rows import act_columns, outcome_columns, read_outcome, stored_payment
from app.store.session import Session, chunks

_p = t.claim_payment
# Spelled out, not bound: the databases use the index of what is not posted only for this text.
_OPEN = _p.c.state != literal_column("'posted'")
_REVERSAL = "22"
_ON_THE_BOOKS = (PaymentState.POSTED, PaymentState.REVERSED)
_ASIDE = PaymentState.DISMISSED


class ClaimPaymentRepository:
    """The `ClaimPayments` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, payment_id: UUID) -> KeptPayment | None:
        query = self._session.rows(_p, _p.c.id == payment_id)
        return next(iter(self._kept(self._session.locked(query, _p))), None)

    def of_remittance(self, remittance_id: UUID, *, limit: int, after: int) -> list[KeptPayment]:
        query = self._session.rows(_p, _p.c.remittance_id == remittance_id, _p.c.ordinal > after)
        return self._kept(query.order_by(_p.c.ordinal).limit(limit))

    def page(self, which: PaymentFilter, *, limit: int, after: UUID | None) -> list[StoredPayment]:
        conditions: list[ColumnElement[bool]] = []
        if which.state is not None:
            conditions.append(_p.c.state == which.state)
            if which.state is not PaymentState.POSTED:
                conditions.append(_OPEN)
        if which.reason is not None:
            conditions.append(_p.c.reason == which.reason)
        if which.claim_id is not None:
            conditions.append(_p.c.claim_id == which.claim_id)
        if after is not None:
            conditions.append(_p.c.id > after)
        query = self._session.rows(_p, *conditions).order_by(_p.c.id).limit(limit)
        return [stored_payment(row) for row in self._session.connection.execute(query)]

    def shown(self, payment_id: UUID) -> StoredPayment | None:
        row = self._session.connection.execute(
            self._session.rows(_p, _p.c.id == payment_id)
        ).one_or_none()
        return None if row is None else stored_payment(row)

    def waiting_for_claims(
        self, claim_ids: Sequence[UUID], *, reasons: Sequence[str]
    ) -> list[KeptPayment]:
        rows: list[Any] = []
        for some in chunks(claim_ids):
            query = self._session.rows(
                _p,
                _OPEN,
                self._session.among(_p.c.claim_id, some),
                _p.c.state == PaymentState.WAITING,
                _p.c.reason.in_(reasons),
            ).order_by(_p.c.id)
            rows += self._session.connection.execute(query).all()
        return kept_payments(self._session, rows)

    def standing(self, claim_ids: Sequence[UUID]) -> list[KeptPayment]:
        found: list[KeptPayment] = []
        for some in chunks(claim_ids):
            query = self._session.rows(
                _p,
                self._session.among(_p.c.claim_id, some),
                _p.c.state == PaymentState.POSTED,
                _p.c.status != _REVERSAL,
            )
            found += self._kept(query.order_by(_p.c.id))
        return found

    def claims_named(self, clues: Sequence[ReversalClue]) -> dict[ReversalClue, UUID]:
        named: dict[ReversalClue, UUID] = {}
        for clue in clues:  # reversals of what was matched by hand: few
            for same in _same_number(clue):
                query = (
                    select(_p.c.claim_id)
                    .where(
                        self._session.owns(_p),
                        _p.c.claim_id.is_not(None),
                        _p.c.state.in_(_ON_THE_BOOKS),
                        same,
                    )
                    .order_by(_p.c.id)
                    .limit(1)
                )
                claim_id = self._session.connection.execute(query).scalar_one_or_none()
                if claim_id is not None:
                    named.setdefault(clue, claim_id)
        return named

    def reversals_naming(self, payment: KeptPayment) -> list[KeptPayment]:
        said = payment.payment
        numbers = tuple(n for n in (said.payer_claim_control_number,) if n)
        same = _same_number(ReversalClue(said.patient_control_number, numbers))
        if numbers:
            same.append(_p.c.original_claim_number.in_(numbers))
        if not same:
            return []
        query = self._session.rows(
            _p,
            _OPEN,
            _p.c.state == PaymentState.WAITING,
            _p.c.reason == REVERSAL_WITHOUT_ORIGINAL.reason,
            _p.c.claim_id.is_(None),
            or_(*same),
        )
        return self._kept(query.order_by(_p.c.id))

    def twin_on_the_books(self, payment: KeptPayment) -> UUID | None:
        if payment.fingerprint is None:
            return None
        said = payment.payment.patient_control_number  # it has an index; the fingerprint has not
        query = select(_p.c.id).where(
            self._session.owns(_p),
            _p.c.patient_control_number == said,
            _p.c.fingerprint == payment.fingerprint,
            _p.c.id != payment.id,
            _p.c.state.in_(_ON_THE_BOOKS),
        )
        return self._session.connection.execute(query.limit(1)).scalar_one_or_none()

    def change(self, changes: Sequence[PaymentChange]) -> None:
        if not changes:
            return
        for change in changes:
            self._change(change)
        claimed = [(c.fingerprint, c.id) for c in changes if c.fingerprint]
        self._session.insert_once(
            t.fingerprint,
            [{"kind": "claim_payment", "hash": h, "subject_id": id} for h, id in claimed],
        )
        self._keep_acts(changes)
        self._count(changes)

    def keep_waiting(
        self,
        payment_id: UUID,
        *,
        reason: str,
        message: str,
        claim_id: UUID | None,
        lines: Mapping[int, UUID] | None = None,
    ) -> None:
        self._session.connection.execute(
            update(_p)
            .where(self._session.owns(_p), _p.c.id == payment_id)
            .values(reason=reason, message=message, claim_id=claim_id)
        )
        if lines is not None:
            self._place(payment_id, lines, {})

    def acts(self, payment_id: UUID) -> list[KeptAct]:
        query = self._session.rows(
            t.payment_act, t.payment_act.c.claim_payment_id == payment_id
        ).order_by(t.payment_act.c.ordinal)
        return [
            KeptAct(
                ordinal=row.ordinal,
                act=Act(row.act),
                claim_id=row.claim_id,
                counterpart_id=row.counterpart_id,
                method=row.method,
                confidence=row.confidence,
                reason=row.reason,
                actor=row.actor,
                at=row.at,
                classified=read_outcome(row),
            )
            for row in self._session.connection.execute(query).all()
        ]

    def decisions(self, claim_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, Outcome]]]:
        found: defaultdict[UUID, list[tuple[UUID, Outcome]]] = defaultdict(list)
        for some in chunks(claim_ids):
            query = (
                select(
                    _p.c.id,
                    _p.c.claim_id,
                    _p.c.outcome,
                    _p.c.outcome_reasons,
                    _p.c.classifier_version,
                )
                .where(
                    self._session.owns(_p),
                    self._session.among(_p.c.claim_id, some),
                    _p.c.state == PaymentState.POSTED,
                )
                .order_by(_p.c.id)
            )
            for row in self._session.connection.execute(query):
                if classified := read_outcome(row):
                    found[row.claim_id].append((row.id, classified))
        return found

    def originals(self, reversal_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        act = t.payment_act
        found: dict[UUID, UUID] = {}
        for some in chunks(list(reversal_ids)):
            query = (
                select(act.c.claim_payment_id, act.c.counterpart_id)
                .where(
                    self._session.owns(act),
                    self._session.among(act.c.claim_payment_id, some),
                    act.c.act == Act.POSTED,
                    act.c.counterpart_id.is_not(None),
                )
                .order_by(act.c.claim_payment_id, act.c.ordinal)
            )
            found.update((id, original) for id, original in self._session.connection.execute(query))
        return found

    def _kept(self, query: Select[Any]) -> list[KeptPayment]:
        return kept_payments(self._session, self._session.connection.execute(query).all())

    def _change(self, change: PaymentChange) -> None:
        values: dict[str, Any] = {
            "state": change.state,
            "claim_id": change.claim_id,
            **outcome_columns(change.classified),
            "reason": change.reason,
            "message": change.message,
            "method": change.method,
        }
        self._session.connection.execute(
            update(_p).where(self._session.owns(_p), _p.c.id == change.id).values(values)
        )
        if change.lines is not None:
            self._place(change.id, change.lines, change.line_methods)

    def _place(
        self, payment_id: UUID, lines: Mapping[int, UUID], methods: Mapping[int, str]
    ) -> None:
        """The lines of its services, in place of those they had."""
        own = (self._session.owns(t.service_payment)) & (
            t.service_payment.c.claim_payment_id == payment_id
        )
        self._session.connection.execute(
            update(t.service_payment).where(own).values(service_line_id=None, method=None)
        )
        for ordinal in sorted(lines.keys() | methods.keys()):
            self._session.connection.execute(
                update(t.service_payment)
                .where(own, t.service_payment.c.ordinal == ordinal)
                .values(service_line_id=lines.get(ordinal), method=methods.get(ordinal))
            )

    def _keep_acts(self, changes: Sequence[PaymentChange]) -> None:
        ids = sorted({change.act.payment_id for change in changes})
        last: Counter[UUID] = Counter()
        for some in chunks(ids):
            query = (
                select(t.payment_act.c.claim_payment_id, func.max(t.payment_act.c.ordinal))
                .where(
                    self._session.owns(t.payment_act),
                    self._session.among(t.payment_act.c.claim_payment_id, some),
                )
                .group_by(t.payment_act.c.claim_payment_id)
            )
            last.update({row[0]: row[1] for row in self._session.connection.execute(query).all()})
        rows = []
        for change in changes:
            last[change.act.payment_id] += 1
            ordinal = last[change.act.payment_id]
            told = act_columns(self._session, change.act, ordinal=ordinal)
            rows.append({**told, **outcome_columns(change.act.classified)})
        self._session.insert(t.payment_act, rows)

    def _count(self, changes: Sequence[PaymentChange]) -> None:
        """A remittance counts what is or was on the books, and what waits; neither counts what a
        person dismissed.
        """
        more: Counter[UUID] = Counter()
        done: Counter[UUID] = Counter()
        for change in changes:
            on_the_books = (change.state in _ON_THE_BOOKS) - (change.before in _ON_THE_BOOKS)
            aside = (change.state is _ASIDE) - (change.before is _ASIDE)
            more[change.remittance_id] += on_the_books
            done[change.remittance_id] += on_the_books + aside
        r = t.remittance
        for remittance_id, difference in sorted(more.items()):
            if not difference and not done[remittance_id]:
                continue
            waiting = r.c.waiting - done[remittance_id]
            ended = r.c.state.in_((RemittanceState.POSTED, RemittanceState.POSTED_WITH_EXCEPTIONS))
            whole = case(
                (waiting > 0, RemittanceState.POSTED_WITH_EXCEPTIONS.value),
                else_=RemittanceState.POSTED.value,
            )
            self._session.connection.execute(
                update(r)
                .where(self._session.owns(r), r.c.id == remittance_id)
                .values(
                    posted=r.c.posted + difference,
                    waiting=waiting,
                    state=case((ended, whole), else_=r.c.state),
                )
            )


def _same_number(clue: ReversalClue) -> list[ColumnElement[bool]]:
    """The payer's number first: it says more than ours, which may come back as noughts."""
    same: list[ColumnElement[bool]] = []
    if clue.payer_claim_control_numbers:
        same.append(_p.c.payer_claim_control_number.in_(clue.payer_claim_control_numbers))
    if clue.patient_control_number.strip(" 0"):
        same.append(_p.c.patient_control_number == clue.patient_control_number)
    return same
