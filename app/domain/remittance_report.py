"""A remittance as people read it: what it says, what of it is posted, what waits and why.

The report is a stream of parts, made here once and drawn as HTML and as PDF elsewhere. Codes stand
with words of ours, never with the licensed texts. Every table that has a total foots: the totals
are counted by the database, the rows are told one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.carc import CarcClass, carc_class
from app.domain.ledger import Account
from app.domain.money import ZERO, money_text
from app.domain.outcome import Outcome
from app.domain.posting import account_of
from app.domain.remittance import (
    Adjustment,
    ClaimPayment,
    PaymentState,
    ProviderAdjustment,
    Remittance,
)
from app.domain.report_parts import Facts, Grid, Heading, Note, Part

NEXT_PAYER = "next_payer"  # what a payment leaves to the payer behind, beside the accounts


@dataclass(frozen=True, slots=True)
class Tally:
    """Claim payments of one state, counted."""

    state: PaymentState
    payments: int
    charge: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """What is stored of a remittance, added up; each equation of 835.md section 4 has two sides."""

    tallies: Sequence[Tally]
    adjusted: Decimal  # all CAS
    services: int
    service_charge: Decimal
    service_paid: Decimal
    service_adjusted: Decimal
    provider_adjustments: Decimal
    applied: Decimal  # by the journal: what left unapplied for claims
    provider_posted: Decimal  # by the journal: what left unapplied for PLB pairs
    deposited: Decimal  # by the journal: cash

    @property
    def charge(self) -> Decimal:
        return sum((t.charge for t in self.tallies), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((t.paid for t in self.tallies), ZERO)


@dataclass(frozen=True, slots=True)
class Held:
    """A service held to what is agreed with the payer."""

    finding: str
    expected: Decimal | None
    allowed: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True)
class ReportedPayment:
    """A claim payment with what the books made of it."""

    payment: ClaimPayment
    state: PaymentState
    classified: Outcome | None
    message: str | None
    claim: str | None  # the claim's public id
    booked: Mapping[str, Decimal] = field(default_factory=dict)  # account or NEXT_PAYER -> sum
    held: Mapping[int, Held] = field(default_factory=dict)  # by service ordinal


@dataclass(frozen=True, slots=True)
class ReportedPair:
    """A PLB pair, and the claim its reference names."""

    pair: ProviderAdjustment
    claim: str | None


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands above all claims; `claim` names the one payment that the report is about."""

    remittance: Remittance
    state: str
    reason: str | None
    deposit_state: str | None
    sums: Sums
    pairs: Sequence[ReportedPair]
    claim: str | None = None


def parts(head: ReportHead, payments: Iterable[ReportedPayment]) -> Iterator[Part]:
    """The whole report, a claim at a time."""
    yield from _header(head)
    if head.claim is None:
        yield from _equations(head)
        yield from _money(head)
    yield Heading(2, "Claim payments")
    for one in payments:
        yield from _claim(one)
    yield from _pairs(head)
    if head.claim is None:
        yield _totals(head.sums)


_GROUPS = {
    "CO": "the provider's by contract",
    "PR": "the patient's",
    "OA": "another reason",
    "PI": "the payer's own reduction",
    "CR": "a correction (of the old version)",
}
_CLASSES = {
    CarcClass.PATIENT: "patient's share",
    CarcClass.CONTRACTUAL: "contract",
    CarcClass.SEQUESTRATION: "sequestration",
    CarcClass.PRIOR_PAYER: "settled by an earlier payer",
    CarcClass.BUNDLED: "paid with another service",
    CarcClass.DENIAL: "denied",
    CarcClass.INFORMATION: "information",
    CarcClass.UNKNOWN: "not in our table",
}
_STATES = {
    PaymentState.POSTED: "Posted",
    PaymentState.WAITING: "Waits",
    PaymentState.REVERSED: "Posted, and taken back by a later reversal",
    PaymentState.UNPOSTED: "Taken off the books by a person",
    PaymentState.DISMISSED: "Dismissed by a person",
}
_STATUSES = {
    "1": "processed as primary",
    "2": "processed as secondary",
    "3": "processed as tertiary",
    "4": "denied",
    "19": "processed as primary, forwarded",
    "20": "processed as secondary, forwarded",
    "21": "processed as tertiary, forwarded",
    "22": "reversal of an earlier payment",
    "23": "not theirs, forwarded",
    "25": "predetermination, no payment",
}
_PAIRS = {
    "WO": "overpayment taken back",
    "FB": "balance carried forward",
    "L6": "interest",
    "72": "refund received by the payer",
    "CS": "adjustment",
}
_FINDINGS = {
    "underpaid": "less than agreed",
    "whole_charge": "the whole charge cut",
    "beyond_allowed": "cut beyond what is allowed",
    "overpaid": "more than agreed",
    "as_agreed": "as agreed",
}
_BOOKED = (
    ("to the claim", Account.UNAPPLIED),
    ("contractual", Account.CONTRACTUAL),
    ("sequestration", Account.SEQUESTRATION),
    ("written off", Account.WRITE_OFF),
    ("patient", Account.RECEIVABLE_PATIENT),
    ("next payer", NEXT_PAYER),
)


