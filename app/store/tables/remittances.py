"""What payers paid: 835 transaction sets down to adjustments and remarks, and PLB pairs.

The tables below `remittance` are the hot ones: no foreign keys, few indexes, parents named by id
and children by ordinal (architecture.md decision 11).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String

from app.store.tables.columns import (
    an_id,
    blind_index,
    currency,
    instant,
    json,
    money,
    sealed,
    table,
)
from app.store.types import Thousandths, Words

remittance = table(
    "remittance",
    an_id(),
    an_id("file_id"),
    Column("ordinal", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Words, nullable=True),
    an_id("duplicate_of", nullable=True),
    Column("seen", String, nullable=True),  # part, other_content; NULL: it booked its deposit
    an_id("same_payment_as", nullable=True),  # the remittance that booked it instead
    Column("cursor", Integer, nullable=False),  # claim payments stored so far
    Column("finished", Boolean, nullable=False),  # all of it is stored, PLB pairs too
    Column("posted", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("control_number", Words, nullable=False),
    Column("handling", Words, nullable=False),
    money("payment_amount"),
    Column("credit_debit", Words, nullable=False),
    currency(),
    Column("payment_method", Words, nullable=False),
    Column("effective_date", Date, nullable=True),
    Column("produced_on", Date, nullable=True),  # DTM*405
    Column("trace_number", Words, nullable=False),
    Column("payer_identifier", Words, nullable=True),
    Column("payer_name", Words, nullable=True),
    json("payer_ids"),
    Column("payee_name", Words, nullable=True),
    Column("payee_qualifier", Words, nullable=True),
    Column("payee_identifier", Words, nullable=True),
    Column("claim_count", Integer, nullable=False),
    money("claims_paid"),
    money("provider_adjustments_total"),
    Column("body_sha256", String, nullable=False),
    json("imbalances"),
    Column("issues", Integer, nullable=False),
    Column("segment_number", Integer, nullable=False),
    Column("loop", String, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["file_id", "ordinal"]],
    index=[["trace_number"], ["same_payment_as"]],
    refer=[("file_id", "file.id")],
)

# What a remittance says, whoever wrote it (app/domain/seen_before.py). It grows with its claims,
# and lists do not need it, so it lies apart.
remittance_content = table(
    "remittance_content",
    an_id("remittance_id"),
    Column("sha256", String, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
    Column("payments", LargeBinary, nullable=False),
    key=["remittance_id"],
    refer=[("remittance_id", "remittance.id")],
)

claim_payment = table(
    "claim_payment",
    an_id(),
    an_id("remittance_id"),
    Column("ordinal", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String, nullable=True),
    Column("reason", Words, nullable=True),
    Column("message", Words, nullable=True),
    an_id("claim_id", nullable=True),
    Column("method", String, nullable=True),
    Column("fingerprint", String, nullable=True),
    Column("patient_control_number", Words, nullable=False),
    Column("status", Words, nullable=False),
    money("charge"),
    money("paid"),
    money("patient_responsibility", nullable=True),
    Column("payer_claim_control_number", Words, nullable=True),
    *sealed("member_id", nullable=True),
    blind_index("member_id"),
    *sealed("corrected_member_id", nullable=True),  # NM1*74
    Column("service_date", Date, nullable=True),
    Column("crossover", Boolean, nullable=False),
    json("imbalances"),
    Column("segment_number", Integer, nullable=False),
    Column("loop", String, nullable=False),
    Column("original_claim_number", Words, nullable=True),  # REF*F8
    Column("outcome_reasons", String, nullable=True),  # words of the classifier, by spaces
    Column("classifier_version", Integer, nullable=True),
    key=["id"],
    unique=[["remittance_id", "ordinal"]],
    index=[["claim_id"], ["patient_control_number"], ["payer_claim_control_number"]],
)

# What is not posted is a small part of the rows: looked for by claim after each chunk that posts,
# and listed for people.
for _columns in (("claim_id",), ("id",)):
    Index(
        f"ix_claim_payment_open_{_columns[0]}",
        claim_payment.c.tenant_id,
        *(claim_payment.c[name] for name in _columns),
        sqlite_where=claim_payment.c.state != "posted",
        postgresql_where=claim_payment.c.state != "posted",
    )

service_payment = table(
    "service_payment",
    an_id("claim_payment_id"),
    Column("ordinal", Integer, nullable=False),
    an_id("service_line_id", nullable=True),
    Column("line_control_number", Words, nullable=True),
    json("procedure"),
    json("submitted_procedure"),
    money("charge"),
    money("paid"),
    Column("units", Thousandths, nullable=True),
    money("allowed", nullable=True),
    Column("revenue_code", Words, nullable=True),  # SVC04
    Column("service_date", Date, nullable=True),
    Column("segment_number", Integer, nullable=False),
    Column("loop", String, nullable=False),
    Column("method", String, nullable=True),  # by what its line was found
    key=["claim_payment_id", "ordinal"],
)

# `service_ordinal` 0 is the claim level.
adjustment = table(
    "adjustment",
    an_id("claim_payment_id"),
    Column("service_ordinal", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("group", Words, nullable=False),
    Column("reason", Words, nullable=False),
    money("amount"),
    Column("quantity", Thousandths, nullable=True),
    key=["claim_payment_id", "service_ordinal", "ordinal"],
)

remark = table(
    "remark",
    an_id("claim_payment_id"),
    Column("service_ordinal", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("code", Words, nullable=False),
    key=["claim_payment_id", "service_ordinal", "ordinal"],
)

provider_adjustment = table(
    "provider_adjustment",
    an_id(),
    an_id("remittance_id"),
    Column("ordinal", Integer, nullable=False),
    Column("provider", Words, nullable=False),
    Column("fiscal_period_end", Date, nullable=True),
    Column("reason", Words, nullable=False),
    Column("reference", Words, nullable=True),
    money("amount"),
    Column("segment_number", Integer, nullable=False),
    Column("loop", String, nullable=False),
    key=["id"],
    unique=[["remittance_id", "ordinal"]],
)

# What in a pair's reference may be a claim's number: by it the claim finds the pair, whichever of
# the two came first.
provider_adjustment_token = table(
    "provider_adjustment_token",
    an_id("provider_adjustment_id"),
    Column("ordinal", Integer, nullable=False),
    Column("token", Words, nullable=False),
    key=["provider_adjustment_id", "ordinal"],
    index=[["token"]],
)
