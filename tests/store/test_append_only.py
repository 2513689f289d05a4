"""What was said once: the databases refuse to change or forget it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.store.tables import APPEND_ONLY
from tests.store.practice import Practice, an_encounter


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
def test_no_update_and_no_delete(practice: Practice, table: Table) -> None:
    encounter = an_encounter()
    practice.claim(encounter)
    practice.claim(replace(encounter, claim_note="corrected"))
    acts = [
        update(table).values(tenant_id=table.c.tenant_id),
        delete(table),
    ]
    if practice.engine.dialect.name == "postgresql":
        acts.append(text(f"TRUNCATE {table.name} CASCADE"))
    count = select(func.count()).select_from(table)
    with practice.engine.connect() as connection:
        before = connection.scalar(count)
    assert before
    for act in acts:
        with (
            practice.engine.connect() as connection,
            pytest.raises(DBAPIError, match="is append-only"),
        ):
            connection.execute(act)
    with practice.engine.connect() as connection:
        assert connection.scalar(count) == before
