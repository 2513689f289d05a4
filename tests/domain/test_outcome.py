"""CLP02 lies and zero has many reasons: the lines say how a claim came out (api.md 4.4)."""

from __future__ import annotations

import pytest

from app.domain.lifecycle import Stage
from app.domain.outcome import classify
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
    assert classify(paid) is stage
