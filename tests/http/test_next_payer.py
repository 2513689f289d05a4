"""Claims to the second and third payer, told over HTTP on both databases; lessons 12 and
13 are tests/flows/test_lesson_12_secondary.py and _13_crossover.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edi
from app.flows.sweep import sweep
from app.flows.verify import verify
from app.store.crypto import Cipher
from app.store.records import DatabaseRecords
from tests.http.eras import FIRST, REST, SECOND, THIRD, USUAL, era, received, taken_back, told
from tests.http.loop import Practice
from tests.http.test_loop import SAMPLE, claimed
from tests.referee import pyx12_errors

COVERAGE = SAMPLE["coverages"][0] | {"memberId": "W123456789"}
NEXT = {
    "responsibility": "S",
    "payerId": "87726",
    "payerName": "SECOND HEALTH",
    "claimFilingCode": "CI",
    "memberId": "X5550001",
    "relationship": "18",
}
LAST = NEXT | {
    "responsibility": "T",
    "payerId": "33333",
    "payerName": "THIRD HEALTH",
    "memberId": "T777",
}
MONEY = ("paid", "adjusted", "patientResponsibility", "balance")


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    true_books(practice)
    practice.engine.dispose()


def true_books(practice: Practice) -> None:
    """What is kept twice agrees, in every tenant."""
    for tenant in practice.tenants.values():
        records = DatabaseRecords(practice.engine, cipher=Cipher())
        assert list(verify(records, practice.raw, tenant)) == []


def sent(
    practice: Practice, *coverages: dict[str, Any], number: int = 1, **changes: Any
) -> dict[str, Any]:
    """A claim of the sample visit that has left."""
    claim = claimed(practice, number, coverages=list(coverages or (COVERAGE, NEXT)), **changes)
    leave(practice)
    return again(practice, claim)


def leave(practice: Practice) -> None:
    practice.ask("POST", "/v1/batches")
    practice.work()


def again(practice: Practice, claim: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = practice.get(f"/v1/claims/{claim['id']}")
    return shown


def decided(practice: Practice, claim: dict[str, Any], text: str = USUAL, **how: Any) -> None:
    """An 835 of the first payer on the claim."""
    received(practice, era(told(text, claim["patientControlNumber"], **how)))


def next_of(practice: Practice, claim: dict[str, Any], **body: Any) -> dict[str, Any]:
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:billNext", json=body)
    assert response.status_code == 201, response.text
    built: dict[str, Any] = response.json()
    return built


def written(practice: Practice, claim: dict[str, Any]) -> list[str]:
    """The claim's 2300 as it left, once the file has passed both validators."""
    data = practice.ask("GET", f"/v1/claims/{claim['id']}/x12").content
    assert edi.check(data).issues == []
    assert pyx12_errors(data) == []
    segments = data.decode().replace("\n", "").split("~")
    start = next(n for n, s in enumerate(segments) if s.startswith("CLM"))
    return segments[start : next(n for n, s in enumerate(segments) if s.startswith("SE*"))]


def accounts(practice: Practice) -> dict[str, str]:
    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["sum"] == "0.00"
    found: dict[str, str] = balance["accounts"]
    return found


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


# ── What the first payer says, told to the second ──────────────────────────


def test_a_decision_without_lines_is_told_of_the_claim(practice: Practice) -> None:
    text = (
        "CLP*{number}*{status}*225.5*180*20.5*12*{icn}*11*1~CAS*CO*45*25~CAS*PR*2*20.5~"
        "NM1*QC*1*SAMPLE*ANN****MI*W123456789~DTM*232*20261005~"
    )
    claim = sent(practice)
    decided(practice, claim, text)
    built = next_of(practice, claim)
    assert built["balance"] == "20.50"
    leave(practice)
    segments = written(practice, built)
    start = segments.index("SBR*P*18*G100******CI")
    assert segments[start + 1 : start + 5] == [
        "CAS*CO*45*25",
        "CAS*PR*2*20.5",
        "AMT*D*180",
        "AMT*EAF*20.5",
    ]
    assert segments[segments.index("NM1*PR*2*EXAMPLE HEALTH*****PI*60054") + 1] == (
        "DTP*573*D8*20261120"
    )
    assert not [s for s in segments if s.startswith("SVD")]


