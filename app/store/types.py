"""Column types: exact money and quantities, UTC instants, texts of any origin."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

from app.domain.money import from_cents, from_thousandths, to_cents, to_thousandths


class Cents(TypeDecorator[Decimal]):
    """Money: `Decimal` here, integer cents there; SQLite would sum NUMERIC as float.

    A float, an int and a fraction of a cent are refused: TypeError, ValueError.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else cents(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        # PostgreSQL gives the sum of bigint as numeric.
        return None if value is None else from_cents(int(value))


class Thousandths(TypeDecorator[Decimal]):
    """Units and quantities with up to three decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else thousandths(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_thousandths(int(value))


class UtcInstant(TypeDecorator[datetime]):
    """An instant, always in UTC; SQLite forgets time zones, so ours is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be kept")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text out of a foreign file, which may hold any byte.

    PostgreSQL takes no NUL and neither database takes a lone surrogate: each is kept as U+FFFD. The
    raw file keeps what really stood there, and the X12 check reports it.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else kept_words(value)


# ── Values as they are kept (app/store/bulk.py binds by these too) ─────────


def cents(value: Decimal) -> int:
    return to_cents(_exact(value))


def thousandths(value: Decimal) -> int:
    return to_thousandths(_exact(value))


def kept_words(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    whole = value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass")
    return whole.decode("utf-16", "replace")


def _exact(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"a Decimal is kept here, not {type(value).__name__}")
    return value
