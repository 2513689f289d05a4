"""What happened: encounters with their immutable versions, and the receivable of each line."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from app.store.tables.columns import TENANT, an_id, currency, instant, money, sealed, table

encounter = table(
    "encounter",
    an_id(),
    Column("source_system", String, nullable=False),
    Column("external_id", String, nullable=False),
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
    Column("line_control_number", String, nullable=False),
    money("amount"),
    currency(),
    Column("service_date", Date, nullable=False),
    Column("procedure_code", String, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["encounter_id", "line_control_number"]],
    refer=[("encounter_id", "encounter.id")],
)
