"""From claims received to claims decided, by the scenario of each member id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from app.simulator.named import scenario_for
from app.simulator.received import Claim, TransactionSet
from app.simulator.scenarios import (
    CENT,
    NOTHING,
    PAID_IN_FULL,
    Adjudication,
    Fault,
    LineAdjustment,
    LineDecision,
    PaymentChange,
    Scenario,
    Telling,
    beside_prior,
    decide_claim,
    decide_lines,
    priced,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim with the payer's answer to it."""

    claim: Claim
    scenario: Scenario
    payer_claim_control_number: str
    lines: tuple[LineDecision, ...] = ()
    adjustments: tuple[LineAdjustment, ...] = ()  # of the claim itself
    adjudication: Adjudication = PAID_IN_FULL  # what it was decided by
    reverses: bool = False  # CLP02 22: the amounts are those of the decision with a minus
    original_number: str | None = None  # of the decision that this one stands in for

    @property
    def told_lines(self) -> tuple[LineDecision, ...]:
        """The lines the answer speaks of: all, or none."""
        return () if self.adjudication.telling is Telling.NONE else self.lines

    @property
    def paid(self) -> Decimal:
        """What CLP04 says; a faulty one says a cent more than its lines and adjustments make."""
        on_claim = sum((a.amount for a in self.adjustments), NOTHING)
        slip = CENT if self.adjudication.fault is Fault.CLAIM else NOTHING
        return sum((line.paid for line in self.lines), NOTHING) - on_claim + slip

    @property
    def payment_change(self) -> PaymentChange | None:
        """What the claim's scenario does to the payment beside it; an estimate does nothing."""
        return None if self.claim.predetermination else self.adjudication.payment_change

    @property
    def patient_responsibility(self) -> Decimal:
        on_claim = sum((a.amount for a in self.adjustments if a.group == "PR"), NOTHING)
        return sum((line.patient_responsibility for line in self.lines), on_claim)


def rejected_claims(received: TransactionSet) -> list[Claim]:
    """The claims for which the clearinghouse rejects the whole transaction set in its 999."""
    return [c for c in received.claims if scenario_for(c.member_id).rejects_transaction]


def decide(claim: Claim, *, content_key: str) -> Decided | None:
    """The payer's answer; None when it never answers."""
    scenario = scenario_for(claim.member_id)
    if scenario.category is None:
        return None
    number = _claim_number(claim, content_key)
    if scenario.adjudication is None:
        return Decided(claim, scenario, number)
    return _decided(claim, scenario, scenario.adjudication, number=number)


def in_rounds(decided: Decided, *, content_key: str) -> list[tuple[int, Decided]]:
    """All that is told of a claim: its decision, what takes it back, and the one after it."""
    if decided.scenario.adjudication is None:
        return []
    later, number = decided.scenario.afterwards, decided.payer_claim_control_number
    told = [(later.first, decided)]
    if later.taken_back is not None:
        told.append((later.taken_back, _taken_back(decided)))
    if later.again is not None and later.anew is not None:
        anew = _decided(
            decided.claim,
            decided.scenario,
            later.anew,
            number=_claim_number(decided.claim, f"{content_key} again"),
        )
        told.append((later.again, replace(anew, original_number=number)))
    return told


def _decided(
    claim: Claim, scenario: Scenario, adjudication: Adjudication, *, number: str
) -> Decided:
    asked = [line.charge - line.settled for line in claim.lines]
    own = decide_lines(asked, adjudication)
    settled = [line.settled for line in claim.lines]
    lines = tuple(beside_prior(*pair) for pair in zip(own, settled, strict=True))
    left = sum((line.paid for line in lines), NOTHING)
    adjustments = decide_claim(claim.charge, left, claim.days, adjudication)
    if claim.predetermination:
        lines = tuple(map(priced, lines))
    return Decided(claim, scenario, number, lines, adjustments, adjudication)


def _taken_back(decided: Decided) -> Decided:
    """The same decision with every amount turned round (835.md 4)."""
    return replace(
        decided,
        lines=tuple(
            LineDecision(-line.charge, -line.paid, _turned(line.adjustments))
            for line in decided.lines
        ),
        adjustments=_turned(decided.adjustments),
        adjudication=replace(decided.adjudication, payment_change=None),
        reverses=True,
    )


def _turned(adjustments: Iterable[LineAdjustment]) -> tuple[LineAdjustment, ...]:
    return tuple(LineAdjustment(a.group, a.reason, -a.amount) for a in adjustments)


def derived(*parts: str, digits: int) -> int:
    """A number from 1 on that the same parts always give."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:16], "big") % int("9" * digits) + 1


def _claim_number(claim: Claim, content_key: str) -> str:
    """CLP07 and REF*1K: the payer's own number of the claim."""
    number = derived(content_key, claim.payer_id, claim.patient_control_number, digits=10)
    return f"ICN{number:010d}"
