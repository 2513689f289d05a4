# ruff: noqa: S608 - statements are made of the names of our tables; every value is bound
"""Many rows in one statement, at the driver's speed.

SQLAlchemy compiles and binds a statement for any value; here a statement is made once for a table
and its columns, and a column is bound in one pass over its values. SQLite takes tuples
(executemany); PostgreSQL one array a column (unnest), so that a statement of ten thousand rows is
one message. tests/bench/bench_post.py has the figures.

How a value is bound is said in the two tables below, by the type of its column; for SQLite as
SQLAlchemy binds it, which reads it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.types import NullType, TypeEngine

from app.store.types import Cents, Thousandths, UtcInstant, Words, cents, kept_words, thousandths

Row = Mapping[str, Any]
Bind = Callable[[Any], Any]

_TENANT = "tenant_id"

# What `change` makes of a column: {old} is the column, {new} the value of the row.
SET = "{new}"
ADD = "{old} + {new}"
UNLESS_NONE = "coalesce({new}, {old})"


def insert(connection: Connection, table: Table, rows: Sequence[Row], *, tenant_id: UUID) -> None:
    """Insert the rows, which all have the same columns, as this tenant's."""
    if rows:
        _insert(connection, table, rows, tenant_id, "")


def insert_once(
    connection: Connection, table: Table, rows: Sequence[Row], *, tenant_id: UUID
) -> bool:
    """Insert the rows whose keys are not there yet; the others stay as they stand. Of two workers
    that race, the second finds the first's. Gives whether all of them went in."""
    if not rows:
        return True
    return _insert(connection, table, rows, tenant_id, " ON CONFLICT DO NOTHING") == len(rows)


def change(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    tenant_id: UUID,
    key: Sequence[str],
    how: Mapping[str, str],
) -> None:
    """Change the rows of these keys, each named once: `how` says what becomes of each column."""
    if not rows:
        return
    columns = (*how, *key)
    dialect = connection.dialect
    bound = _bound(table, columns, rows, dialect)
    owner = _hex(tenant_id)
    if dialect.name == "postgresql":
        text = _array_update(dialect, table, tuple(key), tuple(how.items()))
        connection.exec_driver_sql(text, (*map(_array, bound), owner))
        return
    text = _row_update(dialect, table, tuple(key), tuple(how.items()))
    connection.exec_driver_sql(text, list(zip(*bound, repeat(owner))))


def among(
    column: ColumnElement[Any], values: Iterable[Any], *, dialect: Dialect
) -> ColumnElement[bool]:
    """`column` is one of the values: one parameter and one statement, however many they are."""
    if isinstance(column.type, LargeBinary):
        return column.in_(list(values))  # JSON has no bytes, and blind indexes are few
    bind, _ = _binder(column.type, dialect)
    bound = [bind(value) for value in values]
    if dialect.name == "postgresql":
        # Without a type of its own it is an array to the planner, which so knows how long it is.
        array = bindparam(None, _array(bound), type_=NullType(), unique=True)
        return column == any_(cast(array, ARRAY(column.type)))
    each = func.json_each(json.dumps(bound)).table_valued("value")
    return column.in_(select(each.c.value))


def _insert(
    connection: Connection, table: Table, rows: Sequence[Row], tenant_id: UUID, ending: str
) -> int:
    """How many rows went in."""
    columns = tuple(name for name in rows[0] if name != _TENANT)
    dialect = connection.dialect
    bound = _bound(table, columns, rows, dialect)
    owner = _hex(tenant_id)
    if dialect.name == "postgresql":
        text = _array_insert(dialect, table, columns) + ending
        done = connection.exec_driver_sql(text, (owner, *map(_array, bound)))
    else:
        text = _row_insert(dialect, table, columns) + ending
        done = connection.exec_driver_sql(text, list(zip(repeat(owner), *bound)))
    return done.rowcount


def _bound(
    table: Table, columns: Iterable[str], rows: Sequence[Row], dialect: Dialect
) -> list[list[Any]]:
    bound = []
    for name in columns:
        bind, nothing = _binder(table.c[name].type, dialect)
        values = [row[name] for row in rows]
        bound.append(_each(values, bind, nothing))
    return bound


def _each(values: list[Any], bind: Bind, nothing: Any) -> list[Any]:
    """Rows of one parent, and of one moment, follow one another: what comes again is bound once."""
    bound = []
    before, text = None, nothing
    for value in values:
        if value is not before:
            before, text = value, nothing if value is None else bind(value)
        bound.append(text)
    return bound


# ── Statements ─────────────────────────────────────────────────────────────


@lru_cache(maxsize=512)
def _row_insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    names = [_quoted(dialect, name) for name in (_TENANT, *columns)]
    marks = ", ".join("?" for _ in names)
    return f"INSERT INTO {_quoted(dialect, table.name)} ({', '.join(names)}) VALUES ({marks})"


