"""What happened: encounters with their immutable versions, and the receivable of each line."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from app.store.tables.columns import TENANT, an_id, currency, instant, money, sealed, table
from app.store.types import Words

encounter = table(
    "encounter",
    an_id(),
    Column("source_system", Words, nullable=False),
    Column("external_id", Words, nullable=False),
    Column("version", Integer, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["source_system", "external_id"]],
    refer=[TENANT],
)

encounter_version = table(
    "encounter_version",
    an_id("encounter_id"),
    Column("version", Integer, nullable=False),
    *sealed("content", nullable=False),  # its canonical JSON
    Column("content_hash", String, nullable=False),
    instant("created_at"),
    key=["encounter_id", "version"],
    refer=[("encounter_id", "encounter.id")],
)

charge = table(
    "charge",
    an_id(),
    an_id("encounter_id"),
    Column("line_control_number", Words, nullable=False),
    # Two lines of one number are held by edit LIN15 and still two receivables: 0, 1, ...
    Column("occurrence", Integer, nullable=False),
    money("amount"),
    currency(),
    Column("service_date", Date, nullable=True),
    Column("procedure_code", Words, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["encounter_id", "line_control_number", "occurrence"]],
    refer=[("encounter_id", "encounter.id")],
)