def _header(head: ReportHead) -> Iterator[Part]:
    r = head.remittance
    yield Heading(1, f"Remittance {r.trace_number}")
    payee = " ".join(x for x in (r.payee_name, r.payee_qualifier, r.payee_identifier) if x)
    yield Facts(
        (
            ("Payer", " ".join(x for x in (r.payer_name, r.payer_identifier) if x)),
            ("Payee", payee),
            ("Trace (TRN02)", r.trace_number),
            ("Paid on (BPR16)", _day(r.effective_date)),
            ("Written on (DTM 405)", _day(r.produced_on)),
            ("Amount (BPR02)", f"{money_text(r.payment_amount)} {r.currency}"),
            ("Method (BPR04)", r.payment_method),
            ("State", head.state.replace("_", " ")),
            ("Deposit", (head.deposit_state or "not looked for").replace("_", " ").lower()),
        )
    )
    if head.reason:
        yield Note(head.reason)


def _equations(head: ReportHead) -> Iterator[Part]:
    r, s = head.remittance, head.sums
    rows = [
        ("Transaction: BPR02 = claim payments - provider adjustments", r.deposit,
         s.paid - s.provider_adjustments),
        ("Claims: paid (CLP04) = charge (CLP03) - all adjustments", s.paid, s.charge - s.adjusted),
    ]  # fmt: skip
    if s.services:
        rows.append(
            ("Lines: paid (SVC03) = charge (SVC02) - their adjustments", s.service_paid,
             s.service_charge - s.service_adjusted)
        )  # fmt: skip
    yield Grid(
        "The three equations",
        ("Equation", "Said", "Comes to", "Holds"),
        frozenset({1, 2}),
        [
            (name, money_text(said), money_text(found), "yes" if said == found else "no")
            for name, said, found in rows
        ],
    )
    for imbalance in r.imbalances:
        yield Note(imbalance.message)


def _money(head: ReportHead) -> Iterator[Part]:
    """Where the deposit is, by the journal."""
    s = head.sums
    rows = [
        ("Posted to claims", s.applied),
        ("Posted as provider adjustments", -s.provider_posted),
        ("Not applied yet", s.deposited - s.applied + s.provider_posted),
    ]
    yield Grid(
        "Where the money is, by the books",
        ("Part", "Amount"),
        frozenset({1}),
        [(name, money_text(amount)) for name, amount in rows],
        ("Deposit booked", money_text(s.deposited)),
    )


def _claim(one: ReportedPayment) -> Iterator[Part]:
    p = one.payment
    yield Heading(3, f"Claim {p.patient_control_number or '(no number)'}")
    outcome = "" if one.classified is None else one.classified.stage.value.replace("_", " ").lower()
    why = ", ".join(r.value.replace("_", " ") for r in one.classified.reasons) if outcome else ""  # type: ignore[union-attr]
    facts = [
        ("Payer's number (CLP07)", p.payer_claim_control_number or ""),
        ("Member", p.member_id or ""),
        ("Status (CLP02)", f"{p.status} {_STATUSES.get(p.status, '')}".strip()),
        ("Outcome", f"{outcome} ({why})" if why else outcome),
        ("State", _STATES[one.state]),
        ("Claim", one.claim or "none of ours is matched"),
        ("Remarks", " ".join(p.remarks)),
    ]
    yield Facts([(name, value) for name, value in facts if value])
    if one.message and one.state is not PaymentState.POSTED:
        yield Note(one.message)
    yield _lines(one)
    reasons = [("claim", a) for a in p.adjustments]
    reasons += [(f"line {s.ordinal}", a) for s in p.services for a in s.adjustments]
    if reasons:
        yield _adjustments(reasons)
    booked = [(name, one.booked[key]) for name, key in _BOOKED if one.booked.get(key)]
    if booked:
        yield Facts([(f"Booked {name}", money_text(amount)) for name, amount in booked])


