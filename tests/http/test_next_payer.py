"""Who asks the second and third payer, and when, over HTTP on both databases; lessons 12 and
13 are tests/flows/test_lesson_12_secondary.py and _13_crossover.py."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path

import pytest

from app.flows.sweep import sweep
from tests.http.eras import FIRST, REST, SECOND, THIRD, USUAL, era, received, told
from tests.http.loop import Practice
from tests.http.next_payer import (
    COVERAGE,
    LAST,
    MONEY,
    NEXT,
    accounts,
    again,
    decided,
    leave,
    next_of,
    sent,
    true_books,
    written,
)


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    true_books(practice)
    practice.engine.dispose()


def test_the_second_payer_is_asked_for_what_the_first_left(practice: Practice) -> None:
    claim = sent(practice)
    assert claim["nextResponsibility"] == {
        "responsibility": "S",
        "state": "not_due",
        "claimId": None,
    }
    path = f"/v1/claims/{claim['id']}:billNext"
    early = practice.ask("POST", path)
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    assert "Wait for its remittance" in early.json()["detail"]

    decided(practice, claim)
    claim = again(practice, claim)
    assert claim["nextResponsibility"]["state"] == "ready"
    # The patient's share is the second payer's to owe; the first has given it away.
    assert [claim[part] for part in MONEY] == ["162.90", "45.10", "17.50", "0.00"]
    assert accounts(practice)["receivable_patient"] == "0.00"
    assert accounts(practice)["receivable_payer"] == "17.50"

    built = next_of(practice, claim)
    assert (built["responsibility"], built["payerId"], built["stage"]) == ("S", "87726", "READY")
    assert (built["charge"], built["balance"]) == ("225.50", "17.50")
    assert built["patientControlNumber"] != claim["patientControlNumber"]
    assert [x["balance"] for x in built["lines"]] == ["17.50", "0.00"]
    assert again(practice, claim)["nextResponsibility"] == {
        "responsibility": "S",
        "state": "billed",
        "claimId": built["id"],
    }
    assert practice.ask("POST", path).status_code == 200
    assert accounts(practice)["charges"] == "-225.50"

    leave(practice)
    segments = written(practice, built)
    assert segments[0] == f"CLM*{built['patientControlNumber']}*225.5***11:B:1*Y*A*Y*Y"
    told_of_first = segments[segments.index("SBR*P*18*G100******CI") :]
    assert told_of_first[: told_of_first.index("LX*1")] == [
        "SBR*P*18*G100******CI",
        "AMT*D*162.9",
        "OI***Y***Y",
        "NM1*IL*1*SAMPLE*ANN****MI*W123456789",
        "N3*10 MAIN ST",
        "N4*ALBANY*NY*122030001",
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054",
        "REF*F8*ICN1",
    ]
    assert [s for s in segments if s[:3] in ("SVD", "CAS") or s[:7] in ("DTP*573", "AMT*EAF")] == [
        "SVD*60054*102.5*HC:G0439**1",
        "CAS*CO*45*30",
        "CAS*PR*1*10**2*5**3*2.5",
        "DTP*573*D8*20261120",
        "AMT*EAF*17.5",
        "SVD*60054*60.4*HC:J1885**2",
        "CAS*CO*45*15.1",
        "DTP*573*D8*20261120",
    ]

    number = built["patientControlNumber"]
    received(practice, era(told(REST, number, status="2", icn="ICN2"), payer=SECOND))
    paid = again(practice, built)
    assert paid["stage"] == "PAID"
    assert [paid[part] for part in MONEY] == ["15.00", "0.00", "2.50", "0.00"]
    assert (paid["charge"], paid["receivable"]) == ("225.50", "17.50")
    for one in (again(practice, claim), paid):
        for part in (one, *one["lines"]):
            assert D(part["receivable"]) == sum(D(part[name]) for name in MONEY)
    books = accounts(practice)
    # The patient owes what the last payer left, not the sum of what all of them left.
    assert (books["receivable_payer"], books["receivable_patient"]) == ("0.00", "2.50")
    assert (books["cash"], books["unapplied"]) == ("177.90", "0.00")


def test_the_next_payers_of_many_are_asked_together_or_by_the_sweep(practice: Practice) -> None:
    claims = [sent(practice, number=number) for number in (1, 2, 3)]
    ids = [claim["id"] for claim in claims]
    for claim in claims[:2]:
        decided(practice, claim)
    early = practice.ask("POST", "/v1/claims:billNext", json={"claimIds": ids})
    assert early.status_code == 409
    assert early.json()["detail"].startswith(f"Claim {ids[2]}: ")
    assert [again(practice, c)["nextResponsibility"]["state"] for c in claims] == [
        "ready", "ready", "not_due"]  # fmt: skip
    one = practice.ask("POST", "/v1/claims:billNext", json={"claimIds": ids[:1]})
    assert [built["responsibility"] for built in one.json()["items"]] == ["S"]

    tenant = practice.tenants["ACME"].id
    sweep(practice.units, tenant_id=tenant)  # a person is asked unless the tenant says otherwise
    assert again(practice, claims[1])["nextResponsibility"]["state"] == "ready"
    settings = {"billNext": "automatic"}
    assert practice.ask("PATCH", "/v1/work-settings", json=settings).status_code == 403
    set_ = practice.ask("PATCH", "/v1/work-settings", key="ADMIN", json=settings)
    assert set_.json() == {"writeOffLimit": "100.00", "billNext": "automatic"}
    for _ in range(2):
        sweep(practice.units, tenant_id=tenant)
        states = [again(practice, c)["nextResponsibility"]["state"] for c in claims]
        assert states == ["billed", "billed", "not_due"]


def test_without_another_payer_the_share_is_the_patients(practice: Practice) -> None:
    claim = sent(practice, COVERAGE)
    assert claim["nextResponsibility"] is None
    decided(practice, claim)
    assert accounts(practice)["receivable_patient"] == "17.50"
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:billNext")
    assert response.status_code == 409
    assert "No payer is left" in response.json()["detail"]


def test_the_third_payer_is_told_of_both_before_it(practice: Practice) -> None:
    claim = sent(practice, COVERAGE, NEXT, LAST)
    decided(practice, claim)
    second = next_of(practice, claim)
    leave(practice)
    number = second["patientControlNumber"]
    received(practice, era(told(REST, number, status="2", icn="ICN2"), payer=SECOND))
    third = next_of(practice, second)
    assert (third["responsibility"], third["stage"], third["balance"]) == ("T", "READY", "2.50")
    leave(practice)
    segments = written(practice, third)
    assert [s for s in segments if s[:5] in ("AMT*D", "SBR*P", "SBR*S", "SVD*6", "SVD*8")] == [
        "SBR*P*18*G100******CI",
        "AMT*D*162.9",
        "SBR*S*18*******CI",
        "AMT*D*15",
        "SVD*60054*102.5*HC:G0439**1",
        "SVD*87726*15*HC:G0439**1",
        "SVD*60054*60.4*HC:J1885**2",
        "SVD*87726*0*HC:J1885**2",
    ]
    assert "CAS*OA*23*132.5" in segments
    all_of_it = REST.replace("*15*2.5*", "*2.5*0*").replace("*150*15*", "*150*2.5*")
    all_of_it = all_of_it.replace("132.5", "147.5").replace("CAS*PR*3*2.5~", "")
    number = third["patientControlNumber"]
    received(practice, era(told(all_of_it, number, status="3", icn="ICN3"), payer=THIRD))
    books = accounts(practice)
    assert (books["receivable_payer"], books["receivable_patient"]) == ("0.00", "0.00")
    assert FIRST != THIRD


def test_a_person_may_bill_a_crossover_all_the_same(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim, USUAL.replace("SVC*HC:G0439", "MOA***MA18~SVC*HC:G0439"))
    built = next_of(practice, claim, reason="the plan says that nothing came")
    assert built["stage"] == "READY"
    leave(practice)
    # It did come after all: the payer's answer to the crossover is that of our claim.
    under_ours = told(REST, claim["patientControlNumber"], status="2", icn="ICN2")
    received(practice, era(under_ours, payer=SECOND))
    assert again(practice, built)["stage"] == "PAID"
    assert again(practice, built)["balance"] == "0.00"
    assert accounts(practice)["receivable_patient"] == "2.50"


def test_the_same_payers_second_word_is_not_the_next_payers(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    decided(practice, claim, icn="ICN9")
    listed = practice.get("/v1/remittances")["items"]
    (waiting,) = practice.get(f"/v1/remittances/{listed[1]['id']}")["items"]
    assert (waiting["state"], waiting["reason"]) == ("waiting", "overpaid")


NOT_DUE = {
    "denied": ("4", "197", "CO", "denied the claim"),
    "pended": ("1", "133", "PR", "not finished"),
    "left nothing": ("1", "45", "CO", "nothing to the patient"),
    "forwarded": ("23", "45", "CO", "sent it elsewhere"),
}


@pytest.mark.parametrize("why", NOT_DUE)
def test_the_next_payer_is_not_asked_when_it_is_not_due(practice: Practice, why: str) -> None:
    status, reason, group, words = NOT_DUE[why]
    text = (
        "CLP*{number}*{status}*225.5*0*0*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
        f"CAS*{group}*{reason}*225.5~DTM*232*20261005~"
    )
    claim = sent(practice)
    decided(practice, claim, text, status=status)
    assert again(practice, claim)["nextResponsibility"]["state"] == "not_due"
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:billNext")
    assert response.status_code == 409
    assert words in response.json()["detail"]
