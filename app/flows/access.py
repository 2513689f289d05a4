"""Who calls over HTTP, and what they have asked before: filled by the store, used by http."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.flows.ports import Tenant


class Role(StrEnum):
    """What an API key may do."""

    ADMIN = "admin"  # everything
    BILLER = "biller"  # reads and writes
    READER = "reader"  # reads


@dataclass(frozen=True, slots=True)
class Caller:
    """The key behind a request; `key_id` is the actor of the audit chain."""

    key_id: UUID
    tenant: Tenant
    role: Role


class ApiKeys(Protocol):
    """Keys of all tenants, kept as hashes."""

    def authenticate(self, secret: str) -> Caller | None:
        """Whose key this is; None when it is unknown, expired or withdrawn."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished request: what was answered to it."""

    status: int
    body: bytes
    location: str | None = None


class Seen(StrEnum):
    """Why a request with a known idempotency key is not carried out."""

    OTHER_REQUEST = "other_request"  # the key stands for another request
    IN_FLIGHT = "in_flight"  # the same request is being carried out


class IdempotencyKeys(Protocol):
    """Requests by (tenant, idempotency key); each call is a transaction of its own.

    `fingerprint` is the sha256 of method, path and body.
    """

    def begin(
        self, tenant_id: UUID, key: str, *, fingerprint: str, now: datetime, stale_before: datetime
    ) -> Answered | Seen | None:
        """None: the request is the caller's to carry out now, and nobody else's.

        A request begun before `stale_before` and never finished lost its process: it is given out
        again.
        """
        ...

    def finish(self, tenant_id: UUID, key: str, answered: Answered) -> None:
        """Keep the answer for replays."""
        ...

    def abandon(self, tenant_id: UUID, key: str) -> None:
        """Forget a request that failed by our own fault, so that it may be tried again."""
        ...