def _lines(one: ReportedPayment) -> Grid:
    """The services, and beneath them what the claim says of itself."""
    p = one.payment
    rows = []
    for s in p.services:
        held = one.held.get(s.ordinal)
        allowed = s.allowed if s.allowed is not None else held.allowed if held else None
        agreed = "" if held is None else _FINDINGS.get(held.finding, held.finding)
        if held and held.expected is not None:
            agreed += f", {money_text(held.expected)} agreed"
        code = " ".join((s.procedure.code, *s.procedure.modifiers))
        rows.append(
            (
                str(s.ordinal),
                _day(s.service_date),
                code
                if s.submitted_procedure is None
                else f"{code} for {s.submitted_procedure.code}",
                money_text(s.charge),
                "" if allowed is None else money_text(allowed),
                money_text(sum((a.amount for a in s.adjustments), ZERO)),
                money_text(_patient(s.adjustments)),
                money_text(s.paid),
                "; ".join(x for x in (" ".join(s.remarks), agreed) if x),
            )
        )
    if p.adjustments or not p.services:
        rows.append(
            ("claim", _day(p.service_date), "", "" if p.services else money_text(p.charge), "",
             money_text(sum((a.amount for a in p.adjustments), ZERO)),
             money_text(_patient(p.adjustments)), "" if p.services else money_text(p.paid), "")
        )  # fmt: skip
    every = p.all_adjustments
    return Grid(
        "Lines",
        ("Line", "Date", "Service", "Charge", "Allowed", "Adjusted", "Patient", "Paid", "Remarks"),
        frozenset({3, 4, 5, 6, 7}),
        rows,
        ("Claim", "", "", money_text(p.charge), "",
         money_text(sum((a.amount for a in every), ZERO)), money_text(_patient(every)),
         money_text(p.paid), ""),
    )  # fmt: skip


def _adjustments(reasons: Sequence[tuple[str, Adjustment]]) -> Grid:
    total = sum((a.amount for _, a in reasons), ZERO)
    return Grid(
        "Adjustments",
        ("Of", "Group", "Code", "In our words", "Amount"),
        frozenset({4}),
        [
            (
                of,
                a.group,
                a.reason,
                f"{_CLASSES[carc_class(a.reason)]}; {_GROUPS.get(a.group, 'unknown group')}",
                money_text(a.amount),
            )
            for of, a in reasons
        ],
        ("Sum", "", "", "", money_text(total)),
    )


def _pairs(head: ReportHead) -> Iterator[Part]:
    if not head.pairs:
        return
    yield Heading(2, "Provider adjustments (PLB)")
    yield Grid(
        "A positive amount lowers the payment",
        ("Provider", "Reason", "In our words", "Reference", "Claim named", "Account", "Amount"),
        frozenset({6}),
        [
            (
                one.pair.provider,
                one.pair.reason,
                _PAIRS.get(one.pair.reason, "for the provider as a whole"),
                one.pair.reference or "",
                one.claim or "",
                account_of(one.pair).value.replace("_", " "),
                money_text(one.pair.amount),
            )
            for one in head.pairs
        ],
        ("Sum", "", "", "", "", "", money_text(sum((x.pair.amount for x in head.pairs), ZERO))),
    )


def _totals(sums: Sums) -> Grid:
    count = sum(t.payments for t in sums.tallies)
    return Grid(
        "Claim payments by state",
        ("State", "Claims", "Charge", "Paid"),
        frozenset({1, 2, 3}),
        [
            (_STATES[t.state], str(t.payments), money_text(t.charge), money_text(t.paid))
            for t in sums.tallies
        ],
        ("All", str(count), money_text(sums.charge), money_text(sums.paid)),
    )


def _patient(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((a.amount for a in adjustments if a.group == "PR"), ZERO)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
