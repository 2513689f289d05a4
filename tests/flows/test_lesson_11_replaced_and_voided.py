"""Lesson 11: a replacement and a void name the payer's number that stands; without one, neither.

The payer decides, then takes that back and decides anew under another number; the claim is
replaced by that number, and the replacement is decided on.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

import edi
from tests.cash.desk import Desk
from tests.flows.stories import story
from tests.http.next_payer import again, leave, written
from tests.http.test_again import acknowledged, asked, refused, sent
from tests.http.test_loop import SAMPLE, claimed, encounter

WHY = {"reason": "billed for another patient"}


def test_lesson_11_a_claim_that_was_never_decided_on_is_not_changed(desk: Desk) -> None:
    claim = claimed(desk)
    assert "has not left" in refused(desk, claim, "replace")
    leave(desk)
    for what, body in (("replace", {}), ("void", {"json": WHY})):
        assert "never adjudicated" in refused(desk, claim, what, **body)
    # The number that a 277CA gives is of a claim that is not decided on yet.
    acknowledged(desk, claim["patientControlNumber"], "A2")
    assert "never adjudicated" in refused(desk, claim, "replace")
    assert "only a rejected claim" in refused(desk, claim, "resubmit")


def test_lesson_11_a_replacement_names_the_latest_number_and_charges_the_difference(
    desk: Desk,
) -> None:
    claim = sent(desk)
    desk.send(story("11_a_decided"))
    desk.send(story("11_b_decided_again_under_a_new_number"))
    corrected = encounter(totalCharge="230.50")
    corrected["serviceLines"] = deepcopy(SAMPLE["serviceLines"])
    corrected["serviceLines"][0]["charge"] = "155.00"
    replaced = asked(desk, claim, "replace", json=corrected)
    assert (replaced["frequency"], replaced["stage"], replaced["attempt"]) == ("7", "READY", 2)
    # One receivable, of which 5.00 are new and open; what was paid stays until it is taken back.
    assert (replaced["charge"], replaced["paid"], replaced["balance"]) == (
        "230.50", "162.90", "5.00")  # fmt: skip
    assert desk.accounts()["charges"] == "-230.50"
    assert "under way" in refused(desk, claim, "replace")
    assert attempts(desk, claim["id"]) == [
        ("C000000001-1", "1", "PAID"),
        ("C000000001-2", "7", "READY"),
    ]
    leave(desk)
    segments = written(desk, replaced)
    assert segments[0] == "CLM*C000000001-2*230.5***11:B:7*Y*A*Y*Y"
    assert [s for s in segments if s.startswith("REF*F8")] == ["REF*F8*ICN1101B"]

    desk.send(story("11_c_replacement_decided"))
    paid = again(desk, claim)
    assert (paid["stage"], paid["paid"], paid["balance"]) == ("PAID", "167.90", "0.00")
    assert paid["payerClaimControlNumber"] == "ICN1107"
    # The lineage stays: what was replaced, and by what.
    assert attempts(desk, claim["id"]) == [
        ("C000000001-1", "1", "REPLACED"),
        ("C000000001-2", "7", "PAID"),
    ]


def attempts(desk: Desk, claim_id: str) -> list[tuple[str, str, str]]:
    found = desk.get(f"/v1/claims/{claim_id}/submissions")["items"]
    return [(a["patientControlNumber"], a["frequency"], a["stage"]) for a in found]


def test_lesson_11_a_void_is_void_when_taken_in_and_its_charge_goes_with_its_money(
    desk: Desk,
) -> None:
    claim = sent(desk)
    desk.send(story("11_a_decided"))
    # A void gives money back: nobody asks for one without saying why.
    bare = desk.ask("POST", f"/v1/claims/{claim['id']}:void")
    assert (bare.status_code, again(desk, claim)["attempt"]) == (400, 1)
    void = asked(desk, claim, "void", json=WHY)
    assert (void["frequency"], void["stage"]) == ("8", "READY")
    leave(desk)
    segments = written(desk, void)
    assert segments[0] == "CLM*C000000001-2*225.5***11:B:8*Y*A*Y*Y"
    assert "REF*F8*ICN1101" in segments
    acknowledged(desk, void["patientControlNumber"], "A2")
    assert again(desk, claim)["stage"] == "VOIDED"
    assert "void" in refused(desk, claim, "replace")
    # The payer still has to take its money back, so the charge stands as long as that.
    assert again(desk, claim)["paid"] == "162.90"
    desk.send(story("11_d_void_taken_back"))
    ended = again(desk, claim)
    assert (ended["stage"], ended["paid"]) == ("VOIDED", "0.00")


def test_lesson_11_a_void_is_answered_by_its_22_alone(desk: Desk) -> None:
    """No 277CA for the void: the payer takes its money back under the number of what it paid."""
    claim = sent(desk)
    desk.send(story("11_a_decided"))
    asked(desk, claim, "void", json=WHY)
    leave(desk)
    desk.send(story("11_d_void_taken_back"))
    ended = again(desk, claim)
    assert (ended["stage"], ended["paid"]) == ("VOIDED", "0.00")
    assert attempts(desk, claim["id"]) == [
        ("C000000001-1", "1", "REVERSED"),
        ("C000000001-2", "8", "VOIDED"),
    ]
    # A person takes the 22 off the books and puts it back: the void is open, and void again.
    at = f"/v1/remittances/{desk.items('/v1/remittances')[-1]['id']}"
    desk.post(f"{at}:unpost", WHY, status=200)
    assert (again(desk, claim)["stage"], again(desk, claim)["paid"]) == ("TRANSMITTED", "162.90")
    desk.post(f"{at}:repost", WHY, status=200)
    assert (again(desk, claim)["stage"], again(desk, claim)["paid"]) == ("VOIDED", "0.00")
    desk.verified()


@pytest.mark.parametrize("left", [True, False])
def test_lesson_11_what_was_rejected_is_paid_under_its_first_number(desk: Desk, left: bool) -> None:
    claim = sent(desk)
    acknowledged(desk, claim["patientControlNumber"], "A7")
    asked(desk, claim, "resubmit")
    if left:
        leave(desk)
    desk.send(story("11_a_decided"))
    paid = again(desk, claim)
    assert (paid["attempt"], paid["stage"], paid["paid"]) == (2, "PAID", "162.90")
    # What has not left by then is asked no more.
    leave(desk)
    assert again(desk, claim)["stage"] == "PAID"
    at = f"/v1/remittances/{desk.items('/v1/remittances')[-1]['id']}"
    desk.post(f"{at}:unpost", WHY, status=200)
    assert again(desk, claim)["stage"] == ("TRANSMITTED" if left else "READY")
    desk.verified()


def test_lesson_11_the_next_number_is_of_the_same_root_and_is_not_reused(desk: Desk) -> None:
    claim = sent(desk)
    acknowledged(desk, claim["patientControlNumber"], "A7")
    for attempt in (2, 3):
        once_more = asked(desk, claim, "resubmit")
        assert (once_more["patientControlNumber"], once_more["frequency"]) == (
            f"C000000001-{attempt}", "1")  # fmt: skip
        leave(desk)
        data = desk.ask("GET", f"/v1/claims/{claim['id']}/x12").content
        assert edi.check(data).issues == []
        assert b"REF*F8" not in data
        acknowledged(desk, once_more["patientControlNumber"], "A7")
    assert [number for number, _, _ in attempts(desk, claim["id"])] == [
        "C000000001-1",
        "C000000001-2",
        "C000000001-3",
    ]
