"""Judged lines and what people wrote off, for `verify`, read in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.domain.clock import SystemClock
from app.domain.contract import Fee
from app.domain.identity import Prefix, public_id
from app.domain.ledger import Account
from app.domain.money import ZERO
from app.flows.ports import PaymentState, Tenant
from app.flows.verify_judged import BookedAct, JudgedPayment
from app.store import tables as t
from app.store.claim_rows import claims_where, stored_claims
from app.store.crypto import Cipher
from app.store.journal import JournalRepository
from app.store.payment_rows import kept_payments
from app.store.session import Session, chunks
from app.store.terms import TermsRepository
from app.store.underpayments import UnderpaymentRepository

_ADJUSTED = (Account.CONTRACTUAL, Account.SEQUESTRATION, Account.WRITE_OFF)
_REOPENED = "reopened"
# What people write off: (their acts, what an act is about, its word, source of the entry, prefix).
_WRITE_OFFS = (
    (t.denial_act, t.denial_act.c.denial_id, "written_off", "write_off", Prefix.DENIAL),
    (
        t.underpayment_act,
        t.underpayment_act.c.expected_payment_id,
        "accepted",
        "underpayment",
        Prefix.UNDERPAYMENT,
    ),
)


class TenantJudged:
    """The `JudgedRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._session = Session(connection, tenant, "verify", SystemClock(), cipher)
        self._underpayments = UnderpaymentRepository(self._session)
        self._journal = JournalRepository(self._session)
        self._schedule = cache(TermsRepository(self._session).schedule)

    def judged(self) -> Iterator[list[JudgedPayment]]:
        own, payment = t.expected_payment, t.claim_payment
        query = (
            select(payment.c.id)
            .join_from(
                own,
                payment,
                (payment.c.tenant_id == own.c.tenant_id) & (payment.c.id == own.c.claim_payment_id),
            )
            .where(self._session.owns(own), payment.c.state == PaymentState.POSTED)
            .distinct()
            .order_by(payment.c.id)
        )
        ids = list(self._session.connection.execute(query).scalars())
        for some in chunks(ids):
            rows = self._session.rows(payment, payment.c.id.in_(some)).order_by(payment.c.id)
            kept = kept_payments(self._session, self._session.connection.execute(rows).all())
            of_claims = claims_where(
                self._session, t.claim.c.id.in_(sorted({k.claim_id for k in kept if k.claim_id}))
            )
            found = self._session.connection.execute(of_claims).all()
            claims = {c.id: c for c in stored_claims(self._session, found)}
            judged = self._underpayments.judged_of(some)
            standing = self._journal.standing("claim_payment", some)
            part = []
            for one in kept:
                assert one.claim_id is not None, "what is posted has a claim"
                adjusted: defaultdict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
                booked = standing.get(one.id)
                for line in booked.entry.lines if booked and booked.entry else ():
                    if line.account in _ADJUSTED:
                        adjusted[line.charge_id] += line.amount
                part.append(JudgedPayment(one, claims[one.claim_id], judged[one.id], adjusted))
            yield part

    def scheduled(self, payer_id: str, version: int, row: int) -> Fee | None:
        schedule = self._schedule(payer_id, version)
        if schedule is None or not 0 < row <= len(schedule.fees):
            return None
        return schedule.fees[row - 1]

    def acts(self) -> Iterator[BookedAct]:
        entry, line = t.journal_entry, t.journal_line
        for act, subject, word, source, prefix in _WRITE_OFFS:
            booked = (
                select(entry.c.source_id, func.sum(line.c.amount).label("amount"))
                .join_from(
                    entry,
                    line,
                    (line.c.tenant_id == entry.c.tenant_id) & (line.c.entry_id == entry.c.id),
                )
                .where(
                    self._session.owns(entry),
                    entry.c.source_type == source,
                    line.c.account == Account.WRITE_OFF,
                )
                .group_by(entry.c.source_id)
                .subquery()
            )
            query = (
                select(act, subject.label("subject_id"), booked.c.amount.label("booked"))
                .join_from(act, booked, booked.c.source_id == act.c.id, isouter=True)
                .where(self._session.owns(act))
                .order_by(subject, act.c.ordinal.desc())
            )
            reopened: UUID | None = None  # the subject whose later acts took the earlier back
            for row in self._session.connection.execute(query):
                if row.act == _REOPENED:
                    reopened = row.subject_id
                if row.act != word:
                    continue
                standing = reopened != row.subject_id and row.amount
                yield BookedAct(
                    public_id(prefix, row.subject_id),
                    row.ordinal,
                    row.amount if standing else ZERO,
                    row.booked or ZERO,
                )

    def entries_without_act(self) -> Iterator[UUID]:
        entry = t.journal_entry
        for act, _, word, source, _ in _WRITE_OFFS:
            query = (
                select(entry.c.id)
                .join_from(
                    entry,
                    act,
                    (act.c.tenant_id == entry.c.tenant_id)
                    & (act.c.id == entry.c.source_id)
                    & (act.c.act == word),
                    isouter=True,
                )
                .where(self._session.owns(entry), entry.c.source_type == source, act.c.id.is_(None))
                .order_by(entry.c.id)
            )
            yield from self._session.connection.execute(query).scalars()
