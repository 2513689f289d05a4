"""Bank deposits and the remittances they pay, as a poster lives with them."""

from __future__ import annotations

import pytest

from tests.cash.desk import Desk, pdf_words
from tests.cash.era import era, unpaid

DEPOSIT = {
    "amount": "163.90",
    "date": "2026-11-20",
    "addenda": "TRN*1*EFT9*1512345678*999999999\\",
    "account": "0975312468",
}


def remit(desk: Desk, paid: str = "163.90", **header: object) -> str:
    """A remittance of one claim that is not ours; its id."""
    number = header.get("number", 1)
    file = desk.send(era(unpaid(f"NOT-OURS-{number}", paid), paid=paid, **header))  # type: ignore[arg-type]
    assert file["state"] == "processed", file
    return next(r["id"] for r in desk.items("/v1/remittances") if r["fileId"] == file["id"])


def test_the_deposit_comes_first_and_its_remittance_finds_it(desk: Desk) -> None:
    deposit = desk.post("/v1/deposits", DEPOSIT)
    assert (deposit["state"], deposit["late"]) == ("EFT_ONLY", False)
    assert (deposit["traceNumber"], deposit["payerIdentifier"]) == ("EFT9", "1512345678")
    assert deposit["account"] == "...2468"
    assert desk.accounts() == {}  # a deposit posts nothing
    assert [row["amount"] for row in desk.view("wl_eft_no_era")] == [16390]

    era_id = remit(desk)
    deposit = desk.get(f"/v1/deposits/{deposit['id']}")
    assert (deposit["state"], deposit["remittanceIds"]) == ("MATCHED", [era_id])
    assert (deposit["expected"], deposit["arrived"]) == ("163.90", "163.90")
    (act,) = deposit["acts"]
    assert (act["method"], act["confidence"], act["actor"]) == ("trace", "certain", "system")
    assert desk.view("wl_eft_no_era") == desk.view("wl_era_no_eft") == []
    assert desk.accounts() == {"cash": "163.90", "unapplied": "-163.90"}


def test_the_remittance_comes_first_and_waits_for_its_money(desk: Desk) -> None:
    era_id = remit(desk, date="20261116")
    (waiting,) = desk.items("/v1/reassociations?state=ERA_ONLY")
    assert (waiting["remittanceId"], waiting["late"]) == (era_id, True)  # five business days ago
    assert [row["reference"] for row in desk.view("wl_era_no_eft")] == ["EFT9"]
    deposit = desk.post("/v1/deposits", DEPOSIT | {"date": "2026-11-18"})
    assert deposit["state"] == "MATCHED"
    assert desk.items("/v1/reassociations?state=ERA_ONLY") == []


def test_less_arrived_than_the_remittance_says(desk: Desk) -> None:
    era_id = remit(desk)
    deposit = desk.post("/v1/deposits", DEPOSIT | {"amount": "160.00"})
    assert (deposit["state"], deposit["remittanceIds"]) == ("AMOUNT_MISMATCH", [era_id])
    (row,) = desk.view("wl_eft_amount_mismatch")
    assert (row["reference"], row["amount"]) == ("EFT9", -390)

    rest = desk.post("/v1/deposits", DEPOSIT | {"amount": "3.90"})
    assert rest["state"] == "SPLIT_DEPOSIT"
    assert desk.get(f"/v1/deposits/{deposit['id']}")["state"] == "SPLIT_DEPOSIT"
    (both,) = desk.items("/v1/reassociations?state=SPLIT_DEPOSIT")
    assert (both["expected"], both["arrived"]) == ("163.90", "163.90")
    assert desk.view("wl_eft_amount_mismatch") == []
    desk.verified()


def test_one_deposit_pays_two_remittances_of_one_trace(desk: Desk) -> None:
    remit(desk, "100.00", number=1)
    remit(desk, "63.90", number=2)
    deposit = desk.post("/v1/deposits", DEPOSIT)
    assert (deposit["state"], len(deposit["remittanceIds"])) == ("SPLIT_DEPOSIT", 2)
    assert deposit["acts"][0]["method"] == "trace_sum"
    desk.verified()


