"""How a claim came out of adjudication: api.md 4.4, which never believes CLP02 or a zero alone.

CLP02 = 1 also stands on claims that were denied, and a zero payment may be a deductible. So the
lines decide: what is left of a line after contract and patient share, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.carc import UNIT_CUTS, CarcClass, carc_class
from app.domain.claim import StoredClaim
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.remittance import Adjustment, ClaimPayment

# Of this classifier, kept beside every outcome: an old one can be told from a new one.
VERSION = 2


class Reason(StrEnum):
    """Why an outcome is what it is: one word a person can filter by."""

    PATIENT_RESPONSIBILITY = "patient_responsibility"
    CAPITATION = "capitation"
    PRIOR_PAYER = "prior_payer"
    BUNDLED = "bundled"
    CONTRACTUAL = "contractual"  # all of it above the fee schedule: to be looked at
    INFORMATION = "information"
    LINE_DENIED = "line_denied"
    UNITS_CUT = "units_cut"
    ALL_DENIED = "all_denied"
    PATIENT_LIABLE = "patient_liable"  # denied, and the payer says the patient owes it
    PATIENT_NOT_IDENTIFIED = "patient_not_identified"  # what CLP02 = 4 is meant for
    NON_STANDARD_STATUS = "non_standard_clp02"  # CLP02 = 4 on a claim whose patient is known
    REVERSAL = "reversal"
    FORWARDED = "forwarded"
    PREDETERMINATION = "predetermination"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a claim came out, and why."""

    stage: Stage
    reasons: tuple[Reason, ...] = ()
    version: int | None = VERSION  # None: it was kept before versions were


TAKEN_BACK = Outcome(Stage.REVERSED, (Reason.REVERSAL,))


def outcome_of(payment: ClaimPayment, claim: StoredClaim) -> Outcome:
    """What the payment makes of that claim.

    Whatever a payer says of a predetermination is its estimate: nothing of it is paid or denied,
    even where it comes with another CLP02 than 25.
    """
    if claim.predetermination and not payment.is_reversal:
        return Outcome(Stage.PREDETERMINED, (Reason.PREDETERMINATION,))
    return classify(payment)


def classify(payment: ClaimPayment) -> Outcome:
    """PAID, PARTIALLY_PAID, DENIED or ZERO_PAY by the lines; the others by CLP02."""
    if payment.status == "4":
        return Outcome(Stage.DENIED, (_why_not_recognised(payment),))
    if payment.status in _BY_STATUS:
        stage, reason = _BY_STATUS[payment.status]
        return Outcome(stage, (reason,))
    units = _units(payment)
    denied = [unit for unit in units if unit.is_denied]
    if payment.paid > ZERO:
        reasons = [Reason.LINE_DENIED] if denied else []
        if any(unit.is_cut for unit in units):
            reasons.append(Reason.UNITS_CUT)
        return Outcome(Stage.PARTIALLY_PAID if reasons else Stage.PAID, tuple(reasons))
    if denied:
        whole = all(unit.is_denied for unit in units if unit.charge > ZERO)
        reasons = [Reason.ALL_DENIED if whole else Reason.LINE_DENIED]
        if any(unit.patient_is_liable for unit in denied):
            reasons.append(Reason.PATIENT_LIABLE)
        return Outcome(Stage.DENIED, tuple(reasons))
    return Outcome(Stage.ZERO_PAY, _why_nothing(payment))


_BY_STATUS: dict[str, tuple[Stage, Reason]] = {
    "22": (Stage.REVERSED, Reason.REVERSAL),
    "23": (Stage.FORWARDED_TO_OTHER_PAYER, Reason.FORWARDED),
    "25": (Stage.PREDETERMINED, Reason.PREDETERMINATION),
}
# "The patient cannot be identified as our insured", by CARC or by RARC (835.md section 2).
_NOT_IDENTIFIED = frozenset({"31", "N382"})
# Why nothing was paid, by the class of what took it; the first that applies stands first.
_NOTHING: tuple[tuple[CarcClass, Reason], ...] = (
    (CarcClass.PRIOR_PAYER, Reason.PRIOR_PAYER),
    (CarcClass.PATIENT, Reason.PATIENT_RESPONSIBILITY),
    (CarcClass.BUNDLED, Reason.BUNDLED),
    (CarcClass.INFORMATION, Reason.INFORMATION),
    (CarcClass.CONTRACTUAL, Reason.CONTRACTUAL),
)
_CAPITATED = "24"


def _why_not_recognised(payment: ClaimPayment) -> Reason:
    told = {a.reason for a in payment.all_adjustments} | set(payment.remarks)
    told |= {code for service in payment.services for code in service.remarks}
    return Reason.PATIENT_NOT_IDENTIFIED if told & _NOT_IDENTIFIED else Reason.NON_STANDARD_STATUS


def _why_nothing(payment: ClaimPayment) -> tuple[Reason, ...]:
    """Every reason that took something; a contractual cut counts only where it is all there is."""
    taken = [a for a in payment.all_adjustments if a.amount > ZERO]
    classes = {carc_class(a.reason) for a in taken if a.reason != _CAPITATED}
    found = [reason for kind, reason in _NOTHING if kind in classes]
    if any(a.reason == _CAPITATED for a in taken):
        found.insert(0, Reason.CAPITATION)
    if len(found) > 1 and Reason.CONTRACTUAL in found:
        found.remove(Reason.CONTRACTUAL)
    return tuple(found)


_PATIENT = frozenset({"PR"})


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
    def patient_is_liable(self) -> bool:
        """Denied at the patient's cost: group PR with a reason that is a denial."""
        return any(
            a.group in _PATIENT and a.amount > ZERO and carc_class(a.reason) is CarcClass.DENIAL
            for a in self.adjustments
        )

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
