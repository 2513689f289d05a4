"""The double entry: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from app.domain.ledger import Account, JournalEntry, JournalLine, trial_balance
from app.domain.money import ZERO
from app.domain.remittance import CURRENCY
from app.store.session import Session
from app.store.tables import journal_entry, journal_line


class JournalRepository:
    """The `Journal` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, entries: Sequence[JournalEntry]) -> None:
        now = self._session.clock.now()
        by_id = {self._session.new_id(): entry for entry in entries}
        rows = [
            {
                "id": id,
                "source_type": entry.source_type,
                "source_id": entry.source_id,
                "ordinal": entry.ordinal,
                "effective_date": entry.effective_date,
                "reverses_id": entry.reverses_id,
                "currency": CURRENCY,
                "posted_at": now,
            }
            for id, entry in by_id.items()
        ]
        posted = self._session.inserted(journal_entry, rows)
        self._session.insert(
            journal_line,
            [
                {
                    "entry_id": id,
                    "ordinal": ordinal,
                    "account": line.account,
                    "amount": line.amount,
                    "charge_id": line.charge_id,
                    "claim_id": line.claim_id,
                    "payer_position": line.payer_position,
                }
                for id, entry in by_id.items()
                if id in posted
                for ordinal, line in enumerate(entry.lines, start=1)
            ],
        )

    def entries_of(self, source_type: str, source_id: UUID) -> list[tuple[UUID, JournalEntry]]:
        heads = self._session.connection.execute(
            self._session.rows(
                journal_entry,
                journal_entry.c.source_type == source_type,
                journal_entry.c.source_id == source_id,
            ).order_by(journal_entry.c.ordinal)
        ).all()
        lines: dict[UUID, list[JournalLine]] = {head.id: [] for head in heads}
        rows = self._session.connection.execute(
            self._session.rows(journal_line, journal_line.c.entry_id.in_(list(lines))).order_by(
                journal_line.c.entry_id, journal_line.c.ordinal
            )
        )
        for row in rows:
            lines[row.entry_id].append(
                JournalLine(
                    Account(row.account),
                    row.amount,
                    row.charge_id,
                    row.claim_id,
                    row.payer_position,
                )
            )
        return [
            (
                head.id,
                JournalEntry(
                    source_type=head.source_type,
                    source_id=head.source_id,
                    lines=tuple(lines[head.id]),
                    ordinal=head.ordinal,
                    effective_date=head.effective_date,
                    reverses_id=head.reverses_id,
                ),
            )
            for head in heads
        ]

    def trial_balance(self) -> dict[str, Decimal]:
        query = (
            select(journal_line.c.account, func.sum(journal_line.c.amount))
            .where(self._session.owns(journal_line))
            .group_by(journal_line.c.account)
        )
        rows = self._session.connection.execute(query).all()
        return trial_balance((account, amount) for account, amount in rows)

    def applied_to_claims(self) -> Decimal:
        query = (
            select(func.sum(journal_line.c.amount))
            .join_from(
                journal_line,
                journal_entry,
                (journal_entry.c.tenant_id == journal_line.c.tenant_id)
                & (journal_entry.c.id == journal_line.c.entry_id),
            )
            .where(
                self._session.owns(journal_line),
                journal_line.c.account == Account.UNAPPLIED,
                journal_entry.c.source_type == "claim_payment",
            )
        )
        applied: Decimal | None = self._session.connection.execute(query).scalar_one()
        return ZERO if applied is None else applied
