"""One practice with everything in its books: each row spoiled by hand is named by `verify`."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.flows.verify import Difference, verify
from app.store.crypto import Cipher
from app.store.engine import make_engine
from app.store.records import DatabaseRecords
from app.store.tables import APPEND_ONLY
from tests.cash.desk import Desk
from tests.e2e.ready_claims import Asked, load
from tests.flows.eras import D, Svc, era, paid
from tests.http.next_payer import decided, next_of, sent

LESS = paid("1001-1", Svc(D(150), D(90), "CO*45*60"), icn="ICN1")
DENIED = paid("1002-1", Svc(D(150), D(0), "CO*197*150"), icn="ICN2")
RIGHT = paid("1003-1", Svc(D(150), D(80), "CO*45*50 PR*2*20"), icn="ICN3")


@pytest.fixture(scope="module")
def story(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A line allowed below the fee and accepted, a denial written off, a claim to the next payer
    that has not left, and WO, FB, 72 and L6."""
    folder = tmp_path_factory.mktemp("books")
    shutil.copy(migrated_sqlite, folder / "claimloop.db")
    desk = Desk(f"sqlite:///{folder}/claimloop.db", folder / "raw")
    claims = [Asked(f"100{n}-1", (("1", "G0439", D(150)),)) for n in range(1, 4)]
    load(SimpleNamespace(units=desk.units), desk.tenants["ACME"], iter(claims))  # type: ignore[arg-type]
    fees = {"items": [{"code": "G0439", "amount": "100.00"}]}
    assert desk.ask("PUT", "/v1/payers/60054/fees", key="ADMIN", json=fees).status_code == 200
    pairs = [("WO:ICN77", D(-20)), ("FB:NEXT", D(-5)), ("L6:INT", D("-1.50"))]
    desk.send(era(LESS, DENIED, RIGHT, trace="T1", plb=pairs))
    pairs = [("WO:ICN77", D(30)), ("72:ICN77", D(-10)), ("FB:BACK", D(5))]
    desk.send(era(trace="T2", control=2, plb=[*pairs, ("AP:", D(-100))]))
    [short] = desk.items("/v1/underpayments?finding=underpaid")
    why = {"reason": "our contract"}
    desk.post(f"/v1/underpayments/{short['id']}:accept", why, status=200)
    [denial] = desk.items("/v1/denials")
    desk.post(f"/v1/denials/{denial['id']}:writeOff", why | {"amount": "50.00"}, status=200)
    desk.post(f"/v1/denials/{denial['id']}:writeOff", why | {"amount": "25.00"}, status=200)
    first = sent(desk)
    decided(desk, first)
    assert next_of(desk, first)["stage"] == "READY"
    desk.verified()
    desk.engine.dispose()  # all of it is in the one file then
    return desk


def spoiled(story: Desk, folder: Path, *statements: str) -> list[Difference]:
    """What is found after an intruder's SQL, in a copy of the books."""
    shutil.copy(str(story.engine.url.database), folder / "spoiled.db")
    engine = make_engine(f"sqlite:///{folder}/spoiled.db")
    with engine.begin() as connection:
        for name in (table.name for table in APPEND_ONLY):
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_{act}")
        for statement in statements:
            changed = connection.exec_driver_sql(statement)
            assert changed.rowcount == 1, statement
    records = DatabaseRecords(engine, cipher=Cipher())
    found = list(verify(records, story.raw, story.tenants["ACME"]))
    engine.dispose()
    return found


