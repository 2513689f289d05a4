"""A tenant's rows as streams, for `verify`: one instant, read in batches, joined by their order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    case,
    exists,
    func,
    select,
    union_all,
)

from app.domain.audit import AuditLink
from app.domain.errors import KeptBytesLost
from app.domain.identity import Prefix, public_id
from app.domain.ledger import Account
from app.domain.money import ZERO, from_cents
from app.flows.ports import RemittanceState, Tenant
from app.flows.verify import (
    GIVEN_ON,
    Figures,
    PaymentHistory,
    ProjectedBalance,
    ProjectedClaim,
    ProjectedStage,
    StoredParts,
)
from app.store import tables as t
from app.store.balances import balances_that_differ
from app.store.cash_records import ON_THE_BOOKS, TenantCash
from app.store.claim_rows import SNAPSHOT
from app.store.crypto import Cipher, Sealed
from app.store.encounters import CONTENT
from app.store.engine import reading
from app.store.evidence import matched_evidence, read_evidence
from app.store.file_records import TenantFiles
from app.store.judged_records import TenantJudged
from app.store.remittance_rows import stored_remittance
from app.store.told_records import TenantTold
from app.store.work_records import TenantWork

_BATCH = 1000


class DatabaseRecords:
    """The `OpenRecords` of the flow verify."""

    def __init__(self, engine: Engine, *, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    @contextmanager
    def __call__(self, tenant: Tenant) -> Iterator[TenantRecords]:
        with reading(self._engine) as connection:
            yield TenantRecords(connection, tenant, self._cipher)


class TenantRecords:
    """The `Records` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._connection = connection
        self._tenant = tenant
        self._cipher = cipher

    def audit_chain(self) -> Iterator[tuple[AuditLink, str]]:
        query = select(t.audit_entry).order_by(t.audit_entry.c.sequence)
        for row in self._stream(query, t.audit_entry):
            link = AuditLink(
                sequence=row.sequence,
                at=row.at,
                actor=row.actor,
                action=row.action,
                subject=row.subject,
                detail=row.detail,
                previous_hash=row.previous_hash,
            )
            yield link, row.hash

    def audit_length(self) -> int:
        length: int | None = self._connection.execute(
            select(t.counter.c.value).where(
                t.counter.c.tenant_id == self._tenant.id, t.counter.c.name == "audit"
            )
        ).scalar_one_or_none()
        return length or 0

    def kept_bytes(self) -> Iterator[tuple[str, str]]:
        originals = select(t.file.c.id, t.file.c.sha256).where(t.file.c.duplicate_of.is_(None))
        for id, sha256 in self._stream(originals, t.file):
            yield public_id(Prefix.FILE, id), sha256
        for id, sha256 in self._stream(select(t.batch.c.id, t.batch.c.sha256), t.batch):
            yield public_id(Prefix.BATCH, id), sha256
        sent = select(t.answer.c.id, t.answer.c.sha256).where(t.answer.c.sha256.is_not(None))
        for id, sha256 in self._stream(sent, t.answer):
            yield public_id(Prefix.ANSWER, id), sha256
        paper = t.appeal_document
        papers = select(paper.c.appeal_id, paper.c.ordinal, paper.c.sha256)
        for id, ordinal, sha256 in self._stream(papers, paper):
            yield f"{public_id(Prefix.APPEAL, id)} paper {ordinal}", sha256

    def content_hashes(self) -> Iterator[tuple[str, str, str | None]]:
        for row in self._stream(select(t.encounter_version), t.encounter_version):
            place = f"{public_id(Prefix.ENCOUNTER, row.encounter_id)} version {row.version}"
            yield place, row.content_hash, self._hash(row, CONTENT)
        for row in self._stream(select(t.claim_version), t.claim_version):
            place = f"{public_id(Prefix.CLAIM, row.claim_id)} version {row.version}"
            yield place, row.content_hash, self._hash(row, SNAPSHOT)

    def unbalanced_entries(self) -> Iterator[tuple[UUID, Decimal]]:
        line = t.journal_line
        total = func.sum(line.c.amount)
        query = select(line.c.entry_id, total).group_by(line.c.entry_id).having(total != ZERO)
        yield from self._stream(query, line)

    def claims(self) -> Iterator[ProjectedClaim]:
        journal = _Side(self._stream(_booked(), t.journal_line))
        lines = _Side(
            self._stream(select(t.service_line).order_by(t.service_line.c.claim_id), t.service_line)
        )
        before = t.claim.alias("before")
        charged_before = (
            exists()
            .where(
                before.c.tenant_id == t.claim.c.tenant_id,
                before.c.encounter_id == t.claim.c.encounter_id,
                before.c.id < t.claim.c.id,
            )
            .label("charged_before")
        )
        query = select(t.claim, charged_before).order_by(t.claim.c.id)
        for row in self._stream(query, t.claim):
            yield ProjectedClaim(
                claim_id=row.id,
                claim=_figures(row, charge=None),
                lines={
                    line.charge_id: _figures(line, charge=_charged(row, line.charge))
                    for line in lines.of(row.id)
                },
                journal=_by_account(journal.of(row.id), row.responsibility),
            )

    def payments(self) -> Iterator[PaymentHistory]:
        p, act, entry = t.claim_payment, t.payment_act, t.journal_entry
        acts = _Side(
            self._stream(
                select(act.c.claim_payment_id, act.c.act).order_by(
                    act.c.claim_payment_id, act.c.ordinal
                ),
                act,
            ),
            by="claim_payment_id",
        )
        entries = _Side(
            self._stream(
                select(entry.c.source_id, entry.c.id, entry.c.reverses_id)
                .where(entry.c.source_type == "claim_payment")
                .order_by(entry.c.source_id, entry.c.ordinal),
                entry,
            ),
            by="source_id",
        )
        for row in self._stream(select(p.c.id, p.c.state).order_by(p.c.id), p):
            yield PaymentHistory(
                payment_id=row.id,
                state=row.state,
                acts=tuple(one.act for one in acts.of(row.id)),
                entries=tuple((one.id, one.reverses_id) for one in entries.of(row.id)),
            )

    def mirrors(self) -> Mapping[UUID, tuple[UUID, ...]]:
        entry = t.journal_entry
        query = select(entry.c.reverses_id, entry.c.id).where(
            entry.c.source_type == "claim_payment", entry.c.reverses_id.is_not(None)
        )
        found: dict[UUID, tuple[UUID, ...]] = {}
        for row in self._stream(query, entry):
            found[row.reverses_id] = (*found.get(row.reverses_id, ()), row.id)
        return found

    def crooked_mirrors(self) -> Iterator[UUID]:
        entry, line = t.journal_entry, t.journal_line
        parts = [
            select(
                entry.c.id,
                line.c.account,
                line.c.charge_id,
                line.c.claim_id,
                line.c.payer_position,
                line.c.amount,
            )
            .join_from(
                entry,
                line,
                (line.c.tenant_id == entry.c.tenant_id) & (line.c.entry_id == whose),
            )
            .where(entry.c.tenant_id == self._tenant.id, entry.c.reverses_id.is_not(None))
            for whose in (entry.c.id, entry.c.reverses_id)
        ]
        both = union_all(*parts).subquery()
        same = (both.c.account, both.c.charge_id, both.c.claim_id, both.c.payer_position)
        query = select(both.c.id).group_by(both.c.id, *same).having(func.sum(both.c.amount) != ZERO)
        yield from sorted(set(self._connection.execute(query).scalars()))

    def balances_that_differ(self) -> Iterator[ProjectedBalance]:
        for query in balances_that_differ():
            for id, kept, booked, *of in self._stream(query, t.claim):
                yield ProjectedBalance(
                    id,
                    of[0] if of else None,
                    from_cents(int(kept)),
                    from_cents(int(booked)),
                )

    def stages(self) -> Iterator[ProjectedStage]:
        found = matched_evidence().subquery()
        query = (
            select(
                t.claim.c.id.label("claim_id"),
                t.claim.c.stage.label("projected_stage"),
                t.claim.c.reported_by.label("projected_by"),
                t.claim.c.frequency.label("claim_frequency"),
                found,
            )
            .join_from(
                t.claim,
                found,
                (found.c.tenant_id == t.claim.c.tenant_id)
                & (found.c.submission_id == t.claim.c.submission_id),
                isouter=True,
            )
            .order_by(t.claim.c.id)
        )
        for claim_id, rows in groupby(self._stream(query, t.claim), key=lambda row: row.claim_id):
            all_rows = list(rows)
            yield ProjectedStage(
                claim_id=claim_id,
                stage=all_rows[0].projected_stage,
                reported_by=all_rows[0].projected_by,
                frequency=all_rows[0].claim_frequency,
                evidence=[read_evidence(row) for row in all_rows if row.id is not None],
            )

    def remittances(self) -> Iterator[StoredParts]:
        payment, plb = t.claim_payment, t.provider_adjustment
        posted = case((payment.c.state.in_(ON_THE_BOOKS), 1), else_=0)
        payments = _Side(
            self._stream(
                select(
                    payment.c.remittance_id,
                    func.count().label("payments"),
                    func.sum(posted).label("posted"),
                    func.sum(payment.c.paid).label("paid"),
                )
                .group_by(payment.c.remittance_id)
                .order_by(payment.c.remittance_id),
                payment,
            ),
            by="remittance_id",
        )
        adjustments = _Side(
            self._stream(
                select(plb.c.remittance_id, func.sum(plb.c.amount).label("amount"))
                .group_by(plb.c.remittance_id)
                .order_by(plb.c.remittance_id),
                plb,
            ),
            by="remittance_id",
        )
        own = t.remittance
        query = select(own).where(own.c.state != RemittanceState.DUPLICATE).order_by(own.c.id)
        for row in self._stream(query, own):
            [sums] = payments.of(row.id) or [None]
            [pairs] = adjustments.of(row.id) or [None]
            yield StoredParts(
                stored=stored_remittance(row),
                payments=sums.payments if sums else 0,
                posted=int(sums.posted) if sums else 0,
                paid=sums.paid if sums else ZERO,
                provider_adjustments=pairs.amount if pairs else ZERO,
            )

    def balance(self, account: Account) -> Decimal:
        line = t.journal_line
        total: Decimal | None = self._connection.execute(
            select(func.sum(line.c.amount)).where(
                line.c.tenant_id == self._tenant.id, line.c.account == account
            )
        ).scalar_one()
        return ZERO if total is None else total

    def cash(self) -> TenantCash:
        return TenantCash(self._connection, self._tenant, self._cipher)

    def work(self) -> TenantWork:
        return TenantWork(self._connection, self._tenant, self._cipher)

    def judged(self) -> TenantJudged:
        return TenantJudged(self._connection, self._tenant, self._cipher)

    def files(self) -> TenantFiles:
        return TenantFiles(self._connection, self._tenant, self._cipher)

    def told(self) -> TenantTold:
        return TenantTold(self._connection, self._tenant)

    def _stream(self, query: Select[Any], table: Any) -> Iterator[Any]:
        owned = query.where(table.c.tenant_id == self._tenant.id)
        yield from self._connection.execute(owned, execution_options={"yield_per": _BATCH})

    def _hash(self, row: Any, column: str) -> str | None:
        try:
            content = self._cipher.open(
                Sealed(row.content, row.content_key_id), tenant_id=self._tenant.id, column=column
            )
        except KeptBytesLost:
            return None
        return hashlib.sha256(content).hexdigest()


