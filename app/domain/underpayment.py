"""What a payer allowed, held to what was agreed with it, line by line.

What a payer may allow is a fee of the schedule of that day (`app.domain.contract`). A line that was
denied, bundled or cut for a reason of its own is other work, not an underpayment; so the part of a
line that such reasons took is set apart first. Not judged at all are payers behind the first one,
which allow by what was paid before them, services that are paid by the head, and lines that a payer
decided as another service or as a part of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.carc import CarcClass, carc_class
from app.domain.claim import PRIMARY, ClaimLine, StoredClaim
from app.domain.contract import Agreed
from app.domain.money import ZERO
from app.domain.remittance import Adjustment, ClaimPayment, ServicePayment
from app.domain.treatment import ABOVE_THE_FEE, Terms, Treatment, cuts_whole_charge, treated


class Finding(StrEnum):
    """How what was allowed compares with what was agreed."""

    AS_AGREED = "as_agreed"
    UNDERPAID = "underpaid"  # less than the fee schedule says
    WHOLE_CHARGE = "whole_charge"  # the whole charge is said to be above the fee schedule
    BEYOND_ALLOWED = "beyond_allowed"  # cut by more than charge less what it says it allows
    OVERPAID = "overpaid"  # more than the fee schedule says: it may be asked back
    NOT_JUDGED = "not_judged"  # it was judged before, and nothing is agreed now


DISPUTED, ACCEPTED, REOPENED = "disputed", "accepted", "reopened"  # acts of people
UNDERPAYMENTS = frozenset({Finding.UNDERPAID, Finding.WHOLE_CHARGE, Finding.BEYOND_ALLOWED})


@dataclass(frozen=True, slots=True)
class ExpectedPayment:
    """One line of a claim payment, judged when it was posted."""

    payment_id: UUID
    service_ordinal: int  # the first service about the line; 0: the claim, which came without
    claim_id: UUID
    line_id: UUID | None
    procedure_code: str | None  # as we billed it
    finding: Finding
    charge: Decimal
    expected: Decimal | None  # None: no fee is agreed
    allowed: Decimal  # AMT*B6, or what is left of the charge by the adjustments
    set_apart: Decimal  # what denials, bundling and reductions of a named reason took
    difference: Decimal  # short of what was agreed; below zero: beyond it
    left_open: Decimal = ZERO  # of the cut, what posting did not write off
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class UnderpaymentAct:
    """What a person made of it: disputed, accepted, reopened."""

    id: UUID
    ordinal: int
    act: str
    actor: str
    at: datetime
    amount: Decimal | None = None  # written off with it
    reason: str | None = None


class State(StrEnum):
    """What became of it."""

    OPEN = "open"
    DISPUTED = "disputed"  # a person asks the payer for it
    ACCEPTED = "accepted"  # a person leaves it at that
    SETTLED = "settled"  # what was left open is no longer owed
    CLOSED = "closed"  # as agreed: there is nothing to do


@dataclass(frozen=True, slots=True)
class StoredUnderpayment:
    """A line that was judged and stands, with what became of it."""

    id: UUID
    claim_payment_id: UUID
    remittance_id: UUID
    claim_id: UUID
    service_ordinal: int
    service_line_id: UUID | None
    procedure_code: str | None
    payer_id: str | None
    payer_name: str | None
    decided_on: date | None
    finding: Finding
    state: State
    charge: Decimal
    expected: Decimal | None
    allowed: Decimal
    set_apart: Decimal
    difference: Decimal
    left_open: Decimal
    at_stake: Decimal
    schedule_version: int | None
    schedule_row: int | None


def expected_payments(
    payment: ClaimPayment,
    claim: StoredClaim,
    *,
    payment_id: UUID,
    lines: Mapping[int, UUID],
    terms: Terms,
    on: date,
) -> list[ExpectedPayment]:
    """A row for every line that has a fee, and for every cut that cannot be what it is said to be.

    `lines` maps service ordinals to line ids, `on` is the day the treatments are of. Empty, without
    much looking, where the payer has no fees and cuts nothing it may not.
    """
    if payment.status not in _JUDGED or claim.responsibility != PRIMARY or claim.predetermination:
        return []
    if not terms.agreed and not _is_suspect(payment):
        return []
    judge = _Judge(payment_id, claim, terms, on)
    if not payment.services:
        return judge.whole_claim(payment)
    if any(carc_class(a.reason) is CarcClass.CONTRACTUAL for a in payment.adjustments):
        return []  # what of it is which line's is not said
    of_line: dict[UUID, list[ServicePayment]] = {}
    for service in payment.services:
        if service.ordinal in lines:
            of_line.setdefault(lines[service.ordinal], []).append(service)
    by_id = {line.id: line for line in claim.lines}
    found = (judge.line(by_id[line_id], some) for line_id, some in of_line.items())
    return [one for one in found if one is not None]


# Processed as primary, also where it was forwarded then: the others allow beside another payer.
_JUDGED = frozenset({"1", "19"})
_CAPITATED = "24"
_PAID_BEYOND_THE_CHARGE = "94"  # of bundled and unbundled services (835.md section 7)
# What lowers the payment of what is allowed: discounts, withholds, taxes, penalties, interest.
_AFTER_ALLOWED = frozenset(
    {"44", "104", "105", "121", "130", "132", "144", "161", "223", "225", "232", "237"}
)
# What lowers the allowed amount by a rule of its own, and says so.
_NAMED_REDUCTIONS = frozenset({"59"})
_OTHER_WORK = frozenset(
    {CarcClass.DENIAL, CarcClass.BUNDLED, CarcClass.INFORMATION, CarcClass.UNKNOWN}
)


def _is_suspect(payment: ClaimPayment) -> bool:
    """Whether some cut is the whole charge, or more than charge less what is allowed."""
    services = payment.services
    if not services:
        return any(cuts_whole_charge(a, payment.charge) for a in payment.adjustments)
    return any(
        a.amount >= s.charge > ZERO
        or (s.allowed is not None and a.amount > s.charge - s.allowed)
        for s in services
        for a in s.adjustments
        if a.reason in ABOVE_THE_FEE
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judge:
    payment_id: UUID
    claim: StoredClaim
    terms: Terms
    on: date

    def whole_claim(self, payment: ClaimPayment) -> list[ExpectedPayment]:
        """A claim without lines has no fee; its cut may be a suspect all the same."""
        cuts = payment.adjustments
        if not any(cuts_whole_charge(a, payment.charge) for a in cuts):
            return []
        left_open = self._left_open(cuts, payment.charge, allowed=None, agreed=None, on=self.on)
        return [
            ExpectedPayment(
                payment_id=self.payment_id,
                service_ordinal=0,
                claim_id=self.claim.id,
                line_id=None,
                procedure_code=None,
                finding=Finding.WHOLE_CHARGE,
                charge=payment.charge,
                expected=None,
                allowed=ZERO,
                set_apart=ZERO,
                difference=payment.charge,
                left_open=left_open,
            )
        ]

    def line(self, line: ClaimLine, services: Sequence[ServicePayment]) -> ExpectedPayment | None:
        """None where it cannot be judged, or nothing is agreed and nothing is suspect."""
        cuts = [a for s in services for a in s.adjustments]
        charge = sum((s.charge for s in services), ZERO)
        if charge != line.charge or not _comparable(cuts):
            return None
        shares = [_Shares.of(s) for s in services]
        allowed = sum((s.allowed for s in shares), ZERO)
        set_apart = sum((s.set_apart for s in shares), ZERO)
        if set_apart > ZERO and not any(s.decided for s in shares):
            return None  # denied: it has a denial
        agreed = self.terms.agreed.get(line.id)
        expected = agreed.amount if agreed else None
        finding, difference = _finding(
            services,
            expected=expected,
            allowed=allowed,
            set_apart=set_apart,
        )
        if expected is None and finding is Finding.AS_AGREED:
            return None
        left_open = ZERO
        if finding in UNDERPAYMENTS:
            for s in services:
                left_open += self._left_open(
                    s.adjustments,
                    s.charge,
                    allowed=s.allowed,
                    agreed=agreed,
                    on=s.service_date or self.on,
                )
        return ExpectedPayment(
            payment_id=self.payment_id,
            service_ordinal=min(s.ordinal for s in services),
            claim_id=self.claim.id,
            line_id=line.id,
            procedure_code=line.procedure.code,
            finding=finding,
            charge=charge,
            expected=expected,
            allowed=allowed,
            set_apart=set_apart,
            difference=difference,
            left_open=left_open,
            agreed=agreed,
        )

    def _left_open(
        self,
        cuts: Iterable[Adjustment],
        charge: Decimal,
        *,
        allowed: Decimal | None,
        agreed: Agreed | None,
        on: date,
    ) -> Decimal:
        """What posting leaves with the payer of what was cut as contractual."""
        contractual = [a for a in cuts if carc_class(a.reason) is CarcClass.CONTRACTUAL]
        parts = treated(
            contractual,
            charge=charge,
            on=on,
            allowed=allowed,
            expected=agreed.amount if agreed else None,
            policy=self.terms.policy,
        )
        return sum((amount for what, amount in parts if what is Treatment.LEAVE_OPEN), ZERO)


@dataclass(frozen=True, slots=True)
class _Shares:
    """What became of the charge of one service."""

    allowed: Decimal
    set_apart: Decimal
    decided: bool  # something was paid, or is the patient's

    @classmethod
    def of(cls, service: ServicePayment) -> _Shares:
        fee_cut = set_apart = patient = ZERO
        for a in service.adjustments:
            kind = carc_class(a.reason)
            if kind in _OTHER_WORK or a.reason in _NAMED_REDUCTIONS:
                set_apart += a.amount
            elif kind is CarcClass.CONTRACTUAL and a.reason not in _AFTER_ALLOWED:
                fee_cut += a.amount
            elif kind is CarcClass.PATIENT:
                patient += a.amount
        told = service.allowed
        allowed = service.charge - fee_cut - set_apart if told is None else told
        return cls(allowed, set_apart, service.paid > ZERO or patient > ZERO)


def _comparable(cuts: Iterable[Adjustment]) -> bool:
    return not any(
        a.reason in (_CAPITATED, _PAID_BEYOND_THE_CHARGE)
        or carc_class(a.reason) is CarcClass.PRIOR_PAYER
        for a in cuts
    )


def _finding(
    services: Sequence[ServicePayment],
    *,
    expected: Decimal | None,
    allowed: Decimal,
    set_apart: Decimal,
) -> tuple[Finding, Decimal]:
    """The finding, and by how much the line is short."""
    short = ZERO if expected is None else expected - allowed - set_apart
    if any(cuts_whole_charge(a, s.charge) for s in services for a in s.adjustments):
        charge = sum((s.charge for s in services), ZERO)
        return Finding.WHOLE_CHARGE, charge if expected is None else short
    if short > ZERO:
        return Finding.UNDERPAID, short
    contradiction = sum((_beyond_allowed(s) for s in services), ZERO)
    if contradiction > ZERO:
        return Finding.BEYOND_ALLOWED, contradiction
    # What a named reason took may be part of the difference: no overpayment is told from it.
    if short < ZERO and set_apart == ZERO:
        return Finding.OVERPAID, short
    return Finding.AS_AGREED, ZERO


def _beyond_allowed(service: ServicePayment) -> Decimal:
    """By how much it is cut beyond what the payer itself says it allows."""
    if service.allowed is None:
        return ZERO
    cut = sum((a.amount for a in service.adjustments if a.reason in ABOVE_THE_FEE), ZERO)
    return max(cut - (service.charge - service.allowed), ZERO)
