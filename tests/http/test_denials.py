"""Denials over HTTP on both databases: from the 835 that denies to the decision that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.loop import Practice
from tests.http.remits import clp, era
from tests.http.test_loop import claimed


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def sent(practice: Practice, number: int = 1) -> dict[str, Any]:
    """A claim of 150.00 and 75.50 that has left."""
    claim = claimed(practice, number)
    practice.ask("POST", "/v1/batches")
    practice.work()
    return claim


def received(practice: Practice, text: str) -> dict[str, Any]:
    """The file, read to its end."""
    file = practice.ask("POST", "/v1/files", content=text.encode()).json()
    practice.work()
    done: dict[str, Any] = practice.get(f"/v1/files/{file['fileId']}")
    assert done["state"] == "processed", done
    return done


def one_line_denied(practice: Practice) -> tuple[dict[str, Any], dict[str, Any]]:
    """The claim, and the denial of its second line for want of an authorization."""
    claim = sent(practice)
    received(
        practice, era(clp(claim, paid="120", lines=["150*120*CO*45*30", "75.5*0*CO*197*75.5"]))
    )
    (denial,) = practice.get("/v1/denials")["items"]
    return claim, denial


def test_lesson_5_a_denied_line_stays_open_and_is_worked(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    now = practice.get(f"/v1/claims/{claim['id']}")
    assert (now["stage"], now["paid"], now["adjusted"], now["balance"]) == (
        "PARTIALLY_PAID", "120.00", "30.00", "75.50")  # fmt: skip
    assert practice.get("/v1/ledger/trial-balance")["accounts"]["write_off"] == "0.00"
    told = {name: denial[name] for name in (
        "state", "claimId", "groupCode", "reasonCode", "category", "scenario", "action", "owner",
        "amount", "atStake", "procedureCode", "adjudicatedOn", "deadline",
        "appealDeadline")}  # fmt: skip
    assert told == {
        "state": "open", "claimId": claim["id"], "groupCode": "CO", "reasonCode": "197",
        "category": "authorization", "scenario": 3, "action": "appeal", "owner": "BILLER",
        "amount": "75.50", "atStake": "75.50", "procedureCode": "J1885",
        "adjudicatedOn": "2026-11-20", "deadline": "2027-05-19", "appealDeadline": "2027-05-19",
    }  # fmt: skip
    assert practice.get(f"/v1/denials/{denial['id']}")["acts"] == []
    for query, count in (
        ("state=open", 1), ("state=closed", 0), ("category=authorization", 1),
        ("category=coding", 0), ("payerId=60054", 1), ("payerId=1", 0), ("scenario=3", 1),
        ("scenario=1", 0), (f"claimId={claim['id']}", 1),
        ("state=&category=&payerId=&scenario=&claimId=", 1),
    ):  # fmt: skip
        assert len(practice.get(f"/v1/denials?{query}")["items"]) == count, query
    for name in ("denials", "tasks", "appeals", "underpayments", "claim-payments"):
        assert practice.ask("GET", f"/v1/{name}?claimId=clm_x").status_code == 404, name
    assert practice.get("/v1/denials", key="OTHER")["items"] == []
    assert practice.ask("GET", f"/v1/denials/{denial['id']}", key="OTHER").status_code == 404


def test_the_same_file_again_denies_once(practice: Practice) -> None:
    claim = sent(practice)
    text = era(clp(claim, paid="0", lines=["150*0*CO*50*150", "75.5*0*CO*50*75.5"]))
    received(practice, text)
    before = practice.rows()
    practice.ask("POST", "/v1/files", content=text.replace("\n", "").encode())
    practice.work()
    after = practice.rows()
    assert (before["denial"], after["denial"]) == (2, 2)


def test_a_later_payment_closes_it(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    rest = clp(
        claim, paid="60", charge="75.5", icn="I2", lines=["75.5*60*CO*45*15.5"], first_line=2
    )
    received(practice, era(rest, trace="T2", day="20261205"))
    now = practice.get(f"/v1/denials/{denial['id']}")
    assert (now["state"], now["how"], now["recovered"], now["atStake"]) == (
        "closed", "paid", "60.00", "0.00")  # fmt: skip
    assert now["closedBy"] is not None
    assert practice.get("/v1/worklists/denials.new")["count"] == 0


def test_a_write_off_is_a_persons_decision_within_bounds(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    door = f"/v1/denials/{denial['id']}:writeOff"
    settings = practice.ask(
        "PATCH", "/v1/work-settings", key="ADMIN", json={"writeOffLimit": "50.00"}
    )
    assert settings.json()["writeOffLimit"] == "50.00"
    assert practice.ask("PATCH", "/v1/work-settings", json={}).status_code == 403
    for body, status in (
        ({}, 400), ({"reason": "small", "amount": "75.51"}, 409),
        ({"reason": "x", "amount": "0.00"}, 409), ({"reason": "above the limit"}, 409),
    ):  # fmt: skip
        assert practice.ask("POST", door, json=body).status_code == status, body
    part = practice.ask("POST", door, json={"reason": "half is lost", "amount": "40.00"}).json()
    assert (part["state"], part["atStake"]) == ("open", "35.50")
    split = practice.ask("POST", door, json={"reason": "and more", "amount": "20.00"})
    assert split.status_code == 409, "two small ones are not allowed what one is not"
    done = practice.ask("POST", door, key="ADMIN", json={"reason": "the rest too"}).json()
    assert (done["state"], done["how"], done["atStake"]) == ("closed", "written_off", "0.00")
    assert [(a["act"], a["amount"], a["reason"]) for a in done["acts"]] == [
        ("written_off", "40.00", "half is lost"),
        ("written_off", "35.50", "the rest too")]  # fmt: skip
    accounts = practice.get("/v1/ledger/trial-balance")["accounts"]
    assert (accounts["write_off"], accounts["receivable_payer"]) == ("75.50", "0.00")
    assert practice.get(f"/v1/claims/{claim['id']}")["balance"] == "0.00"
    assert practice.ask("POST", door, key="ADMIN", json={"reason": "again"}).status_code == 409

    reopened = practice.ask("POST", f"/v1/denials/{denial['id']}:reopen", json={"reason": "a slip"})
    assert (reopened.json()["state"], reopened.json()["atStake"]) == ("open", "75.50")
    accounts = practice.get("/v1/ledger/trial-balance")["accounts"]
    assert (accounts["write_off"], accounts["receivable_payer"]) == ("0.00", "75.50")
    assert practice.differences() == []


def test_people_assign_and_dismiss_with_a_reason(practice: Practice) -> None:
    _, denial = one_line_denied(practice)
    door = f"/v1/denials/{denial['id']}"
    assert practice.ask("POST", f"{door}:assign", json={"to": "kim"}).json()["assignedTo"] == "kim"
    assert practice.ask("POST", f"{door}:close", json={}).status_code == 400
    closed = practice.ask("POST", f"{door}:close", json={"reason": "patient moved"}).json()
    assert (closed["state"], closed["how"], closed["assignedTo"]) == ("closed", "dismissed", "kim")
    assert practice.ask("POST", f"{door}:close", json={"reason": "again"}).status_code == 409
    assert practice.get("/v1/ledger/trial-balance")["accounts"]["receivable_payer"] == "75.50"
    back = practice.ask("POST", f"{door}:reopen", json={"reason": "moved back"}).json()
    assert (back["state"], [a["act"] for a in back["acts"]]) == (
        "open", ["assigned", "dismissed", "reopened"])  # fmt: skip
    assert practice.ask("POST", f"{door}:reopen", json={"reason": "x"}).status_code == 409


def test_deadlines_follow_the_payers_own_terms(practice: Practice) -> None:
    sent(practice, 7)  # makes the payer known
    terms = {"validFrom": "2026-01-01", "appealDays": [90], "correctionDays": 30}
    assert practice.ask("POST", "/v1/payers/60054/terms", json=terms).status_code == 403
    for bad in ({}, terms | {"appealDays": [0]}, terms | {"program": "x"}):
        assert (
            practice.ask("POST", "/v1/payers/60054/terms", key="ADMIN", json=bad).status_code == 400
        )
    for _ in range(2):
        set_ = practice.ask("POST", "/v1/payers/60054/terms", key="ADMIN", json=terms)
        assert set_.status_code == 200, set_.text
    (shown,) = practice.get("/v1/payers/60054/terms")["items"]
    assert (shown["validFrom"], shown["appealDays"], shown["filingDays"]) == (
        "2026-01-01",
        [90],
        None,
    )
    assert practice.ask("GET", "/v1/payers/none/terms").status_code == 404
    _, denial = one_line_denied(practice)
    assert denial["appealDeadline"] == "2027-02-18"


def test_worklists_count_page_filter_and_are_sql_views(practice: Practice) -> None:
    for number in (1, 2, 3):
        claim = sent(practice, number)
        lines = ["150*0*CO*16*150", "75.5*0*CO*197*75.5"]
        denied = clp(claim, paid="0", icn=f"I{number}", lines=lines)
        received(practice, era(denied, trace=f"T{number}"))
    claimed(practice, 4)
    claimed(practice, 5, totalCharge="1.00")
    received(
        practice, era(clp({"patientControlNumber": "NOBODY"}, paid="5", charge="5"), trace="T9")
    )
    counts = {w["name"]: w["count"] for w in practice.get("/v1/worklists")["items"]}
    assert {name: count for name, count in counts.items() if count} == {
        "claims.needs_info": 1, "claims.ready_not_batched": 1, "remits.unposted": 1,
        "remits.unmatched_claims": 1, "denials.new": 6, "denials.appeal_deadline": 6,
        "denials.repeat_pattern": 6,
        "era.no_eft": 1,  # the one that pays; those that pay nothing await no deposit
    }  # fmt: skip
    seen: list[tuple[str, str]] = []
    token = ""
    while token is not None:
        page = practice.get(f"/v1/worklists/denials.new?pageSize=4&pageToken={token}")
        seen += [(item["category"], item["amount"]) for item in page["items"]]
        token = page["nextPageToken"]
    # Scenario 2 before scenario 3.
    assert seen == [("coding", "150.00")] * 3 + [("authorization", "75.50")] * 3
    coding = practice.get("/v1/worklists/denials.new?category=coding&owner=CODER&payerId=60054")
    assert (coding["count"], coding["items"][0]["reason"]) == (3, "CO 16")
    assert practice.get("/v1/worklists/denials.new?dueBefore=2026-11-21")["count"] == 0
    assert practice.get("/v1/worklists/denials.new", key="OTHER")["count"] == 0
    assert practice.ask("GET", "/v1/worklists/nothing").status_code == 404
    assert practice.ask("GET", "/v1/worklists/denials.new?pageToken=AAAA").status_code == 400
    (unmatched,) = practice.get("/v1/worklists/remits.unmatched_claims")["items"]
    assert (unmatched["reference"], unmatched["amount"]) == ("NOBODY", "5.00")
    assert unmatched["id"].startswith("rcl_")
