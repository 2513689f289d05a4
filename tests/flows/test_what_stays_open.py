"""What people took back, what is handed on and what nobody asks about: all of it is on a list."""

from __future__ import annotations

from typing import Any

from tests.cash.desk import Desk
from tests.http.eras import REST, SECOND, USUAL, era, received, taken_back, told
from tests.http.next_payer import COVERAGE, NEXT, again, decided, leave, next_of, sent


def rows(desk: Desk, name: str) -> list[tuple[Any, Any]]:
    """Category and amount of a list's rows; its count is theirs."""
    listed = desk.get(f"/v1/worklists/{name}")
    assert listed["count"] == len(listed["items"])
    return [(item["category"], item["amount"]) for item in listed["items"]]


def test_what_a_person_un_posts_is_on_the_list_of_what_is_not_posted(desk: Desk) -> None:
    claim = sent(desk, COVERAGE)
    decided(desk, claim)
    (remittance,) = desk.get("/v1/remittances")["items"]
    assert rows(desk, "remits.unposted") == []
    path = f"/v1/remittances/{remittance['id']}:unpost"
    assert desk.ask("POST", path, json={"reason": "recalled"}).status_code == 200
    assert rows(desk, "remits.unposted") == [("unposted_with_remittance", "162.90")]
    assert desk.get("/v1/ledger/trial-balance")["accounts"]["unapplied"] == "-162.90"
    assert desk.get("/v1/reports/provider-adjustments")["items"] == []


def test_what_is_handed_on_is_listed_and_counts_with_the_next_payer(desk: Desk) -> None:
    claim = sent(desk, COVERAGE, NEXT)
    decided(desk, claim)
    assert rows(desk, "claims.secondary_ready") == [("PAID", "17.50")]
    owed = {r["payer"]: r["total"] for r in desk.get("/v1/reports/receivable-by-age")["items"]}
    assert owed == {"(next payer)": "17.50"}
    built = next_of(desk, claim)
    leave(desk)
    assert rows(desk, "claims.secondary_ready") == []
    aged = desk.get("/v1/reports/receivable-by-age")["items"]
    assert [(r["payer"], r["days_31_60"], r["total"]) for r in aged] == [
        ("SECOND HEALTH", "17.50", "17.50")]  # fmt: skip
    money = {r["payer"]: r["open"] for r in desk.get("/v1/reports/money-by-payer")["items"]}
    assert money == {"EXAMPLE HEALTH": "0.00", "SECOND HEALTH": "17.50"}
    number = built["patientControlNumber"]
    received(desk, era(told(REST, number, status="2", icn="ICN2"), payer=SECOND))
    assert desk.get("/v1/reports/receivable-by-age")["items"] == []
    first = told(USUAL, claim["patientControlNumber"])
    received(desk, era(taken_back(first), on="20261121"))
    assert rows(desk, "claims.secondary_to_replace")[0][0] == "PAID"
    # The patient's share of the reversed decision is nobody's; the second payer's stands.
    shares = {r["payer"]: r["coinsurance"] for r in desk.get("/v1/reports/patient-share")["items"]}
    assert shares == {"SECOND HEALTH": "0.00"}


def test_a_crossover_waits_on_its_list(desk: Desk) -> None:
    claim = sent(desk, COVERAGE, NEXT)
    decided(desk, claim, USUAL.replace("SVC*HC:G0439", "MOA***MA18~SVC*HC:G0439"))
    assert rows(desk, "claims.crossover_waiting") == [("PAID", "17.50")]


def test_an_open_balance_without_a_denial_is_on_a_list(desk: Desk) -> None:
    claim = sent(desk, COVERAGE)
    whole = (
        "CLP*{number}*{status}*225.5*175.5*0*12*{icn}*11*1~CAS*OA*23*50~"
        "NM1*QC*1*SAMPLE*ANN****MI*W123456789~DTM*232*20261005~"
    )
    decided(desk, claim, whole)
    assert again(desk, claim)["balance"] == "50.00"
    assert rows(desk, "claims.open_balance") == [("earlier_payer", "50.00")]
    (aged,) = desk.get("/v1/reports/receivable-by-age")["items"]
    assert (aged["days_31_60"], aged["older"]) == ("50.00", "0.00")
    received(desk, era(taken_back(told(whole, claim["patientControlNumber"])), on="20261121"))
    assert rows(desk, "claims.open_balance") == [("reversed", "225.50")]


def test_provider_adjustments_are_told_as_they_are_booked(desk: Desk) -> None:
    claim = sent(desk, COVERAGE)
    text = era(told(USUAL, claim["patientControlNumber"])).decode()
    count = int(text.split("~SE*")[1].split("*")[0])
    text = text.replace("BPR*I*162.9*", "BPR*I*152.9*")
    text = text.replace(f"~SE*{count}*", f"~PLB*1234567893*20261231*WO:X1*10~SE*{count + 1}*")
    received(desk, text.encode())
    (booked,) = desk.get("/v1/reports/provider-adjustments")["items"]
    assert (booked["reason"], booked["adjustments"], booked["amount"]) == ("WO", 1, "10.00")
    (remittance,) = desk.get("/v1/remittances")["items"]
    desk.ask("POST", f"/v1/remittances/{remittance['id']}:unpost", json={"reason": "recalled"})
    assert desk.get("/v1/reports/provider-adjustments")["items"] == []


def test_a_dismissed_denial_leaves_its_claim_on_a_list(desk: Desk) -> None:
    claim = sent(desk, COVERAGE)
    denied = (
        "CLP*{number}*{status}*225.5*175.5*0*12*{icn}*11*1~CAS*CO*197*50~"
        "NM1*QC*1*SAMPLE*ANN****MI*W123456789~DTM*232*20261005~"
    )
    decided(desk, claim, denied)
    assert rows(desk, "claims.open_balance") == []  # the denial is on its own list
    (denial,) = desk.get("/v1/denials")["items"]
    closed = desk.ask("POST", f"/v1/denials/{denial['id']}:close", json={"reason": "too small"})
    assert closed.status_code == 200, closed.text
    assert rows(desk, "claims.open_balance") == [("denial_dismissed", "50.00")]


def test_what_a_payer_paid_too_much_is_a_credit_on_the_list(desk: Desk) -> None:
    claim = sent(desk, COVERAGE, NEXT)
    decided(desk, claim)
    built = next_of(desk, claim)
    leave(desk)
    number = built["patientControlNumber"]
    received(desk, era(told(REST, number, status="2", icn="ICN2"), payer=SECOND))
    received(desk, era(taken_back(told(USUAL, claim["patientControlNumber"])), on="20261121"))
    assert again(desk, built)["balance"] == "-17.50"
    assert ("credit_with_payer", "-17.50") in rows(desk, "claims.open_balance")
