"""Payers with the identifiers they are known by, and trading partners with their counters."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String

from app.store.tables.columns import TENANT, an_id, instant, json, table
from app.store.types import Words

trading_partner = table(
    "trading_partner",
    an_id(),
    Column("name", String, nullable=False),
    Column("number", Integer, nullable=False),  # in the tenant; part of BHT03
    json("profile"),
    Column("live", Boolean, nullable=False),
    # The last numbers given out: ISA13 and GS06.
    Column("interchange_number", BigInteger, nullable=False),
    Column("group_number", BigInteger, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["name"], ["number"]],
    refer=[TENANT],
)

payer = table(
    "payer",
    an_id(),
    Column("name", Words, nullable=False),
    Column("served", Boolean, nullable=False),
    an_id("partner_id", nullable=True),  # NULL: the partner `default`
    instant("created_at"),
    key=["id"],
    refer=[TENANT, ("partner_id", "trading_partner.id")],
)

payer_identifier = table(
    "payer_identifier",
    Column("scheme", String, nullable=False),  # 2U, XV, TRN03, PI, clearinghouse
    Column("value", Words, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    an_id("payer_id"),
    key=["scheme", "value", "valid_from"],
    refer=[("payer_id", "payer.id")],
)
