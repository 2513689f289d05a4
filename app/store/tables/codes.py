"""Codes of 835s that our tables do not know, and those that a practice has loaded since."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from app.store.tables.columns import TENANT, an_id, table
from app.store.types import Words

# Judged once, as the payment is stored, by the tables of that day; mostly there is none.
unknown_code = table(
    "unknown_code",
    an_id("claim_payment_id"),
    Column("service_ordinal", Integer, nullable=False),  # 0: the claim itself
    Column("list", String, nullable=False),
    Column("code", Words, nullable=False),
    key=["claim_payment_id", "service_ordinal", "list", "code"],
)

payment_code = table(
    "payment_code",
    Column("list", String, nullable=False),
    Column("position", Integer, nullable=False),  # as it was given
    Column("code", Words, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    key=["list", "position"],
    index=[["list", "code"]],
    refer=[TENANT],
)
