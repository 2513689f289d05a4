"""What a patient pays, from the copay at the visit to the refund, beside what payers decide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cash.desk import Desk, pdf_words
from tests.cash.era import clp, era, line, unpaid

KEY = {"headers": {"Idempotency-Key": "copay-1"}}
COPAY = {"amount": "20.00", "method": "card", "date": "2026-11-20"}


def decided(claim: dict[str, Any], share: str = "17.5", *, icn: str = "ICN1") -> str:
    """The payer pays all but `share`, which it leaves to the patient as copay."""
    paid = 150 - float(share)
    return clp(
        claim["patientControlNumber"],
        line("150", f"{paid:g}", f"PR*3*{share}"),
        line("75.5", "75.5", code="J1885", control="2"),
        paid=f"{paid + 75.5:g}",
        patient=share,
        icn=icn,
    )


def statement(desk: Desk, claim: dict[str, Any]) -> str:
    """The words of the statement's pages."""
    response = desk.ask("GET", f"/v1/encounters/{claim['encounterId']}/statement")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    return pdf_words(response.content)


def test_a_copay_at_the_visit_waits_as_credit_and_is_taken_by_the_payers_decision(
    desk: Desk,
) -> None:
    claim = desk.claim()
    paid = desk.post("/v1/patient-payments", COPAY | {"encounterId": claim["encounterId"]}, **KEY)
    assert (paid["kept"], paid["applied"], paid["credit"]) == ("20.00", "0.00", "20.00")
    assert desk.accounts() == {
        "receivable_payer": "225.50",
        "charges": "-225.50",
        "patient_cash": "20.00",
        "patient_credit": "-20.00",
    }
    assert [row["category"] for row in desk.view("wl_credits")] == ["prepaid"]  # no refund yet
    words = statement(desk, claim)
    assert "Nothing is due now." in words
    assert "credit of 20.00" in words

    assert desk.send(era(decided(claim), paid="208"))["state"] == "processed"
    paid = desk.get(f"/v1/patient-payments/{paid['id']}")
    assert (paid["applied"], paid["credit"]) == ("17.50", "2.50")
    assert desk.accounts() == {
        "charges": "-225.50",
        "cash": "208.00",
        "patient_cash": "20.00",
        "patient_credit": "-2.50",
    }
    (credit,) = desk.view("wl_credits")
    assert (credit["amount"], credit["category"]) == (250, "refundable")
    words = statement(desk, claim)
    assert "Nothing is due. You have a credit of 2.50." in words


def test_the_patient_owes_pays_in_parts_and_overpays(desk: Desk) -> None:
    claim = desk.claim()
    desk.send(era(decided(claim), paid="208"))
    assert "Please pay 17.50." in statement(desk, claim)
    part = COPAY | {"claimId": claim["id"], "amount": "10.00", "reference": "1041"}
    first = desk.post("/v1/patient-payments", part)
    assert first["applied"] == "10.00"
    assert desk.post("/v1/patient-payments", part, status=200)["id"] == first["id"]
    assert desk.accounts()["receivable_patient"] == "7.50"
    assert "Please pay 7.50." in statement(desk, claim)
    second = desk.post("/v1/patient-payments", part | {"reference": "1042"})
    assert (second["applied"], second["credit"]) == ("7.50", "2.50")

    refund = {"amount": "2.50", "method": "check", "date": "2026-11-22", "reason": "overpaid"}
    path = f"/v1/patient-payments/{second['id']}"
    too_much = desk.post(f"{path}:refund", refund | {"amount": "2.51"}, status=409, **KEY)
    assert "2.50 of this payment is credit" in too_much["detail"]
    given = desk.post(f"{path}:refund", refund, **KEY)
    assert (given["kind"], given["paymentId"], given["amount"]) == ("refund", second["id"], "2.50")
    assert desk.post(f"{path}:refund", refund, **KEY)["id"] == given["id"]
    assert desk.view("wl_credits") == []
    assert desk.accounts() == {"charges": "-225.50", "cash": "208.00", "patient_cash": "17.50"}
    kinds = [
        row["kind"]
        for row in desk.items(f"/v1/patient-payments?encounterId={claim['encounterId']}")
    ]
    assert kinds == ["payment", "payment", "refund"]
    words = statement(desk, claim)
    assert "Nothing is due." in words
    for figure in ("150.00", "75.50", "225.50", "208.00", "17.50", "G0439", "J1885"):
        assert figure in words


def test_a_check_that_bounced_is_owed_again(desk: Desk) -> None:
    claim = desk.claim()
    desk.send(era(decided(claim), paid="208"))
    body = COPAY | {"claimId": claim["id"], "amount": "17.50", "reference": "1041"}
    paid = desk.post("/v1/patient-payments", body)
    assert "receivable_patient" not in desk.accounts()
    path = f"/v1/patient-payments/{paid['id']}:void"
    void = desk.post(path, {"reason": "returned unpaid"}, status=200)
    assert desk.post(path, {"reason": "returned unpaid"}, status=200)["id"] == void["id"]
    assert desk.accounts()["receivable_patient"] == "17.50"
    assert desk.get(f"/v1/patient-payments/{paid['id']}")["kept"] == "0.00"
    again = desk.post("/v1/patient-payments", body)  # a new check of the same number
    assert again["id"] != paid["id"]
    assert "receivable_patient" not in desk.accounts()


