"""Who may log in to our SFTP endpoint: `TENANT.NAME`, by a password or by keys.

A login says who the tenant is, so it is looked up before any tenant is known. Passwords are kept as
scrypt hashes; a name that does not exist costs a guesser the same time as one that does.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from app.domain.clock import Clock
from app.flows.ports import Tenant
from app.store.crypto import Cipher
from app.store.engine import reading
from app.store.log import Act, write_audit
from app.store.session import Session
from app.store.tables import sftp_user
from app.store.tenants import Tenants

_COST = {"n": 1 << 14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class SftpUser:
    """One login of a tenant."""

    name: str
    has_password: bool
    public_keys: tuple[str, ...]


class SftpUsers:
    """All of this installation."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._tenants = Tenants(engine, clock=clock)

    def create(self, owner: Tenant, name: str, *, public_keys: tuple[str, ...] = ()) -> str | None:
        """The login anew, in place of one of that name; its password, unless it has keys."""
        password = None if public_keys else secrets.token_urlsafe(24)
        row = {
            "tenant_id": owner.id,
            "name": name,
            "password_hash": None if password is None else hashed(password),
            "public_keys": list(public_keys),
            "created_at": self._clock.now(),
        }
        with self._engine.begin() as connection:
            connection.execute(delete(sftp_user).where(_is(owner, name)))
            connection.execute(insert(sftp_user), [row])
            self._tell(connection, owner, "sftp_user.created", name)
        return password

    def remove(self, owner: Tenant, name: str) -> bool:
        """Whether there was one."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(sftp_user).where(_is(owner, name))).rowcount == 1
            if gone:
                self._tell(connection, owner, "sftp_user.removed", name)
        return gone

    def of(self, owner: Tenant) -> list[SftpUser]:
        """By name."""
        query = select(sftp_user).where(sftp_user.c.tenant_id == owner.id).order_by("name")
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [
            SftpUser(row.name, row.password_hash is not None, tuple(row.public_keys))
            for row in rows
        ]

    def by_password(self, login: str, password: str) -> Tenant | None:
        """The tenant that comes in; None after the same work."""
        found = self._find(login)
        kept = found[1] if found and found[1] else _NOBODY
        right = matches(password, kept)
        return found[0] if found and found[1] and right else None

    def by_key(self, login: str, public_key: str) -> Tenant | None:
        """The tenant that comes in; the key's signature is checked by the protocol."""
        found = self._find(login)
        return found[0] if found and public_key in found[2] else None

    def _find(self, login: str) -> tuple[Tenant, str | None, tuple[str, ...]] | None:
        owner_name, dot, name = login.rpartition(".")
        owner = self._tenants.find(owner_name) if dot else None
        if owner is None:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(sftp_user).where(_is(owner, name))).one_or_none()
        return None if row is None else (owner, row.password_hash, tuple(row.public_keys))

    def _tell(self, connection: Connection, owner: Tenant, action: str, name: str) -> None:
        session = Session(connection, owner, "sftp-users", self._clock, Cipher())
        write_audit(session, [Act(action, name, {}, self._clock.now())])


def hashed(password: str) -> str:
    """Salt and hash, in hex."""
    salt = os.urandom(16)
    return f"{salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether it is the password of that hash."""
    salt, _, wanted = kept.partition("$")
    found = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_COST).hex()
    return hmac.compare_digest(found, wanted)


_NOBODY = f"{bytes(16).hex()}${bytes(64).hex()}"


def _is(owner: Tenant, name: str) -> ColumnElement[bool]:
    return (sftp_user.c.tenant_id == owner.id) & (sftp_user.c.name == name)
