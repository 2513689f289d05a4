"""API keys: `clk_test_...` and `clk_live_...`, shown once and kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from sqlalchemy import Engine, insert, select, update

from app.domain.clock import Clock
from app.domain.identity import Prefix, new_id, public_id
from app.flows.access import Caller, Role
from app.flows.ports import Mode, Tenant
from app.store.crypto import Cipher
from app.store.engine import reading
from app.store.log import Act, write_audit
from app.store.session import Session
from app.store.tables.access import api_key, tenant

_SECRET_BYTES = 32  # of randomness: a hash without salt or stretching is enough for such a secret


class Keys:
    """Makes, withdraws and recognises the keys of all tenants."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def create(self, owner: Tenant, *, role: Role) -> str:
        """A new key of that tenant. This is the only time its text exists on our side."""
        secret = f"clk_{owner.mode}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        key_id = new_id(self._clock)
        now = self._clock.now()
        with self._engine.begin() as connection:
            connection.execute(
                insert(api_key).values(
                    tenant_id=owner.id,
                    id=key_id,
                    secret_sha256=_hash(secret),
                    role=role,
                    created_at=now,
                )
            )
            session = Session(connection, owner, "system", self._clock, Cipher())
            name = public_id(Prefix.API_KEY, key_id)
            write_audit(session, [Act("api_key.created", name, {"role": role}, now)])
        return secret

    def revoke(self, owner: Tenant, key_id: UUID) -> None:
        """Withdraw a key; requests with it are refused from now on."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            withdrawn = connection.execute(
                update(api_key)
                .where(
                    api_key.c.tenant_id == owner.id,
                    api_key.c.id == key_id,
                    api_key.c.revoked_at.is_(None),
                )
                .values(revoked_at=now)
            )
            if withdrawn.rowcount:
                session = Session(connection, owner, "system", self._clock, Cipher())
                name = public_id(Prefix.API_KEY, key_id)
                write_audit(session, [Act("api_key.revoked", name, {}, now)])

    def authenticate(self, secret: str) -> Caller | None:
        """Whose key this is; None when it is unknown, expired or withdrawn."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(api_key, tenant.c.name, tenant.c.mode, tenant.c.time_zone)
                .join(tenant, tenant.c.id == api_key.c.tenant_id)
                .where(api_key.c.secret_sha256 == _hash(secret))
            ).one_or_none()
        if row is None or row.revoked_at is not None:
            return None
        if row.expires_at is not None and row.expires_at <= self._clock.now():
            return None
        owner = Tenant(row.tenant_id, row.name, Mode(row.mode), row.time_zone)
        return Caller(row.id, owner, Role(row.role))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
