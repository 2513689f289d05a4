"""Who owns rows and who may touch them: tenants, API keys, repeated requests."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from app.store.tables.columns import (
    ID,
    TENANT,
    an_id,
    instant,
    json,
    metadata,
    one_of,
    sealed,
    table,
)
from app.store.types import Words

tenant = Table(
    "tenant",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Words, nullable=False),
    Column("mode", String, nullable=False),
    Column("time_zone", String, nullable=False),
    instant("created_at"),
    UniqueConstraint("name"),
    one_of("mode", ("test", "live")),
)

api_key = table(
    "api_key",
    an_id(),
    Column("secret_sha256", String, nullable=False),
    Column("role", String, nullable=False),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("revoked_at", nullable=True),
    # The one look-up without a tenant: the key says who the tenant is.
    UniqueConstraint("secret_sha256"),
    key=["id"],
    refer=[TENANT],
)

idempotency_key = table(
    "idempotency_key",
    Column("key", Words, nullable=False),
    Column("fingerprint", String, nullable=False),
    instant("started_at"),
    Column("status", Integer, nullable=True),  # NULL: the first request is still under way
    Column("location", String, nullable=True),
    *sealed("answer", nullable=True),
    key=["key"],
    refer=[TENANT],
)

# Logins to our SFTP endpoint, as TENANT.NAME.
sftp_user = table(
    "sftp_user",
    Column("name", String, nullable=False),
    Column("password_hash", String, nullable=True),
    json("public_keys"),
    instant("created_at"),
    key=["name"],
    refer=[TENANT],
)
