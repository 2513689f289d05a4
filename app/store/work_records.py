"""A tenant's denials for `verify`, read in parts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, select

from app.domain.claim import StoredClaim
from app.domain.clock import SystemClock
from app.flows.ports import Tenant
from app.store import tables as t
from app.store.claims import ClaimRepository
from app.store.crypto import Cipher
from app.store.denials import DenialRepository
from app.store.session import Session, chunks


class TenantWork:
    """The `WorkRecords` of one tenant."""

    def __init__(self, connection: Connection, tenant: Tenant, cipher: Cipher) -> None:
        self._session = Session(connection, tenant, "verify", SystemClock(), cipher)
        self.denials = DenialRepository(self._session)
        self._claims = ClaimRepository(self._session)

    def denied_claims(self) -> Iterator[list[UUID]]:
        own = t.denial.c.claim_id
        query = select(own).where(self._session.owns(t.denial)).distinct().order_by(own)
        ids = list(self._session.connection.execute(query).scalars())
        yield from map(list, chunks(ids))

    def claim(self, claim_id: UUID) -> StoredClaim:
        found = self._claims.get(claim_id)
        assert found is not None, "a denial is of a claim"
        return found
