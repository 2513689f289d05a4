"""A person takes a posting back, names a claim by hand, or takes a match away."""

from __future__ import annotations

from decimal import Decimal as D
from uuid import UUID

import pytest
from sqlalchemy import update

from app.domain.errors import Conflict, NotFound
from app.domain.hand_match import LineChoice
from app.domain.lifecycle import Stage
from app.flows.match_by_hand import match_payment, unmatch_payment
from app.flows.ports import StoredRemittance
from app.flows.put_aside import (
    accept_correction,
    accept_payment,
    dismiss_payment,
    reject_remittance,
)
from app.flows.unpost import unpost_payment, unpost_remittance
from app.store.tables import claim_payment, denial
from tests.flows.clinic import Clinic
from tests.flows.eras import Svc, era, paid, taken_back
from tests.flows.stories import story

ORIGINAL = paid("1001-1", Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn="ICN1")
REVERSAL = taken_back(ORIGINAL)
CORRECTION = paid("1001-1", Svc(D(150), D(110), "CO*45*30 PR*2*10"), icn="ICN2")
OPEN = (Stage.TRANSMITTED, D(0), D(0), D(0), D(150))
PAID = (Stage.PAID, D(100), D(30), D(20), D(0))
CORRECTED = (Stage.PAID, D(110), D(30), D(10), D(0))


def unpost(clinic: Clinic, which: int) -> None:
    payment = clinic.payments()[which]
    with clinic.work() as uow:
        unpost_payment(uow, payment.id, reason="posted to the wrong claim")


def match(
    clinic: Clinic, which: int, number: str, *lines: tuple[int, str], reason: str = "by phone"
) -> list[str]:
    """Faults, if the lines are not right."""
    claim, payment = clinic.claim(number), clinic.payments()[which]
    with clinic.work() as uow:
        choices = [LineChoice(ordinal, line) for ordinal, line in lines]
        faults = match_payment(uow, payment.id, claim_id=claim.id, lines=choices, reason=reason)
    return [fault.message for fault in faults]


def unmatch(clinic: Clinic, which: int) -> None:
    payment = clinic.payments()[which]
    with clinic.work() as uow:
        unmatch_payment(uow, payment.id, reason="another patient's")


def acts(clinic: Clinic, which: int) -> list[str]:
    payment = clinic.payments()[which]
    with clinic.work() as uow:
        return [str(act.act) for act in uow.payments.acts(payment.id)]


def test_an_unposted_payment_leaves_the_claim_as_it_was(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    before = clinic.balances()
    clinic.take(era(ORIGINAL))
    unpost(clinic, 0)
    assert clinic.figures("1001-1") == OPEN
    assert clinic.balances() == before | {"cash": D(100), "unapplied": D(-100)}
    assert clinic.states() == [("1", "unposted", "unposted")]
    assert acts(clinic, 0) == ["posted", "unposted"]
    assert clinic.verify() == []
    with pytest.raises(Conflict, match="is unposted"):
        unpost(clinic, 0)
    clinic.take(era(ORIGINAL))
    assert clinic.figures("1001-1") == OPEN


def test_an_unposted_payment_is_posted_again_by_hand_and_unposted_again(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL))
    for _ in range(2):
        unpost(clinic, 0)
        assert clinic.figures("1001-1") == OPEN
        assert match(clinic, 0, "1001-1", (1, "1")) == []
        assert clinic.figures("1001-1") == PAID
        assert clinic.verify() == []
    assert acts(clinic, 0) == ["posted"] + ["unposted", "matched", "posted"] * 2
    [payment] = clinic.payments()
    with clinic.work() as uow:
        assert len(uow.journal.entries_of("claim_payment", payment.id)) == 5


def test_what_waited_for_room_posts_when_a_payment_is_unposted(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(CORRECTION, trace="EFT2"))
    assert clinic.states()[1] == ("1", "waiting", "overpaid")
    unpost(clinic, 0)
    assert clinic.figures("1001-1") == CORRECTED
    assert clinic.verify() == []


