"""One history makes both databases what the tables declare, and takes itself back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import (
    Engine,
    ForeignKeyConstraint,
    Insert,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    column,
    create_engine,
    inspect,
    text,
)
from sqlalchemy import table as lightweight

from app.domain.money import ZERO
from app.domain.partner import PartnerProfile
from app.flows.ports import Mode, Tenant
from app.store.crypto import Cipher
from app.store.engine import UnsupportedDatabase, make_engine
from app.store.migrate import OrphanedRows, downgrade, migrate, upgrade
from app.store.tables import APPEND_ONLY, metadata
from app.store.tenants import Tenants, default_partner
from app.store.unit_of_work import DatabaseUnitsOfWork
from tests.domain import remits
from tests.store.practice import CLOCK

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


CLINIC = Tenant(UUID(int=1), "CLINIC", Mode.TEST)
# The members that a profile of the first release had.
_FIRST_PROFILE = frozenset(
    {
        "sender_qualifier", "sender", "receiver_qualifier", "receiver", "submitter_name",
        "submitter_identifier", "submitter_contact", "receiver_name", "receiver_identifier",
        "acknowledgment_requested", "claims_per_transaction", "element_separator",
        "component_separator", "repetition_separator", "segment_terminator", "line_end",
        "out_folder", "patience",
    }
)  # fmt: skip


def test_a_database_of_the_first_release_keeps_its_rows(database_url: str) -> None:
    """From 0001 with a tenant, its partner and a batch that left, up to now and back."""
    upgrade(database_url, to="0001")
    engine = make_engine(database_url)
    tenant, partner, batch, encounter, charge, claim, submission, line = (
        UUID(int=n) for n in range(1, 9)
    )
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    old = {
        **asdict(default_partner(partner, CLINIC)),
        "submitter_contact": {"name": "EDI", "phone_number": "5555550100"},
        "guide": "005010X222A1",
    }
    new = {field.name for field in fields(PartnerProfile)} - _FIRST_PROFILE
    rows = {
        "tenant": {"id": tenant, "name": "clinic", "mode": "test", "time_zone": "UTC"},
        "trading_partner": {
            "tenant_id": tenant, "id": partner, "name": "default", "number": 1, "live": False,
            "profile": {k: v for k, v in old.items() if k not in new},
            "interchange_number": 7, "group_number": 7,
        },
        "batch": {
            "tenant_id": tenant, "id": batch, "partner_id": partner, "file_name": "1.edi",
            "interchange_control_number": 7, "group_control_number": 7, "sha256": "a" * 64,
            "claims": 2, "state": "TRANSMITTED", "mode": "test",
        },
        "encounter": {
            "tenant_id": tenant, "id": encounter, "source_system": "pms", "external_id": "1",
            "version": 1,
        },
        "charge": {
            "tenant_id": tenant, "id": charge, "encounter_id": encounter, "occurrence": 1,
            "line_control_number": "1", "amount": Decimal("10.00"), "currency": "USD",
            "procedure_code": "G0439", "service_date": at.date(),
        },
        "claim": {
            "tenant_id": tenant, "id": claim, "encounter_id": encounter, "responsibility": "P",
            "claim_number": 1, "claim_type": "professional", "frequency": "1", "version": 1,
            "submission_id": submission, "attempt": 1, "patient_control_number": "C1-1",
            "findings": [], "charge": Decimal("10.00"), "paid": ZERO, "adjusted": ZERO,
            "patient_responsibility": ZERO, "currency": "USD", "stage": "TRANSMITTED",
            "status": "SUBMITTED", "reported_by": "SYSTEM",
        },
        "service_line": {
            "tenant_id": tenant, "id": line, "claim_id": claim, "charge_id": charge, "position": 1,
            "line_control_number": "1", "occurrence": 1, "procedure_qualifier": "HC",
            "procedure_code": "G0439", "modifiers": [], "service_date": at.date(),
            "units": Decimal(1), "unit": "UN", "charge": Decimal("10.00"), "paid": ZERO,
            "adjusted": ZERO, "patient_responsibility": ZERO,
        },
        "submission": {
            "tenant_id": tenant, "id": submission, "claim_id": claim, "version": 1, "attempt": 1,
            "patient_control_number": "C1-1",
        },
        "batch_position": {
            "tenant_id": tenant, "batch_id": batch, "submission_id": submission,
            "transaction_control_number": "0001", "batch_reference": "P1B000000007",
            "first_segment": 9, "last_segment": 20,
        },
    }  # fmt: skip
    with engine.begin() as connection:
        for table, row in rows.items():
            dated = {"created_at": at} if "created_at" in metadata.tables[table].c else {}
            connection.execute(_as_it_was(metadata.tables[table], row | dated), [row | dated])
    upgrade(database_url)
    upgrade(database_url)
    with units_on(engine)(tenant, actor="test") as uow:
        kept = uow.batches.by_interchange(7)
        assert kept is not None
        assert (kept.claims, kept.created_at, kept.opinion, kept.reason) == (2, at, None, None)
        profile = uow.partners.get(partner)
        assert profile == default_partner(partner, CLINIC)
        assert uow.partners.take_control_numbers(partner).interchange == 8
        assert uow.candidates.near(remits.payment(number="c1 - 1"))[0].claim.id == claim
        (sent,) = uow.batches.claims(batch)
        assert (sent.claim_id, sent.charge) == (claim, Decimal("10.00"))
    downgrade(database_url, to="0001")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT claims, state FROM batch")).one() == (
            2,
            "TRANSMITTED",
        )
    engine.dispose()


def test_a_version_that_loses_what_rows_refer_to_is_taken_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not look while tables are rebuilt, so it is looked for at the end."""
    upgrade(sqlite_url)
    engine = make_engine(sqlite_url)
    Tenants(engine, clock=CLOCK).ensure("clinic")

    def lose(config: Config, to: str) -> None:
        config.attributes["connection"].exec_driver_sql("DELETE FROM tenant")

    monkeypatch.setattr(command, "upgrade", lose)
    with pytest.raises(OrphanedRows, match=r"rows of .*trading_partner"):
        upgrade(sqlite_url)
    assert Tenants(engine, clock=CLOCK).find("clinic") is not None
    engine.dispose()


def _as_it_was(table: Table, row: dict[str, object]) -> Insert:
    """Into the columns of that time alone: a column of today would write its own value too."""
    columns = [column(name, table.c[name].type) for name in row]
    return lightweight(table.name, *columns).insert()


def units_on(engine: Engine) -> DatabaseUnitsOfWork:
    def nothing(connection: object, **job: object) -> None: ...

    return DatabaseUnitsOfWork(engine, clock=CLOCK, cipher=Cipher(), enqueue=nothing)


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
    # Workers ask what is due for all tenants at once.
    allowed = {"api_key": [["secret_sha256"]], "due": [["at"]]}
    assert without == allowed.get(table.name, [])


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
