"""What came in and what it says: files, their readings, evidence and what it was matched to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String

from app.store.tables.columns import TENANT, an_id, instant, json, money, table
from app.store.types import Words

file = table(
    "file",
    an_id(),
    Column("name", Words, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String, nullable=True),
    Column("mode", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Words, nullable=True),
    Column("source", String, nullable=True),  # who brought it: an actor; NULL: before 0018
    an_id("duplicate_of", nullable=True),
    an_id("part_of", nullable=True),  # the zip that it was in
    Column("transaction_sets", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    json("issues"),
    instant("received_at"),
    key=["id"],
    index=[["sha256"], ["state"], ["part_of"]],
    refer=[TENANT, ("duplicate_of", "file.id")],
)

# Which edition of ours read a file as what; a later edition may read it again.
reading = table(
    "reading",
    an_id("file_id"),
    Column("edition", String, nullable=False),
    Column("kind", String, nullable=False),
    instant("read_at"),
    key=["file_id", "edition", "kind"],
    refer=[("file_id", "file.id")],
)

# What we send back for a file, one row an interchange in it; also what is not sent, and why.
answer = table(
    "answer",
    an_id(),
    an_id("file_id"),
    Column("ordinal", Integer, nullable=False),  # of the interchange in the file; 0: of the file
    an_id("partner_id", nullable=True),
    Column("received_control_number", Words, nullable=True),  # ISA13 that is answered
    Column("interchange_control_number", BigInteger, nullable=True),  # ISA13 and GS06 of ours
    Column("contents", String, nullable=True),  # TA1, 999, TA1-999
    Column("verdict", String, nullable=True),  # A E P R
    Column("file_name", String, nullable=True),
    Column("sha256", String, nullable=True),
    Column("state", String, nullable=False),
    Column("reason", Words, nullable=True),
    instant("created_at"),
    key=["id"],
    unique=[["file_id", "ordinal"], ["partner_id", "interchange_control_number"]],
    refer=[("file_id", "file.id"), ("partner_id", "trading_partner.id")],
)

evidence = table(
    "evidence",
    an_id(),
    Column("identity", String, nullable=False),  # hash of what is said and where
    Column("kind", String, nullable=False),  # OWN, TA1, 999, 277CA, 835
    Column("stage", String, nullable=False),
    Column("reported_by", String, nullable=False),
    instant("effective"),
    Column("code", Words, nullable=True),
    Column("subject", Words, nullable=False),
    an_id("file_id", nullable=True),
    Column("file_sha256", String, nullable=False),
    Column("segment_number", Integer, nullable=False),
    Column("loop", String, nullable=True),
    # What an 835 decided: CLP02, CLP03, CLP04, CLP07.
    Column("claim_status", Words, nullable=True),
    money("charge", nullable=True),
    money("paid", nullable=True),
    Column("payer_claim_control_number", Words, nullable=True),
    instant("recorded_at"),
    key=["id"],
    unique=[["identity"]],
)

evidence_match = table(
    "evidence_match",
    an_id(),
    an_id("evidence_id"),
    an_id("submission_id"),
    Column("revision", Integer, nullable=False),  # 0, and one more after each taking back
    an_id("supersedes_id", nullable=True),  # the match that this row takes back or replaces
    Column("method", String, nullable=False),
    Column("confidence", String, nullable=False),
    Column("matched_by", String, nullable=False),
    instant("matched_at"),
    key=["id"],
    unique=[["evidence_id", "submission_id", "revision"]],
    index=[["submission_id"], ["supersedes_id"]],
)
