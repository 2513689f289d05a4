"""The gates of a claim payment: balanced, not posted before, matched to a claim and its lines.

A verdict never guesses: a claim is found by its number or by two confirmations, every service by
its line's number or by what was billed (claim_matching, line_matching). What fails a gate waits
with a reason; it changes no claim, and never makes a charge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.claim_matching import Candidate, Confidence, Confirmation, find_claim, suggestions
from app.domain.line_matching import place
from app.domain.money import ZERO, money_text, plain
from app.domain.remittance import ClaimPayment, Remittance

PREDETERMINATION = "25"  # CLP02


@dataclass(frozen=True, slots=True)
class Match:
    """The claim and the lines of a payment that passed every gate, and how they were found.

    A service that `lines` does not name was added by the payer at no charge: it belongs to the
    claim as a whole.
    """

    claim: StoredClaim
    lines: Mapping[int, UUID] = field(default_factory=dict)  # service ordinal -> line id
    method: str = Confirmation.NUMBER
    confidence: Confidence = Confidence.CERTAIN
    line_methods: Mapping[int, str] = field(default_factory=dict)  # service ordinal -> method


@dataclass(frozen=True, slots=True)
class Waits:
    """Why a payment waits: a code for the queue and a sentence for the biller, without PHI."""

    reason: str
    message: str
    claim: StoredClaim | None = None  # the claim it is about, where that is certain


POSSIBLE_DUPLICATE = Waits(
    "possible_duplicate",
    "A claim payment with the same numbers and amounts under the same trace is posted already."
    " Compare the two remittances.",
)
# Until `settling` has found its original, which it looks for among the payments of the claim.
REVERSAL_WITHOUT_ORIGINAL = Waits(
    "reversal_without_original",
    "The payer takes a payment back (CLP02 = 22) that is not on the books. It posts by itself when"
    " that payment does; else find what it reverses.",
)


def match(
    payment: ClaimPayment,
    candidates: Sequence[Candidate],
    *,
    remittance: Remittance,
    fingerprint: str,
    posted: Collection[str],
) -> Match | Waits:
    """The verdict of the gates: balanced, not posted before, matched; in that order."""
    found = find_claim(payment, candidates, remittance=remittance)
    held = gate(payment, fingerprint=fingerprint, posted=posted)
    if held is not None:
        return replace(held, claim=found.claim if found else None)
    if found is None:
        near = len(suggestions(payment, candidates, remittance=remittance))
        return Waits("unmatched", _unmatched(near))
    return match_lines(payment, found.claim, method=found.method, confidence=found.confidence)


def gate(payment: ClaimPayment, *, fingerprint: str, posted: Collection[str]) -> Waits | None:
    """What holds a payment whatever claim it is about."""
    if payment.imbalances:
        worst = payment.imbalances[0]
        return Waits("unbalanced", f"{worst.message} Ask the payer for a corrected remittance.")
    if fingerprint in posted:
        return POSSIBLE_DUPLICATE
    if payment.is_reversal:
        return REVERSAL_WITHOUT_ORIGINAL
    if payment.paid < ZERO:
        return Waits(
            "negative_payment",
            f"CLP04 is {money_text(payment.paid)} but CLP02 does not say reversal (22).",
        )
    return None


def match_lines(
    payment: ClaimPayment, claim: StoredClaim, *, method: str, confidence: Confidence
) -> Match | Waits:
    """The services of the payment on the lines of the claim that was found."""
    if payment.status == PREDETERMINATION and payment.paid != ZERO:
        said = "A predetermination (CLP02 = 25) carries a payment."
        return Waits("predetermination", said, claim)
    if claim.predetermination and payment.paid != ZERO:
        return Waits(
            "predetermination",
            "The claim asked what would be paid and this payment pays it. Find the claim of the"
            " services that were done, or ask the payer.",
            claim,
        )
    placed = place(payment.services, claim.lines)
    if placed.faults:
        return Waits("line_mismatch", " ".join(placed.faults[:_FAULTS_TOLD]), claim)
    if not payment.services and payment.charge != claim.charge:
        return Waits(
            "charge_mismatch",
            f"The claim was billed at {money_text(claim.charge)}; the payment says"
            f" {money_text(payment.charge)}.",
            claim,
        )
    return Match(claim, placed.lines, method, confidence, placed.methods)


_FAULTS_TOLD = 3


def _unmatched(near: int) -> str:
    if not near:
        return (
            "CLP01 is none of our patient control numbers. Find the claim by the payer's claim"
            " control number, member id, dates and charge."
        )
    claims = "1 claim comes" if near == 1 else f"{near} claims come"
    return (
        f"CLP01 is none of our patient control numbers as it stands; {claims} near it or fit by"
        " other marks, none by two of them. Choose one of the suggestions."
    )


def fingerprint(remittance: Remittance, payment: ClaimPayment, *, occurrence: int) -> str:
    """What makes a claim payment itself (lifecycle.md section 1), as a hash.

    `occurrence` counts equal payments inside one remittance from 0: two identical CLPs are two.
    """
    parts: list[object] = [
        remittance.payer_identifier,
        remittance.trace_number,
        payment.patient_control_number,
        payment.status,
        plain(payment.charge),
        plain(payment.paid),
        payment.payer_claim_control_number,
        [[a.group, a.reason, plain(a.amount)] for a in payment.adjustments],
        [
            [
                s.line_control_number,
                s.procedure.code,
                list(s.procedure.modifiers),
                plain(s.charge),
                plain(s.paid),
                [[a.group, a.reason, plain(a.amount)] for a in s.adjustments],
            ]
            for s in payment.services
        ],
        occurrence,
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
