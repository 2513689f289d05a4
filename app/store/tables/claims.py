"""What we ask of payers: claims with versions, lines and submissions, and the batches they left in.

`claim` and `service_line` carry projections of evidence and journal for lists; `verify` recomputes
them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String

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

claim = table(
    "claim",
    an_id(),
    an_id("encounter_id"),
    Column("responsibility", Words, nullable=False),
    Column("next_position", Words, nullable=True),  # who is asked for what this payer gives away
    Column("claim_number", Integer, nullable=False),  # in its payer position, from 1
    Column("claim_type", Words, nullable=False),
    Column("frequency", Words, nullable=False),
    an_id("payer_row", nullable=True),
    Column("payer_id", Words, nullable=True),
    Column("payer_name", Words, nullable=True),
    Column("billing_npi", Words, nullable=True),
    Column("first_service_date", Date, nullable=True),
    Column("predetermination", Boolean, nullable=False),
    *sealed("member_id", nullable=True),
    blind_index("member_id"),
    *sealed("subscriber_ssn", nullable=True),
    blind_index("subscriber_ssn"),
    # The latest version, and the latest submission with the number it travels by.
    Column("version", Integer, nullable=False),
    an_id("submission_id"),
    Column("attempt", Integer, nullable=False),
    Column("patient_control_number", Words, nullable=False),
    Column("payer_claim_control_number", Words, nullable=True),
    json("findings"),
    # Projection of the journal.
    money("charge"),
    money("elsewhere"),  # of the charge, what other payers' claims account for
    money("paid"),
    money("adjusted"),
    money("patient_responsibility"),
    currency(),
    # Projection of the evidence of the latest submission.
    Column("stage", String, nullable=False),
    Column("status", String, nullable=False),
    Column("reported_by", String, nullable=False),
    instant("as_of", nullable=True),
    instant("created_at"),
    key=["id"],
    unique=[["encounter_id", "responsibility", "claim_number"]],
    index=[
        ["stage", "id"],
        ["status", "id"],
        ["member_id_index"],
        ["subscriber_ssn_index"],
        ["payer_claim_control_number"],
    ],
    refer=[("encounter_id", "encounter.id"), ("payer_row", "payer.id")],
)

claim_version = table(
    "claim_version",
    an_id("claim_id"),
    Column("version", Integer, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("frequency", Words, nullable=False),
    *sealed("content", nullable=False),  # the claim as it is asked for, with its encounter
    Column("content_hash", String, nullable=False),
    instant("created_at"),
    key=["claim_id", "version"],
    refer=[("claim_id", "claim.id")],
)

# The claim payments of earlier payers that a version tells the next payer of.
claim_basis = table(
    "claim_basis",
    an_id("claim_id"),
    Column("version", Integer, nullable=False),
    an_id("claim_payment_id"),
    key=["claim_id", "version", "claim_payment_id"],
    refer=[("claim_id", "claim.id")],
)

service_line = table(
    "service_line",
    an_id(),
    an_id("claim_id"),
    an_id("charge_id"),
    Column("position", Integer, nullable=False),
    Column("line_control_number", Words, nullable=False),
    Column("occurrence", Integer, nullable=False),  # as its charge's
    Column("procedure_qualifier", Words, nullable=False),
    Column("procedure_code", Words, nullable=False),
    json("modifiers"),
    Column("description", Words, nullable=True),
    Column("service_date", Date, nullable=True),
    Column("units", Thousandths, nullable=False),
    Column("unit", Words, nullable=False),
    money("charge"),
    money("elsewhere"),
    money("paid"),
    money("adjusted"),
    money("patient_responsibility"),
    key=["id"],
    unique=[["claim_id", "line_control_number", "occurrence"]],
    refer=[("claim_id", "claim.id"), ("charge_id", "charge.id")],
)

submission = table(
    "submission",
    an_id(),
    an_id("claim_id"),
    Column("version", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("patient_control_number", Words, nullable=False),
    # By what a payer leaves of the number it is found again; ordered by bytes on both databases.
    Column(
        "number_key",
        Words().with_variant(String(collation="C"), "postgresql"),
        nullable=True,
    ),
    Column("clearinghouse_trace", Words, nullable=True),  # REF*D9, where a partner asks for it
    instant("created_at"),
    key=["id"],
    unique=[["claim_id", "attempt"], ["patient_control_number"]],
    index=[["number_key"]],
    refer=[("claim_id", "claim.id")],
)

batch = table(
    "batch",
    an_id(),
    an_id("partner_id"),
    Column("interchange_control_number", BigInteger, nullable=False),
    Column("group_control_number", BigInteger, nullable=False),
    Column("file_name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("mode", String, nullable=False),
    json("opinion", nullable=True),  # NULL: a second opinion was not asked (yet)
    Column("reason", String, nullable=True),
    instant("created_at"),
    key=["id"],
    unique=[
        ["partner_id", "interchange_control_number"],
        ["partner_id", "group_control_number"],
    ],
    refer=[("partner_id", "trading_partner.id")],
)

batch_position = table(
    "batch_position",
    an_id("batch_id"),
    an_id("submission_id"),
    Column("transaction_control_number", String, nullable=False),  # ST02
    Column("batch_reference", Words, nullable=False),  # BHT03 of that transaction set
    Column("first_segment", Integer, nullable=False),
    Column("last_segment", Integer, nullable=False),
    # A submission leaves once; what leaves again is another attempt.
    key=["submission_id"],
    index=[["batch_id"], ["batch_reference"]],
    refer=[("batch_id", "batch.id"), ("submission_id", "submission.id")],
)
