"""What a payment that waits may be about, asked for over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.loop import Practice
from tests.http.test_loop import claimed

STORY = (
    Path(__file__).parents[2] / "fixtures/x12/835/lessons/07_b_numbers_as_payers_return_them.edi"
)


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def test_suggestions_name_claims_with_method_confidence_and_why(practice: Practice) -> None:
    claim = claimed(practice)
    number = claim["patientControlNumber"]
    # The claim has its number from us, so it is known by it even while it has not left.
    data = STORY.read_bytes().replace(b"MAPLE-0001/A", number.encode())
    assert practice.ask("POST", "/v1/files", content=data).status_code == 202
    practice.work()
    (listed,) = practice.get("/v1/remittances")["items"]
    assert (listed["seen"], listed["samePaymentAs"]) == ("first", None)
    items = practice.get(f"/v1/remittances/{listed['id']}")["items"]
    ours = practice.get(f"/v1/claim-payments/{items[0]['id']}/suggestions")
    (suggestion,) = ours["claims"]
    assert suggestion["claimId"] == claim["id"]
    assert (suggestion["method"], suggestion["confidence"]) == (
        "patient_control_number",
        "certain",
    )
    assert suggestion["why"] == ["CLP01 is its patient control number."]
    assert {line["claimId"] for line in ours["lines"]} == {claim["id"]}
    assert practice.get(f"/v1/claim-payments/{items[1]['id']}/suggestions") == {
        "claims": [],
        "lines": [],
    }
    other = practice.ask("GET", f"/v1/claim-payments/{items[0]['id']}/suggestions", key="OTHER")
    assert other.status_code == 404
    nobody = practice.ask("GET", "/v1/claim-payments/rcl_nothing/suggestions")
    assert nobody.status_code == 404