EXPECTED = "UPDATE expected_payment SET {} WHERE finding = 'underpaid'"
LINE = (
    "UPDATE journal_line SET {} WHERE account = '{}' AND entry_id IN (SELECT e.id"
    " FROM journal_entry e JOIN provider_adjustment p ON p.id = e.source_id WHERE {})"
)
REFUND = "p.reason = '72'"
RECOVERED = "p.reason = 'WO' AND p.amount = 3000"
SPOILED = [
    (EXPECTED.format("finding = 'overpaid'"), "underpayment", "finding is kept as overpaid"),
    (EXPECTED.format("charge = 14000"), "underpayment", "nothing of its payment can be judged"),
    (EXPECTED.format("allowed = 9100"), "underpayment", "allowed is kept as 91.00"),
    (EXPECTED.format("set_apart = 100"), "underpayment", "set apart is kept as 1.00"),
    (EXPECTED.format("difference = 900"), "underpayment", "difference is kept as 9.00"),
    (EXPECTED.format("left_open = 1100"), "underpayment", "11.00 of it is kept as left open"),
    (EXPECTED.format("expected = 9900"), "underpayment", "its fee makes 100.00"),
    (EXPECTED.format("fee = 101000"), "underpayment", "its fee is not row 1 of version 1"),
    (
        EXPECTED.format("claim_id = (SELECT id FROM claim WHERE patient_control_number='1002-1')"),
        "underpayment",
        "another claim's",
    ),
    (
        "UPDATE fee_schedule SET fees = REPLACE(fees, '100', '99')",
        "underpayment",
        "its fee is not row 1 of version 1",
    ),
    ("UPDATE underpayment_act SET amount = 900", "write_off", "9.00 of it is written off, booked"),
    ("UPDATE underpayment_act SET act = 'reopened'", "write_off", "nobody decided"),
    ("DELETE FROM underpayment_act", "write_off", "nobody decided on what it writes off"),
    ("UPDATE denial_act SET amount = 4900 WHERE ordinal = 1", "write_off", "49.00 of it"),
    ("DELETE FROM denial_act WHERE ordinal = 2", "write_off", "nobody decided"),
    ("DELETE FROM claim_basis", "next_payer", "it does not tell of rcl_"),
    (
        "UPDATE claim_basis SET claim_payment_id = (SELECT id FROM claim_payment WHERE"
        " patient_control_number = '1001-1')",
        "next_payer",
        "which is no decision of an earlier payer on its encounter",
    ),
    ("UPDATE claim_basis SET version = 9", "next_payer", "which is no decision"),
    (
        "UPDATE claim_payment SET state = 'waiting' WHERE id IN"
        " (SELECT claim_payment_id FROM claim_basis)",
        "next_payer",
        "which no longer stands",
    ),
    (
        "UPDATE provider_adjustment SET reason = 'FB' WHERE reason = 'L6'",
        "provider_adjustment",
        "it is booked in interest, its reason belongs in payer_recoupment",
    ),
    (
        "DELETE FROM journal_entry WHERE source_id IN (SELECT id FROM provider_adjustment"
        " WHERE reason = 'WO' AND amount = 3000)",
        "provider_adjustment",
        "its amount is 30.00, booked 0.00",
    ),
    (
        "DELETE FROM provider_adjustment_token WHERE token = 'ICN77' AND provider_adjustment_id IN"
        " (SELECT id FROM provider_adjustment WHERE reason = 'WO' AND amount = 3000)",
        "provider_adjustment",
        "what it is found by is not what its reference says",
    ),
    (
        LINE.format("amount = 2900", "payer_recoupment", RECOVERED),
        "recoupment",
        "its balance is 9.00, its pairs sum to 10.00",
    ),
    (
        LINE.format("account = 'provider_adjustments'", "payer_recoupment", "p.reference = 'NEXT'"),
        "recoupment",
        "its balance is 5.00, its pairs sum to 0.00",
    ),
    (
        LINE.format("amount = -900", "provider_adjustments", REFUND),
        "recoupment",
        "-9.00 of it is refunded, its pairs sum to -10.00",
    ),
    (
        LINE.format("account = 'payer_recoupment'", "interest", "p.reason = 'L6'"),
        "recoupment",
        "the balances sum to",
    ),
    (
        LINE.format("account = 'interest'", "payer_recoupment", RECOVERED),
        "recoupment",
        "its balance is -20.00, its pairs sum to 10.00",
    ),
    (
        "UPDATE claim_payment SET paid = paid + 1 WHERE patient_control_number = '1001-1'",
        "amounts",
        "90.01 of it should be booked, 90.00 is",
    ),
    (
        "UPDATE claim_payment SET state = 'waiting' WHERE patient_control_number = '1001-1'",
        "amounts",
        "0.00 of it should be booked, 90.00 is",
    ),
    (
        "UPDATE adjustment SET amount = 5900 WHERE amount = 6000",
        "amounts",
        "its charge less its adjustments is 91.00, it paid 90.00",
    ),
    (
        "UPDATE service_payment SET paid = 9100 WHERE paid = 9000",
        "amounts",
        "its charge less its adjustments is 90.00, it paid 91.00",
    ),
    (
        "UPDATE adjustment SET reason = '253' WHERE reason = '197'",
        "file",
        "its services are stored as others",
    ),
    (
        "UPDATE claim_payment SET patient_control_number = '1009-1' WHERE"
        " patient_control_number = '1003-1'",
        "file",
        "its number is stored as another",
    ),
    (
        "UPDATE claim_payment SET payer_claim_control_number = NULL WHERE"
        " patient_control_number = '1003-1'",
        "file",
        "the payer's number is stored as none, its file says another",
    ),
    (
        "UPDATE claim_payment SET status = '2' WHERE patient_control_number = '1003-1'",
        "file",
        "its status is stored as another",
    ),
    (
        "DELETE FROM claim_payment WHERE patient_control_number = '1002-1'",
        "file",
        "claim payment 2 of its file is not stored",
    ),
    (
        "UPDATE claim_payment SET ordinal = 9 WHERE patient_control_number = '1003-1'",
        "file",
        "its file does not say it",
    ),
    (
        "UPDATE remittance SET payment_amount = payment_amount + 1 WHERE trace_number = 'T1'",
        "amounts",
        "its deposit is 196.51, booked 196.50",
    ),
]


@pytest.mark.parametrize(
    ("statement", "check", "message"),
    SPOILED,
    ids=[f"{n}-{row[1]}" for n, row in enumerate(SPOILED)],
)
def test_what_is_spoiled_is_named(
    story: Desk, tmp_path: Path, statement: str, check: str, message: str
) -> None:
    found = spoiled(story, tmp_path, statement)
    named = [d for d in found if d.check == check and message in d.message]
    assert named, found
    assert all(d.place for d in named)
