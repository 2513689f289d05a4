"""Lessons 22: a payer that allows less than agreed is seen, disputed, accepted; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.flows.sweep import sweep
from tests.e2e.ready_claims import Asked, load
from tests.flows.eras import D, Svc, era, paid, taken_back
from tests.http.loop import Practice

LESS = paid("1001-1", Svc(D(150), D(90), "CO*45*60"), icn="ICN1")
MORE = paid("1002-1", Svc(D(150), D(130), "CO*45*20"), icn="ICN2")
WHOLE = paid("1003-1", Svc(D(150), D(0), "CO*45*150"), icn="ICN3")
DENIED = paid("1004-1", Svc(D(150), D(0), "CO*197*150"), icn="ICN4")
RIGHT = paid("1005-1", Svc(D(150), D(80), "CO*45*50 PR*2*20"), icn="ICN5")


@pytest.fixture
def practice(sqlite_url: str, tmp_path: Path) -> Practice:
    return judged(sqlite_url, tmp_path)


@pytest.fixture
def on_either(migrated_url: str, tmp_path: Path) -> Iterator[Practice]:
    """For the story that goes through all the tables: on SQLite and on PostgreSQL."""
    made = judged(migrated_url, tmp_path)
    yield made
    made.engine.dispose()


def judged(url: str, folder: Path) -> Practice:
    """A practice with a fee of 100.00, and five lines of 150.00 decided on."""
    made = Practice(url, folder / "raw")
    claims = [Asked(f"100{n}-1", (("1", "G0439", D(150)),)) for n in range(1, 6)]
    load(SimpleNamespace(units=made.units), made.tenants["ACME"], iter(claims))  # type: ignore[arg-type]
    agree(made, "90.00")
    agree(made, "100.00")
    receive(made, LESS, MORE, WHOLE, DENIED, RIGHT, trace="EFT1")
    return made


def agree(practice: Practice, fee: str) -> None:
    body = {"items": [{"code": "G0439", "amount": fee}]}
    assert practice.ask("PUT", "/v1/payers/60054/fees", key="ADMIN", json=body).status_code == 200


def receive(practice: Practice, *payments: Any, trace: str) -> None:
    practice.ask("POST", "/v1/files", content=era(*payments, trace=trace))
    practice.work()


def act(practice: Practice, id: str, verb: str, status: int = 200, key: str = "ACME") -> Any:
    path = f"/v1/underpayments/{id}:{verb}"
    response = practice.ask("POST", path, key=key, json={"reason": "our contract"})
    assert response.status_code == status, response.text
    return response.json()


def listed(practice: Practice, name: str = "underpayments") -> list[tuple[str, str, str]]:
    items = practice.get(f"/v1/worklists/{name}")["items"]
    return [(i["category"], i["reference"], i["amount"]) for i in items]


def test_the_lists_and_what_each_row_says(practice: Practice) -> None:
    assert listed(practice) == [
        ("whole_charge", "1003-1", "100.00"), ("underpaid", "1001-1", "10.00")
    ]  # fmt: skip
    assert listed(practice, "overpayments") == [("overpaid", "1002-1", "-30.00")]
    [short] = practice.get("/v1/underpayments?finding=underpaid&payerId=60054")["items"]
    assert {k: short[k] for k in ("expected", "allowed", "difference", "leftOpen")} == {
        "expected": "100.00", "allowed": "90.00", "difference": "10.00", "leftOpen": "10.00",
    }  # fmt: skip
    # The second schedule said so, in its first row; it can be read as it was.
    assert (short["scheduleVersion"], short["scheduleRow"], short["state"]) == (2, 1, "open")
    agree(practice, "70.00")
    fees = practice.get("/v1/payers/60054/fees?version=2")
    assert (fees["version"], fees["items"][0]["amount"]) == (2, "100.00")
    assert practice.get("/v1/payers/60054/fees")["version"] == 3
    assert listed(practice)[1] == ("underpaid", "1001-1", "10.00")  # what was judged stays
    [right] = practice.get("/v1/underpayments?finding=as_agreed")["items"]
    assert (right["state"], right["allowed"]) == ("closed", "100.00")
    # Neither the whole charge nor what is beyond the contract was written off.
    claims = {c["patientControlNumber"]: c for c in practice.get("/v1/claims")["items"]}
    assert (claims["1003-1"]["adjusted"], claims["1003-1"]["balance"]) == ("0.00", "150.00")
    assert (claims["1001-1"]["adjusted"], claims["1001-1"]["balance"]) == ("50.00", "10.00")
    assert practice.get(f"/v1/underpayments?claimId={claims['1004-1']['id']}")["items"] == []
    [row] = practice.get("/v1/reports/underpayments")["items"]
    assert (row["judged"], row["short"], row["underpaid"], row["open"], row["overpaid"]) == (
        4, 2, "110.00", "110.00", "30.00"
    )  # fmt: skip
    assert practice.get("/v1/underpayments", key="OTHER")["items"] == []


def test_one_is_disputed_and_paid_by_a_correction(practice: Practice) -> None:
    [short] = practice.get("/v1/underpayments?finding=underpaid")["items"]
    told = act(practice, short["id"], "dispute")
    assert (told["state"], [a["act"] for a in told["acts"]]) == ("disputed", ["disputed"])
    act(practice, short["id"], "dispute", 409)
    [task] = practice.get("/v1/tasks?type=underpayment")["items"]
    assert (task["subjectId"], task["amount"], task["due"]) == (short["id"], "10.00", "2027-05-19")
    better = paid("1001-1", Svc(D(150), D(100), "CO*45*50"), icn="ICN9")
    receive(practice, taken_back(LESS), better, trace="EFT2")
    assert practice.ask("GET", f"/v1/underpayments/{short['id']}").status_code == 404
    assert [row[0] for row in listed(practice)] == ["whole_charge"]
    sweep(practice.units, tenant_id=practice.tenants["ACME"].id)
    [task] = practice.get("/v1/tasks?type=underpayment")["items"]
    assert task["status"] == "finished"
    assert practice.differences() == []


def test_what_is_accepted_is_written_off_and_comes_back_with_a_reversal(
    on_either: Practice,
) -> None:
    practice = on_either
    whole, _, short = (
        practice.get(f"/v1/underpayments?finding={f}")["items"][0]
        for f in ("whole_charge", "overpaid", "underpaid")
    )
    told = act(practice, short["id"], "accept")
    assert (told["state"], told["acts"][0]["amount"]) == ("accepted", "10.00")
    claim = practice.get(f"/v1/claims/{short['claimId']}")
    assert (claim["adjusted"], claim["balance"]) == ("60.00", "0.00")
    assert act(practice, short["id"], "reopen")["state"] == "open"
    assert practice.get(f"/v1/claims/{short['claimId']}")["balance"] == "10.00"
    act(practice, short["id"], "accept")
    act(practice, short["id"], "accept", 409)
    # Above the tenant's limit an administrator decides.
    limit = practice.ask("PATCH", "/v1/work-settings", key="ADMIN", json={"writeOffLimit": "20"})
    assert limit.status_code == 200, limit.text
    act(practice, whole["id"], "accept", 409)
    assert act(practice, whole["id"], "accept", key="ADMIN")["acts"][0]["amount"] == "150.00"
    # The payer takes it back and pays as agreed: the write-off made no difference.
    better = paid("1001-1", Svc(D(150), D(100), "CO*45*50"), icn="ICN9")
    receive(practice, taken_back(LESS), better, trace="EFT2")
    claim = practice.get(f"/v1/claims/{short['claimId']}")
    assert (claim["paid"], claim["adjusted"], claim["balance"]) == ("100.00", "50.00", "0.00")
    assert practice.differences() == []


def test_an_unposted_payment_is_judged_by_the_fees_of_the_day_it_is_posted_again(
    practice: Practice,
) -> None:
    [short] = practice.get("/v1/underpayments?finding=underpaid")["items"]
    door = f"/v1/claim-payments/{short['claimPaymentId']}"
    body = {"claimId": short["claimId"], "reason": "again",
            "lines": [{"ordinal": 1, "lineControlNumber": "1"}]}  # fmt: skip
    for fee, found in (("95.00", "5.00"), (None, None)):
        if fee is None:
            practice.ask("PUT", "/v1/payers/60054/fees", key="ADMIN", json={"items": []})
        else:
            agree(practice, fee)
        assert practice.ask("POST", f"{door}:unpost", json={"reason": "look"}).status_code == 200
        assert practice.get("/v1/underpayments?finding=underpaid")["items"] == []
        assert practice.ask("POST", f"{door}:match", json=body).status_code == 200
        again = practice.get("/v1/underpayments?finding=underpaid")["items"]
        assert [row["difference"] for row in again] == ([found] if found else [])
    assert practice.differences() == []
