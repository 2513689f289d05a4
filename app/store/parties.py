"""Payers by their identifiers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from app.flows.ports import StoredPayer
from app.store.session import Session
from app.store.tables import payer, payer_identifier

_SCHEME = "PI"
_ALWAYS = date(1, 1, 1)


class PayerRepository:
    """The `Payers` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, payer_id: str) -> StoredPayer | None:
        query = (
            select(payer, payer_identifier.c.value)
            .join_from(
                payer_identifier,
                payer,
                (payer.c.tenant_id == payer_identifier.c.tenant_id)
                & (payer.c.id == payer_identifier.c.payer_id),
            )
            .where(
                self._session.owns(payer_identifier),
                payer_identifier.c.scheme == _SCHEME,
                payer_identifier.c.value == payer_id,
                payer_identifier.c.valid_to.is_(None),
            )
        )
        row = self._session.connection.execute(query).one_or_none()
        return None if row is None else StoredPayer(row.id, row.value, row.name, row.served)

    def ensure(self, *, payer_id: str, name: str) -> StoredPayer:
        found = self.find(payer_id)
        if found is None:
            self._session.lock_name("payer", payer_id)
            found = self.find(payer_id) or self._add(payer_id, name)
        return found

    def of_partner(self, partner_id: UUID) -> list[str]:
        query = (
            select(payer_identifier.c.value)
            .join_from(
                payer_identifier,
                payer,
                (payer.c.tenant_id == payer_identifier.c.tenant_id)
                & (payer.c.id == payer_identifier.c.payer_id),
            )
            .where(
                self._session.owns(payer_identifier),
                payer_identifier.c.scheme == _SCHEME,
                payer_identifier.c.valid_to.is_(None),
                payer.c.partner_id == partner_id,
            )
            .order_by(payer_identifier.c.value)
        )
        return list(self._session.connection.execute(query).scalars())

    def set_partner(self, payer_id: str, partner_id: UUID | None) -> None:
        found = self.find(payer_id)
        if found is None:
            raise LookupError("a payer that was made before")
        self._session.connection.execute(
            update(payer)
            .where(self._session.owns(payer), payer.c.id == found.id)
            .values(partner_id=partner_id)
        )

    def set_served(self, payer_id: str, *, served: bool) -> None:
        found = self.find(payer_id)
        if found is None:
            raise LookupError("a payer is known by an encounter that names it")
        self._session.connection.execute(
            update(payer)
            .where(self._session.owns(payer), payer.c.id == found.id)
            .values(served=served)
        )

    def _add(self, payer_id: str, name: str) -> StoredPayer:
        id = self._session.new_id()
        row = {"id": id, "name": name, "served": True, "created_at": self._session.clock.now()}
        self._session.insert(payer, [row])
        identifier = {
            "scheme": _SCHEME,
            "value": payer_id,
            "valid_from": _ALWAYS,
            "payer_id": id,
        }
        self._session.insert(payer_identifier, [identifier])
        return StoredPayer(id, payer_id, name, served=True)