def test_the_same_deposit_by_another_way_is_not_counted_twice(desk: Desk) -> None:
    first = desk.post("/v1/deposits", DEPOSIT)
    assert desk.post("/v1/deposits", DEPOSIT, status=200)["id"] == first["id"]
    csv = b"Date,Amount,Trace number,Payer identifier\n2026-11-21,163.90,eft9,1512345678\n"
    file = desk.send(csv)
    assert (file["kind"], file["state"]) == ("CSV", "processed")
    assert "1 of its 1 deposits, 163.90 together, were known" in file["reason"]
    (only,) = desk.items("/v1/deposits")
    shown = desk.get(f"/v1/deposits/{only['id']}")
    assert [(s["source"], s["line"]) for s in shown["sightings"]] == [("json", None), ("csv", 2)]
    again = desk.send(csv)
    assert (again["state"], again["duplicateOf"]) == ("duplicate", file["id"])
    rewrapped = desk.send(csv.replace(b"\n", b"\r\n"))
    assert rewrapped["state"] == "processed"
    assert len(desk.items("/v1/deposits")) == 1


def test_two_equal_deposits_of_one_file_are_two(desk: Desk) -> None:
    csv = b"date,amount,reference\n2026-11-20,50.00,R1\n2026-11-20,50.00,R1\n"
    assert desk.send(csv)["state"] == "processed"
    assert len(desk.items("/v1/deposits")) == 2
    more = csv + b"2026-11-20,50.00,R1\n"
    file = desk.send(more)
    assert "2 of its 3 deposits, 100.00 together" in file["reason"]
    assert len(desk.items("/v1/deposits")) == 3
    assert desk.send(more + b"\n")["state"] == "processed"  # blank line: other bytes, nothing new
    assert len(desk.items("/v1/deposits")) == 3


NO_EFT = [
    ("0", "ACH", "ZERO_PAY"),
    ("0", "NON", "ZERO_PAY"),
    ("163.90", "CHK", "CHECK"),
    ("163.90", "NON", "VIRTUAL_CARD"),
    ("163.90", "FWT", "ERA_ONLY"),
]


@pytest.mark.parametrize(("paid", "method", "state"), NO_EFT)
def test_a_remittance_without_a_deposit(desk: Desk, paid: str, method: str, state: str) -> None:
    remit(desk, paid, method=method)
    (only,) = desk.items("/v1/reassociations")
    assert only["state"] == state
    assert len(desk.view("wl_era_no_eft")) == (state == "ERA_ONLY")


def test_a_check_is_found_by_its_number_in_the_banks_reference(desk: Desk) -> None:
    remit(desk, method="CHK", trace="0001002")
    deposit = desk.post(
        "/v1/deposits", {"amount": "163.90", "date": "2026-11-23", "reference": "0001002"}
    )
    assert deposit["state"] == "MATCHED"
    assert (deposit["acts"][0]["method"], deposit["acts"][0]["confidence"]) == (
        "check_number",
        "probable",
    )


NOT_BY_ITSELF = [
    {"date": "2026-11-30"},  # beyond three business days
    {"addenda": "TRN*1*EFT9*1999999999\\"},  # another payer's trace
    {"addenda": None},  # no trace at all
    {"addenda": None, "traceNumber": "EFT9", "amount": "163.91"},  # trace alone, other amount
]


@pytest.mark.parametrize("change", NOT_BY_ITSELF)
def test_what_is_not_sure_is_suggested_and_a_person_joins_it(
    desk: Desk, change: dict[str, str | None]
) -> None:
    era_id = remit(desk)
    deposit = desk.post("/v1/deposits", DEPOSIT | change)
    assert deposit["state"] == "EFT_ONLY"
    assert [s["remittanceId"] for s in deposit["suggestions"]] == [era_id]

    path = f"/v1/deposits/{deposit['id']}"
    body = {"remittanceIds": [era_id], "reason": "the payer's letter names it"}
    joined = desk.post(f"{path}:match", body, status=200)
    assert joined["state"] in ("MATCHED", "AMOUNT_MISMATCH")
    assert desk.post(f"{path}:match", body, status=200)["acts"] == joined["acts"]  # a no-op
    assert joined["acts"][0]["method"] == "by_hand"
    assert joined["acts"][0]["actor"].startswith("key_")
    desk.verified()


def test_what_a_person_took_apart_stays_apart(desk: Desk) -> None:
    era_id = remit(desk)
    deposit = desk.post("/v1/deposits", DEPOSIT)
    path = f"/v1/deposits/{deposit['id']}"
    apart = desk.post(f"{path}:unmatch", {"reason": "it is last week's"}, status=200)
    assert (apart["state"], apart["remittanceIds"]) == ("EFT_ONLY", [])
    assert [a["act"] for a in apart["acts"]] == ["matched", "unmatched"]
    other = desk.post("/v1/deposits", DEPOSIT | {"account": "77777777"})
    assert (other["state"], other["remittanceIds"]) == ("MATCHED", [era_id])
    assert desk.get(path)["state"] == "EFT_ONLY"
    refused = desk.post(f"{path}:match", {"remittanceIds": [era_id], "reason": "both"}, status=200)
    assert refused["state"] == "AMOUNT_MISMATCH"  # twice the money for one remittance
    desk.verified()