REFUSED = [
    ({}, ["/amount", "/method", "/date"]),
    (COPAY, [""]),
    (COPAY | {"encounterId": "enc_x", "claimId": "clm_x"}, ["/encounterId", "/claimId", ""]),
    (COPAY | {"encounterId": "enc_x", "amount": "-1.00"}, ["/amount", "/encounterId"]),
    (COPAY | {"encounterId": "enc_x", "method": "shells"}, ["/method"]),
]


@pytest.mark.parametrize(("body", "pointers"), REFUSED)
def test_a_bad_payment_is_refused_with_all_its_faults(
    desk: Desk, body: dict[str, str], pointers: list[str]
) -> None:
    problem = desk.post("/v1/patient-payments", body, status=400, **KEY)
    assert sorted(error["pointer"] for error in problem["errors"]) == sorted(pointers)


def test_without_key_and_reference_a_payment_could_be_booked_twice(desk: Desk) -> None:
    claim = desk.claim()
    body = COPAY | {"encounterId": claim["encounterId"]}
    assert "Idempotency-Key" in desk.post("/v1/patient-payments", body, status=400)["detail"]
    first = desk.post("/v1/patient-payments", body, **KEY)
    assert desk.post("/v1/patient-payments", body, **KEY) == first
    assert desk.accounts()["patient_cash"] == "20.00"


def test_another_practice_cannot_pay_or_see(desk: Desk) -> None:
    claim = desk.claim()
    body = COPAY | {"claimId": claim["id"], "reference": "7"}
    assert desk.ask("POST", "/v1/patient-payments", json=body, key="OTHER").status_code == 404
    body = COPAY | {"encounterId": claim["encounterId"], "reference": "7"}
    assert desk.ask("POST", "/v1/patient-payments", json=body, key="OTHER").status_code == 404
    path = f"/v1/encounters/{claim['encounterId']}/statement"
    assert desk.ask("GET", path, key="OTHER").status_code == 404


def reversal(claim: dict[str, Any], share: str = "17.5") -> str:
    """`decided` taken back, sign by sign."""
    paid = 150 - float(share)
    return clp(
        claim["patientControlNumber"],
        line("-150", f"-{paid:g}", f"PR*3*-{share}"),
        line("-75.5", "-75.5", code="J1885", control="2"),
        status="22",
        charge="-225.5",
        paid=f"-{paid + 75.5:g}",
        patient=f"-{share}",
    )


def test_a_reversal_after_the_patient_has_paid_leaves_a_credit(desk: Desk) -> None:
    """Lesson 2, with patient money moved: the correction takes what it needs of the credit."""
    claim = desk.claim()
    desk.send(era(decided(claim), paid="208", trace="T1", number=1))
    body = COPAY | {"claimId": claim["id"], "amount": "17.50", "reference": "1041"}
    paid = desk.post("/v1/patient-payments", body)
    path = f"/v1/patient-payments/{paid['id']}"
    assert (paid["applied"], paid["credit"]) == ("17.50", "0.00")

    back = era(reversal(claim), unpaid("X", "300"), paid="92", trace="T2", number=2)
    desk.send(back)
    assert desk.get(path)["credit"] == "17.50"
    (row,) = desk.view("wl_credits")
    assert (row["amount"], row["category"]) == (1750, "prepaid")  # the payer is to speak again
    assert "Nothing is due now." in statement(desk, claim)
    assert "receivable_patient" not in desk.accounts()

    desk.send(era(decided(claim, "10", icn="ICN1A"), paid="215.5", trace="T3", number=3))
    shown = desk.get(path)
    assert (shown["applied"], shown["credit"]) == ("10.00", "7.50")
    (row,) = desk.view("wl_credits")
    assert (row["amount"], row["category"]) == (750, "refundable")
    assert desk.accounts() == {
        "charges": "-225.50",
        "cash": "515.50",
        "unapplied": "-300.00",
        "patient_cash": "17.50",
        "patient_credit": "-7.50",
    }


@pytest.mark.parametrize("order", ["POKR", "ORKP", "RPKO", "KROP", "KOPR"])
def test_patient_money_and_decisions_end_alike_in_any_order(desk: Desk, order: str) -> None:
    """P the patient pays, O the original, R its reversal, K the correction."""
    claim = desk.claim()
    files = {
        "O": era(decided(claim), paid="208", trace="T1", number=1),
        "R": era(reversal(claim), unpaid("X", "300"), paid="92", trace="T2", number=2),
        "K": era(decided(claim, "10", icn="ICN1A"), paid="215.5", trace="T3", number=3),
    }
    body = COPAY | {"claimId": claim["id"], "amount": "17.50", "reference": "1041"}
    for what in order:
        if what == "P":
            paid = desk.post("/v1/patient-payments", body)
        else:
            assert desk.send(files[what])["state"] == "processed"
        desk.verified()
    shown = desk.get(f"/v1/patient-payments/{paid['id']}")
    assert (shown["applied"], shown["credit"]) == ("10.00", "7.50")
    assert desk.accounts() == {
        "charges": "-225.50",
        "cash": "515.50",
        "unapplied": "-300.00",
        "patient_cash": "17.50",
        "patient_credit": "-7.50",
    }