def test_a_bundled_line_points_to_the_line_it_was_paid_with(practice: Practice) -> None:
    text = (
        "CLP*{number}*{status}*225.5*180*20*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
        "SVC*HC:G0438*150*180**1*HC:G0439~DTM*472*20261005~CAS*CO*94*-75.5~CAS*CO*45*25.5~"
        "CAS*PR*3*20~REF*6R*1~"
        "SVC*HC:G0438*75.5*0**0*HC:J1885~DTM*472*20261005~CAS*CO*97*75.5~REF*6R*2~"
    )
    claim = sent(practice)
    decided(practice, claim, text)
    built = next_of(practice, claim)
    leave(practice)
    segments = written(practice, built)
    assert [s for s in segments if s.startswith("SVD")] == [
        "SVD*60054*180*HC:G0438**1",
        "SVD*60054*0*HC:G0438**0*1",
    ]


def test_a_notice_that_pays_nothing_is_dated_by_its_own_day(practice: Practice) -> None:
    text = (
        "CLP*{number}*{status}*225.5*0*225.5*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
        "SVC*HC:G0439*150*0**1~DTM*472*20261005~CAS*PR*1*150~REF*6R*1~"
        "SVC*HC:J1885*75.5*0**2~DTM*472*20261005~CAS*PR*96*75.5~REF*6R*2~"
    )
    claim = sent(practice)
    decided(practice, claim, text)
    # What was denied to the patient stays open with the payer until another is asked for it.
    assert again(practice, claim)["balance"] == "75.50"
    built = next_of(practice, claim)
    assert built["balance"] == "225.50"
    assert again(practice, claim)["balance"] == "0.00"
    assert accounts(practice)["receivable_payer"] == "225.50"
    # It is the next payer's to owe now: nobody writes it off with this one as well.
    (denial,) = practice.get("/v1/denials")["items"]
    assert denial["atStake"] == "0.00"
    given_up = practice.ask(
        "POST", f"/v1/denials/{denial['id']}:writeOff", key="ADMIN", json={"reason": "too small"}
    )
    assert given_up.status_code == 409
    leave(practice)
    assert written(practice, built).count("DTP*573*D8*20261119") == 2


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


# ── The first payer takes its decision back ────────────────────────────────

CORRECTED = (
    "CLP*{number}*{status}*225.5*170.4*10*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
    "SVC*HC:G0439*150*110**1~DTM*472*20261005~CAS*CO*45*30~CAS*PR*1*10~REF*6R*1~"
    "SVC*HC:J1885*75.5*60.4**2~DTM*472*20261005~CAS*CO*45*15.1~REF*6R*2~"
)


