"""The wire: attempts to send, files at partners, what is due by the clock, profiles' changes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String

from app.store.tables.columns import TENANT, an_id, instant, json, table
from app.store.types import Words

# A sealed file on its way; one row a batch or answer, by that one's id.
transmission = table(
    "transmission",
    an_id("subject_id"),
    an_id("partner_id"),
    Column("attempts", Integer, nullable=False),
    Column("published", Boolean, nullable=False),  # the partner may have seen it
    key=["subject_id"],
    refer=[("partner_id", "trading_partner.id")],
)

# Append-only: what each attempt came to, step by step.
transmission_step = table(
    "transmission_step",
    an_id("subject_id"),
    Column("attempt", Integer, nullable=False),
    Column("step", String, nullable=False),  # BEGUN PUBLISHING SENT FAILED UNKNOWN
    Column("fault", String, nullable=True),
    Column("reason", Words, nullable=True),
    instant("at"),
    instant("next_at", nullable=True),
    key=["subject_id", "attempt", "step"],
    refer=[("subject_id", "transmission.subject_id")],
)

# What a partner's folder showed and we took; a name may come again with other content.
remote_file = table(
    "remote_file",
    an_id(),
    an_id("partner_id"),
    Column("folder", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),  # seconds as the partner's clock says
    an_id("file_id"),
    instant("taken_at"),
    key=["id"],
    unique=[["partner_id", "folder", "name", "size", "modified"]],
    refer=[("partner_id", "trading_partner.id"), ("file_id", "file.id")],
)

# How the last look into a partner's folders went.
pull_state = table(
    "pull_state",
    an_id("partner_id"),
    instant("looked_at"),
    instant("well_at", nullable=True),
    Column("files", Integer, nullable=False),
    Column("failures", Integer, nullable=False),  # in a row
    Column("fault", String, nullable=True),
    Column("reason", Words, nullable=True),
    key=["partner_id"],
    refer=[("partner_id", "trading_partner.id")],
)

# One row for each thing that is to be done at an instant; whoever does it takes the row away.
due = table(
    "due",
    Column("workflow", String, nullable=False),
    an_id("subject_id"),
    instant("at"),
    key=["workflow", "subject_id"],
    refer=[TENANT],
)
Index("ix_due_at", due.c.at)  # asked for all tenants at once, by the workers' clock

# Append-only: a profile is the one it began with, and every change that is in force.
partner_change = table(
    "partner_change",
    an_id("partner_id"),
    Column("revision", Integer, nullable=False),  # from 1
    Column("valid_from", Date, nullable=False),
    json("members"),
    Column("changed_by", String, nullable=False),
    instant("changed_at"),
    key=["partner_id", "revision"],
    refer=[("partner_id", "trading_partner.id")],
)
