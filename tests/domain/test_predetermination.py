"""A predetermination asks what a payer would pay: nobody owes, pays or denies anything for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.claim_matching import Candidate
from app.domain.lifecycle import Stage
from app.domain.matching import Match, Waits, match
from app.domain.money import ZERO
from app.domain.outcome import outcome_of
from app.domain.remittance import ClaimPayment
from tests.domain.remits import claim, payment, remittance, service

ASKED = replace(
    claim("900"),
    predetermination=True,
    lines=tuple(replace(line, predetermination=True) for line in claim("900").lines),
)
ESTIMATE = payment(service("900", "0", "CO*45*180 OA*101*720"), status="25")

ANSWERS = [
    ("as the guide has it", ESTIMATE, Stage.PREDETERMINED),
    ("under CLP02 = 1", replace(ESTIMATE, status="1"), Stage.PREDETERMINED),
    ("refused", payment(service("900", "0", "CO*197*900"), status="4"), Stage.PREDETERMINED),
    ("taken back", payment(service("-900", "0", "OA*101*-900"), status="22"), Stage.REVERSED),
]


@pytest.mark.parametrize(("story", "answer", "stage"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_whatever_is_said_of_it_is_an_estimate(
    story: str, answer: ClaimPayment, stage: Stage
) -> None:
    assert outcome_of(answer, ASKED).stage is stage


def test_the_same_answer_to_a_claim_is_a_payment() -> None:
    paid = payment(service("900", "720", "CO*45*180"))
    assert outcome_of(paid, claim("900")).stage is Stage.PAID


def test_nobody_owes_anything_for_it() -> None:
    assert (ASKED.receivable, ASKED.balance) == (ZERO, ZERO)
    assert [(line.receivable, line.balance) for line in ASKED.lines] == [(ZERO, ZERO)]
    assert ASKED.charge == 900


def test_a_payment_for_it_waits_and_an_estimate_does_not() -> None:
    paid = payment(service("900", "720", "CO*45*180"))
    verdict = _judged(paid, mark="a")
    assert isinstance(verdict, Waits)
    assert verdict.reason == "predetermination"
    assert isinstance(_judged(ESTIMATE, mark="b"), Match)


def _judged(said: ClaimPayment, *, mark: str) -> Match | Waits:
    asked = Candidate(ASKED, ((said.patient_control_number, ASKED.submission_id),))
    return match(said, [asked], remittance=remittance(), fingerprint=mark, posted=())
