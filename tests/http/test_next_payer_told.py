"""What the next payer is told of earlier decisions, over HTTP on both databases: by claim, bundled,
taken back and corrected, of stays and teeth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import edi
from tests.http.eras import REST, SECOND, USUAL, era, received, taken_back, told
from tests.http.loop import Practice
from tests.http.next_payer import (
    LAST,
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
from tests.http.test_loop import claimed


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    true_books(practice)
    practice.engine.dispose()


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


PAID_ALL = (
    "CLP*{number}*{status}*225.5*180.4**12*{icn}*11*1~NM1*QC*1*SAMPLE*ANN****MI*W123456789~"
    "SVC*HC:G0439*150*120**1~DTM*472*20261005~CAS*CO*45*30~REF*6R*1~"
    "SVC*HC:J1885*75.5*60.4**2~DTM*472*20261005~CAS*CO*45*15.1~REF*6R*2~"
)


def test_an_unsent_secondary_that_is_left_nothing_waits_for_a_person(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    built = next_of(practice, claim)
    number = claim["patientControlNumber"]
    received(practice, era(taken_back(told(USUAL, number)), on="20261121"))
    received(practice, era(told(PAID_ALL, number, icn="ICN1B"), on="20261121"))
    held = again(practice, built)
    assert (held["stage"], held["balance"]) == ("NEEDS_INFO", "0.00")
    assert [f["ruleId"] for f in held["findings"]] == ["COB06"]
    leave(practice)
    assert again(practice, built)["stage"] == "NEEDS_INFO"
    path = f"/v1/claims/{claim['id']}:billNext"
    for body, stage in (({}, "NEEDS_INFO"), ({"reason": "they ask for it"}, "READY")):
        asked = practice.ask("POST", path, json=body)
        assert (asked.status_code, asked.json()["stage"]) == (200, stage)
    leave(practice)
    assert again(practice, built)["stage"] == "TRANSMITTED"
    true_books(practice)


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
