"""What is agreed with payers: the fees they allow, and their own treatment of adjustments."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from app.store.tables.columns import TENANT, instant, json, table
from app.store.types import Thousandths, Words

fee = table(
    "fee",
    Column("payer_id", Words, nullable=False),
    Column("position", Integer, nullable=False),  # in the schedule, as it was given
    Column("code", Words, nullable=False),
    json("modifiers"),
    Column("amount", Thousandths, nullable=False),  # of money, for one unit
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("version", Integer, nullable=False),  # of the schedule
    key=["payer_id", "position"],
    index=[["payer_id", "code"]],
    refer=[TENANT],
)

# Every schedule that was ever set, whole; `fee` holds the rows of the last one.
fee_schedule = table(
    "fee_schedule",
    Column("payer_id", Words, nullable=False),
    Column("version", Integer, nullable=False),
    json("fees"),  # in their order: code, modifiers, amount, valid_from, valid_to
    Column("actor", String, nullable=False),
    instant("at"),
    key=["payer_id", "version"],
    refer=[TENANT],
)

treatment_row = table(
    "treatment_row",
    Column("payer_id", Words, nullable=False),
    Column("position", Integer, nullable=False),
    Column("group", Words, nullable=False),
    Column("reason", Words, nullable=False),  # a CARC, or the word of a class
    Column("treatment", String, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    key=["payer_id", "position"],
    refer=[TENANT],
)
