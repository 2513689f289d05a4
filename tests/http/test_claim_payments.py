"""The queue of claim payments over HTTP: seen, matched, un-posted, refused with the reason."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.e2e.ready_claims import Asked, load
from tests.flows.eras import Svc, era, paid
from tests.http.loop import Practice

STRANGE = paid("JANE", Svc(D(150), D(100), "CO*45*30 PR*2*20", line=None), icn="ICN1")


@pytest.fixture
def practice(sqlite_url: str, tmp_path: Path) -> Practice:
    made = Practice(sqlite_url, tmp_path / "raw")
    app = SimpleNamespace(units=made.units)
    asked = Asked("1001-1", (("1", "G0439", D(150)),))
    load(app, made.tenants["ACME"], iter([asked]))  # type: ignore[arg-type]
    made.ask("POST", "/v1/files", content=era(STRANGE))
    made.work()
    return made


def post(practice: Practice, path: str, body: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    response = practice.ask("POST", path, json=body, **more)
    return response.status_code, response.json()


def test_the_queue_a_match_and_its_undoing(practice: Practice) -> None:
    [waiting] = practice.get("/v1/claim-payments?state=waiting&reason=unmatched")["items"]
    [claim] = practice.get("/v1/claims")["items"]
    path = f"/v1/claim-payments/{waiting['id']}"
    lines = [{"ordinal": 1, "lineControlNumber": "1"}]
    body = {"claimId": claim["id"], "lines": lines, "reason": "by phone"}
    key = {"Idempotency-Key": "match-1"}
    for _ in range(2):  # the second is answered from what was kept
        code, matched = post(practice, f"{path}:match", body, headers=key)
        assert (code, matched["state"], matched["outcome"]) == (200, "posted", "PAID")
    assert [act["act"] for act in matched["acts"]] == ["matched", "posted"]
    assert matched["acts"][0]["reason"] == "by phone"
    assert matched["services"][0]["matchedLine"] == "1"
    assert practice.get(f"/v1/claims/{claim['id']}")["paid"] == "100.00"
    code, refused = post(practice, f"{path}:match", body)
    assert (code, refused["code"]) == (409, "conflict")
    code, undone = post(practice, f"{path}:unpost", {"reason": "wrong patient"})
    assert (code, undone["state"]) == (200, "unposted")
    [first, second] = undone["journal"]
    assert second["reversesId"] == first["id"]
    sums = [sum(D(line["amount"]) for line in entry["lines"]) for entry in undone["journal"]]
    assert sums == [0, 0]
    assert practice.get(f"/v1/claims/{claim['id']}")["paid"] == "0.00"
    told = [(act["act"], act["outcome"], act["classifierVersion"]) for act in undone["acts"]]
    assert told == [("matched", None, None), ("posted", "PAID", 2), ("unposted", "PAID", 2)]
    code, sent_away = post(practice, f"{path}:unmatch", {"reason": "nobody of ours"})
    assert (code, sent_away["state"], sent_away["claimId"]) == (200, "waiting", None)


def test_what_is_wrong_is_told_with_its_place(practice: Practice) -> None:
    [waiting] = practice.get("/v1/claim-payments")["items"]
    [claim] = practice.get("/v1/claims")["items"]
    path = f"/v1/claim-payments/{waiting['id']}:match"
    body = {"claimId": claim["id"], "reason": "x"}
    wrong = [{"ordinal": 1, "lineControlNumber": "9"}]
    for lines, pointer in (([], "/lines"), (wrong, "/lines/0/lineControlNumber")):
        code, told = post(practice, path, body | {"lines": lines})
        assert (code, told["errors"][0]["pointer"]) == (400, pointer)
    code, told = post(practice, path, {"claimId": "clm_x", "reason": "x"})
    assert (code, told["errors"][0]["pointer"]) == (400, "/claimId")
    assert post(practice, path, {"claimId": claim["id"]})[0] == 400  # no reason
    assert post(practice, path, body, key="OTHER")[0] == 404  # another tenant's payment
    assert (
        practice.ask("GET", f"/v1/claim-payments/{waiting['id']}", key="OTHER").status_code == 404
    )


def test_a_whole_remittance_is_unposted(practice: Practice) -> None:
    [remittance] = practice.get("/v1/remittances")["items"]
    code, told = post(
        practice, f"/v1/remittances/{remittance['id']}:unpost", {"reason": "recalled"}
    )
    assert (code, told["state"]) == (200, "unposted")
    assert post(practice, f"/v1/remittances/{remittance['id']}:unpost", {"reason": "x"})[0] == 409


def test_an_outcome_keeps_its_reasons_and_the_version_that_said_them(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked("1002-1", (("1", "G0439", D(150)),))
    load(SimpleNamespace(units=practice.units), practice.tenants["ACME"], iter([asked]))  # type: ignore[arg-type]
    denied = paid("1002-1", Svc(D(150), D(0), "PR*96*150"), icn="ICN2")
    practice.ask("POST", "/v1/files", content=era(denied, trace="EFT2"))
    practice.work()
    [posted] = practice.get("/v1/claim-payments?state=posted")["items"]
    kept = ("DENIED", ["all_denied", "patient_liable"], 2)
    for path in (f"/v1/claim-payments/{posted['id']}", f"/v1/remittances/{posted['remittanceId']}"):
        answer = practice.get(path)
        (told,) = answer.get("items", [answer])
        assert (told["outcome"], told["outcomeReasons"], told["classifierVersion"]) == kept
    [decision] = practice.get(f"/v1/claims/{posted['claimId']}")["decisions"]
    assert decision == {
        "claimPaymentId": posted["id"], "outcome": kept[0], "outcomeReasons": kept[1],
        "classifierVersion": kept[2],
    }  # fmt: skip
    # A later classifier says otherwise of what comes later; what was said stays.
    monkeypatch.setattr("app.domain.outcome.VERSION", 3)
    assert practice.get(f"/v1/claim-payments/{posted['id']}")["classifierVersion"] == 2
    assert practice.differences() == []
