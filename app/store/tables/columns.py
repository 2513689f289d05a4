"""How tables are spelled: the tenant first in every key, one spelling of money and sealed values.

Every table is declared through `table`, so that no key can forget the tenant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.schema import SchemaItem

from app.store.types import Cents, UtcInstant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = Uuid(as_uuid=True)


def table(
    name: str,
    *items: SchemaItem,
    key: Sequence[str],
    unique: Sequence[Sequence[str]] = (),
    index: Sequence[Sequence[str]] = (),
    refer: Sequence[tuple[str, str]] = (),
) -> Table:
    """A table of tenants' rows; `tenant_id` is put before the columns of every key named here.

    `refer` is pairs of own column and `table.column` it refers to within the tenant.
    """
    return Table(
        name,
        metadata,
        Column("tenant_id", ID, nullable=False),
        *items,
        PrimaryKeyConstraint("tenant_id", *key),
        *(UniqueConstraint("tenant_id", *columns) for columns in unique),
        *(Index(None, "tenant_id", *columns) for columns in index),
        *(_reference(own, other) for own, other in refer),
    )


def _reference(own: str, other: str) -> ForeignKeyConstraint:
    if own == "tenant_id":
        return ForeignKeyConstraint(["tenant_id"], [other])
    return ForeignKeyConstraint(["tenant_id", own], [f"{other.split('.')[0]}.tenant_id", other])


TENANT = ("tenant_id", "tenant.id")


def an_id(name: str = "id", *, nullable: bool = False) -> Column[Any]:
    return Column(name, ID, nullable=nullable)


def money(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Cents, nullable=nullable)


def currency() -> Column[Any]:
    """Beside every header that holds money; USD is all that is posted so far."""
    return Column("currency", String, nullable=False)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UtcInstant, nullable=nullable)


def json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=nullable), nullable=nullable)


def sealed(name: str, *, nullable: bool) -> tuple[Column[Any], Column[Any]]:
    """A value under a key: its bytes, and the key's id (NULL: not encrypted)."""
    return (
        Column(name, LargeBinary, nullable=nullable),
        Column(f"{name}_key_id", String, nullable=True),
    )


def blind_index(name: str) -> Column[Any]:
    """The HMAC by which an encrypted value is found."""
    return Column(f"{name}_index", LargeBinary, nullable=True)


def one_of(name: str, words: Sequence[str]) -> CheckConstraint:
    """A column that holds one of a few words for ever; states that grow have no such check."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} IN ({listed})", name=name)
