"""Rows in bulk are those that SQLAlchemy reads: every type, every odd text, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError

from app.domain.lifecycle import Stage
from app.store import bulk
from app.store import tables as t
from tests.store.practice import CLOCK, Practice

D = Decimal
ODD = "a\\b\"c{d},e\tf\ng'h NULL \\N %s :x é ☃ 💉"
FIRST, SECOND = UUID(int=1), UUID(int=2)
EAST = timezone(timedelta(hours=2))


def payment(id: UUID, ordinal: int, **members: Any) -> dict[str, Any]:
    """A claim payment with nothing that need not be there."""
    row = dict.fromkeys(c.name for c in t.claim_payment.c if c.name != "tenant_id")
    row |= {"id": id, "remittance_id": FIRST, "ordinal": ordinal, "state": "posted"}
    row |= {"patient_control_number": "", "status": "1", "charge": D(1), "paid": D(0)}
    row |= {"crossover": False, "imbalances": [], "segment_number": 1, "loop": "2100"}
    return row | members


FULL = payment(
    SECOND,
    2,
    outcome=Stage.PAID,  # a member of an enumeration is its text
    message=ODD,
    claim_id=FIRST,
    patient_control_number=ODD,
    charge=D("90071992547409.93"),
    paid=D("-0.10"),
    member_id=b"\x00\xff\\'\"",
    member_id_key_id="k",
    service_date=date(2026, 2, 28),
    crossover=True,
    imbalances=[{"said": ODD, "none": None}],
)


def read(connection: Connection, id: UUID) -> Mapping[str, Any]:
    query = select(t.claim_payment).where(t.claim_payment.c.id == id)
    row = dict(connection.execute(query).one()._mapping)
    del row["tenant_id"]
    return row


def test_what_goes_in_comes_out_as_by_sqlalchemy(practice: Practice) -> None:
    bare, tenant = payment(FIRST, 1), practice.tenant.id
    with practice.engine.begin() as connection:
        bulk.insert(connection, t.claim_payment, [bare, FULL], tenant_id=tenant)
        assert read(connection, FIRST) == bare
        assert read(connection, SECOND) == FULL
        third = UUID(int=3)
        row = {**FULL, "id": third, "ordinal": 3}
        connection.execute(insert(t.claim_payment), [{"tenant_id": tenant, **row}])
        assert read(connection, third) == row
        kept = [c for c in t.claim_payment.c if c.name not in ("id", "ordinal", "member_id")]
        as_they_lie = [text(f'CAST("{c.name}" AS VARCHAR)') for c in kept]
        rows = connection.execute(select(*as_they_lie).select_from(t.claim_payment)).all()
        assert rows[1] == rows[2]


def test_texts_that_no_database_takes_are_kept_as_sqlalchemy_keeps_them(practice: Practice) -> None:
    row = payment(FIRST, 1, message="nul \0 and \ud800 alone")
    with practice.engine.begin() as connection:
        bulk.insert(connection, t.claim_payment, [row], tenant_id=practice.tenant.id)
        assert read(connection, FIRST)["message"] == "nul \ufffd and \ufffd alone"


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"paid": 1.5}, TypeError),
        ({"paid": D("0.001")}, ValueError),
        ({"outcome": 7}, TypeError),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(
    practice: Practice, members: dict[str, Any], error: type[Exception]
) -> None:
    row = payment(FIRST, 1, **members)
    with practice.engine.begin() as connection, pytest.raises(error):
        bulk.insert(connection, t.claim_payment, [row], tenant_id=practice.tenant.id)


def test_instants_are_utc_whatever_zone_they_come_in(practice: Practice) -> None:
    act = dict.fromkeys(c.name for c in t.payment_act.c if c.name != "tenant_id")
    act |= {"claim_payment_id": FIRST, "ordinal": 1, "act": "posted", "actor": "test"}
    noon = datetime(2026, 11, 23, 14, 0, 0, 5, tzinfo=EAST)
    with practice.engine.begin() as connection:
        bulk.insert(connection, t.payment_act, [{**act, "at": noon}], tenant_id=practice.tenant.id)
        found = connection.execute(select(t.payment_act)).one()
        assert found.at == noon
        assert found.at.tzinfo is UTC
        assert found.lines is None
        naive = {**act, "ordinal": 2, "at": CLOCK.now().replace(tzinfo=None)}
        with pytest.raises(ValueError, match="without a time zone"):
            bulk.insert(connection, t.payment_act, [naive], tenant_id=practice.tenant.id)


def test_what_is_there_stays_and_the_rest_goes_in(practice: Practice) -> None:
    rows = [payment(FIRST, 1, message="first"), payment(SECOND, 2)]
    again = [payment(FIRST, 1, message="second"), payment(UUID(int=3), 3)]
    tenant = practice.tenant.id
    with practice.engine.begin() as connection:
        assert bulk.insert_once(connection, t.claim_payment, rows, tenant_id=tenant)
        assert not bulk.insert_once(connection, t.claim_payment, again, tenant_id=tenant)
        assert read(connection, FIRST)["message"] == "first"
        assert read(connection, UUID(int=3))["ordinal"] == 3
    with pytest.raises(IntegrityError), practice.engine.begin() as connection:
        bulk.insert(connection, t.claim_payment, again, tenant_id=tenant)


def test_rows_are_changed_by_their_keys_and_only_those_of_the_tenant(practice: Practice) -> None:
    how = {"paid": bulk.ADD, "state": bulk.SET, "reason": bulk.UNLESS_NONE}
    rows = [payment(FIRST, 1, reason="kept"), payment(SECOND, 2, reason="old")]
    changes = [
        {"id": FIRST, "paid": D("0.10"), "state": "waiting", "reason": None},
        {"id": SECOND, "paid": D("-0.30"), "state": "reversed", "reason": "new"},
    ]
    with practice.engine.begin() as connection:
        for tenant in (practice.tenant.id, FIRST):
            bulk.insert(connection, t.claim_payment, rows, tenant_id=tenant)
        for _ in range(2):
            bulk.change(
                connection,
                t.claim_payment,
                changes,
                tenant_id=practice.tenant.id,
                key=["id"],
                how=how,
            )
        c = t.claim_payment.c
        query = select(c.paid, c.state, c.reason).order_by(c.id)
        own = connection.execute(query.where(c.tenant_id == practice.tenant.id)).all()
        others = connection.execute(query.where(c.tenant_id == FIRST)).all()
    assert own == [(D("0.20"), "waiting", "kept"), (D("-0.60"), "reversed", "new")]
    assert others == [(D("0.00"), "posted", "kept"), (D("0.00"), "posted", "old")]


def test_any_text_and_any_number_of_values_can_be_looked_for(practice: Practice) -> None:
    with practice.engine.begin() as connection:
        rows = [payment(FIRST, 1, message="plain"), FULL]
        bulk.insert(connection, t.claim_payment, rows, tenant_id=practice.tenant.id)
        c = t.claim_payment.c

        def found(column: Any, values: Any) -> set[UUID]:
            condition = bulk.among(column, values, dialect=connection.dialect)
            return set(connection.execute(select(c.id).where(condition)).scalars())

        assert found(c.message, [ODD, "\0"]) == {SECOND}
        assert found(c.id, [UUID(int=n) for n in range(2, 40_000)]) == {SECOND}
        assert found(c.member_id, [FULL["member_id"]]) == {SECOND}
        assert found(c.message, []) == set()


def test_sqlite_asks_for_rows_and_never_for_all_of_a_tenant(sqlite_engine: Engine) -> None:
    questions = {
        "claim_payment": "claim_id = ?",
        "remittance": "trace_number = ?",
        "denial": "claim_id IN (SELECT value FROM json_each(?))",
        "evidence_match": "submission_id IN (SELECT value FROM json_each(?))",
    }
    with sqlite_engine.connect() as connection:
        for table, condition in questions.items():
            query = f"SELECT * FROM {table} WHERE tenant_id = ? AND {condition} ORDER BY id"  # noqa: S608
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("", "[]")).all()
            column = condition.split()[0]
            assert f"(tenant_id=? AND {column}=?)" in plan[0][3]
