"""What every repository stands on: one connection, in one transaction, bound to one tenant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.clock import Clock
from app.domain.identity import new_id, new_ids
from app.flows.ports import Tenant
from app.store import bulk
from app.store.crypto import Cipher, Sealed

T = TypeVar("T")

# Values in one IN (...): far below the limits of both databases.
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """A transaction of one tenant; `actor` is who acts in it."""

    connection: Connection
    tenant: Tenant
    actor: str
    clock: Clock
    cipher: Cipher

    def new_id(self) -> UUID:
        return new_id(self.clock)

    def new_ids(self, count: int) -> list[UUID]:
        return new_ids(self.clock, count)

    def owns(self, table: Table) -> ColumnElement[bool]:
        """The condition that no query may lack."""
        owned: ColumnElement[bool] = table.c.tenant_id == self.tenant.id
        return owned

    def rows(self, table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
        """All columns of this tenant's rows that meet the conditions."""
        return select(table).where(self.owns(table), *conditions)

    def among(self, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
        """`column` is one of the values, of which there may be many."""
        return bulk.among(column, values, dialect=self.connection.dialect)

    def locked(self, query: Select[Any], table: Table) -> Select[Any]:
        """The same rows, kept from other writers until the transaction ends.

        SQLite has no row locks and needs none: its transactions write one at a time.
        """
        return query.with_for_update(key_share=True, of=table)

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, which all have the same columns, as this tenant's."""
        bulk.insert(self.connection, table, rows, tenant_id=self.tenant.id)

    def insert_once(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Insert the rows whose keys are not there yet; the others stay as they stand. Gives
        whether all of them went in."""
        return bulk.insert_once(self.connection, table, rows, tenant_id=self.tenant.id)

    def inserted(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
        """As insert_once, and says the ids of the rows that went in."""
        ids = [row["id"] for row in rows]
        if self.insert_once(table, rows):
            return set(ids)
        found: set[UUID] = set()
        for some in chunks(ids):
            query = select(table.c.id).where(self.owns(table), table.c.id.in_(some))
            found.update(self.connection.execute(query).scalars())
        return found

    def change(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        how: Mapping[str, str],
        key: Sequence[str] = ("id",),
    ) -> None:
        """Change this tenant's rows of these keys, each named once; `how` by column: bulk.SET .."""
        bulk.change(self.connection, table, rows, tenant_id=self.tenant.id, key=key, how=how)

    def lock_name(self, *parts: str) -> None:
        """Hold a name that may have no row yet, until the transaction ends."""
        if self.connection.dialect.name != "postgresql":
            return  # SQLite's transaction holds everything
        text_of_name = "\0".join((str(self.tenant.id), *parts))
        digest = hashlib.sha256(text_of_name.encode("utf-8", "replace")).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        self.connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": number})

    def seal(self, data: bytes, column: str) -> Sealed:
        return self.cipher.seal(data, tenant_id=self.tenant.id, column=column)

    def open(self, data: bytes, key_id: str | None, column: str) -> bytes:
        return self.cipher.open(Sealed(data, key_id), tenant_id=self.tenant.id, column=column)

    def sealed_columns(self, column: str, value: str | None) -> dict[str, Any]:
        """The three columns of an encrypted text that can be looked up (`table.name`)."""
        name = column.split(".")[1]
        if value is None:
            return {name: None, f"{name}_key_id": None, f"{name}_index": None}
        sealed = self.seal(value.encode("utf-8", "surrogateescape"), column)
        index = self.cipher.blind_index(value, tenant_id=self.tenant.id, column=name)
        return {name: sealed.data, f"{name}_key_id": sealed.key_id, f"{name}_index": index}

    def sealed_alone(self, column: str, value: str | None) -> dict[str, Any]:
        """The two columns of an encrypted text that nobody looks up."""
        name = column.split(".")[1]
        if value is None:
            return {name: None, f"{name}_key_id": None}
        sealed = self.seal(value.encode("utf-8", "surrogateescape"), column)
        return {name: sealed.data, f"{name}_key_id": sealed.key_id}


def insert_unless_there(connection: Connection, table: Table) -> Any:
    """INSERT .. ON CONFLICT DO NOTHING: of two workers that race, the second finds the first's."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pieces that fit into one IN (...)."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
