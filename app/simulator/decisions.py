"""From claims received to claims decided, by the scenario of each member id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.received import Claim, TransactionSet
from app.simulator.scenarios import (
    NOTHING,
    LineDecision,
    PaymentChange,
    Scenario,
    decide_lines,
    priced,
    scenario_of,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim with the payer's answer to it."""

    claim: Claim
    scenario: Scenario
    payer_claim_control_number: str
    lines: tuple[LineDecision, ...] = ()

    @property
    def paid(self) -> Decimal:
        return sum((line.paid for line in self.lines), NOTHING)

    @property
    def payment_change(self) -> PaymentChange | None:
        """What the claim's scenario does to the payment beside it; an estimate does nothing."""
        adjudication = self.scenario.adjudication
        if adjudication is None or self.claim.predetermination:
            return None
        return adjudication.payment_change

    @property
    def patient_responsibility(self) -> Decimal:
        return sum((line.patient_responsibility for line in self.lines), NOTHING)


def rejected_claims(received: TransactionSet) -> list[Claim]:
    """The claims for which the clearinghouse rejects the whole transaction set in its 999."""
    return [c for c in received.claims if scenario_of(c.member_id).rejects_transaction]


def decide(claim: Claim, *, content_key: str) -> Decided | None:
    """The payer's answer; None when it never answers."""
    scenario = scenario_of(claim.member_id)
    if scenario.category is None:
        return None
    lines: tuple[LineDecision, ...] = ()
    if scenario.adjudication is not None:
        lines = tuple(decide_lines([line.charge for line in claim.lines], scenario.adjudication))
    if claim.predetermination:
        lines = tuple(map(priced, lines))
    return Decided(claim, scenario, _claim_number(claim, content_key), lines)


def derived(*parts: str, digits: int) -> int:
    """A number from 1 on that the same parts always give."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:16], "big") % int("9" * digits) + 1


def _claim_number(claim: Claim, content_key: str) -> str:
    """CLP07 and REF*1K: the payer's own number of the claim."""
    number = derived(content_key, claim.payer_id, claim.patient_control_number, digits=10)
    return f"ICN{number:010d}"