@lru_cache(maxsize=512)
def _array_insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    names = [_quoted(dialect, name) for name in (_TENANT, *columns)]
    arrays = ", ".join(f"%s::{_sql_type(table.c[name], dialect)}[]" for name in columns)
    return (
        f"INSERT INTO {_quoted(dialect, table.name)} ({', '.join(names)})"
        f" SELECT %s::UUID, * FROM unnest({arrays})"
    )


@lru_cache(maxsize=64)
def _row_update(
    dialect: Dialect, table: Table, key: tuple[str, ...], how: tuple[tuple[str, str], ...]
) -> str:
    changes = []
    for name, template in how:
        column = _quoted(dialect, name)
        changes.append(f"{column} = {template.format(old=column, new='?')}")
    named = [f"{_quoted(dialect, name)} = ?" for name in (*key, _TENANT)]
    return (
        f"UPDATE {_quoted(dialect, table.name)} SET {', '.join(changes)}"
        f" WHERE {' AND '.join(named)}"
    )


@lru_cache(maxsize=64)
def _array_update(
    dialect: Dialect, table: Table, key: tuple[str, ...], how: tuple[tuple[str, str], ...]
) -> str:
    changes, names, arrays = [], [], []
    for name, template in (*how, *((name, "") for name in key)):
        column = _quoted(dialect, name)
        names.append(column)
        arrays.append(f"%s::{_sql_type(table.c[name], dialect)}[]")
        if template:
            said = template.format(old=f"old.{column}", new=f"new.{column}")
            changes.append(f"{column} = {said}")
    named = " AND ".join(f"old.{_quoted(dialect, n)} = new.{_quoted(dialect, n)}" for n in key)
    return (
        f"UPDATE {_quoted(dialect, table.name)} AS old SET {', '.join(changes)}"
        f" FROM unnest({', '.join(arrays)}) AS new ({', '.join(names)})"
        f" WHERE {named} AND old.{_TENANT} = %s::UUID"
    )


def _quoted(dialect: Dialect, name: str) -> str:
    return dialect.identifier_preparer.quote(name)


def _sql_type(column: Column[Any], dialect: Dialect) -> str:
    """Of an array's elements, which have no collation of their own."""
    return column.type.compile(dialect).split(" COLLATE ")[0]


# ── Values ─────────────────────────────────────────────────────────────────

# On PostgreSQL a value is its text in an array literal: words in quotes, everything else bare.
_NULL = "NULL"


def _array(texts: list[str]) -> str:
    return "{" + ",".join(texts) + "}"


def _text(value: str) -> str:
    """The very text of a member of an enumeration; raises TypeError for what is no text."""
    return value if value.__class__ is str else str.__str__(value)


def _in_quotes(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted_text(value: str) -> str:
    return _in_quotes(_text(value))


def _quoted_words(value: str) -> str:
    return _in_quotes(kept_words(_text(value)))


def _hex(value: UUID) -> str:
    return f"{value.int:032x}"


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be kept")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _naive_utc(value: datetime) -> str:
    return _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


_FOR_SQLITE: Mapping[type[TypeEngine[Any]], Bind] = {
    Uuid: _hex,
    Cents: cents,
    Thousandths: thousandths,
    UtcInstant: _naive_utc,
    Words: lambda value: kept_words(_text(value)),
    String: _text,
    JSON: json.dumps,
    Integer: int,
    BigInteger: int,
    Boolean: int,
    Date: lambda value: value.isoformat(),
    LargeBinary: bytes,
}
_FOR_POSTGRESQL: Mapping[type[TypeEngine[Any]], Bind] = {
    Uuid: _hex,
    Cents: lambda value: str(cents(value)),
    Thousandths: lambda value: str(thousandths(value)),
    UtcInstant: lambda value: _utc(value).isoformat(),
    Words: _quoted_words,
    String: _quoted_text,
    JSON: lambda value: _in_quotes(json.dumps(value)),
    Integer: lambda value: str(int(value)),
    BigInteger: lambda value: str(int(value)),
    Boolean: lambda value: "t" if value else "f",
    Date: lambda value: value.isoformat(),
    LargeBinary: lambda value: f'"\\\\x{value.hex()}"',
}


@lru_cache(maxsize=2048)
def _binder(kind: TypeEngine[Any], dialect: Dialect) -> tuple[Bind, Any]:
    """How values of this type are bound, and what None is: NULL, but in some JSON columns."""
    postgresql = dialect.name == "postgresql"
    bind = (_FOR_POSTGRESQL if postgresql else _FOR_SQLITE)[type(kind)]
    if isinstance(kind, JSON) and not kind.none_as_null:
        return bind, bind(None)
    return bind, _NULL if postgresql else None
