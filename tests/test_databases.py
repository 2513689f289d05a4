"""The ground that the other tests stand on: an empty database each, on both kinds of server."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_an_empty_database(database_url: str, turn: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (turn VARCHAR(10))"))
        connection.execute(text("INSERT INTO seen VALUES (:turn)"), {"turn": turn})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT turn FROM seen")).scalars().all() == [turn]
    engine.dispose()
