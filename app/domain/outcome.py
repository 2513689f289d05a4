"""How a claim came out of adjudication: api.md 4.4, which never believes CLP02 or a zero alone.

CLP02 = 1 also stands on claims that were denied, and a zero payment may be a deductible. So the
lines decide: what is left of a line after contract and patient share, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.carc import UNIT_CUTS, CarcClass, carc_class
from app.domain.claim import StoredClaim
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.remittance import Adjustment, ClaimPayment

_BY_STATUS: dict[str, Stage] = {
    "4": Stage.DENIED,
    "22": Stage.REVERSED,
    "23": Stage.FORWARDED_TO_OTHER_PAYER,
    "25": Stage.PREDETERMINED,
}
_PATIENT = frozenset({"PR"})


def outcome_of(payment: ClaimPayment, claim: StoredClaim) -> Stage:
    """What the payment makes of that claim.

    Whatever a payer says of a predetermination is its estimate: nothing of it is paid or denied,
    even where it comes with another CLP02 than 25.
    """
    if claim.predetermination and not payment.is_reversal:
        return Stage.PREDETERMINED
    return classify(payment)


def classify(payment: ClaimPayment) -> Stage:
    """PAID, PARTIALLY_PAID, DENIED or ZERO_PAY by the lines; the others by CLP02."""
    if payment.status in _BY_STATUS:
        return _BY_STATUS[payment.status]
    units = _units(payment)
    denied = any(unit.is_denied for unit in units)
    if payment.paid > ZERO:
        cut = any(unit.is_cut for unit in units)
        return Stage.PARTIALLY_PAID if denied or cut else Stage.PAID
    return Stage.DENIED if denied else Stage.ZERO_PAY


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line, or a whole claim that the payer adjudicated without lines."""

    charge: Decimal
    paid: Decimal
    adjustments: Sequence[Adjustment]

    @property
    def is_denied(self) -> bool:
        """Nothing paid, no share of patient or prior payer, and a denial left."""
        return self.charge > ZERO and self.paid == ZERO and self._denied > ZERO and not self._shared

    @property
    def is_cut(self) -> bool:
        return self.paid > ZERO and any(
            a.reason in UNIT_CUTS and a.amount > ZERO for a in self.adjustments
        )

    @property
    def _denied(self) -> Decimal:
        return sum(
            (a.amount for a in self.adjustments if carc_class(a.reason) is CarcClass.DENIAL), ZERO
        )

    @property
    def _shared(self) -> bool:
        return any(
            a.amount > ZERO
            and (
                (a.group in _PATIENT and carc_class(a.reason) is CarcClass.PATIENT)
                or carc_class(a.reason) is CarcClass.PRIOR_PAYER
            )
            for a in self.adjustments
        )


def _units(payment: ClaimPayment) -> list[_Unit]:
    units = [_Unit(s.charge, s.paid, s.adjustments) for s in payment.services]
    if payment.adjustments or not units:
        units.append(_Unit(payment.charge, payment.paid, payment.adjustments))
    return units
