"""What the simulated payer decides, by the first letters of the member id: one row a scenario.

A payer of hospital stays decides on the claim as a whole, after its lines or instead of them. A
line is decided by going through its rules in order; each takes its part of what is left of the
charge, and what remains at the end is paid. So charge = paid + adjustments holds for any row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto

CENT = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """That part of the line's charge, cents rounded half up."""

    group: str
    reason: str
    of_charge: Decimal

    def takes(self, charge: Decimal, left: Decimal) -> Decimal:
        return min((charge * self.of_charge).quantize(CENT, ROUND_HALF_UP), left)


@dataclass(frozen=True, slots=True)
class Fixed:
    """That amount, if so much is left of the charge; else nothing."""

    group: str
    reason: str
    amount: Decimal

    def takes(self, charge: Decimal, left: Decimal) -> Decimal:
        return self.amount if self.amount <= left else NOTHING


@dataclass(frozen=True, slots=True)
class Rest:
    """All that is left, so that nothing is paid."""

    group: str
    reason: str

    def takes(self, charge: Decimal, left: Decimal) -> Decimal:
        return left


Rule = Share | Fixed | Rest
Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AbovePerDiem:
    """What the stay charges above a rate for each day."""

    group: str
    reason: str
    rate: Decimal

    def takes(self, left: Decimal, days: Decimal) -> Decimal:
        return max(left - self.rate * days, NOTHING)


@dataclass(frozen=True, slots=True)
class PaymentChange:
    """A PLB pair that each such claim brings; a positive amount lowers the payment (835.md 5)."""

    reason: str
    amount: Decimal


class Telling(Enum):
    """How the lines of a claim are told."""

    EACH = auto()
    NONE = auto()  # the answer has no SVC, as of a stay paid by its DRG
    BUNDLED = auto()  # all under one procedure, paid on the first line (835.md 7)
    SPLIT = auto()  # each in two services that share its number


class Fault(Enum):
    """What does not add up in the answer; it comes in a transaction set of its own."""

    CLAIM = auto()  # CLP04 is a cent more than the charge less its adjustments
    PAYMENT = auto()  # BPR02 is a cent more than the claims less the PLB amounts


@dataclass(frozen=True, slots=True)
class Adjudication:
    """How a payer decides the lines of a claim it has taken in.

    `first` and `last` stand in for `others` on those lines; a claim of one line has a first
    line and no last one.
    """

    others: Rules = ()
    first: Rules | None = None
    last: Rules | None = None
    of_claim: tuple[Rule | AbovePerDiem, ...] = ()  # on what the lines leave of the claim's charge
    telling: Telling = Telling.EACH
    payment_change: PaymentChange | None = None
    status: str | None = None  # CLP02, where it is not that of the payer's position
    crossover: bool = False  # the claim was passed on: NM1*TT, MA18
    fault: Fault | None = None

    def rules_of(self, position: int, lines: int) -> Rules:
        """The rules of the line at that position, counted from 0."""
        if position == 0 and self.first is not None:
            return self.first
        if position == lines - 1 and position > 0 and self.last is not None:
            return self.last
        return self.others


