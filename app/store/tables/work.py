"""The work that payers' answers make: denials with what was done to them, and payers' own terms."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String

from app.store.tables.columns import TENANT, an_id, instant, json, money, sealed, table
from app.store.types import Words

denial = table(
    "denial",
    an_id(),
    an_id("claim_id"),
    an_id("payment_id"),  # claim payment
    Column("service", Integer, nullable=False),  # its ordinal in the payment; 0: claim level
    an_id("service_line_id", nullable=True),
    an_id("remittance_id"),
    Column("adjudicated_on", Date, nullable=True),  # BPR16
    Column("payer_id", Words, nullable=True),
    Column("payer_name", Words, nullable=True),
    Column("procedure_code", Words, nullable=True),
    Column("group", Words, nullable=False),
    Column("reason", Words, nullable=False),  # CARC
    json("remarks"),  # RARCs of the line and of the claim
    money("amount"),
    money("counted"),  # its part of what the line left open
    # What the tables said of it, and which edition of them.
    Column("edition", String, nullable=False),
    Column("category", String, nullable=False),
    Column("scenario", Integer, nullable=True),
    Column("action", String, nullable=False),
    Column("appealable", Boolean, nullable=False),
    Column("patient_liable", Boolean, nullable=False),
    Column("chance", Integer, nullable=False),  # in thousandths
    Column("owner", String, nullable=False),
    Column("deadline", Date, nullable=True),  # of the action
    Column("appeal_deadline", Date, nullable=True),
    instant("created_at"),
    # What a person did last, and the verdict: projections of denial_act, payments and journal.
    Column("by_person", String, nullable=True),
    Column("assigned_to", Words, nullable=True),
    Column("appealed", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("how", String, nullable=True),
    money("at_stake"),
    money("recovered"),
    an_id("closed_by", nullable=True),  # claim payment
    instant("closed_at", nullable=True),
    key=["id"],
    unique=[["payment_id", "claim_id", "service", "group", "reason"]],
    index=[["claim_id"], ["closed_by"], ["state", "id"]],
    refer=[("claim_id", "claim.id")],
)

# What people decided. A write-off's journal entry names its act as its source.
denial_act = table(
    "denial_act",
    an_id(),
    an_id("denial_id"),
    Column("ordinal", Integer, nullable=False),
    Column("act", String, nullable=False),  # assigned, dismissed, written_off, reopened
    money("amount", nullable=True),
    Column("assigned_to", Words, nullable=True),
    *sealed("reason", nullable=True),  # free text may name a patient
    Column("actor", String, nullable=False),
    instant("at"),
    key=["id"],
    unique=[["denial_id", "ordinal"]],
    refer=[("denial_id", "denial.id")],
)

# What a payer's contract says otherwise than the defaults, from a day on.
payer_terms = table(
    "payer_terms",
    an_id("payer_row"),
    Column("valid_from", Date, nullable=False),
    Column("program", String, nullable=True),
    json("appeal_days", nullable=True),
    Column("correction_days", Integer, nullable=True),
    Column("records_days", Integer, nullable=True),
    Column("filing_days", Integer, nullable=True),
    key=["payer_row", "valid_from"],
    refer=[("payer_row", "payer.id")],
)

# One row a tenant, made when somebody changes a default.
work_setting = table(
    "work_setting",
    money("write_off_limit"),  # above it a write-off needs the role admin
    Column("bill_next", String, nullable=False, server_default="asked"),
    key=[],
    refer=[TENANT],
)

task = table(
    "task",
    an_id(),
    Column("type", String, nullable=False),
    Column("category", String, nullable=False),
    an_id("subject_id"),  # what it is about; the type says of which kind
    an_id("claim_id", nullable=True),
    Column("status", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("assigned_to", Words, nullable=True),
    money("amount"),
    Column("chance", Integer, nullable=False),  # in thousandths
    Column("due", Date, nullable=True),
    Column("snoozed_until", Date, nullable=True),
    Column("priority", BigInteger, nullable=False),  # as of the last change or sweep
    Column("outcome", String, nullable=True),  # how it was finished
    instant("created_at"),
    instant("finished_at", nullable=True),
    key=["id"],
    unique=[["type", "category", "subject_id"]],
    index=[["status", "priority"], ["claim_id"], ["type", "status"]],
    refer=[TENANT],
)

task_note = table(
    "task_note",
    an_id("task_id"),
    Column("ordinal", Integer, nullable=False),
    *sealed("text", nullable=False),  # free text may name a patient
    Column("actor", String, nullable=False),
    instant("at"),
    key=["task_id", "ordinal"],
    refer=[("task_id", "task.id")],
)

appeal = table(
    "appeal",
    an_id(),
    an_id("claim_id"),
    Column("level", Integer, nullable=False),  # from 1
    Column("level_name", Words, nullable=False),
    Column("category", String, nullable=False),  # of the denials it is about
    Column("state", String, nullable=False),  # DRAFT, FILED, and the decision
    Column("deadline", Date, nullable=True),
    money("amount_at_stake"),
    *sealed("argument", nullable=True),  # why the payer should decide otherwise
    Column("filed_on", Date, nullable=True),
    Column("method", String, nullable=True),
    Column("tracking_number", Words, nullable=True),
    Column("decided_on", Date, nullable=True),
    Column("decided_by", String, nullable=True),  # person, payment
    money("recovered"),
    an_id("previous_id", nullable=True),  # the appeal of the level below
    Column("created_by", String, nullable=False),
    instant("created_at"),
    key=["id"],
    unique=[["previous_id"]],
    index=[["claim_id"], ["state"]],
    refer=[("claim_id", "claim.id"), ("previous_id", "appeal.id")],
)

appeal_denial = table(
    "appeal_denial",
    an_id("appeal_id"),
    an_id("denial_id"),
    key=["appeal_id", "denial_id"],
    index=[["denial_id"]],
    refer=[("appeal_id", "appeal.id"), ("denial_id", "denial.id")],
)

# Papers that go with an appeal; the bytes are kept like every file's.
appeal_document = table(
    "appeal_document",
    an_id("appeal_id"),
    Column("ordinal", Integer, nullable=False),
    Column("name", Words, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    instant("added_at"),
    key=["appeal_id", "ordinal"],
    unique=[["appeal_id", "sha256"]],
    refer=[("appeal_id", "appeal.id")],
)
