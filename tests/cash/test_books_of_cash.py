"""Bank files through the door; `verify` on what is kept twice of deposits and patients."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Table, text, update

from app.flows.verify import verify
from app.store import tables as t
from app.store.crypto import Cipher
from app.store.records import DatabaseRecords
from tests.cash.desk import Desk
from tests.cash.era import clp, era, line, plb, unpaid
from tests.documents.test_bank_files import BAI2, WHOLE


def test_a_days_statement_finds_its_remittances(desk: Desk) -> None:
    desk.send(era(unpaid("A", "163.90"), paid="163.90"))
    file = desk.send(BAI2.encode())
    assert (file["kind"], file["state"], file["reason"]) == ("BAI2", "processed", None)
    (note,) = file["issues"]
    assert (note["severity"], note["line"]) == ("info", 9)
    states = {d["amount"]: d["state"] for d in desk.items("/v1/deposits")}
    assert states == {
        "163.90": "MATCHED",
        "200.00": "EFT_ONLY",
        "75.00": "EFT_ONLY",
        "-12.00": "EFT_ONLY",
    }
    assert sorted(row["amount"] for row in desk.view("wl_eft_no_era")) == [-1200, 7500, 20000]
    # The ACH file of the same day tells the first of them once more, under the same account.
    again = desk.send(WHOLE.encode())
    assert (again["kind"], again["state"], again["duplicateOf"]) == ("CCD", "duplicate", file["id"])
    assert len(desk.items("/v1/deposits")) == 4
    desk.verified()


def test_a_statement_with_a_fault_leaves_nothing(desk: Desk) -> None:
    before = desk.rows()
    file = desk.send(BAI2.replace("16,142,16390", "16,142,16391").encode())
    assert (file["kind"], file["state"]) == ("BAI2", "failed")
    assert "none of its deposits was taken" in file["reason"]
    assert [(i["line"], i["code"]) for i in file["issues"]] == [
        (12, "control"),
        (13, "control"),
        (14, "control"),
    ]
    after = desk.rows()
    assert {name for name in after if after[name] != before[name]} == {
        "file",
        "audit_entry",
        "counter",
        "event",
        "fingerprint",
        "reading",
    }


def _unprotected(connection: Connection, table: Table) -> None:
    for act in ("update", "delete"):
        suffix = f" ON {table.name}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {table.name}_no_{act}{suffix}"))


def _a_state(connection: Connection) -> None:
    connection.execute(update(t.reassociation).values(state="ERA_ONLY"))


def _a_deposit(connection: Connection) -> None:
    _unprotected(connection, t.deposit)
    connection.execute(update(t.deposit).values(amount=Decimal("1.00")))


def _a_lost_state(connection: Connection) -> None:
    connection.execute(text("DELETE FROM reassociation WHERE subject = 'deposit'"))


def _a_payment(connection: Connection) -> None:
    _unprotected(connection, t.patient_payment)
    connection.execute(update(t.patient_payment).values(amount=Decimal("1.00")))


def _an_application(connection: Connection) -> None:
    """The patient's share is made smaller than what was applied to it."""
    _unprotected(connection, t.journal_line)
    connection.execute(
        text(
            "UPDATE journal_line SET amount = amount - 100"
            " WHERE account = 'receivable_patient' AND claim_id IS NOT NULL"
        )
    )


TAMPERED = [
    (_a_state, "reassociation", 2),
    (_a_deposit, "reassociation", 2),
    (_a_lost_state, "reassociation", 1),
    (_a_payment, "patient_money", 1),
    (_an_application, "patient_money", 1),
]


@pytest.mark.parametrize(("tamper", "check", "count"), TAMPERED)
def test_what_was_tampered_with_is_found(
    desk: Desk, tamper: Callable[[Connection], None], check: str, count: int
) -> None:
    claim = desk.claim()
    lines = line("150", "132.5", "PR*3*17.5"), line("75.5", "75.5", code="J1885", control="2")
    paid = clp(claim["patientControlNumber"], *lines, paid="208", patient="17.5")
    desk.send(era(paid, plb("WO:R1", "8"), paid="200"))
    desk.post(
        "/v1/deposits",
        {"amount": "200.00", "date": "2026-11-20", "addenda": "TRN*1*EFT9*1512345678\\"},
    )
    copay = {"amount": "20.00", "method": "card", "date": "2026-11-20", "reference": "1"}
    desk.post("/v1/patient-payments", copay | {"claimId": claim["id"]})
    desk.verified()
    with desk.engine.begin() as connection:
        tamper(connection)
    records = DatabaseRecords(desk.engine, cipher=Cipher())
    found = [d for d in verify(records, desk.raw, desk.tenants["ACME"]) if d.check == check]
    assert len(found) == count, found
    assert all(d.place.startswith(("dep_", "era_", "ppt_")) and d.message for d in found)