def test_a_group_is_a_star(desk: Desk) -> None:
    one, two = remit(desk, "10.00", number=1, trace="A"), remit(desk, "20.00", number=2, trace="B")
    first = desk.post("/v1/deposits", {"amount": "30.00", "date": "2026-11-20"})
    path = f"/v1/deposits/{first['id']}:match"
    joined = desk.post(path, {"remittanceIds": [one, two], "reason": "both"}, status=200)
    assert joined["state"] == "SPLIT_DEPOSIT"
    second = desk.post("/v1/deposits", {"amount": "5.00", "date": "2026-11-20"})
    path = f"/v1/deposits/{second['id']}:match"
    refused = desk.post(path, {"remittanceIds": [one], "reason": "more"}, status=409)
    assert "Take the other pairs apart first" in refused["detail"]
    desk.verified()


REFUSED = [
    ({}, ["/amount", "/date"]),
    ({"amount": 163.9, "date": "2026-11-20"}, ["/amount"]),
    ({"amount": "0.00", "date": "2026-11-20"}, ["/amount"]),
    (DEPOSIT | {"addenda": "no trace"}, ["/addenda"]),
    (DEPOSIT | {"traceNumber": "EFT8"}, ["/addenda"]),
]


@pytest.mark.parametrize(("body", "pointers"), REFUSED)
def test_a_bad_deposit_is_refused_with_all_its_faults(
    desk: Desk, body: dict[str, object], pointers: list[str]
) -> None:
    before = desk.rows()
    problem = desk.post("/v1/deposits", body, status=400)
    assert [error["pointer"] for error in problem["errors"]] == pointers
    assert desk.rows() == before


def test_a_neighbours_deposits_are_none_of_ours(desk: Desk) -> None:
    deposit = desk.post("/v1/deposits", DEPOSIT)
    path = f"/v1/deposits/{deposit['id']}"
    assert desk.ask("GET", path, key="OTHER").status_code == 404
    assert desk.get("/v1/deposits", key="OTHER")["items"] == []
    assert desk.send(era(unpaid("X", "163.90"), paid="163.90"), key="OTHER")["state"] == "processed"
    assert desk.get(path)["state"] == "EFT_ONLY"
    era_id = desk.get("/v1/remittances", key="OTHER")["items"][0]["id"]
    body = {"remittanceIds": [era_id], "reason": "not mine"}
    assert desk.ask("POST", f"{path}:match", json=body).status_code == 404


def test_money_of_a_day_too_far_ahead_is_a_slip_of_the_pen(own_desk: Desk) -> None:
    """Banks announce by days; 9999 is none of them. The clock of the stories says 2026-11-23."""
    desk = own_desk
    deposit = {"amount": "200.00", "date": "2026-12-25"}
    refused = desk.post("/v1/deposits", deposit, status=400)
    assert refused["errors"][0]["pointer"] == "/date"
    desk.post("/v1/deposits", deposit | {"date": "2026-12-24"})
    file = desk.send(b"date;amount\n2026-11-20;10.00\n9999-12-31;20.00\n")
    assert (file["kind"], file["state"]) == ("CSV", "failed")
    assert [(i["line"], i["code"]) for i in file["issues"]] == [(3, "date")]
    claim = desk.claim()
    copay = {"claimId": claim["id"], "amount": "5.00", "method": "cash", "reference": "1"}
    late = desk.post("/v1/patient-payments", copay | {"date": "9999-12-31"}, status=400)
    assert late["errors"][0]["pointer"] == "/date"
    paid = desk.post("/v1/patient-payments", copay | {"date": "2026-11-20"})
    refund = {"amount": "1.00", "method": "cash", "date": "9999-12-31"}
    path = f"/v1/patient-payments/{paid['id']}"
    desk.post(f"{path}:refund", refund, status=400, headers={"Idempotency-Key": "k"})
    # A payment that was voided is not on the statement.
    statement = f"/v1/encounters/{claim['encounterId']}/statement"
    assert "Your payments" in pdf_words(desk.ask("GET", statement).content)
    desk.post(f"{path}:void", {"reason": "never was"}, status=200)
    assert "Your payments" not in pdf_words(desk.ask("GET", statement).content)
    unread = desk.send(b"Datum;Betrag\n2026-11-20;10,00\n")
    assert "begins with a line that names date and amount" in unread["reason"]
