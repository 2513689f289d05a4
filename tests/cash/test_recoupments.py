"""PLB behind the door; its story over three files is tests/flows/test_lesson_03_recoupments.py."""

from __future__ import annotations

from tests.cash.desk import Desk
from tests.cash.era import clp, era, line, plb, unpaid


def test_every_pair_keeps_its_own_reason_reference_and_sign(desk: Desk) -> None:
    """WO with a claim's reference, FB, L6, 72 and CS; two and more pairs in one PLB."""
    claim = desk.claim()
    paid = clp(
        claim["patientControlNumber"],
        line("150", "150"),
        line("75.5", "75.5", code="J1885", control="2"),
        paid="225.5",
        icn="ICN0009",
    )
    pairs = plb("WO:ICN0009", "25", "FB:ICN0010", "-25", "L6:ICN0009", "-3.12")
    more = plb("72:ICN0009", "-25", "CS:GARNISH", "10")
    file = desk.send(era(paid, pairs, more, paid="243.62"))
    assert file["state"] == "processed", file
    (remittance,) = desk.items("/v1/remittances")
    shown = desk.get(f"/v1/remittances/{remittance['id']}")
    found = [
        (p["reason"], p["reference"], p["amount"], p["account"], p["claimId"] == claim["id"])
        for p in shown["providerAdjustments"]
    ]
    assert found == [
        ("WO", "ICN0009", "25.00", "payer_recoupment", True),
        ("FB", "ICN0010", "-25.00", "payer_recoupment", False),
        ("L6", "ICN0009", "-3.12", "interest", True),
        ("72", "ICN0009", "-25.00", "provider_adjustments", True),
        ("CS", "GARNISH", "10.00", "provider_adjustments", False),
    ]
    assert desk.accounts() == {
        "charges": "-225.50",
        "cash": "243.62",
        "interest": "-3.12",
        "provider_adjustments": "-15.00",
    }
    # The claim shows the pairs that name it, and none of its money has moved.
    of_claim = desk.get(f"/v1/claims/{claim['id']}/provider-adjustments")["items"]
    assert [(p["reason"], p["amount"]) for p in of_claim] == [
        ("WO", "25.00"),
        ("L6", "-3.12"),
        ("72", "-25.00"),
    ]
    assert desk.get(f"/v1/claims/{claim['id']}")["paid"] == "225.50"
    # 72 is the refund that we mailed for this WO: nothing of it is open. FB is.
    balances = [
        (b["kind"], b["balance"], b["open"], b["finding"]) for b in desk.items("/v1/recoupments")
    ]
    assert balances == [
        ("WO", "25.00", "0.00", "settled"),
        ("FB", "-25.00", "-25.00", "deferred"),
    ]
    assert [row["category"] for row in desk.view("wl_plb_open")] == ["FB"]


def test_a_recovery_without_a_reversal_is_listed(desk: Desk) -> None:
    desk.send(era(unpaid("A", "100"), plb("WO:ICN7 20261005", "50"), paid="50"))
    (balance,) = desk.items("/v1/recoupments?open=true")
    assert (balance["finding"], balance["open"], balance["claimId"]) == (
        "no_reversal",
        "50.00",
        None,
    )
    (row,) = desk.view("wl_plb_open")
    assert (row["reason"], row["amount"], row["reference"]) == (
        "no_reversal",
        5000,
        "ICN7 20261005",
    )


def test_a_remittance_out_of_balance_moves_no_recoupment(desk: Desk) -> None:
    desk.send(era(unpaid("A", "100"), plb("WO:ICN7", "50"), paid="60"))
    assert desk.accounts() == {"cash": "60.00", "unapplied": "-60.00"}
    assert desk.items("/v1/recoupments") == []


def test_balances_of_payers_and_payees_do_not_mix(desk: Desk) -> None:
    two = (plb("WO:R1", "5"), plb("WO:R1", "7", provider="1999999984"))
    desk.send(era(unpaid("A", "100"), *two, paid="88", trace="T1"))
    other = era(unpaid("B", "100"), plb("WO:R1", "-5"), paid="105", payer="1600000000", number=2)
    desk.send(other)
    found = sorted((b["payer"], b["payee"], b["balance"]) for b in desk.items("/v1/recoupments"))
    assert found == [
        ("1512345678", "1234567893", "5.00"),
        ("1512345678", "1999999984", "7.00"),
        ("1600000000", "1234567893", "-5.00"),
    ]
    assert desk.accounts()["payer_recoupment"] == "7.00"


def test_a_recovery_whose_reversal_is_posted_looks_for_its_deferral(desk: Desk) -> None:
    """The 22 is posted, and a later file takes the same money once more at the provider level."""
    claim = desk.claim()
    number = claim["patientControlNumber"]
    lines = line("150", "150"), line("75.5", "75.5", code="J1885", control="2")
    desk.send(era(clp(number, *lines, paid="225.5"), paid="225.5", trace="T1"))
    taken = clp(
        number,
        line("-150", "-150"),
        line("-75.5", "-75.5", code="J1885", control="2"),
        status="22",
        charge="-225.5",
        paid="-225.5",
    )
    desk.send(era(taken, plb("WO:ICN1", "-225.5"), paid="0", trace="T2", number=2))
    (balance,) = desk.items("/v1/recoupments?open=true")
    assert (balance["finding"], balance["open"], balance["claimId"]) == (
        "deferred",
        "-225.50",
        claim["id"],
    )
    whole = era(unpaid("A", "300"), plb("WO:ICN1", "225.5"), paid="74.5", trace="T3", number=3)
    desk.send(whole)
    assert desk.items("/v1/recoupments?open=true") == []
    again = era(unpaid("B", "300"), plb("WO:ICN1", "225.5"), paid="74.5", trace="T4", number=4)
    desk.send(again)
    (balance,) = desk.items("/v1/recoupments?open=true")
    assert (balance["finding"], balance["open"]) == ("recovered", "225.50")
    assert desk.get(f"/v1/claims/{claim['id']}")["paid"] == "0.00"
    desk.verified()
