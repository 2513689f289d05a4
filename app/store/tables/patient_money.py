"""What patients paid us and what was given back; the journal says what it was applied to."""

from __future__ import annotations

from sqlalchemy import Column, Date, String

from app.store.tables.columns import TENANT, an_id, currency, instant, money, one_of, table
from app.store.types import Words

patient_payment = table(
    "patient_payment",
    an_id(),
    an_id("encounter_id"),
    Column("kind", String, nullable=False),
    an_id("payment_id", nullable=True),  # of a refund or a void: the payment it gives back
    money("amount"),
    currency(),
    Column("method", String, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("reference", Words, nullable=True),
    Column("reason", Words, nullable=True),
    Column("actor", String, nullable=False),
    instant("recorded_at"),
    one_of("kind", ["payment", "refund", "void"]),
    key=["id"],
    index=[["encounter_id"], ["payment_id"]],
    refer=[TENANT, ("encounter_id", "encounter.id"), ("payment_id", "patient_payment.id")],
)
