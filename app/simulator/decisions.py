"""From claims received to claims decided, by the scenario of each member id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.received import Claim, TransactionSet
from app.simulator.scenarios import (
    NOTHING,
    LineAdjustment,
    LineDecision,
    PaymentChange,
    Scenario,
    beside_prior,
    decide_claim,
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
    adjustments: tuple[LineAdjustment, ...] = ()  # of the claim itself

    @property
    def told_lines(self) -> tuple[LineDecision, ...]:
        """The lines the answer speaks of: all, or none."""
        adjudication = self.scenario.adjudication
        return self.lines if adjudication is not None and adjudication.tells_lines else ()

    @property
    def paid(self) -> Decimal:
        on_claim = sum((a.amount for a in self.adjustments), NOTHING)
        return sum((line.paid for line in self.lines), NOTHING) - on_claim

    @property
    def payment_change(self) -> PaymentChange | None:
        """What the claim's scenario does to the payment beside it; an estimate does nothing."""
        adjudication = self.scenario.adjudication
        if adjudication is None or self.claim.predetermination:
            return None
        return adjudication.payment_change

    @property
    def patient_responsibility(self) -> Decimal:
        on_claim = sum((a.amount for a in self.adjustments if a.group == "PR"), NOTHING)
        return sum((line.patient_responsibility for line in self.lines), on_claim)


def rejected_claims(received: TransactionSet) -> list[Claim]:
    """The claims for which the clearinghouse rejects the whole transaction set in its 999."""
    return [c for c in received.claims if scenario_of(c.member_id).rejects_transaction]


def decide(claim: Claim, *, content_key: str) -> Decided | None:
    """The payer's answer; None when it never answers."""
    scenario = scenario_of(claim.member_id)
    if scenario.category is None:
        return None
    lines: tuple[LineDecision, ...] = ()
    adjustments: tuple[LineAdjustment, ...] = ()
    if scenario.adjudication is not None:
        asked = [line.charge - line.settled for line in claim.lines]
        own = decide_lines(asked, scenario.adjudication)
        settled = [line.settled for line in claim.lines]
        lines = tuple(beside_prior(*pair) for pair in zip(own, settled, strict=True))
        left = sum((line.paid for line in lines), NOTHING)
        adjustments = decide_claim(claim.charge, left, claim.days, scenario.adjudication)
    if claim.predetermination:
        lines = tuple(map(priced, lines))
    return Decided(claim, scenario, _claim_number(claim, content_key), lines, adjustments)


def derived(*parts: str, digits: int) -> int:
    """A number from 1 on that the same parts always give."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:16], "big") % int("9" * digits) + 1


def _claim_number(claim: Claim, content_key: str) -> str:
    """CLP07 and REF*1K: the payer's own number of the claim."""
    number = derived(content_key, claim.payer_id, claim.patient_control_number, digits=10)
    return f"ICN{number:010d}"
