"""What was done to claim payments, act by act; `claim_payment.state` is the last of them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String

from app.store.tables.columns import an_id, instant, json, table
from app.store.types import Words

payment_act = table(
    "payment_act",
    an_id("claim_payment_id"),
    Column("ordinal", Integer, nullable=False),
    Column("act", String, nullable=False),
    an_id("claim_id", nullable=True),
    an_id("counterpart_id", nullable=True),  # the reversal, or the original it took back
    Column("method", String, nullable=True),
    Column("confidence", String, nullable=True),
    json("lines", nullable=True),  # of a match by hand: [service ordinal, service_line id]
    Column("reason", Words, nullable=True),
    Column("actor", String, nullable=False),
    instant("at"),
    # What it made of the claim; of the first posting, claim_payment says it.
    Column("outcome", String, nullable=True),
    Column("outcome_reasons", String, nullable=True),  # words of the classifier, by spaces
    Column("classifier_version", Integer, nullable=True),
    key=["claim_payment_id", "ordinal"],
)
