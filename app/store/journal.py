"""The double entry: entries are added, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.ledger import Account, JournalEntry, JournalLine, said_by, trial_balance
from app.domain.money import ZERO
from app.domain.remittance import CURRENCY
from app.flows.ports import StandingEntry
from app.store.remittance_sums import booked
from app.store.session import Session, chunks
from app.store.tables import journal_entry, journal_line


class JournalRepository:
    """The `Journal` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, entries: Sequence[JournalEntry]) -> None:
        now = self._session.clock.now()
        by_id = dict(zip(self._session.new_ids(len(entries)), entries, strict=True))
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
        return [(head.id, entry) for head, entry in zip(heads, self._entries(heads), strict=True)]

    def standing(self, source_type: str, source_ids: Sequence[UUID]) -> dict[UUID, StandingEntry]:
        heads: defaultdict[UUID, dict[UUID, Any]] = defaultdict(dict)
        for some in chunks(list(source_ids)):
            query = self._session.rows(
                journal_entry,
                journal_entry.c.source_type == source_type,
                self._session.among(journal_entry.c.source_id, some),
            ).order_by(journal_entry.c.ordinal)
            for head in self._session.connection.execute(query).all():
                heads[head.source_id][head.id] = head
        said_last = {}
        for source, own in heads.items():
            said = said_by([(head.id, head.reverses_id) for head in own.values()])
            if said:
                said_last[source] = own[said[-1]]
        ends = self._ends([head.id for head in said_last.values()])
        stands = {s: ends[head.id] for s, head in said_last.items() if head.id in ends}
        entries = dict(zip(stands, self._entries(list(stands.values())), strict=True))
        return {
            source: StandingEntry(number, stands[source].id, entries[source])
            if source in stands
            else StandingEntry(number)
            for source, number in ((source, len(own)) for source, own in heads.items())
        }

    def _ends(self, begins: Sequence[UUID]) -> dict[UUID, Any]:
        """By entry: itself, or what put it back after it was taken back; else it is missing.

        An entry is taken back once, so mirrors, and mirrors of these, are a chain.
        """
        found: dict[UUID, Any] = {}
        for some in chunks(begins):
            query = self._session.rows(journal_entry, self._session.among(journal_entry.c.id, some))
            found.update((head.id, head) for head in self._session.connection.execute(query))
        turned = dict.fromkeys(found, 0)
        ahead = {id: id for id in found}  # the last of the chain -> its first
        while ahead:
            later: dict[UUID, UUID] = {}
            for some in chunks(list(ahead)):
                query = self._session.rows(
                    journal_entry, self._session.among(journal_entry.c.reverses_id, some)
                )
                for mirror in self._session.connection.execute(query).all():
                    first = ahead[mirror.reverses_id]
                    found[first], later[mirror.id] = mirror, first
                    turned[first] += 1
            ahead = later
        return {first: head for first, head in found.items() if turned[first] % 2 == 0}

    def _entries(self, heads: Sequence[Any]) -> list[JournalEntry]:
        """The entries of these rows, with their lines, in the order of the rows."""
        lines: dict[UUID, list[JournalLine]] = {head.id: [] for head in heads}
        for some in chunks(list(lines)):
            query = self._session.rows(
                journal_line, self._session.among(journal_line.c.entry_id, some)
            ).order_by(journal_line.c.entry_id, journal_line.c.ordinal)
            for row in self._session.connection.execute(query).all():
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
            JournalEntry(
                source_type=head.source_type,
                source_id=head.source_id,
                lines=tuple(lines[head.id]),
                ordinal=head.ordinal,
                effective_date=head.effective_date,
                reverses_id=head.reverses_id,
            )
            for head in heads
        ]

    def booked(
        self, source_type: str, source_ids: Sequence[UUID]
    ) -> dict[UUID, dict[str, Decimal]]:
        return booked(self._session, source_type, source_ids)

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
