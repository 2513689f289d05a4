"""What banks say has arrived, and what it was joined to.

Deposits, the ways they were told, and the acts on them are evidence: they are added, never changed.
`reassociation` is their projection, kept so that lists and views can ask for a state.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from app.store.tables.columns import (
    TENANT,
    an_id,
    blind_index,
    currency,
    instant,
    money,
    one_of,
    sealed,
    table,
)
from app.store.types import Words

deposit = table(
    "deposit",
    an_id(),
    Column("source", String, nullable=False),
    an_id("file_id", nullable=True),  # NULL: told by POST /v1/deposits
    Column("line", Integer, nullable=True),
    money("amount"),  # a debit by a payer is negative
    currency(),
    Column("deposited_on", Date, nullable=False),
    Column("trace_number", Words, nullable=True),  # TRN02
    Column("trace_key", Words, nullable=True),
    Column("payer_identifier", Words, nullable=True),  # TRN03
    Column("payer_name", Words, nullable=True),
    *sealed("account", nullable=True),
    blind_index("account"),
    Column("reference", Words, nullable=True),
    instant("recorded_at"),
    key=["id"],
    index=[["trace_key"], ["amount"]],
    refer=[TENANT, ("file_id", "file.id")],
)

# Every way a deposit was told, the first one too.
deposit_sighting = table(
    "deposit_sighting",
    an_id("deposit_id"),
    Column("ordinal", Integer, nullable=False),
    Column("source", String, nullable=False),
    an_id("file_id", nullable=True),
    Column("line", Integer, nullable=True),
    instant("recorded_at"),
    key=["deposit_id", "ordinal"],
    refer=[("deposit_id", "deposit.id")],
)

# The last act on a deposit and a remittance says whether they are joined.
deposit_match = table(
    "deposit_match",
    an_id("deposit_id"),
    an_id("remittance_id"),
    Column("ordinal", Integer, nullable=False),
    Column("act", String, nullable=False),
    Column("method", String, nullable=False),  # trace, trace_sum, trace_amount, check_number ...
    Column("confidence", String, nullable=False),
    Column("reason", Words, nullable=True),
    Column("actor", String, nullable=False),
    instant("at"),
    one_of("act", ["matched", "unmatched"]),
    key=["deposit_id", "remittance_id", "ordinal"],
    index=[["remittance_id"]],
    refer=[("deposit_id", "deposit.id"), ("remittance_id", "remittance.id")],
)

reassociation = table(
    "reassociation",
    an_id("subject_id"),
    Column("subject", String, nullable=False),
    Column("state", String, nullable=False),
    money("expected"),  # by the remittances of its group
    money("arrived"),  # by the deposits of its group
    one_of("subject", ["deposit", "remittance"]),
    key=["subject_id"],
    index=[["subject", "state"]],
)
