"""What the tests of the HTTP door share: callers, a client, and a tenant that does not exist."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from app.domain.clock import FixedClock
from app.flows.access import Answered, Caller, Role, Seen
from app.flows.ports import Mode, Tenant, UnitOfWork

CLOCK = FixedClock(datetime(2026, 11, 23, 15, tzinfo=UTC))
TENANT = Tenant(UUID(int=1), "acme", Mode.TEST)
ADMIN, READER = "clk_test_admin", "clk_test_reader"


class KnownKeys:
    """Two keys of one tenant."""

    def authenticate(self, secret: str) -> Caller | None:
        role = {ADMIN: Role.ADMIN, READER: Role.READER}.get(secret)
        return None if role is None else Caller(UUID(int=2), TENANT, role)


class Remembered:
    """Idempotency keys in memory, by the rules of the port."""

    def __init__(self) -> None:
        self.requests: dict[tuple[UUID, str], tuple[str, datetime, Answered | None]] = {}

    def begin(
        self, tenant_id: UUID, key: str, *, fingerprint: str, now: datetime, stale_before: datetime
    ) -> Answered | Seen | None:
        known = self.requests.get((tenant_id, key))
        if known is not None:
            if known[0] != fingerprint:
                return Seen.OTHER_REQUEST
            if known[2] is not None:
                return known[2]
            if known[1] >= stale_before:
                return Seen.IN_FLIGHT
        self.requests[tenant_id, key] = (fingerprint, now, None)
        return None

    def finish(self, tenant_id: UUID, key: str, answered: Answered) -> None:
        fingerprint, at, _ = self.requests[tenant_id, key]
        self.requests[tenant_id, key] = (fingerprint, at, answered)

    def abandon(self, tenant_id: UUID, key: str) -> None:
        del self.requests[tenant_id, key]


class NoDatabase:
    """A unit of work that fails as databases do: with the values in its message."""

    def __call__(self, tenant_id: UUID, *, actor: str) -> AbstractContextManager[UnitOfWork]:
        raise RuntimeError("duplicate key value (member_id)=(W123456789)")


class NoFiles:
    """Nothing is kept."""

    def put(self, tenant_id: UUID, data: bytes) -> str:
        raise RuntimeError("disk is full")

    def get(self, tenant_id: UUID, sha256: str) -> bytes:
        raise RuntimeError("disk is gone")

    def open(self, tenant_id: UUID, sha256: str) -> Any:
        raise RuntimeError("disk is gone")


@asynccontextmanager
async def client(app: FastAPI, *, key: str | None = ADMIN) -> AsyncIterator[httpx.AsyncClient]:
    """Talks to the application without a socket, as the caller behind `key`."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers
    ) as http:
        yield http
