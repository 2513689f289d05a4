"""What was done and what was told: audit chain, event outbox, counters, signs of life."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from app.store.tables.columns import TENANT, an_id, instant, json, metadata, table

# `detail` is kept as the very text that was hashed.
audit_entry = table(
    "audit_entry",
    Column("sequence", BigInteger, nullable=False),
    instant("at"),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("previous_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    key=["sequence"],
    refer=[TENANT],
)

event = table(
    "event",
    an_id(),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String, nullable=False),
    Column("resource", String, nullable=False),
    json("data"),
    instant("created_at"),
    key=["id"],
    unique=[["sequence"]],
    refer=[TENANT],
)

counter = table(
    "counter",
    Column("name", String, nullable=False),
    Column("value", BigInteger, nullable=False),
    key=["name"],
    refer=[TENANT],
)

# A process serves all tenants, so this row has none (see app/store/heartbeats.py).
worker_heartbeat = Table(
    "worker_heartbeat",
    metadata,
    Column("executor_id", String, primary_key=True),
    instant("seen_at"),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
)
