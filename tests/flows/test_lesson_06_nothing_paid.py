"""Lesson 6: a payment of nothing has many reasons, and only some of them are denials.

Each claim of 100.00 is paid 0.00 under CLP02 1; the reasons alone tell them apart.
"""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

from app.domain.lifecycle import Stage
from app.domain.outcome import Reason, classify
from tests.cash.desk import SAMPLE, Desk
from tests.flows.clinic import Clinic
from tests.flows.stories import story

SECOND_COVERAGE: dict[str, Any] = {
    "responsibility": "S",
    "payerId": "87726",
    "payerName": "SECOND HEALTH",
    "claimFilingCode": "CI",
    "memberId": "X5550001",
    "relationship": "18",
}
# Number: why; stage; adjusted, the patient's, still owed by the payer; denied by.
NOTHING = {
    "6001-1": (Reason.PATIENT_RESPONSIBILITY, Stage.ZERO_PAY, (0, 100, 0), []),
    "6002-1": (Reason.ALL_DENIED, Stage.DENIED, (0, 0, 100), ["197"]),
    "6003-1": (Reason.CAPITATION, Stage.ZERO_PAY, (100, 0, 0), []),
    "6004-1": (Reason.CONTRACTUAL, Stage.ZERO_PAY, (0, 0, 100), []),
    "6005-1": (Reason.PATIENT_RESPONSIBILITY, Stage.ZERO_PAY, (20, 80, 0), []),
    "6006-1": (Reason.ALL_DENIED, Stage.DENIED, (20, 0, 80), ["197"]),
    "6007-1": (Reason.PATIENT_RESPONSIBILITY, Stage.ZERO_PAY, (0, 100, 0), []),
    "6008-1": (Reason.BUNDLED, Stage.ZERO_PAY, (0, 0, 100), ["97"]),
    "6009-1": (Reason.ALL_DENIED, Stage.DENIED, (0, 0, 100), ["204"]),
}


def test_lesson_06_the_reasons_tell_why_nothing_was_paid(clinic: Clinic) -> None:
    for number in NOTHING:
        clinic.bill(number, 100)
    clinic.take(story("06_nothing_paid_for_many_reasons"))
    assert {state for _, state, _ in clinic.states()} == {"posted"}
    with clinic.work() as uow:
        [stored] = uow.remittances.page(limit=9, after=None)
        kept = uow.payments.of_remittance(stored.id, limit=50, after=0)
    why = {k.payment.patient_control_number: classify(k.payment).reasons for k in kept}
    for number, (reason, stage, (adjusted, patient, open), denied) in NOTHING.items():
        assert clinic.figures(number) == (stage, 0, adjusted, patient, open), number
        assert reason in why[number], number
        assert [code for code, _, _ in clinic.denials(number)] == denied, number
    # What is above the fee schedule in whole is not written off: somebody looks.
    assert [number for number, _, _ in clinic.listed("underpayments")] == ["6004-1"]
    assert clinic.balances() == {
        "charges": D(-900),
        "contractual": D(140),
        "receivable_patient": D(280),
        "receivable_payer": D(480),
    }
    assert clinic.verify() == []


def test_lesson_06_a_prior_payer_on_a_secondary_closes_it(desk: Desk) -> None:
    """OA-23 for all of it: the first has settled what there was, and sent the claim on."""
    claim = desk.claim(coverages=[SAMPLE["coverages"][0], SECOND_COVERAGE])
    desk.send(story("06_first_pays_and_sends_it_on"))
    desk.send(story("06_secondary_pays_nothing"))
    following = desk.get(f"/v1/claims/{claim['id']}")["nextResponsibility"]
    second = desk.get(f"/v1/claims/{following['claimId']}")
    assert (second["responsibility"], second["stage"], second["balance"]) == (
        "S", "ZERO_PAY", "0.00")  # fmt: skip
    assert desk.accounts() == {"charges": "-225.50", "cash": "180.40", "contractual": "45.10"}
    assert desk.items("/v1/denials") == []