def test_a_reversal_is_unposted_and_its_original_stands_again(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(REVERSAL, trace="EFT2"))
    with pytest.raises(Conflict, match="Un-post the reversal first"):
        unpost(clinic, 0)
    for _ in range(2):
        unpost(clinic, 1)
        assert clinic.figures("1001-1") == PAID
        assert clinic.states() == [("1", "posted", None), ("22", "unposted", "unposted")]
        assert clinic.verify() == []
        match(clinic, 1, "1001-1")
        assert clinic.figures("1001-1")[0] is Stage.REVERSED
        assert clinic.states() == [("1", "reversed", None), ("22", "posted", None)]
        assert clinic.verify() == []
    unpost(clinic, 1)
    unpost(clinic, 0)
    assert clinic.figures("1001-1") == OPEN
    assert clinic.verify() == []


def test_a_reversal_is_not_unposted_beside_its_correction(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(REVERSAL, CORRECTION, trace="EFT2"))
    with pytest.raises(Conflict, match="Un-post the correction first"):
        unpost(clinic, 1)
    assert clinic.figures("1001-1") == CORRECTED
    unpost(clinic, 2)
    unpost(clinic, 1)
    assert clinic.figures("1001-1") == PAID
    assert clinic.verify() == []


def test_a_whole_remittance_is_unposted(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 80)
    other = paid("1002-1", Svc(D(80), D(80)), icn="ICN7")
    clinic.take(era(ORIGINAL, trace="EFT1"))
    before = clinic.balances()
    clinic.take(era(REVERSAL, CORRECTION, other, trace="EFT2", plb=[("L6:INT", D("-1.25"))]))
    assert clinic.figures("1001-1") == CORRECTED
    remittance = clinic.payments()[-1].remittance_id
    with clinic.work() as uow:
        unpost_remittance(uow, remittance, reason="the payer recalled it")
    assert clinic.figures("1001-1") == PAID
    assert clinic.figures("1002-1")[1:] == (D(0), D(0), D(0), D(80))
    money = {"cash": before["cash"] + D("91.25"), "unapplied": D("-91.25")}
    assert clinic.balances() == before | money
    with clinic.work() as uow:
        stored = uow.remittances.get(remittance)
    assert stored is not None
    assert (stored.state, stored.posted, stored.waiting) == ("unposted", 0, 3)
    assert clinic.verify() == []
    with clinic.work() as uow, pytest.raises(Conflict, match="is unposted"):
        unpost_remittance(uow, remittance, reason="again")


def test_a_remittance_that_was_taken_back_is_not_unposted(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(REVERSAL, trace="EFT2"))
    remittance = clinic.payments()[0].remittance_id
    with pytest.raises(Conflict, match="reversals first"), clinic.work() as uow:
        unpost_remittance(uow, remittance, reason="x")
    assert clinic.figures("1001-1")[0] is Stage.REVERSED


# ── Matching by hand ───────────────────────────────────────────────────────

STRANGE = paid("JANE DOE", Svc(D(150), D(100), "CO*45*30 PR*2*20", line=None), icn="ICN1")


def test_a_payment_is_matched_by_hand_and_unmatched(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    charged = clinic.balances()
    clinic.take(era(STRANGE))
    waiting = clinic.balances()
    assert clinic.states() == [("1", "waiting", "unmatched")]
    assert match(clinic, 0, "1001-1", (1, " 1 ")) == []
    assert clinic.figures("1001-1") == PAID
    assert clinic.balances()["charges"] == charged["charges"]
    assert "unapplied" not in clinic.balances()
    assert clinic.claim("1001-1").payer_claim_control_number == "ICN1"
    assert clinic.verify() == []
    with pytest.raises(Conflict, match="is posted already"):
        match(clinic, 0, "1001-1", (1, "1"))
    unmatch(clinic, 0)
    assert clinic.figures("1001-1") == OPEN
    assert clinic.balances() == waiting
    assert clinic.states() == [("1", "waiting", "unmatched_by_hand")]
    assert acts(clinic, 0) == ["matched", "posted", "unmatched"]
    assert clinic.verify() == []
    with pytest.raises(Conflict, match="matched to no claim"):
        unmatch(clinic, 0)


@pytest.mark.parametrize("first", ["matched", "reversed"])
def test_the_reversal_of_a_claim_matched_by_hand(clinic: Clinic, first: str) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(STRANGE, trace="EFT1"))
    steps = [
        lambda: match(clinic, 0, "1001-1", (1, "1")),
        lambda: clinic.take(era(taken_back(STRANGE), trace="EFT2")),
    ]
    for step in steps if first == "matched" else reversed(steps):
        step()
    assert clinic.figures("1001-1") == (Stage.REVERSED, D(0), D(0), D(0), D(150))
    assert clinic.states() == [("1", "reversed", None), ("22", "posted", None)]
    assert clinic.verify() == []


