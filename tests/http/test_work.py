"""Work over HTTP on both databases: encounter, 835, denial, task, appeal, and the later 835."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.flows.sweep import sweep
from app.simulator.clearinghouse import reply
from tests.http.loop import Practice
from tests.http.remits import clp, era
from tests.http.test_denials import one_line_denied, received, sent
from tests.http.test_loop import claimed


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def post(practice: Practice, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    response = practice.ask("POST", path, json=body)
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


def swept(practice: Practice, days: float = 0) -> dict[str, int]:
    """The counts of the lists of claims and denials that hold something, so many days later.

    An 835 without its deposit is on a list of the cash at once; tests/cash/test_deposits.py.
    """
    practice.clock.pass_by(timedelta(days=days))
    sweep(practice.units, tenant_id=practice.tenants["ACME"].id)
    lists = practice.get("/v1/worklists")["items"]
    return {w["name"]: w["count"] for w in lists if w["count"] and w["name"] != "era.no_eft"}


def test_a_denial_is_appealed_overturned_by_a_later_835_and_closed(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    (task,) = practice.get("/v1/tasks")["items"]
    # 75.50 x 0.5 with half a year to go.
    assert (task["type"], task["category"], task["subjectId"], task["priority"]) == (
        "denial", "authorization", denial["id"], 3775)  # fmt: skip
    assert practice.get(f"/v1/claims/{claim['id']}")["appeal"] == "NONE"

    appeal = post(practice, "/v1/appeals", 201, denialIds=[denial["id"]], argument="It was given.")
    door = f"/v1/appeals/{appeal['id']}"
    assert (appeal["state"], appeal["level"], appeal["payerLevelName"], appeal["deadline"]) == (
        "DRAFT", 1, "first-level appeal", "2027-05-19")  # fmt: skip
    assert (appeal["amountAtStake"], appeal["reasonCategory"]) == ("75.50", "authorization")
    post(practice, "/v1/appeals", 409, denialIds=[denial["id"]])
    paper = practice.ask(
        "POST", f"{door}/documents", content=b"%PDF letter", headers={"X-File-Name": "auth.pdf"}
    )
    assert [p["name"] for p in paper.json()["documents"]] == ["auth.pdf"]
    post(practice, f"{door}:file", 409, method="fax", filedOn="2099-01-01")
    filed = post(practice, f"{door}:file", method="fax", trackingNumber="F-1")
    assert (filed["state"], filed["method"], filed["trackingNumber"]) == ("FILED", "fax", "F-1")
    post(practice, f"{door}:file", 409, method="fax")
    assert practice.get(f"/v1/claims/{claim['id']}")["appeal"] == "FILED"
    assert practice.get("/v1/worklists/appeals.in_progress")["items"][0]["owner"] == "PAYER"

    rest = clp(
        claim, paid="60", charge="75.5", icn="I2", lines=["75.5*60*CO*45*15.5"], first_line=2
    )
    received(practice, era(rest, trace="T2", day="20261205"))
    now = practice.get(door)
    assert (now["state"], now["decidedBy"], now["recovered"], now["nextLevel"]) == (
        "OVERTURNED", "payment", "60.00", None)  # fmt: skip
    closed = practice.get(f"/v1/denials/{denial['id']}")
    assert (closed["state"], closed["how"], closed["recovered"]) == (
        "closed", "overturned", "60.00")  # fmt: skip
    assert practice.get(f"/v1/claims/{claim['id']}")["balance"] == "0.00"
    done = {t["type"]: t["outcome"] for t in practice.get("/v1/tasks?status=finished")["items"]}
    assert done == {"denial": "overturned", "appeal": "overturned"}
    assert practice.get("/v1/tasks?status=open")["items"] == []
    assert practice.differences() == []
    for path in (door, f"{door}/packet", f"/v1/tasks/{task['id']}"):
        assert practice.ask("GET", path, key="OTHER").status_code == 404


def test_lesson_2_a_reversal_opens_the_denial_and_its_appeal_again(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    door = f"/v1/appeals/{post(practice, '/v1/appeals', 201, denialIds=[denial['id']])['id']}"
    post(practice, f"{door}:file", method="mail")
    lines = ["75.5*60*CO*45*15.5"]
    rest = clp(claim, paid="60", charge="75.5", icn="I2", lines=lines, first_line=2)
    received(practice, era(rest, trace="T2", day="20261205"))
    assert practice.get(door)["state"] == "OVERTURNED"
    back = clp(
        claim, status="22", paid="-60", charge="-75.5", icn="I2",
        lines=["-75.5*-60*CO*45*-15.5"], first_line=2,
    )  # fmt: skip
    again = clp(
        claim, paid="70", charge="75.5", icn="I3", lines=["75.5*70*CO*45*5.5"], first_line=2
    )
    received(practice, era(back, again, trace="T3", day="20261212"))
    now = practice.get(f"/v1/denials/{denial['id']}")
    assert (now["how"], now["recovered"]) == ("overturned", "70.00")
    (third,) = [p for p in practice.get("/v1/claim-payments?state=posted")["items"]
                if p["paid"] == "70.00"]  # fmt: skip
    undone = practice.ask(
        "POST", f"/v1/claim-payments/{third['id']}:unpost", json={"reason": "not ours"}
    )
    assert undone.status_code == 200, undone.text
    assert practice.get(f"/v1/denials/{denial['id']}")["state"] == "open"
    reopened = practice.get(door)
    assert (reopened["state"], reopened["decidedBy"], reopened["recovered"]) == (
        "FILED", None, "0.00")  # fmt: skip
    (task,) = practice.get("/v1/tasks?type=denial")["items"]
    assert (task["status"], task["outcome"]) == ("open", None)
    assert practice.differences() == []


def test_an_appeal_goes_from_level_to_level(practice: Practice) -> None:
    _, denial = one_line_denied(practice)
    names = []
    for level in (1, 2, 3):
        appeal = post(practice, "/v1/appeals", 201, denialIds=[denial["id"]])
        names.append(appeal["payerLevelName"])
        assert appeal["level"] == level
        door = f"/v1/appeals/{appeal['id']}"
        post(practice, f"{door}:recordDecision", 409, decision="UPHELD")
        post(practice, f"{door}:file", method="portal")
        decided = post(practice, f"{door}:recordDecision", decision="UPHELD")
        assert (decided["state"], decided["decidedBy"]) == ("UPHELD", "person")
        assert (decided["nextLevel"] is None) == (level == 3)
    assert names == ["first-level appeal", "second-level appeal", "external review"]
    post(practice, "/v1/appeals", 409, denialIds=[denial["id"]])
    assert practice.get(f"/v1/denials/{denial['id']}")["state"] == "open"
    assert len(practice.get("/v1/appeals?state=UPHELD")["items"]) == 3


def test_a_withdrawn_appeal_leaves_its_denial_open(practice: Practice) -> None:
    claim, denial = one_line_denied(practice)
    door = f"/v1/appeals/{post(practice, '/v1/appeals', 201, denialIds=[denial['id']])['id']}"
    assert post(practice, f"{door}:withdraw")["state"] == "WITHDRAWN"
    assert practice.get(f"/v1/claims/{claim['id']}")["appeal"] == "WITHDRAWN"
    again = post(practice, "/v1/appeals", 201, denialIds=[denial["id"]])
    assert (again["level"], again["previousId"]) == (1, None)


def test_the_packet_proves_when_the_claim_was_filed(practice: Practice) -> None:
    claim = claimed(practice)
    (batch,) = practice.ask("POST", "/v1/batches").json()["items"]
    practice.work()
    bytes_sent = practice.ask("GET", f"/v1/batches/{batch['id']}/x12").content
    for answer in reply(bytes_sent).answers:
        if b"*835*" not in answer.data:
            practice.ask("POST", "/v1/files", content=answer.data)
            practice.work()
    received(practice, era(clp(claim, paid="0", lines=["150*0*CO*29*150", "75.5*0*CO*29*75.5"])))
    ids = [d["id"] for d in practice.get("/v1/denials")["items"]]
    appeal = post(practice, "/v1/appeals", 201, denialIds=ids, argument="Filed on the day itself.")
    assert appeal["reasonCategory"] == "timely_filing"
    door = f"/v1/appeals/{appeal['id']}/packet"
    packet = practice.ask("GET", door)
    assert packet.headers["content-type"] == "application/pdf"
    assert packet.content.startswith(b"%PDF-")
    assert practice.ask("GET", door).content == packet.content
    told = text_of(packet.content)
    for expected in (
        batch["interchangeControlNumber"], batch["sha256"], claim["patientControlNumber"],
        "TA1", "999", "277CA", "CO 29 150.00", "Filed on the day itself.", "Proof of filing",
        "SIMADJ0001",
    ):  # fmt: skip
        assert expected in told, expected


def test_people_take_put_off_comment_and_finish_tasks(practice: Practice) -> None:
    one_line_denied(practice)
    (task,) = practice.get("/v1/tasks?type=denial&status=open&owner=BILLER")["items"]
    door = f"/v1/tasks/{task['id']}"
    taken = post(practice, f"{door}:assign", to="kim")
    assert (taken["status"], taken["assignedTo"]) == ("in_progress", "kim")
    assert len(practice.get("/v1/tasks?assignedTo=kim")["items"]) == 1
    post(practice, f"{door}:note", text="left a message")
    post(practice, f"{door}:snooze", 409, until="2026-11-23")
    off = post(practice, f"{door}:snooze", until="2026-11-30", note="they call back")
    assert (off["status"], off["snoozedUntil"]) == ("snoozed", "2026-11-30")
    swept(practice, days=6)
    assert practice.get(door)["status"] == "snoozed"
    swept(practice, days=2)
    assert practice.get(door)["status"] == "open"
    done = post(practice, f"{door}:finish", note="sent")
    assert (done["status"], done["outcome"]) == ("finished", "done")
    assert [n["text"] for n in done["notes"]] == ["left a message", "they call back", "sent"]
    post(practice, f"{door}:finish", 409)
    post(practice, f"{door}:note", 400)
    for path in (f"{door}:assign", f"{door}:finish"):
        assert practice.ask("POST", path, key="OTHER", json={}).status_code == 404


def test_lesson_25_a_rejected_claim_is_never_denied_and_goes_again(practice: Practice) -> None:
    """277CA reject: no adjudication, no denial, no appeal; it waits on the list of the rejected."""
    claimed(practice, 1, coverages=[member("SIMA70001")])
    (batch,) = practice.ask("POST", "/v1/batches").json()["items"]
    practice.work()
    answers = reply(practice.ask("GET", f"/v1/batches/{batch['id']}/x12").content).answers
    for answer in answers:
        practice.ask("POST", "/v1/files", content=answer.data)
        practice.work()
    (claim,) = practice.get("/v1/claims")["items"]
    assert claim["status"] == "REJECTED"
    assert practice.get("/v1/denials")["items"] == []
    counts = swept(practice)
    assert {name for name in counts if "rejected" in name} & {
        "claims.rejected_payer", "claims.rejected_clearinghouse"}  # fmt: skip
    assert not {name for name in counts if name.startswith(("denials", "appeals"))}


def test_the_sweep_hears_silence_once_and_falls_silent_when_it_is_answered(
    practice: Practice,
) -> None:
    claim = sent(practice)
    assert swept(practice) == {}
    assert swept(practice, days=1.1) == {"claims.no_ack": 1}
    assert swept(practice) == {"claims.no_ack": 1}
    assert len(practice.get("/v1/tasks")["items"]) == 1
    (silent,) = practice.get("/v1/worklists/claims.no_ack")["items"]
    assert (silent["claimId"], silent["amount"], silent["category"]) == (
        claim["id"], "225.50", "no_ack")  # fmt: skip
    assert swept(practice, days=30) == {"claims.no_ack": 1, "claims.no_response": 1}
    assert swept(practice, days=15) == {"claims.no_ack": 1, "claims.missing_era": 1}
    received(practice, era(clp(claim, paid="180.4", lines=["150*120*CO*45*30",
                                                          "75.5*60.4*CO*45*15.1"])))  # fmt: skip
    assert swept(practice) == {}
    outcomes = {t["category"]: t["outcome"] for t in practice.get("/v1/tasks")["items"]}
    assert outcomes == dict.fromkeys(["no_ack", "no_adjudication", "missing_era"], "answered")


def test_a_partners_patience_is_its_own(practice: Practice) -> None:
    profile = practice.set_partner(patience={"acknowledgmentHours": 100})
    assert profile["patience"]["acknowledgmentHours"] == 100
    assert profile["patience"]["payerBusinessDays"] == 5
    sent(practice)
    assert swept(practice, days=4) == {}
    assert swept(practice, days=1) == {"claims.no_ack": 1}


def test_what_waits_for_people_becomes_a_task_and_a_deadline_warns(practice: Practice) -> None:
    claimed(practice, 1, totalCharge="1.00")  # held by an edit; its service was on 2026-10-05
    nobody = era(clp({"patientControlNumber": "NOBODY"}, paid="5", charge="5"), trace="T9")
    received(practice, nobody)
    assert swept(practice) == {
        "claims.needs_info": 1, "remits.unposted": 1, "remits.unmatched_claims": 1}  # fmt: skip
    (task,) = practice.get("/v1/tasks?type=waiting_payment")["items"]
    assert (task["category"], task["amount"]) == ("unmatched", "5.00")
    post(practice, f"/v1/tasks/{task['id']}:finish")
    # 180 days from the service are the third of April.
    assert "claims.filing_deadline" not in swept(practice, days=100)
    assert swept(practice, days=1)["claims.filing_deadline"] == 1
    assert len(practice.get("/v1/tasks?type=waiting_payment&status=open")["items"]) == 0
    (late,) = practice.get("/v1/worklists/claims.filing_deadline")["items"]
    assert late["due"] == "2027-04-03"


def member(id: str) -> dict[str, Any]:
    """The sample's coverage under another member id, by which the simulated payer decides."""
    return {
        "responsibility": "P", "payerId": "60054", "payerName": "EXAMPLE HEALTH",
        "claimFilingCode": "CI", "memberId": id, "groupNumber": "G100", "relationship": "18",
    }  # fmt: skip


def text_of(pdf: bytes) -> str:
    """The text of a PDF that reportlab wrote: the strings shown on its pages."""
    shown = []
    for stream in re.findall(rb">>\s+stream\r?\n(.*?)~>", pdf, re.DOTALL):
        page = zlib.decompress(base64.a85decode(stream.strip()))
        shown += re.findall(rb"\((.*?)(?<!\\)\) Tj", page, re.DOTALL)
    return b" ".join(shown).decode("latin-1").replace("\\(", "(").replace("\\)", ")")
