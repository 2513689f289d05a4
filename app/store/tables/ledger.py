"""The double entry and the narrow table of what has been seen before."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, text

from app.store.tables.columns import TENANT, an_id, currency, instant, money, table

journal_entry = table(
    "journal_entry",
    an_id(),
    Column("source_type", String, nullable=False),
    an_id("source_id"),
    Column("ordinal", Integer, nullable=False),
    Column("effective_date", Date, nullable=True),
    an_id("reverses_id", nullable=True),
    currency(),
    instant("posted_at"),
    key=["id"],
    unique=[["source_type", "source_id", "ordinal"]],
    refer=[TENANT, ("reverses_id", "journal_entry.id")],
)

# An entry is taken back once; the hot entries, which take nothing back, are not in this index.
Index(
    "uq_journal_entry_reverses_id",
    journal_entry.c.tenant_id,
    journal_entry.c.reverses_id,
    unique=True,
    sqlite_where=journal_entry.c.reverses_id.is_not(None),
    postgresql_where=journal_entry.c.reverses_id.is_not(None),
)

# Hot: one entry names its lines by ordinal, and no foreign key is checked.
journal_line = table(
    "journal_line",
    an_id("entry_id"),
    Column("ordinal", Integer, nullable=False),
    Column("account", String, nullable=False),
    money("amount"),  # a debit is positive
    an_id("charge_id", nullable=True),
    an_id("claim_id", nullable=True),
    Column("payer_position", String, nullable=True),
    key=["entry_id", "ordinal"],
)
# What patients owe is asked by encounter; these lines are few, so the hot path hardly feels it.
_PATIENTS = text("account = 'receivable_patient'")
Index(
    "ix_journal_line_patient",
    journal_line.c.tenant_id,
    journal_line.c.claim_id,
    sqlite_where=_PATIENTS,
    postgresql_where=_PATIENTS,
)

# What is asked of later payers is few, and is looked up by claim; the hot inserts pay nothing.
_LATER = text("payer_position <> 'P'")
Index(
    "ix_journal_line_later_payer",
    journal_line.c.tenant_id,
    journal_line.c.claim_id,
    sqlite_where=_LATER,
    postgresql_where=_LATER,
)

# kind: file (sha256), remittance (body hash), claim_payment. Business uniqueness lives here, so
# that the hot tables can be partitioned by id.
fingerprint = table(
    "fingerprint",
    Column("kind", String, nullable=False),
    Column("hash", String, nullable=False),
    an_id("subject_id"),
    key=["kind", "hash"],
)
