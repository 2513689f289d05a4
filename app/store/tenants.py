"""Tenants: each is made with the one trading partner it can begin with."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, Engine, select

from app.domain.clock import Clock
from app.domain.identity import new_id
from app.domain.partner import PartnerProfile
from app.domain.party import Contact
from app.flows.ports import Mode, Tenant
from app.store.crypto import Cipher
from app.store.engine import reading
from app.store.log import Act, write_audit
from app.store.partners import DEFAULT_PARTNER, partner_row
from app.store.session import Session, insert_unless_there
from app.store.tables import tenant, trading_partner


class Tenants:
    """The practices and billing companies of this installation."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def ensure(
        self, name: str, *, mode: Mode = Mode.TEST, time_zone: str = "America/New_York"
    ) -> Tenant:
        """The tenant of that name, made if it is new; mode and zone are those it was made with.

        Raises ValueError for an empty name or a time zone that does not exist.
        """
        if not name.strip():
            raise ValueError("a tenant needs a name")
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {time_zone}") from None
        made = Tenant(new_id(self._clock), name.strip(), mode, time_zone)
        with self._engine.begin() as connection:
            stands = _one(connection, tenant.c.name == made.name)
            if stands is None and not self._insert(connection, made):
                stands = _one(connection, tenant.c.name == made.name)
        return stands or made

    def find(self, name: str) -> Tenant | None:
        with reading(self._engine) as connection:
            return _one(connection, tenant.c.name == name.strip())

    def list(self) -> list[Tenant]:
        """All of them, in the order of their names."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(tenant).order_by(tenant.c.name)).all()
        return [_tenant(row) for row in rows]

    def _insert(self, connection: Connection, made: Tenant) -> bool:
        """The tenant and its partner; False when another process was faster."""
        row = {**asdict(made), "created_at": self._clock.now()}
        inserted = connection.execute(
            insert_unless_there(connection, tenant).returning(tenant.c.id), [row]
        ).all()
        if not inserted:
            return False
        session = Session(connection, made, "system", self._clock, Cipher())
        at = self._clock.now()
        partner = partner_row(default_partner(session.new_id(), made), number=1)
        session.insert(trading_partner, [{**partner, "created_at": at}])
        write_audit(session, [Act("tenant.created", made.name, {"mode": made.mode}, at)])
        return True


def tenant_by_id(connection: Connection, tenant_id: UUID) -> Tenant | None:
    return _one(connection, tenant.c.id == tenant_id)


def default_partner(id: UUID, owner: Tenant) -> PartnerProfile:
    """The partner `default`: a drop folder, under names that any receiver of tests takes."""
    # X12's basic character set, as long as NM103 allows.
    submitter = re.sub("[^A-Z0-9 ]", " ", owner.name.upper())[:60].strip() or "SUBMITTER"
    return PartnerProfile(
        id=id,
        name=DEFAULT_PARTNER,
        sender_qualifier="ZZ",
        sender="CLAIMLOOP",
        receiver_qualifier="ZZ",
        receiver="CLEARINGHOUSE",
        submitter_name=submitter,
        submitter_identifier="CLAIMLOOP",
        submitter_contact=Contact(name="EDI", phone_number="5555550100"),
        receiver_name="CLEARINGHOUSE",
        receiver_identifier="CLEARINGHOUSE",
        live=owner.mode is Mode.LIVE,
    )


def _one(connection: Connection, condition: ColumnElement[bool]) -> Tenant | None:
    row = connection.execute(select(tenant).where(condition)).one_or_none()
    return None if row is None else _tenant(row)


def _tenant(row: Any) -> Tenant:
    return Tenant(row.id, row.name, Mode(row.mode), row.time_zone)
