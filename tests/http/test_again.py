"""Claims that go again: replaced, voided, resubmitted (lessons 11, 25 and 30)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.http.eras import USUAL, era, received, taken_back, told
from tests.http.loop import Practice
from tests.http.test_loop import SAMPLE, claimed, encounter
from tests.http.test_next_payer import accounts, again, decided, leave, true_books, written


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    true_books(practice)
    practice.engine.dispose()


def sent(practice: Practice, number: int = 1) -> dict[str, Any]:
    claim = claimed(practice, number)
    leave(practice)
    return again(practice, claim)


def asked(practice: Practice, claim: dict[str, Any], what: str, **body: Any) -> dict[str, Any]:
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:{what}", **body)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


def refused(practice: Practice, claim: dict[str, Any], what: str, **body: Any) -> str:
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:{what}", **body)
    assert (response.status_code, response.json()["code"]) == (409, "conflict"), response.text
    detail: str = response.json()["detail"]
    return detail


def acknowledged(practice: Practice, number: str, category: str) -> None:
    """A 277CA of the payer on one claim."""
    accepts = category == "A2"
    body = (
        f"ST*277*0001*005010X214~BHT*0085*08*1*20261121*1200*TH~HL*1**20*1~"
        "NM1*PR*2*EXAMPLE HEALTH*****PI*60054~TRN*1*1~DTP*050*D8*20261121~DTP*009*D8*20261121~"
        "HL*2*1*21*1~NM1*41*2*ACME*****46*ACME~TRN*2*B1~"
        f"STC*{category}:20:PR*20261121*{'WQ' if accepts else 'U'}*225.5~"
        f"HL*3*2*19*1~NM1*85*2*ACME MEDICAL*****XX*1234567893~TRN*1*0~"
        f"HL*4*3*PT~NM1*QC*1*SAMPLE*ANN****MI*SIMADJ0001~TRN*2*{number}~"
        f"STC*{category}:20:PR*20261121*{'WQ' if accepts else 'U'}*225.5~REF*1K*PENDING~"
        "DTP*472*D8*20261005~"
    )
    number_of_file = abs(hash((number, category))) % 10**8 + 1
    data = (
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*ACME           *261121*1200*^*00501"
        f"*{number_of_file:09d}*0*T*:~GS*HN*PAYER*ACME*20261121*1200*{number_of_file}*X*005010X214~"
        f"{body}SE*{body.count('~') + 1}*0001~GE*1*{number_of_file}~IEA*1*{number_of_file:09d}~"
    )
    received(practice, data.encode())


def test_lesson_11_a_replacement_needs_the_payers_number(practice: Practice) -> None:
    claim = claimed(practice)
    assert "has not left" in refused(practice, claim, "replace")
    leave(practice)
    assert "never adjudicated" in refused(practice, claim, "replace")
    assert "never adjudicated" in refused(practice, claim, "void")
    acknowledged(practice, claim["patientControlNumber"], "A2")
    # A number of a 277CA is of a claim that is not decided on yet.
    assert "never adjudicated" in refused(practice, claim, "replace")


def test_lesson_11_a_replacement_names_the_latest_number_and_charges_the_difference(
    practice: Practice,
) -> None:
    claim = sent(practice)
    decided(practice, claim)
    number = claim["patientControlNumber"]
    received(
        practice,
        era(taken_back(told(USUAL, number)), told(USUAL, number, icn="ICN1B"), on="20261121"),
    )
    corrected = encounter(totalCharge="230.50")
    corrected["serviceLines"] = deepcopy(SAMPLE["serviceLines"])
    corrected["serviceLines"][0]["charge"] = "155.00"
    replaced = asked(practice, claim, "replace", json=corrected)
    assert (replaced["frequency"], replaced["stage"], replaced["attempt"]) == ("7", "READY", 2)
    assert replaced["patientControlNumber"] == f"{number[:-1]}2"
    # One receivable, of which 5.00 are new and open; what was paid stays until it is taken back.
    assert (replaced["charge"], replaced["paid"], replaced["balance"]) == (
        "230.50", "162.90", "5.00")  # fmt: skip
    assert accounts(practice)["charges"] == "-230.50"
    assert accounts(practice)["receivable_payer"] == "5.00"
    assert "under way" in refused(practice, claim, "replace")
    attempts = practice.get(f"/v1/claims/{claim['id']}/submissions")["items"]
    assert [(a["frequency"], a["stage"]) for a in attempts] == [("1", "PAID"), ("7", "READY")]
    leave(practice)
    segments = written(practice, replaced)
    assert segments[0] == f"CLM*{number[:-1]}2*230.5***11:B:7*Y*A*Y*Y"
    assert "REF*F8*ICN1B" in segments

    more = USUAL.replace("*225.5*162.9*", "*230.5*167.9*").replace("*150*102.5*", "*155*107.5*")
    received(
        practice,
        era(
            taken_back(told(USUAL, number, icn="ICN1B")),
            told(more, f"{number[:-1]}2", icn="ICN7"),
            on="20261122",
        ),
    )
    paid = again(practice, claim)
    assert (paid["stage"], paid["paid"], paid["balance"]) == ("PAID", "167.90", "0.00")
    assert paid["payerClaimControlNumber"] == "ICN7"
    attempts = practice.get(f"/v1/claims/{claim['id']}/submissions")["items"]
    assert attempts[1]["stage"] == "PAID"


def test_a_claim_is_void_when_the_payer_has_taken_the_void_in(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    void = asked(practice, claim, "void")
    assert (void["frequency"], void["stage"]) == ("8", "READY")
    leave(practice)
    segments = written(practice, void)
    assert ":8*" in segments[0]
    assert "REF*F8*ICN1" in segments
    acknowledged(practice, void["patientControlNumber"], "A2")
    assert again(practice, claim)["stage"] == "VOIDED"
    assert "void" in refused(practice, claim, "replace")
    number = claim["patientControlNumber"]
    received(practice, era(taken_back(told(USUAL, number)), on="20261122"))
    assert (again(practice, claim)["stage"], again(practice, claim)["paid"]) == ("VOIDED", "0.00")
    assert accounts(practice)["charges"] == "-225.50"


def test_lesson_25_a_rejected_claim_goes_again_as_an_original(practice: Practice) -> None:
    claim = sent(practice)
    number = claim["patientControlNumber"]
    assert "only a rejected claim" in refused(practice, claim, "resubmit")
    acknowledged(practice, number, "A7")
    assert again(practice, claim)["stage"] == "REJECTED"
    assert "nothing to replace" in refused(practice, claim, "replace")
    once_more = asked(practice, claim, "resubmit", json=encounter(claimNote="CORRECTED"))
    assert (once_more["frequency"], once_more["stage"]) == ("1", "READY")
    assert once_more["patientControlNumber"] == f"{number[:-1]}2"
    leave(practice)
    segments = written(practice, once_more)
    assert "NTE*ADD*CORRECTED" in segments
    assert not [s for s in segments if s.startswith("REF*F8")]
    attempts = practice.get(f"/v1/claims/{claim['id']}/submissions")["items"]
    assert [(a["patientControlNumber"], a["frequency"], a["stage"]) for a in attempts] == [
        (number, "1", "REJECTED"),
        (f"{number[:-1]}2", "1", "TRANSMITTED"),
    ]
    assert accounts(practice)["charges"] == "-225.50"
    # What is still said of the first attempt is found, and pays the one claim.
    decided(practice, claim)
    assert again(practice, claim)["paid"] == "162.90"


def test_lesson_30_many_go_again_as_one_does_or_none(practice: Practice) -> None:
    claims = [sent(practice, number) for number in (1, 2, 3)]
    for claim in claims[:2]:
        acknowledged(practice, claim["patientControlNumber"], "A7")
    ids = [claim["id"] for claim in claims]
    all_three = practice.ask("POST", "/v1/claims:resubmit", json={"claimIds": ids})
    assert all_three.status_code == 409
    assert [again(practice, c)["attempt"] for c in claims] == [1, 1, 1]
    two = practice.ask("POST", "/v1/claims:resubmit", json={"claimIds": ids[:2]})
    assert two.status_code == 200
    assert [c["patientControlNumber"][-2:] for c in two.json()["items"]] == ["-2", "-2"]
    nobody = practice.ask("POST", "/v1/claims:resubmit", json={})
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (400, "/claimIds")


def test_a_corrected_encounter_must_be_the_claims_own(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    assert "another one" in refused(practice, claim, "replace", json=encounter(number=9))
    assert again(practice, claim)["attempt"] == 1
