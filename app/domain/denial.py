"""Denials as work: found in a claim payment, kept as rows, and judged again whenever money moves.

A denial is what one reason left open on one line of one claim payment. Whether it is still open is
never set by an event: it follows from the decisions that stand on its line, from what the books say
is still owed, and from what a person decided. So it is the same in whatever order files arrive, and
a denial whose correction is reversed comes back by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.domain.denial_categories import Advice, Category, advice_on
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.remittance import Adjustment, ClaimPayment

# These outcomes deny nothing: an estimate, a claim that went on to another payer, a reversal.
_NO_DENIAL = frozenset({Stage.PREDETERMINED, Stage.FORWARDED_TO_OTHER_PAYER, Stage.REVERSED})


class How(StrEnum):
    """Why a denial is closed."""

    PAID = "paid"  # a later decision paid the line
    OVERTURNED = "overturned"  # the same, after an appeal was filed
    DECIDED_AGAIN = "decided_again"  # a later decision denied the line anew: that one is worked
    REVERSED = "reversed"  # the decision was taken back
    NOTHING_OPEN = "nothing_open"  # by the books nothing is owed for it any more
    WRITTEN_OFF = "written_off"  # by a person's decision
    DISMISSED = "dismissed"  # a person says it needs no work


@dataclass(frozen=True, slots=True)
class FoundDenial:
    """A denial as a claim payment says it; `counted` is its part of what the line left open."""

    service_ordinal: int  # 0: claim level
    group: str
    reason: str
    remarks: tuple[str, ...]
    amount: Decimal  # the adjustment
    counted: Decimal
    advice: Advice


def found_in(payment: ClaimPayment, outcome: Stage | None) -> list[FoundDenial]:
    """The denials of a posted payment: one a line (or the claim), group and reason.

    The same reason twice on one line is added up. What several reasons share is counted once:
    together they count no more than the line's charge that was not paid.
    """
    if outcome is None or outcome in _NO_DENIAL or payment.is_reversal:
        return []
    found = _of_unit(0, payment.charge, payment.paid, payment.adjustments, payment.remarks)
    for service in payment.services:
        remarks = service.remarks + payment.remarks  # MOA explains the lines too
        found += _of_unit(
            service.ordinal, service.charge, service.paid, service.adjustments, remarks
        )
    return found


def _of_unit(
    ordinal: int,
    charge: Decimal,
    paid: Decimal,
    adjustments: Sequence[Adjustment],
    remarks: tuple[str, ...],
) -> list[FoundDenial]:
    sums: dict[tuple[str, str], Decimal] = {}
    for a in adjustments:
        sums[a.group, a.reason] = sums.get((a.group, a.reason), ZERO) + a.amount
    advised = [
        (key, amount, advice)
        for key, amount in sums.items()
        if (advice := advice_on(*key, remarks)) is not None
    ]
    left = min(sum((amount for _, amount, _ in advised), ZERO), charge - paid)
    found = []
    for (group, reason), amount, advice in advised:
        if amount <= ZERO:
            continue  # a reason without money, or money given back: nothing to get
        counted = max(min(amount, left), ZERO)
        left -= counted
        found.append(FoundDenial(ordinal, group, reason, remarks, amount, counted, advice))
    return found


# ── Whether it is still open ───────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of the payer that stands: what one posted payment says of one line.

    `line_id` None is the claim as a whole; `without_lines` says that it decided no line apart. A
    payment that was reversed or un-posted is no decision.
    """

    payment_id: UUID
    line_id: UUID | None
    on: date | None
    paid: Decimal
    ordinal: int  # in its remittance
    without_lines: bool = False

    @property
    def order(self) -> tuple[date, bool, int, UUID]:
        """By day; of one day what paid counts as the later, whichever file came first."""
        return self.on or date.min, self.paid > ZERO, self.ordinal, self.payment_id


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one denial apart from the decisions on its line."""

    id: UUID
    payment_id: UUID
    line_id: UUID | None
    counted: Decimal
    category: Category
    by_person: How | None = None  # WRITTEN_OFF or DISMISSED, while nobody reopened it
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a denial stands: open with what is at stake, or closed with how and by what."""

    how: How | None
    at_stake: Decimal = ZERO
    closed_by: UUID | None = None  # claim payment
    recovered: Decimal = ZERO

    @property
    def is_open(self) -> bool:
        return self.how is None


def judge(
    denials: Sequence[Facts],
    decisions: Sequence[Decided],
    *,
    lines_open: Mapping[UUID, Decimal],
    claim_open: Decimal,
) -> dict[UUID, Verdict]:
    """The verdict on every denial of one claim.

    `lines_open` and `claim_open` are what the books say the payer still owes. Several open denials
    of a line never have more at stake together than is owed for it.
    """
    own = {(d.payment_id, d.line_id): d for d in decisions}
    standing = {d.payment_id for d in decisions}
    # "We have had this claim before" decides nothing about the first one.
    repeats = {(f.payment_id, f.line_id) for f in denials if f.category is Category.DUPLICATE}
    telling = [d for d in decisions if d.paid > ZERO or (d.payment_id, d.line_id) not in repeats]
    left = dict(lines_open)
    left_of_claim = max(claim_open, ZERO)
    verdicts: dict[UUID, Verdict] = {}

    def order(facts: Facts) -> tuple[tuple[date, bool, int, UUID], UUID]:
        decided = own.get((facts.payment_id, facts.line_id))
        return (decided.order if decided else (date.min, False, 0, facts.payment_id)), facts.id

    for facts in sorted(denials, key=order):
        if facts.payment_id not in standing:
            verdicts[facts.id] = Verdict(How.REVERSED)
            continue
        if facts.by_person is not None:
            verdicts[facts.id] = Verdict(facts.by_person)
            continue
        verdict = _decided_later(facts, own.get((facts.payment_id, facts.line_id)), telling)
        if verdict is None:
            owed = left_of_claim
            if facts.line_id is not None:
                owed = min(owed, max(left.get(facts.line_id, ZERO), ZERO))
            at_stake = min(facts.counted, owed)
            closed = facts.counted > ZERO and _owed(facts, lines_open, claim_open) <= ZERO
            verdict = Verdict(How.NOTHING_OPEN if closed else None, at_stake)
            left_of_claim -= at_stake
            if facts.line_id is not None:
                left[facts.line_id] = left.get(facts.line_id, ZERO) - at_stake
        verdicts[facts.id] = verdict
    return verdicts


def _owed(facts: Facts, lines_open: Mapping[UUID, Decimal], claim_open: Decimal) -> Decimal:
    if facts.line_id is None:
        return claim_open
    return min(lines_open.get(facts.line_id, ZERO), claim_open)


def _decided_later(
    facts: Facts, own: Decided | None, decisions: Sequence[Decided]
) -> Verdict | None:
    if own is None:
        return None
    later = [
        d
        for d in decisions
        if d.payment_id != facts.payment_id
        and (d.line_id == facts.line_id or d.without_lines)
        and d.order > own.order
    ]
    paid = [d for d in later if d.paid > ZERO]
    if paid:
        last = max(paid, key=lambda d: d.order)
        return Verdict(
            How.OVERTURNED if facts.appealed else How.PAID,
            closed_by=last.payment_id,
            recovered=min(facts.counted, sum((d.paid for d in paid), ZERO)),
        )
    if later:
        last = max(later, key=lambda d: d.order)
        return Verdict(How.DECIDED_AGAIN, closed_by=last.payment_id)
    return None
