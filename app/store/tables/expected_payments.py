"""What was allowed, held to what was agreed, and what people made of the difference."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String

from app.store.tables.columns import an_id, instant, json, money, sealed, table
from app.store.types import Thousandths, Words

# One row a line, each time its claim payment is posted. Which of them stand follows from the
# payment's state: the last of its line, while it is posted (view `expected_allowed`).
expected_payment = table(
    "expected_payment",
    an_id(),
    an_id("claim_payment_id"),
    Column("service_ordinal", Integer, nullable=False),  # 0: the claim, which came without lines
    Column("posting", Integer, nullable=False),  # from 1, each time the payment is posted
    an_id("claim_id"),
    an_id("service_line_id", nullable=True),
    Column("procedure_code", Words, nullable=True),  # as billed
    Column("finding", String, nullable=False),
    money("charge"),
    money("expected", nullable=True),
    money("allowed"),
    money("set_apart"),
    money("difference"),
    money("left_open"),
    # The row of the fee schedule that said so, as it was.
    Column("schedule_version", Integer, nullable=True),
    Column("schedule_row", Integer, nullable=True),
    Column("fee", Thousandths, nullable=True),  # for one unit
    json("fee_modifiers", nullable=True),
    Column("fee_from", Date, nullable=True),
    Column("fee_to", Date, nullable=True),
    instant("judged_at"),
    key=["id"],
    unique=[["claim_payment_id", "service_ordinal", "posting"]],
)

Index(
    "ix_expected_payment_suspect",
    expected_payment.c.tenant_id,
    expected_payment.c.claim_id,
    sqlite_where=expected_payment.c.finding != "as_agreed",
    postgresql_where=expected_payment.c.finding != "as_agreed",
)

# What people decided. A write-off's journal entry names its act as its source.
underpayment_act = table(
    "underpayment_act",
    an_id(),
    an_id("expected_payment_id"),
    Column("ordinal", Integer, nullable=False),
    Column("act", String, nullable=False),  # disputed, accepted, reopened
    money("amount", nullable=True),  # written off with it
    *sealed("reason", nullable=True),  # free text may name a patient
    Column("actor", String, nullable=False),
    instant("at"),
    key=["id"],
    unique=[["expected_payment_id", "ordinal"]],
    refer=[("expected_payment_id", "expected_payment.id")],
)
