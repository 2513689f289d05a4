"""Every cent of a payment finds its account; denials find none and stay open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claim import StoredClaim
from app.domain.claim_matching import Candidate
from app.domain.ledger import Account, JournalEntry, JournalLine, mirror, transfer, trial_balance
from app.domain.matching import Match, Waits, fingerprint, match
from app.domain.money import ZERO
from app.domain.posting import (
    Posted,
    Remaining,
    charge_entry,
    deposit_entry,
    post,
    provider_adjustment_entry,
)
from app.domain.remittance import ClaimPayment, Imbalance, ProviderAdjustment, ServicePayment

from .remits import HERE, claim, payment, remittance, service

ID = UUID(int=9)


def balances(*entries: JournalEntry) -> dict[str, D]:
    lines = [(line.account, line.amount) for entry in entries for line in entry.lines]
    return {name: amount for name, amount in trial_balance(lines).items() if amount}


TREATMENTS = [
    ("contractual", "CO*45*20", {"contractual": D(20)}, D(0)),
    ("contractual by payer initiative", "PI*45*20", {"contractual": D(20)}, D(0)),
    ("sequestration", "CO*253*20", {"sequestration": D(20)}, D(0)),
    ("deductible", "PR*1*20", {"receivable_patient": D(20)}, D(0)),
    ("denied", "CO*197*20", {}, D(20)),
    ("denied, patient liable: a person looks first", "PR*96*20", {}, D(20)),
    ("a code nobody has classified", "CO*9999*20", {}, D(20)),
    ("a prior payer's part", "OA*23*20", {}, D(20)),
]


@pytest.mark.parametrize(
    ("cas", "moved", "left"), [t[1:] for t in TREATMENTS], ids=[t[0] for t in TREATMENTS]
)
def test_treatment_of_an_adjustment(cas: str, moved: dict[str, D], left: D) -> None:
    ours = claim("100")
    posted = post(
        payment(service("100", "80", cas)),
        ours,
        payment_id=ID,
        lines={1: ours.lines[0].id},
        remittance=remittance(),
    )
    booked = balances(posted.entry)
    owed = D(100) + booked.pop("receivable_payer")
    assert booked.pop("unapplied") == D(80)
    assert booked == moved
    assert owed == left == D(100) - posted.paid - posted.adjusted - posted.patient_responsibility


def test_a_fee_schedule_reduction_of_the_whole_charge_is_not_written_off() -> None:
    ours = claim("100")
    posted = post(
        payment(service("100", "0", "CO*45*100")),
        ours,
        payment_id=ID,
        lines={1: ours.lines[0].id},
        remittance=remittance(),
    )
    assert posted.entry.lines == ()
    assert posted.adjusted == ZERO


def test_claim_level_adjustments_are_posted_to_the_claim_itself() -> None:
    ours = claim("100", "50")
    paid = payment(
        service("100", "100"),
        service("50", "50", line="2", ordinal=2),
        charge="150",
        paid="145",
        cas="CO*253*5",
    )
    posted = post(
        paid,
        ours,
        payment_id=ID,
        lines={1: ours.lines[0].id, 2: ours.lines[1].id},
        remittance=remittance(),
    )
    assert (posted.paid, posted.adjusted) == (D(145), D(5))
    own = [line for line in posted.entry.lines if line.charge_id is None]
    assert sum(line.amount for line in own if line.account is Account.SEQUESTRATION) == D(5)
    assert sum(line.amount for line in own if line.account is Account.UNAPPLIED) == D(-5)


def test_the_deposit_is_cash_until_it_is_applied() -> None:
    assert balances(deposit_entry(remittance("190.50"), remittance_id=ID)) == {
        "cash": D("190.50"),
        "unapplied": D("-190.50"),
    }
    taken = deposit_entry(remittance("10", credit_debit="D"), remittance_id=ID)
    assert balances(taken) == {"cash": D(-10), "unapplied": D(10)}


@pytest.mark.parametrize(
    ("reason", "amount", "account"),
    [
        ("L6", "-3.12", "interest"),
        ("WO", "50", "payer_recoupment"),
        ("FB", "-50", "payer_recoupment"),
        ("72", "-50", "provider_adjustments"),
        ("CS", "5", "provider_adjustments"),
        ("ZZ", "5", "provider_adjustments"),
    ],
)
def test_a_plb_pair_leaves_unapplied(reason: str, amount: str, account: str) -> None:
    pair = ProviderAdjustment(1, "1234567893", date(2026, 12, 31), reason, "ICN1", D(amount), HERE)
    entry = provider_adjustment_entry(pair, adjustment_id=ID, remittance=remittance())
    assert balances(entry) == {account: D(amount), "unapplied": -D(amount)}


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=6))
def test_a_mirror_takes_everything_back(cents: list[int]) -> None:
    lines = tuple(
        line
        for c in cents
        for line in transfer(debit=Account.CASH, credit=Account.UNAPPLIED, amount=D(c) / 100)
    )
    entry = JournalEntry("remittance", ID, lines)
    back = mirror(entry, entry_id=ID, ordinal=1)
    assert balances(entry, back) == {}
    assert back.reverses_id == ID


def test_an_entry_that_does_not_sum_to_zero_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        JournalEntry("charge", ID, (JournalLine(Account.CASH, D(1)),))


def test_a_charge_is_owed_by_the_payer() -> None:
    entry = charge_entry(ID, D("150.00"), claim_id=ID, payer_position="P")
    assert balances(entry) == {"receivable_payer": D(150), "charges": D(-150)}


OURS = claim("100", "50")
GATES = [
    ("balanced, known, lines named",
     payment(service("100", "80", "CO*45*20"), service("50", "50", line="2", ordinal=2)), None),
    ("a split line adds up to what was billed",
     payment(service("60", "60"), service("40", "40", ordinal=2)), None),
    ("no lines, the charge is ours", payment(charge="150", paid="150"), None),
    ("no line number: procedure, date and charge",
     payment(service("100", "80", "CO*45*20", line=None)), None),
    ("a number we never gave: procedure, date and charge",
     payment(service("100", "80", "CO*45*20", line="9")), None),
    ("no line number, another charge", payment(service("80", "80", line=None)), "line_mismatch"),
    ("billed at another charge", payment(service("90", "80", "CO*45*10")), "line_mismatch"),
    ("no lines, another charge", payment(charge="140", paid="140"), "charge_mismatch"),
    ("taken back", payment(service("-100", "-80", "CO*45*-20"), status="22"),
     "reversal_without_original"),
    ("negative without saying why", payment(service("100", "-80", "CO*45*180")),
     "negative_payment"),
    ("out of balance", replace(
        payment(service("100", "80")),
        imbalances=(Imbalance("line", D(100), D(80), "100.00 is not 80.00."),),
    ), "unbalanced"),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "reason"), [g[1:] for g in GATES], ids=[g[0] for g in GATES])
def test_gates(paid, reason: str | None) -> None:  # type: ignore[no-untyped-def]
    verdict = judged(paid, OURS)
    assert isinstance(verdict, Match if reason is None else Waits)
    assert getattr(verdict, "reason", None) == reason


@pytest.mark.parametrize(("ours", "theirs"), [("a1", "A1"), ("A1", "a1"), ("A1", " A1 ")])
def test_a_line_number_is_known_in_either_case(ours: str, theirs: str) -> None:
    line = replace(OURS.lines[0], line_control_number=ours)
    found = judged(payment(service("100", "100", line=theirs)), replace(OURS, lines=(line,)))
    assert isinstance(found, Match)
    assert found.lines == {1: line.id}


def judged(
    paid: ClaimPayment, ours: StoredClaim | None, *, posted: Collection[str] = ()
) -> Match | Waits:
    """The verdict where CLP01 is the number of this claim, or of none."""
    given = paid.patient_control_number
    candidates = [Candidate(ours, ((given, ours.submission_id),))] if ours else []
    return match(paid, candidates, remittance=remittance(), fingerprint="f", posted=posted)


def posted_to(ours: StoredClaim, *services: ServicePayment) -> Posted:
    paid = payment(*services)
    lines = {s.ordinal: ours.lines[int(s.line_control_number or 1) - 1].id for s in services}
    return post(paid, ours, payment_id=ID, lines=lines, remittance=remittance())


def test_a_line_is_paid_once_and_a_second_payment_waits() -> None:
    remaining = Remaining()
    assert remaining.take(OURS, posted_to(OURS, service("100", "80", "CO*45*20"))) is None
    again = remaining.take(OURS, posted_to(OURS, service("100", "10", "CO*45*90")))
    assert again is not None
    assert "Line 1 has 0.00 left" in again
    other = posted_to(OURS, service("50", "50", line="2", ordinal=2))
    assert remaining.take(OURS, other) is None  # what did not fit was not taken


def test_what_a_denial_left_open_may_be_paid_later() -> None:
    remaining = Remaining()
    assert remaining.take(OURS, posted_to(OURS, service("100", "0", "CO*197*100"))) is None
    assert remaining.take(OURS, posted_to(OURS, service("100", "100"))) is None


def test_an_unknown_number_and_a_payment_posted_before_wait() -> None:
    paid = payment(service("100", "100"))
    unknown = judged(paid, None)
    again = judged(paid, OURS, posted={"f"})
    assert isinstance(unknown, Waits)
    assert unknown.reason == "unmatched"
    assert isinstance(again, Waits)
    assert again.reason == "possible_duplicate"


def test_equal_money_has_equal_fingerprints_and_two_equal_payments_have_two() -> None:
    one, other = payment(service("100", "100")), payment(service("100.00", "100.0"))
    head = remittance()
    assert fingerprint(head, one, occurrence=0) == fingerprint(head, other, occurrence=0)
    assert fingerprint(head, one, occurrence=0) != fingerprint(head, one, occurrence=1)
    moved = replace(head, trace_number="EFT2")
    assert fingerprint(head, one, occurrence=0) != fingerprint(moved, one, occurrence=0)