@dataclass(frozen=True, slots=True)
class Afterwards:
    """When a payer tells what, in rounds a week apart, each with a file of its own."""

    first: int = 0  # the decision
    taken_back: int | None = None  # it is reversed: CLP02 22
    again: int | None = None  # the claim is decided anew
    anew: Adjudication | None = None  # how
    copied: bool = False  # the whole remittance comes once more, in another envelope
    carried_as: str = "FB"  # PLB under which a payment of less than nothing is carried forward

    @property
    def last(self) -> int:
        """The last round in which the claim is told of."""
        return max(self.first, self.taken_back or 0, self.again or 0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row: what comes back for a claim whose member id begins with `prefix`."""

    prefix: str
    rejects_transaction: bool = False  # 999 IK5=R for the whole ST
    category: str | None = "A2"  # the payer's 277CA category; None: it never answers
    status: str = "20"  # code of list 508 beside the category
    adjudication: Adjudication | None = None  # None: no 835
    afterwards: Afterwards = Afterwards()


FEE_SCHEDULE = Share("CO", "45", Decimal("0.20"))
ADJUSTED = Adjudication(
    others=(FEE_SCHEDULE,),
    first=(
        FEE_SCHEDULE,
        Fixed("PR", "1", Decimal("10.00")),
        Fixed("PR", "2", Decimal("5.00")),
        Fixed("PR", "3", Decimal("2.50")),
    ),
)
PAID_IN_FULL = Adjudication()
PRIOR_PAYERS = ("OA", "23")  # what they paid and adjusted
EXPECTED_PAYMENT = ("OA", "101")  # the payment that is expected once the service is done
NO_AUTHORIZATION: Rules = (Rest("CO", "197"),)

SCENARIOS = (
    Scenario("SIMPAID", adjudication=PAID_IN_FULL),
    Scenario("SIMADJ", adjudication=ADJUSTED),
    Scenario("SIMPART", adjudication=Adjudication((FEE_SCHEDULE,), last=NO_AUTHORIZATION)),
    # A hospital stay: by its DRG, all of it on the claim; by the day, the lines in full and what is
    # above the rate on the claim.
    Scenario(
        "SIMDRG",
        adjudication=Adjudication(
            of_claim=(Share("CO", "45", Decimal("0.40")), Fixed("PR", "1", Decimal("400.00"))),
            telling=Telling.NONE,
        ),
    ),
    Scenario(
        "SIMDAY",
        adjudication=Adjudication(of_claim=(AbovePerDiem("CO", "45", Decimal("1200.00")),)),
    ),
    # Sent with CLP02=1 like any other, as real payers do: the status does not tell a denial.
    Scenario("SIMDENY", adjudication=Adjudication(NO_AUTHORIZATION)),
    Scenario("SIMDED", adjudication=Adjudication((FEE_SCHEDULE, Rest("PR", "1")))),
    Scenario("SIMA7", category="A7", status="164"),
    Scenario("SIM999R", rejects_transaction=True),
    Scenario(
        "SIMINT",
        adjudication=Adjudication(
            ADJUSTED.others, ADJUSTED.first, payment_change=PaymentChange("L6", Decimal("-1.00"))
        ),
    ),
    Scenario(
        "SIMPLB",
        adjudication=Adjudication(payment_change=PaymentChange("72", Decimal("3.00"))),
    ),
    Scenario("SIMNOACK", category=None),
    # What comes after a decision: it is taken back and made anew, in one file, in two, in the wrong
    # order, or not made anew; what was paid too much is collected later.
    Scenario("SIMREVTWO", adjudication=ADJUSTED, afterwards=Afterwards(0, 1, 2, PAID_IN_FULL)),
    Scenario("SIMREVODD", adjudication=ADJUSTED, afterwards=Afterwards(0, 2, 1, PAID_IN_FULL)),
    Scenario("SIMREV", adjudication=ADJUSTED, afterwards=Afterwards(0, 1, 1, PAID_IN_FULL)),
    Scenario("SIMVOID", adjudication=ADJUSTED, afterwards=Afterwards(0, 1)),
    Scenario(
        "SIMWO",
        adjudication=PAID_IN_FULL,
        afterwards=Afterwards(0, 1, 1, ADJUSTED, carried_as="WO"),
    ),
    Scenario("SIMFB", adjudication=PAID_IN_FULL, afterwards=Afterwards(0, 1, 1, ADJUSTED)),
    Scenario("SIMLATE", adjudication=PAID_IN_FULL, afterwards=Afterwards(2)),
    Scenario("SIMDUP", adjudication=ADJUSTED, afterwards=Afterwards(copied=True)),
    Scenario("SIMCROSS", adjudication=Adjudication(ADJUSTED.others, ADJUSTED.first,
             status="19", crossover=True)),
    Scenario("SIMNOTOURS", adjudication=Adjudication(
        of_claim=(Rest("OA", "B11"),), telling=Telling.NONE, status="23")),
    Scenario("SIMUNKNOWN", adjudication=Adjudication((Rest("CO", "31"),), status="4")),
    Scenario("SIMCAP", adjudication=Adjudication((Rest("CO", "24"),))),
    Scenario("SIMUNDER", adjudication=Adjudication((Share("CO", "45", Decimal("0.40")),))),
    Scenario("SIMALL45", adjudication=Adjudication((Rest("CO", "45"),))),
    Scenario("SIMBUNDLE", adjudication=Adjudication(
        (Rest("CO", "97"),), first=(FEE_SCHEDULE,), telling=Telling.BUNDLED)),
    Scenario("SIMSPLIT", adjudication=Adjudication((FEE_SCHEDULE,), telling=Telling.SPLIT)),
    Scenario("SIMBADCLAIM", adjudication=Adjudication((FEE_SCHEDULE,), fault=Fault.CLAIM)),
    Scenario("SIMBADSUM", adjudication=Adjudication((FEE_SCHEDULE,), fault=Fault.PAYMENT)),
)  # fmt: skip
ANYTHING_ELSE = Scenario("", adjudication=ADJUSTED)


def scenario_of(member_id: str) -> Scenario:
    """The row for that member id; ANYTHING_ELSE when no prefix fits."""
    return next((s for s in SCENARIOS if member_id.upper().startswith(s.prefix)), ANYTHING_ELSE)


@dataclass(frozen=True, slots=True)
class LineAdjustment:
    """One CAS triplet of a decided line, or claim."""

    group: str
    reason: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided on one line: charge = paid + the sum of its adjustments."""

    charge: Decimal
    paid: Decimal
    adjustments: tuple[LineAdjustment, ...]

    @property
    def patient_responsibility(self) -> Decimal:
        return sum((a.amount for a in self.adjustments if a.group == "PR"), NOTHING)

    @property
    def allowed(self) -> Decimal:
        """What the payer pays or, of a predetermination, would pay, and the patient's share."""
        expected = (a.amount for a in self.adjustments if (a.group, a.reason) == EXPECTED_PAYMENT)
        return self.paid + self.patient_responsibility + sum(expected, NOTHING)


def decide_lines(charges: Sequence[Decimal], adjudication: Adjudication) -> list[LineDecision]:
    """Decide the lines of one claim, whose charges stand in the order of the claim."""
    return [
        _decide(charge, adjudication.rules_of(position, len(charges)))
        for position, charge in enumerate(charges)
    ]


def decide_claim(
    charge: Decimal, paid: Decimal, days: Decimal, adjudication: Adjudication
) -> tuple[LineAdjustment, ...]:
    """What is adjusted on the claim itself; `paid` is what its lines come to, `days` the stay's."""
    adjustments = []
    for rule in adjudication.of_claim:
        if isinstance(rule, AbovePerDiem):
            amount = rule.takes(paid, days)
        else:
            amount = rule.takes(charge, paid)
        if amount:
            adjustments.append(LineAdjustment(rule.group, rule.reason, amount))
            paid -= amount
    return tuple(adjustments)


def priced(decision: LineDecision) -> LineDecision:
    """The decision of a predetermination: what would be paid is told under OA 101 and not paid."""
    if not decision.paid:
        return decision
    expected = LineAdjustment(*EXPECTED_PAYMENT, decision.paid)
    return LineDecision(decision.charge, NOTHING, (*decision.adjustments, expected))


def beside_prior(decision: LineDecision, settled: Decimal) -> LineDecision:
    """The decision on what earlier payers left of a line, told of the whole line: OA 23."""
    if not settled:
        return decision
    prior = LineAdjustment(*PRIOR_PAYERS, settled)
    return LineDecision(decision.charge + settled, decision.paid, (prior, *decision.adjustments))


def _decide(charge: Decimal, rules: Rules) -> LineDecision:
    left = charge
    adjustments = []
    for rule in rules:
        amount = rule.takes(charge, left)
        if amount:
            adjustments.append(LineAdjustment(rule.group, rule.reason, amount))
            left -= amount
    return LineDecision(charge, left, tuple(adjustments))
