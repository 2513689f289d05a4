"""CLP02 lies and zero has many reasons: the lines say how a claim came out (api.md 4.4)."""

from __future__ import annotations

import pytest

from app.domain.lifecycle import Stage
from app.domain.outcome import Reason, classify
from app.domain.remittance import ClaimPayment

from .remits import payment, service

STORIES = [
    ("paid in full", payment(service("100", "100")), Stage.PAID),
    ("paid after contract and patient share",
     payment(service("100", "65", "CO*45*20 PR*1*10 PR*2*5")), Stage.PAID),
    ("one line paid, one denied, CLP02 = 1",
     payment(service("100", "80", "CO*45*20"), service("50", "0", "CO*197*50", ordinal=2)),
     Stage.PARTIALLY_PAID),
    ("units cut", payment(service("100", "60", "CO*151*40")), Stage.PARTIALLY_PAID),
    ("denied though CLP02 = 1", payment(service("100", "0", "CO*197*100")), Stage.DENIED),
    ("denied after contract", payment(service("100", "0", "CO*45*20 CO*50*80")), Stage.DENIED),
    ("CLP02 = 4", payment(service("100", "0", "CO*31*100"), status="4"), Stage.DENIED),
    ("all of it is deductible", payment(service("100", "0", "CO*45*20 PR*1*80")), Stage.ZERO_PAY),
    ("capitation", payment(service("100", "0", "CO*24*100")), Stage.ZERO_PAY),
    ("the prior payer paid it all", payment(service("100", "0", "OA*23*100"), status="2"),
     Stage.ZERO_PAY),
    ("bundled into another line", payment(service("100", "0", "CO*97*100")), Stage.ZERO_PAY),
    ("patient liable for what is not covered", payment(service("100", "0", "PR*96*100")),
     Stage.DENIED),
    ("adjudicated without lines and denied", payment(charge="100", paid="0", cas="CO*29*100"),
     Stage.DENIED),
    ("adjudicated without lines and paid", payment(charge="100", paid="80", cas="CO*45*20"),
     Stage.PAID),
    ("forwarded and paid", payment(service("100", "80", "CO*45*20"), status="19"), Stage.PAID),
    ("not theirs", payment(charge="100", paid="0", cas="OA*B11*100", status="23"),
     Stage.FORWARDED_TO_OTHER_PAYER),
    ("predetermination", payment(service("100", "0", "OA*101*100"), status="25"),
     Stage.PREDETERMINED),
    ("taken back", payment(service("-100", "-80", "CO*45*-20"), status="22"), Stage.REVERSED),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "stage"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_outcome(paid: ClaimPayment, stage: Stage) -> None:
    assert classify(paid).stage is stage


WHY = [
    ("lessons 6: deductible", payment(service("100", "0", "CO*45*20 PR*1*80")),
     {Reason.PATIENT_RESPONSIBILITY}),
    ("lessons 6: authorization", payment(service("100", "0", "CO*197*100")), {Reason.ALL_DENIED}),
    ("lessons 6: capitation", payment(service("100", "0", "CO*24*100")), {Reason.CAPITATION}),
    ("lessons 6: over the fee schedule for all of it", payment(service("100", "0", "CO*45*100")),
     {Reason.CONTRACTUAL}),
    ("lessons 6: the prior payer", payment(service("100", "0", "OA*23*100"), status="2"),
     {Reason.PRIOR_PAYER}),
    ("bundled, the rest above the fee schedule", payment(service("100", "0", "CO*97*70 CO*45*30")),
     {Reason.BUNDLED}),
    ("one line denied of two, nothing paid",
     payment(service("100", "0", "CO*197*100"), service("50", "0", "PR*1*50", ordinal=2)),
     {Reason.LINE_DENIED}),
    ("not covered, and the patient owes it", payment(service("100", "0", "PR*96*100")),
     {Reason.ALL_DENIED, Reason.PATIENT_LIABLE}),
    ("lessons 5: CLP02 = 4 for a patient they do not know",
     payment(service("100", "0", "CO*31*100"), status="4"), {Reason.PATIENT_NOT_IDENTIFIED}),
    ("lessons 5: CLP02 = 4 for a denial like any other",
     payment(service("100", "0", "CO*197*100"), status="4"), {Reason.NON_STANDARD_STATUS}),
    ("units cut and a line denied",
     payment(service("100", "60", "CO*151*40"), service("50", "0", "CO*197*50", ordinal=2)),
     {Reason.LINE_DENIED, Reason.UNITS_CUT}),
    ("paid", payment(service("100", "80", "CO*45*20")), set()),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "why"), [w[1:] for w in WHY], ids=[w[0] for w in WHY])
def test_an_outcome_says_why(paid: ClaimPayment, why: set[Reason]) -> None:
    assert set(classify(paid).reasons) == why
