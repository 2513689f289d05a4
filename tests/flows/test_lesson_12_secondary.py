"""Lesson 12: the second payer is told what the first decided, so that its numbers make the charge.

The first payer's file gives CO-45, CO-253, PR-1 and PR-2 on two lines, one reason twice, the second
line as two services, a corrected member id and remarks.
"""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import edi
from tests.cash.desk import Desk
from tests.flows.stories import story
from tests.http.eras import USUAL, era, received, told
from tests.http.next_payer import (
    COVERAGE,
    LAST,
    NEXT,
    again,
    leave,
    next_of,
    sent,
    written,
)

MEDICARE = NEXT | {"claimFilingCode": "MB", "memberId": "1EG4TE5MK73"}
MEDICARE_SECOND = MEDICARE | {"insuranceTypeCode": "12"}


def second_claim(desk: Desk, *coverages: dict[str, Any]) -> dict[str, Any]:
    """The claim to the second payer, built after the first payer's file."""
    claim = sent(desk, *coverages)
    desk.send(story("12_a_first_payer_decides"))
    return next_of(desk, claim)


def test_lesson_12_reasons_stand_once_a_group_and_the_sums_make_the_charge(desk: Desk) -> None:
    built = second_claim(desk)
    assert (built["stage"], built["findings"]) == ("READY", [])
    leave(desk)
    segments = written(desk, built)
    assert [s for s in segments if s[:3] in ("SVD", "CAS", "MOA") or s[:5] in ("AMT*D", "AMT*E")
            or s[:7] == "DTP*573" or s[:6] == "REF*F8"] == [
        "AMT*D*100",
        "MOA***MA01*N130",
        "REF*F8*ICN1201",
        "SVD*60054*70*HC:G0439**1",
        "CAS*CO*45*53*1*253*2",
        "CAS*PR*1*10**2*15",
        "DTP*573*D8*20261120",
        "AMT*EAF*25",
        "SVD*60054*30*HC:J1885**2",
        "CAS*CO*45*44.5*2*253*1*1",
        "DTP*573*D8*20261120",
    ]  # fmt: skip
    assert segments.index("REF*F8*ICN1201") > segments.index("NM1*PR*2*EXAMPLE HEALTH*****PI*60054")
    assert "NM1*IL*1*SAMPLE*ANN****MI*W999999999" in segments
    for charge, paid, reasons in lines_of(segments):
        assert charge == paid + reasons


def lines_of(segments: list[str]) -> list[tuple[D, D, D]]:
    """Of each line: SV102, SVD02 and the sum of its CAS."""
    found: list[tuple[D, D, D]] = []
    for parts in (s.split("*") for s in segments):
        if parts[0] == "SV1":
            found.append((D(parts[2]), D(0), D(0)))
        elif parts[0] == "SVD":
            found[-1] = (found[-1][0], D(parts[2]), found[-1][2])
        elif parts[0] == "CAS" and found:
            sums = sum((D(amount) for amount in parts[3::3]), D(0))
            found[-1] = (*found[-1][:2], found[-1][2] + sums)
    assert len(found) == 2
    return found


def test_lesson_12_medicare_behind_another_payer_gives_the_reason(desk: Desk) -> None:
    """SBR05 stands in 2000B where Medicare is asked; without it an edit holds the claim."""
    held = second_claim(desk, COVERAGE, MEDICARE)
    assert (held["stage"], [f["ruleId"] for f in held["findings"]]) == ("NEEDS_INFO", ["SUB05"])


def test_lesson_12_medicare_is_asked_second_and_told_of_to_the_third(desk: Desk) -> None:
    built = second_claim(desk, COVERAGE, MEDICARE_SECOND, LAST)
    leave(desk)
    data = desk.ask("GET", f"/v1/claims/{built['id']}/x12").text
    assert edi.check(data.encode()).issues == []
    assert "SBR*S*18***12****MB~" in data
    assert "AMT*EAF" not in data  # Medicare is not told what the patient still owes
    # In 2320 of the claim to the third payer the reason stands too.
    desk.send(story("12_b_medicare_decides_second"))
    third = next_of(desk, built)

    leave(desk)
    segments = written(desk, third)
    assert [s for s in segments if s.startswith("SBR")] == [
        "SBR*P*18*G100******CI",
        "SBR*S*18***12****MB",
    ]


def test_lesson_12_medicare_first_gives_no_reason(desk: Desk) -> None:
    first = COVERAGE | MEDICARE_SECOND | {"responsibility": "P", "payerId": "60054"}
    built = second_claim(desk, first | {"groupNumber": None}, NEXT)
    leave(desk)
    assert "SBR*P*18*******MB" in written(desk, built)


def test_lesson_12_a_crossover_is_not_built_again(desk: Desk) -> None:
    claim = sent(desk)
    desk.send(story("13_a_status_19_without_carrier"))
    response = desk.ask("POST", f"/v1/claims/{claim['id']}:billNext")
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert again(desk, claim)["nextResponsibility"]["state"] == "crossover_waiting"


def test_a_payment_due_in_days_to_come_holds_nothing(desk: Desk) -> None:
    """BPR16 is when the money moves: the next payer is asked today, told of a day that has been."""
    claim = sent(desk)
    told_of = told(USUAL, claim["patientControlNumber"])
    received(desk, era(told_of, on="20991231", produced="20991230"))
    built = next_of(desk, claim)
    assert (built["stage"], built["findings"]) == ("READY", [])
    leave(desk)
    days = [s for s in written(desk, built) if s.startswith("DTP*573")]
    assert days == ["DTP*573*D8*20261123"] * 2
