"""Lesson 13: a claim that the payer has sent on is not sent again; its next 835 is waited for."""

from __future__ import annotations

import pytest

from tests.cash.desk import Desk
from tests.flows.stories import story
from tests.http.next_payer import MONEY, again, sent

SIGNS = [
    "status_19_without_carrier",
    "carrier_without_status_19",
    "remark_ma18",
    "remark_n89_of_a_line",
    "status_20",
    "status_21",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_lesson_13_a_payer_that_sent_the_claim_on_keeps_our_own_back(desk: Desk, sign: str) -> None:
    claim = sent(desk)
    desk.send(story(f"13_a_{sign}"))
    assert again(desk, claim)["nextResponsibility"]["state"] == "crossover_waiting"
    assert desk.view("wl_claims_secondary_ready") == []
    assert len(desk.view("wl_claims_crossover_waiting")) == 1
    response = desk.ask("POST", f"/v1/claims/{claim['id']}:billNext")
    assert response.status_code == 409
    assert "crossover" in response.json()["detail"]

    # The second payer answers under the number that we gave the first.
    desk.send(story("13_b_next_payer_answers"))
    following = again(desk, claim)["nextResponsibility"]
    assert following["state"] == "billed"
    second = desk.get(f"/v1/claims/{following['claimId']}")
    assert (second["responsibility"], second["stage"]) == ("S", "PAID")
    assert [second[part] for part in MONEY] == ["15.00", "0.00", "2.50", "0.00"]
    assert [again(desk, claim)[part] for part in MONEY] == ["162.90", "45.10", "17.50", "0.00"]
    assert desk.accounts() == {
        "cash": "177.90",
        "charges": "-225.50",
        "contractual": "45.10",
        "receivable_patient": "2.50",
    }
    timeline = desk.get(f"/v1/claims/{second['id']}/timeline")["items"]
    assert [(x["stage"], x["code"]) for x in timeline] == [
        ("FORWARDED", "crossover"),
        ("PAID", "CLP02=2"),
    ]
    assert desk.ask("POST", "/v1/batches").json()["items"] == []  # nothing of ours goes to it


def test_lesson_13_the_next_payers_remittance_may_come_first(desk: Desk) -> None:
    claim = sent(desk)
    desk.send(story("13_b_next_payer_answers"))
    assert again(desk, claim)["paid"] == "0.00"
    desk.send(story("13_a_status_19_without_carrier"))
    second = desk.get(f"/v1/claims/{again(desk, claim)['nextResponsibility']['claimId']}")
    assert [second[part] for part in MONEY] == ["15.00", "0.00", "2.50", "0.00"]
    assert desk.accounts()["receivable_patient"] == "2.50"
    assert "receivable_payer" not in desk.accounts()