def test_a_reversal_that_a_person_confirms(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(taken_back(ORIGINAL, icn="ICN9"), trace="EFT2"))
    assert clinic.states()[1] == ("22", "waiting", "reversal_differs")
    assert match(clinic, 1, "1001-1") == []
    assert clinic.figures("1001-1")[0] is Stage.REVERSED
    assert clinic.verify() == []


def test_a_match_that_the_books_cannot_hold_is_refused(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 100)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    clinic.take(era(STRANGE, trace="EFT2"))
    clinic.take(era(taken_back(STRANGE, icn="ICN9"), trace="EFT3"))
    before = clinic.balances()
    with pytest.raises(Conflict, match=r"Line 1 has 0\.00 left to be paid"):
        match(clinic, 1, "1001-1", (1, "1"))
    with pytest.raises(Conflict, match=r"Line 1 has 100\.00 left to be paid"):
        match(clinic, 1, "1002-1", (1, "1"))
    with pytest.raises(Conflict, match="No payment that stands on this claim"):
        match(clinic, 2, "1002-1")
    strange = clinic.payments()[1].id
    with clinic.work() as uow, pytest.raises(NotFound, match="claim of this id"):
        match_payment(uow, strange, claim_id=UUID(int=7), lines=[], reason="x")
    assert match(clinic, 1, "1002-1") == ["Services 1 are given no line; each needs one."]
    assert match(clinic, 1, "1002-1", (1, "9"), (1, "1"), (2, "1")) == [
        "The claim has no line of this control number.",
        "The payment has no service of this number.",
    ]
    assert clinic.balances() == before
    assert clinic.verify() == []


