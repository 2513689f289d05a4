"""What stands in the database, in words that do not depend on ids, clocks or the order of work."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from app.domain.money import ZERO
from app.store.engine import make_engine
from app.store.tables import (
    batch,
    claim,
    claim_payment,
    encounter,
    evidence,
    evidence_match,
    file,
    journal_entry,
    journal_line,
    provider_adjustment,
    remittance,
)


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection to the database at `url`, for looking only."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def claims(connection: Connection) -> dict[str, tuple[str, Decimal, Decimal, Decimal, Decimal]]:
    """Stage, charge, paid, adjusted and patient responsibility by the encounter's external id."""
    columns = (claim.c.charge, claim.c.paid, claim.c.adjusted, claim.c.patient_responsibility)
    found = connection.execute(
        select(encounter.c.external_id, claim.c.stage, *columns).join_from(
            claim, encounter, claim.c.encounter_id == encounter.c.id
        )
    )
    return {row[0]: tuple(row[1:]) for row in found}


def balances(connection: Connection) -> dict[str, Decimal]:
    """The sum of each account that was posted to."""
    found = connection.execute(
        select(journal_line.c.account, func.sum(journal_line.c.amount)).group_by(
            journal_line.c.account
        )
    )
    return {row.account: row[1] for row in found}


def journal(connection: Connection) -> Counter[tuple[str, str, str, Decimal]]:
    """Every journal line: what kind of entry, about whom, which account, how much."""
    about = _names(connection)
    found = connection.execute(
        select(
            journal_entry.c.source_type,
            journal_entry.c.source_id,
            journal_line.c.claim_id,
            journal_line.c.account,
            journal_line.c.amount,
        ).join_from(journal_line, journal_entry, journal_line.c.entry_id == journal_entry.c.id)
    )
    return Counter(
        (kind, about[claim_id or source_id], account, amount)
        for kind, source_id, claim_id, account, amount in found
    )


def facts(connection: Connection) -> Counter[tuple[str, str, str]]:
    """Evidence by kind, stage and who says it, once for each submission it is about."""
    found = connection.execute(
        select(evidence.c.kind, evidence.c.stage, evidence.c.reported_by).join_from(
            evidence, evidence_match, evidence_match.c.evidence_id == evidence.c.id
        )
    )
    return Counter((kind, stage, by) for kind, stage, by in found)


def unmatched(connection: Connection) -> int:
    """How many pieces of evidence were about nothing of ours."""
    matched = select(evidence_match.c.evidence_id)
    found = select(func.count()).where(evidence.c.id.not_in(matched))
    return connection.execute(found).scalar_one()


def files(connection: Connection) -> dict[str, Any]:
    """File rows by name; the newest where a name came more than once."""
    found = connection.execute(select(file).order_by(file.c.received_at, file.c.id))
    return {row.name: row for row in found}


def remittances(connection: Connection) -> list[Any]:
    """Remittance rows in the order of their files."""
    found = connection.execute(select(remittance).order_by(remittance.c.id))
    return list(found)


def stored_payments(connection: Connection, remittance_id: UUID) -> tuple[int, Decimal, Decimal]:
    """How many claim payments a remittance has, the sum of CLP04 and the sum of its PLB pairs."""
    of_claims = connection.execute(
        select(func.count(), func.sum(claim_payment.c.paid)).where(
            claim_payment.c.remittance_id == remittance_id
        )
    ).one()
    of_provider = connection.execute(
        select(func.sum(provider_adjustment.c.amount)).where(
            provider_adjustment.c.remittance_id == remittance_id
        )
    ).scalar_one()
    return of_claims[0], of_claims[1] or ZERO, of_provider or ZERO


def messages(connection: Connection) -> dict[UUID, set[str]]:
    """Why claim payments wait, by remittance."""
    found = connection.execute(
        select(claim_payment.c.remittance_id, claim_payment.c.message).where(
            claim_payment.c.state == "waiting"
        )
    )
    why: dict[UUID, set[str]] = defaultdict(set)
    for remittance_id, message in found:
        why[remittance_id].add(message)
    return why


def batches(connection: Connection) -> int:
    """How many interchanges were sealed."""
    return connection.execute(select(func.count()).select_from(batch)).scalar_one()


def contents(folder: Path) -> Counter[str]:
    """The files that lie in a folder, by the hash of their content."""
    paths = (p for p in folder.rglob("*") if p.is_file())
    return Counter(hashlib.sha256(p.read_bytes()).hexdigest() for p in paths)


def _names(connection: Connection) -> dict[UUID, str]:
    """Claims by their encounter, remittances by payer and payee, PLB pairs by reason."""
    named: dict[UUID, str] = {}
    of_claims = select(claim.c.id, encounter.c.external_id).join_from(
        claim, encounter, claim.c.encounter_id == encounter.c.id
    )
    named.update({row[0]: row[1] for row in connection.execute(of_claims)})
    for row in connection.execute(select(remittance)):
        named[row.id] = f"{row.payer_name} to {row.payee_identifier}"
    for row in connection.execute(select(provider_adjustment)):
        named[row.id] = f"{named[row.remittance_id]}: {row.reason}"
    return named
