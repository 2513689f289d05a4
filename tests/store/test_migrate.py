"""One history makes both databases what the tables declare, and takes itself back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Engine,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    create_engine,
    inspect,
    text,
)

from app.store.engine import UnsupportedDatabase, make_engine
from app.store.migrate import downgrade, migrate, upgrade
from app.store.tables import APPEND_ONLY, metadata

WITHOUT_TENANT = {"tenant", "worker_heartbeat"}  # the owner itself; a process serves all


@pytest.fixture
def ours(database_url: str) -> Iterator[Engine]:
    """A database with our tables alone, without those of the durable jobs."""
    upgrade(database_url)
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def test_the_migrated_database_is_what_the_tables_declare(ours: Engine) -> None:
    with ours.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert len(inspect(ours).get_table_names()) == len(metadata.tables) + 1  # alembic's own


def test_downgrade_leaves_nothing_and_upgrade_begins_again(database_url: str) -> None:
    upgrade(database_url)
    upgrade(database_url)
    downgrade(database_url)
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(database_url)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_two_processes_that_start_together_take_turns(database_url: str) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        try:
            migrate(database_url)
        except BaseException as fault:  # handed to the test
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_key_begins_with_the_tenant(table: Table) -> None:
    if table.name in WITHOUT_TENANT:
        return
    keys = [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint)
    ]
    keys += [[column.name for column in index.columns] for index in table.indexes]
    without = [key for key in keys if key[0] != "tenant_id"]
    # The look-up of an API key says who the tenant is.
    assert without == ([["secret_sha256"]] if table.name == "api_key" else [])


def test_append_only_tables_have_their_triggers(ours: Engine) -> None:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if ours.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with ours.connect() as connection:
        triggers = set(connection.execute(text(query)).scalars())
    acts = ["update", "delete"] + (["truncate"] if ours.dialect.name == "postgresql" else [])
    assert triggers == {f"{table.name}_no_{act}" for table in APPEND_ONLY for act in acts}


def test_another_database_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnsupportedDatabase, match="use sqlite:///FILE or"):
        make_engine("mysql://localhost/claims")
