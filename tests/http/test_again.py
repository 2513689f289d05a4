"""Claims that go again: what their stories share (tests/flows/test_lesson_11, _25, _30)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.eras import received
from tests.http.loop import Practice
from tests.http.next_payer import again, decided, leave, true_books
from tests.http.test_loop import claimed, encounter


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


def test_a_corrected_encounter_must_be_the_claims_own(practice: Practice) -> None:
    claim = sent(practice)
    decided(practice, claim)
    assert "another one" in refused(practice, claim, "replace", json=encounter(number=9))
    assert again(practice, claim)["attempt"] == 1
