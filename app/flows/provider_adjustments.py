"""The PLB pairs of a remittance, onto the books and off them again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.domain.ledger import mirror
from app.domain.money import ZERO
from app.domain.posting import provider_adjustment_entry
from app.flows.ports import StoredRemittance, UnitOfWork

SOURCE_TYPE = "provider_adjustment"  # of the journal entries


def book_provider_adjustments(uow: UnitOfWork, stored: StoredRemittance) -> None:
    """They leave unapplied: for the first time, or again after they were taken back."""
    ids = uow.remittances.provider_adjustment_ids(stored.id)
    pairs = uow.remittances.provider_adjustments(stored.id)
    before = uow.journal.standing(SOURCE_TYPE, ids)
    uow.journal.post(
        [
            replace(
                provider_adjustment_entry(pair, adjustment_id=id, remittance=stored.remittance),
                ordinal=before[id].entries if id in before else 0,
            )
            for id, pair in zip(ids, pairs, strict=True)
            if pair.amount != ZERO
        ]
    )


def take_back_provider_adjustments(uow: UnitOfWork, remittance_id: UUID) -> None:
    ids = uow.remittances.provider_adjustment_ids(remittance_id)
    standing = uow.journal.standing(SOURCE_TYPE, ids)
    uow.journal.post(
        [
            mirror(one.entry, entry_id=one.id, ordinal=one.entries)
            for one in standing.values()
            if one.entry is not None and one.id is not None
        ]
    )
