"""Which claim and which lines a claim payment is about: exact numbers, or a person decides.

A verdict never guesses: CLP01 must be a patient control number of ours and each service must name
a line of that claim by REF*6R. What fails a gate waits with a reason; it changes no claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.money import ZERO, money_text
from app.domain.remittance import ClaimPayment, Remittance

PREDETERMINATION = "25"  # CLP02


@dataclass(frozen=True, slots=True)
class Match:
    """The claim and the lines of a payment that passed every gate."""

    claim: StoredClaim
    lines: dict[int, UUID] = field(default_factory=dict)  # service ordinal -> line id
    method: str = "patient_control_number+line_control_number"


@dataclass(frozen=True, slots=True)
class Waits:
    """Why a payment waits: a code for the queue and a sentence for the biller, without PHI."""

    reason: str
    message: str


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
    claim: StoredClaim | None,
    *,
    fingerprint: str,
    posted: Collection[str],
) -> Match | Waits:
    """The verdict of the gates: balanced, not posted before, matched; in that order."""
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
    if claim is None:
        return Waits(
            "unmatched",
            "CLP01 is none of our patient control numbers. Find the claim by the payer's claim"
            " control number, member id, dates and charge.",
        )
    return _match_lines(payment, claim)


def fingerprint(remittance: Remittance, payment: ClaimPayment, *, occurrence: int) -> str:
    """What makes a claim payment itself (lifecycle.md section 1), as a hash.

    `occurrence` counts equal payments inside one remittance from 0: two identical CLPs are two.
    """
    parts: list[object] = [
        remittance.payer_identifier,
        remittance.trace_number,
        payment.patient_control_number,
        payment.status,
        payment.charge,
        payment.paid,
        payment.payer_claim_control_number,
        [(a.group, a.reason, a.amount) for a in payment.adjustments],
        [
            (
                s.line_control_number,
                s.procedure.code,
                s.procedure.modifiers,
                s.charge,
                s.paid,
                [(a.group, a.reason, a.amount) for a in s.adjustments],
            )
            for s in payment.services
        ],
        occurrence,
    ]
    return hashlib.sha256(repr(_plain(parts)).encode()).hexdigest()


def _match_lines(payment: ClaimPayment, claim: StoredClaim) -> Match | Waits:
    if payment.status == PREDETERMINATION and payment.paid != ZERO:
        return Waits("predetermination", "A predetermination (CLP02 = 25) carries a payment.")
    if claim.predetermination and payment.paid != ZERO:
        return Waits(
            "predetermination",
            "The claim asked what would be paid and this payment pays it. Find the claim of the"
            " services that were done, or ask the payer.",
        )
    by_number = {_line_key(line.line_control_number): line for line in claim.lines}
    lines: dict[int, UUID] = {}
    billed: dict[str, Decimal] = {}
    for service in payment.services:
        number = _line_key(service.line_control_number or "")
        if number not in by_number:
            return Waits(
                "line_mismatch",
                f"Service {service.ordinal} names no line of the claim by REF*6R. Match it to a"
                " line by procedure, date and charge.",
            )
        lines[service.ordinal] = by_number[number].id
        billed[number] = billed.get(number, ZERO) + service.charge
    for number, charge in billed.items():
        ours = by_number[number].charge
        if charge != ours:  # a split line is several SVC that add up to what was billed
            return Waits(
                "line_mismatch",
                f"Line {number} was billed at {money_text(ours)}; the payment says"
                f" {money_text(charge)}.",
            )
    if not payment.services and payment.charge != claim.charge:
        return Waits(
            "charge_mismatch",
            f"The claim was billed at {money_text(claim.charge)}; the payment says"
            f" {money_text(payment.charge)}.",
        )
    return Match(claim, lines)


def _line_key(number: str) -> str:
    """REF*6R leaves in capitals, and payers give it back in either case (lessons.md 8)."""
    return number.strip().upper()


def _plain(value: object) -> object:
    """Amounts spelled one way (10 = 10.00), so that equal money hashes equal."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, list | tuple):
        return [_plain(x) for x in value]
    return value