class _Side:
    """A stream in the order of its owners, from which each owner takes its rows in turn."""

    def __init__(self, rows: Iterator[Any], *, by: str = "claim_id") -> None:
        self._rows = rows
        self._owner = attrgetter(by)
        self._next: Any = next(rows, None)

    def of(self, owner: UUID) -> list[Any]:
        taken = []
        while self._next is not None and self._owner(self._next) <= owner:
            if self._owner(self._next) == owner:
                taken.append(self._next)
            self._next = next(self._rows, None)
        return taken


def _booked() -> Select[Any]:
    line = t.journal_line
    kinds = (line.c.claim_id, line.c.charge_id, line.c.account, line.c.payer_position)
    return (
        select(*kinds, func.sum(line.c.amount).label("amount"))
        .where(line.c.claim_id.is_not(None))
        .group_by(*kinds)
        .order_by(line.c.claim_id)
    )


def _by_account(rows: list[Any], position: str) -> dict[tuple[UUID | None, str], Decimal]:
    """A claim's journal; the receivable of another payer than its own is what it gave on."""
    found: defaultdict[tuple[UUID | None, str], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        others = row.account == Account.RECEIVABLE_PAYER and row.payer_position != position
        found[row.charge_id, GIVEN_ON if others else row.account] += row.amount
    return found


def _charged(claim: Any, charge: Decimal) -> Decimal | None:
    """What its journal must show; the first claim of an encounter bears the charges of all."""
    if claim.charged_before:
        return None
    return ZERO if claim.predetermination else charge


def _figures(row: Any, *, charge: Decimal | None) -> Figures:
    return Figures(charge, row.paid, row.adjusted, row.patient_responsibility)