def test_an_unsent_secondary_is_held_and_then_tells_the_correction(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    built = next_of(practice, claim)
    number = claim["patientControlNumber"]
    received(practice, era(taken_back(told(USUAL, number)), on="20261121"))
    held = again(practice, built)
    assert (held["stage"], held["balance"]) == ("NEEDS_INFO", "0.00")
    assert [f["ruleId"] for f in held["findings"]] == ["COB01"]
    assert again(practice, claim)["balance"] == "225.50"

    received(practice, era(told(CORRECTED, number, icn="ICN1B"), on="20261121"))
    ready = again(practice, built)
    assert (ready["stage"], ready["findings"], ready["balance"]) == ("READY", [], "10.00")
    leave(practice)
    segments = written(practice, ready)
    assert {"AMT*D*170.4", "REF*F8*ICN1B", "CAS*PR*1*10"} <= set(segments)
    assert "REF*T4*Y" not in segments


def test_a_sent_secondary_is_replaced_after_the_correction(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    built = next_of(practice, claim)
    leave(practice)
    second = built["patientControlNumber"]
    received(practice, era(told(REST, second, status="2", icn="ICN2"), payer=SECOND))
    number = claim["patientControlNumber"]
    received(
        practice,
        era(taken_back(told(USUAL, number)), told(CORRECTED, number, icn="ICN1B"), on="20261121"),
    )
    assert again(practice, claim)["nextResponsibility"]["state"] == "to_replace"

    replaced = practice.ask("POST", f"/v1/claims/{built['id']}:replace")
    assert replaced.status_code == 200, replaced.text
    assert replaced.json()["frequency"] == "7"
    assert replaced.json()["findings"] == []
    assert again(practice, claim)["nextResponsibility"]["state"] == "billed"
    leave(practice)
    segments = written(practice, replaced.json())
    assert segments[0].startswith(f"CLM*{second[:-1]}2*225.5***11:B:7*")
    assert {"REF*F8*ICN2", "REF*F8*ICN1B", "REF*T4*Y", "AMT*D*170.4"} <= set(segments)

    # The second payer takes its own back and decides anew: 10.00 is what there was to pay.
    last = REST.replace("*15*2.5*", "*10*0*").replace("*150*15*", "*150*10*")
    last = last.replace("132.5", "140").replace("CAS*PR*3*2.5~", "")
    received(
        practice,
        era(
            taken_back(told(REST, second, status="2", icn="ICN2")),
            told(last, f"{second[:-1]}2", status="2", icn="ICN2B"),
            payer=SECOND,
            on="20261122",
        ),
    )
    final = again(practice, built)
    assert (final["stage"], final["paid"], final["balance"]) == ("PAID", "10.00", "0.00")
    books = accounts(practice)
    assert (books["receivable_payer"], books["receivable_patient"]) == ("0.00", "0.00")
    assert books["charges"] == "-225.50"
    attempts = practice.get(f"/v1/claims/{built['id']}/submissions")["items"]
    assert [(a["frequency"], a["stage"]) for a in attempts] == [("1", "REPLACED"), ("7", "PAID")]


# ── The other kinds of claim ───────────────────────────────────────────────


def visit(name: str, *, behind: dict[str, Any]) -> dict[str, Any]:
    """An encounter of the demo with a second payer."""
    path = Path(__file__).parents[2] / "fixtures" / "encounters" / f"{name}.json"
    told_of: dict[str, Any] = json.loads(path.read_text())
    return told_of | {"coverages": [*told_of["coverages"], behind]}


def test_a_hospitals_secondary_tells_revenue_codes(practice: Practice) -> None:
    text = (
        "CLP*{number}*{status}*2325.1*1560.08*300*12*{icn}*13*1~NM1*QC*1*JETTY*TESS~"
        "SVC*HC:G0168:RT*1800*1140*0360*1~DTM*472*20261112~CAS*CO*45*360~CAS*PR*1*300~REF*6R*1~"
        "SVC*NU:0370*450*360**3~DTM*472*20261112~CAS*CO*45*90~REF*6R*2~"
        "SVC*NU:0250*75.1*60.08**2~DTM*472*20261112~CAS*CO*45*15.02~REF*6R*3~"
    )
    claim = claimed(
        practice, **visit("day-surgery-of-a-child", behind=LAST | {"responsibility": "S"})
    )
    leave(practice)
    received(practice, era(told(text, claim["patientControlNumber"]), payer=SECOND))
    built = next_of(practice, claim)
    assert (built["stage"], built["balance"]) == ("READY", "300.00")
    leave(practice)
    segments = written(practice, built)
    assert [s for s in segments if s.startswith("SVD")] == [
        "SVD*87726*1140*HC:G0168:RT*0360*1",
        "SVD*87726*360**0370*3",
        "SVD*87726*60.08**0250*2",
    ]


def test_a_dentists_secondary(practice: Practice) -> None:
    text = (
        "CLP*{number}*{status}*225*140*40*12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN~"
        "SVC*AD:D2001*180*104**1~DTM*472*20261112~CAS*CO*45*36~CAS*PR*2*40~REF*6R*1~"
        "SVC*AD:D0001*45*36**1~DTM*472*20261112~CAS*CO*45*9~REF*6R*2~"
    )
    claim = claimed(practice, **visit("dental-filling", behind=NEXT))
    leave(practice)
    decided(practice, claim, text)
    built = next_of(practice, claim)
    assert (built["stage"], built["balance"]) == ("READY", "40.00")
    leave(practice)
    data = practice.ask("GET", f"/v1/claims/{built['id']}/x12").content
    assert edi.check(data).issues == []
    segments = data.decode().replace("\n", "").split("~")
    assert [s for s in segments if s[:3] in ("SVD", "CAS") or s[:5] in ("AMT*D", "AMT*E")] == [
        "AMT*D*140",
        "SVD*60054*104*AD:D2001**1",
        "CAS*CO*45*36",
        "CAS*PR*2*40",
        "AMT*EAF*40",
        "SVD*60054*36*AD:D0001**1",
        "CAS*CO*45*9",
    ]
