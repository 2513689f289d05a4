"""Cents, quantities and instants come back as they went in; what would bend them is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from app.store.types import Cents, Thousandths, UtcInstant, Words

D = Decimal

KEPT = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("money", Cents),
    Column("units", Thousandths),
    Column("at", UtcInstant),
    Column("words", Words),
)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    KEPT.metadata.create_all(engine)
    return engine


def test_money_sums_to_the_cent(kept: Engine) -> None:
    amounts = [D("0.10"), D("0.20"), D("-0.05"), D("90071992547409.93"), D("7")]
    with kept.begin() as connection:
        connection.execute(insert(KEPT), [{"money": amount} for amount in amounts])
        connection.execute(insert(KEPT), [{"money": None}])
        assert connection.scalar(select(func.sum(KEPT.c.money))) == sum(amounts)
        back = connection.scalars(select(KEPT.c.money).order_by(KEPT.c.id)).all()
        assert back == [*amounts, None]
        assert str(back[4]) == "7.00"


def test_units_instants_and_any_words_come_back(kept: Engine) -> None:
    at = datetime(2026, 11, 23, 7, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    row = {"units": D("0.125"), "at": at, "words": "caf\u00e9 \0 \ud800"}
    with kept.begin() as connection:
        connection.execute(insert(KEPT), [row])
        back = connection.execute(select(KEPT.c.units, KEPT.c.at, KEPT.c.words)).one()
    assert back.units == D("0.125")
    assert back.at == at
    assert back.at.tzinfo is UTC
    assert back.words == "caf\u00e9 \ufffd \ufffd"


@pytest.mark.parametrize(
    "wrong",
    [
        {"money": 0.1},
        {"money": 1},
        {"money": D("0.001")},
        {"units": 1.5},
        {"units": D("0.0001")},
        {"at": datetime(2026, 11, 23)},  # noqa: DTZ001 - what is refused
    ],
    ids=str,
)
def test_what_would_be_bent_is_refused(kept: Engine, wrong: dict[str, Any]) -> None:
    with kept.connect() as connection, pytest.raises((StatementError, TypeError, ValueError)):
        connection.execute(insert(KEPT), [wrong])