def test_a_payment_that_does_not_balance_is_refused(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    short = paid("1001-1", Svc(D(150), D(100), "CO*45*30"), icn="ICN1")
    clinic.take(era(short))
    assert clinic.states() == [("1", "waiting", "unbalanced")]
    with pytest.raises(Conflict, match="corrected remittance"):
        match(clinic, 0, "1001-1", (1, "1"))


def test_a_payment_posted_under_another_row_is_refused(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    # Nothing is paid out, so the trace names no payment and each claim payment is looked at alone.
    clinic.take(era(ORIGINAL, plb=[("WO:ICN1", D(100))]))
    clinic.take(era(ORIGINAL, paid("X", Svc(D(1), D(1))), plb=[("WO:ICN1", D(101))]))
    assert clinic.states()[1] == ("1", "waiting", "possible_duplicate")
    with pytest.raises(Conflict, match="same numbers and amounts"):
        match(clinic, 1, "1001-1", (1, "1"))
    unpost(clinic, 0)
    assert match(clinic, 1, "1001-1", (1, "1")) == []
    assert clinic.figures("1001-1") == PAID
    assert clinic.verify() == []


def test_what_waits_for_a_wrong_claim_is_sent_away(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"), era(CORRECTION, trace="EFT2"))
    unmatch(clinic, 1)
    assert clinic.states()[1] == ("1", "waiting", "unmatched_by_hand")
    clinic.take(era(REVERSAL, trace="EFT3"))  # it makes room, but not for what was sent away
    assert clinic.figures("1001-1")[0] is Stage.REVERSED
    assert match(clinic, 1, "1001-1", (1, "1")) == []
    assert clinic.figures("1001-1") == CORRECTED
    assert clinic.verify() == []


# ── Put aside, accepted, rejected ──────────────────────────────────────────


def test_a_payment_that_is_none_of_ours_is_dismissed_and_matched_after_all(
    small_clinic: Clinic,
) -> None:
    clinic = small_clinic
    clinic.bill("1001-1", 150)
    clinic.take(era(STRANGE))
    waiting = clinic.balances()
    [payment] = clinic.payments()
    with clinic.work() as uow:
        dismiss_payment(uow, payment.id, reason="the neighbour's patient")
    assert clinic.states() == [("1", "dismissed", "dismissed")]
    assert clinic.balances() == waiting  # its money stays in unapplied
    assert clinic.listed("remits.unposted") == []
    with clinic.work() as uow:
        stored = uow.remittances.get(payment.remittance_id)
    assert stored is not None
    assert (str(stored.state), stored.posted, stored.waiting) == ("posted", 0, 0)
    assert clinic.verify() == []
    with clinic.work() as uow, pytest.raises(Conflict, match="is dismissed"):
        dismiss_payment(uow, payment.id, reason="again")
    assert match(clinic, 0, "1001-1", (1, "1")) == []
    assert clinic.figures("1001-1") == PAID
    assert acts(clinic, 0) == ["dismissed", "matched", "posted"]
    with clinic.work() as uow, pytest.raises(Conflict, match="is posted"):
        dismiss_payment(uow, payment.id, reason="x")
    assert clinic.verify() == []


@pytest.fixture
def held(small_clinic: Clinic) -> tuple[Clinic, UUID, UUID]:
    """Lesson 1: a remittance of 231.50 is posted, and another content under its trace waits."""
    small_clinic.bill("C000000001-1", 100, 50, code="G0463")
    small_clinic.bill("C000000002-1", 200, code="G0463")
    small_clinic.take(story("01_a_remittance"), story("01_f_corrected"))
    first, second = remittances(small_clinic)
    return small_clinic, first.id, second.id


def remittances(clinic: Clinic) -> list[StoredRemittance]:
    with clinic.work() as uow:
        return uow.remittances.page(limit=9, after=None)


def test_a_held_remittance_is_rejected_and_accepted_in_place_of_the_earlier(
    held: tuple[Clinic, UUID, UUID],
) -> None:
    clinic, first, second = held
    books = clinic.balances()
    with clinic.work() as uow:
        reject_remittance(uow, second, reason="the payer says the first stands")
    assert [str(r.state) for r in remittances(clinic)] == ["posted", "rejected"]
    assert clinic.balances() == books
    assert clinic.listed("remits.unbalanced") == []
    assert clinic.verify() == []
    # They thought again. What the first posted has to be taken back before.
    with clinic.work() as uow, pytest.raises(Conflict, match="Un-post it first"):
        accept_correction(uow, second, reason="they were wrong")
    with clinic.work() as uow:
        unpost_remittance(uow, first, reason="the second stands")
    with clinic.work() as uow:
        accept_correction(uow, second, reason="the second stands")
    assert [str(r.state) for r in remittances(clinic)] == ["unposted", "posted"]
    assert clinic.listed("remits.unposted") == []  # its money is the second's
    assert clinic.figures("C000000001-1")[1:4] == (D(100), D(30), D(20))
    assert clinic.figures("C000000002-1")[1:4] == (D(130), D(20), D(0))
    after = clinic.balances()
    assert (after["cash"], after.get("unapplied", D(0))) == (D("231.50"), D(0))
    assert clinic.verify() == []
    with clinic.work() as uow, pytest.raises(Conflict, match="is posted and not held"):
        accept_correction(uow, second, reason="again")


def test_a_held_remittance_is_accepted_as_a_payment_of_its_own(
    held: tuple[Clinic, UUID, UUID],
) -> None:
    clinic, _, second = held
    with clinic.work() as uow:
        accept_payment(uow, second, reason="the payer used the trace twice")
    assert clinic.balances()["cash"] == D("463.00")
    # The claims were paid by the first already: these payments wait for a person, one by one.
    states = {(str(p.state), p.reason) for p in clinic.payments() if p.remittance_id == second}
    assert states == {("waiting", "overpaid")}
    assert clinic.balances()["unapplied"] == D(-230)
    assert [r.deposit for r in remittances(clinic)] == [D("231.50")] * 2
    assert clinic.verify() == []


def test_verify_finds_a_denial_that_its_payments_do_not_tell(small_clinic: Clinic) -> None:
    clinic = small_clinic
    clinic.bill("1001-1", 150)
    clinic.take(era(paid("1001-1", Svc(D(150), D(0), "CO*197*150"), icn="ICN1")))
    assert clinic.verify() == []
    with clinic.practice.engine.begin() as connection:
        connection.execute(update(denial).values(at_stake=D("1.00")))
    assert [d.message for d in clinic.verify() if d.check == "denial"] == [
        "it is kept as open, 1.00 at stake, its payments say open, 150.00 at stake"
    ]


def test_verify_finds_a_state_that_the_acts_do_not_tell(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL))
    with clinic.practice.engine.begin() as connection:
        connection.execute(update(claim_payment).values(state="reversed"))
    told = [d.message for d in clinic.verify() if d.check == "payment"]
    assert told == [
        "its state is kept as reversed, its acts say posted",
        "it is reversed and stands on the books 1 times",
    ]
