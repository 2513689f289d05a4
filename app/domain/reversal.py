"""Which earlier payment a reversal (CLP02 22) takes back, and whether it takes back all of it.

A reversal says its original again with every sign turned (835.md section 4). It posts by itself
only where the payer's own number names the original, or the patient control number does and no
payer number contradicts it, and every amount is the negated one.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from enum import IntEnum

from app.domain.money import ZERO
from app.domain.remittance import ClaimPayment

_LEGACY_GROUP = "CR"  # 4010's group of reversals, which stands in place of the original's


class TakesBack(IntEnum):
    """How sure it is that a reversal is about a payment; the greater wins."""

    NOTHING = 0
    OTHER_AMOUNTS = 1  # the payer's number is the same, the amounts are not the negated ones
    UNCONFIRMED = 2  # our number and every amount, but under another number of the payer
    CONFIRMED = 3


def takes_back(reversal: ClaimPayment, original: ClaimPayment) -> TakesBack:
    """The verdict on one pair; a reversal takes back no reversal."""
    if not reversal.is_reversal or original.is_reversal:
        return TakesBack.NOTHING
    number = original.payer_claim_control_number
    told = {reversal.payer_claim_control_number, reversal.original_claim_number} - {None, ""}
    named = bool(number) and number in told
    same_claim = _number(reversal) == _number(original) != ""
    if not named and not same_claim:
        return TakesBack.NOTHING
    if not _negated(reversal, original):
        return TakesBack.OTHER_AMOUNTS if named else TakesBack.NOTHING
    if named or not number or not told:
        return TakesBack.CONFIRMED
    return TakesBack.UNCONFIRMED


def _number(payment: ClaimPayment) -> str:
    return payment.patient_control_number.strip().upper()


def _negated(reversal: ClaimPayment, original: ClaimPayment) -> bool:
    legacy = any(a.group == _LEGACY_GROUP for a in reversal.all_adjustments)
    return (
        abs(reversal.charge) == abs(original.charge)
        and reversal.paid == -original.paid
        and _amounts(reversal, sign=-1, grouped=not legacy)
        == _amounts(original, sign=1, grouped=not legacy)
    )


def _amounts(
    payment: ClaimPayment, *, sign: int, grouped: bool
) -> dict[tuple[str, str, str], Decimal]:
    """What was paid and adjusted, by procedure ("" is the claim itself), group and reason.

    Not by line: the lines of a reversal may be joined or split otherwise than the original's, and
    the entry that is mirrored knows the lines.
    """
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for a in payment.adjustments:
        sums["", a.group if grouped else "", a.reason] += sign * a.amount
    for service in payment.services:
        code = (service.submitted_procedure or service.procedure).code
        sums[code, "", ""] += sign * service.paid
        for a in service.adjustments:
            sums[code, a.group if grouped else "", a.reason] += sign * a.amount
    return {key: amount for key, amount in sums.items() if amount != ZERO}
