"""Lesson 25: rejected is not denied. The one was never decided on, the other goes on by its number.

A 277CA that turns the claim away leaves nothing to appeal or to replace, and the claim goes again
as an original under a new number. An 835 that denies is a decision: that claim is replaced.
"""

from __future__ import annotations

from typing import Any

from tests.cash.desk import Desk
from tests.flows.stories import story
from tests.http.next_payer import again, leave, written
from tests.http.test_again import acknowledged, asked, refused, sent
from tests.http.test_loop import encounter


def test_lesson_25_a_rejected_claim_goes_again_as_an_original(desk: Desk) -> None:
    claim = sent(desk)
    assert "only a rejected claim" in refused(desk, claim, "resubmit")
    acknowledged(desk, "C000000001-1", "A7")
    rejected = again(desk, claim)
    assert (rejected["status"], rejected["stage"]) == ("REJECTED", "REJECTED")
    assert "nothing to replace" in refused(desk, claim, "replace")
    assert desk.items("/v1/denials") == []
    assert [row["category"] for row in desk.view("wl_claims_rejected_payer")] == ["REJECTED"]

    once_more = asked(desk, claim, "resubmit", json=encounter(claimNote="CORRECTED"))
    assert (once_more["frequency"], once_more["patientControlNumber"]) == ("1", "C000000001-2")
    leave(desk)
    segments = written(desk, once_more)
    assert "NTE*ADD*CORRECTED" in segments
    assert not [s for s in segments if s.startswith("REF*F8")]
    attempts = desk.get(f"/v1/claims/{claim['id']}/submissions")["items"]
    assert [(a["patientControlNumber"], a["frequency"], a["stage"]) for a in attempts] == [
        ("C000000001-1", "1", "REJECTED"),
        ("C000000001-2", "1", "TRANSMITTED"),
    ]
    assert desk.accounts() == {"charges": "-225.50", "receivable_payer": "225.50"}
    # What is still said of the first attempt is found, and pays the one claim.
    desk.send(story("11_a_decided"))
    assert again(desk, claim)["paid"] == "162.90"


def test_lesson_25_a_denied_claim_is_replaced_and_not_resubmitted(desk: Desk) -> None:
    claim = sent(desk)
    desk.send(story("25_b_denied"))
    denied = again(desk, claim)
    assert (denied["status"], denied["stage"]) == ("DENIED", "DENIED")
    assert desk.view("wl_claims_rejected_payer") == []
    assert len(desk.items("/v1/denials")) == 2
    assert "only a rejected claim" in refused(desk, claim, "resubmit")
    replaced = asked(desk, claim, "replace", json=encounter(claimNote="AUTHORIZED"))
    assert replaced["frequency"] == "7"
    leave(desk)
    assert "REF*F8*ICN2501" in written(desk, replaced)


def test_lesson_25_the_dimensions_of_a_claim_do_not_mix_and_every_change_names_its_cause(
    desk: Desk,
) -> None:
    claim = sent(desk)
    acknowledged(desk, "C000000001-1", "A2")
    file = desk.send(story("25_b_denied"))
    appeal = desk.post("/v1/appeals", {"denialIds": [d["id"] for d in desk.items("/v1/denials")]})
    desk.post(f"/v1/appeals/{appeal['id']}:file", {"method": "mail"}, status=200)
    shown = again(desk, claim)
    assert (shown["stage"], shown["appeal"], shown["balance"]) == ("DENIED", "FILED", "225.50")
    timeline: list[dict[str, Any]] = desk.get(f"/v1/claims/{claim['id']}/timeline")["items"]
    assert {(x["stage"], x["reportedBy"], bool(x["fileId"])) for x in timeline} == {
        ("READY", "SYSTEM", False),
        ("BATCHED", "SYSTEM", False),
        ("TRANSMITTED", "SYSTEM", False),
        ("ACCEPTED_PAYER", "PAYER", True),
        ("DENIED", "PAYER", True),
    }
    assert all(x["at"] for x in timeline)
    [decision] = [x for x in timeline if x["stage"] == "DENIED"]
    assert (decision["fileId"], decision["loop"]) == (file["id"], "2100")
    # A late acknowledgment never takes a decision back.
    acknowledged(desk, "C000000001-1", "A1")
    assert again(desk, claim)["stage"] == "DENIED"
