"""A remittance that was un-posted is put back: every posting that went with it, to the cent."""

from __future__ import annotations

from decimal import Decimal as D
from uuid import UUID

import pytest

from app.domain.errors import Conflict, NotFound
from app.domain.hand_match import LineChoice
from app.domain.lifecycle import Stage
from app.flows.match_by_hand import match_payment
from app.flows.put_aside import accept_correction
from app.flows.repost import repost_remittance
from app.flows.unpost import unpost_payment, unpost_remittance
from tests.flows.clinic import Clinic
from tests.flows.eras import Svc, era, paid, taken_back

ORIGINAL = paid("1001-1", Svc(D(150), D(100), "CO*45*30 PR*2*20"), icn="ICN1")
REVERSAL = taken_back(ORIGINAL)
CORRECTION = paid("1001-1", Svc(D(150), D(110), "CO*45*30 PR*2*10"), icn="ICN2")
DENIED = paid("1002-1", Svc(D(80), D(0), "CO*197*80"), icn="ICN7")
STRANGE = paid("J DOE", Svc(D(90), D(60), "CO*45*30", line=None), icn="ICN8")
ALL = ("1001-1", "1002-1", "1003-1")
PAIRS = [("WO:ICN99", D("25.00")), ("FB:EFT3", D("-40.00")), ("L6:INT", D("-1.25"))]


def unpost(clinic: Clinic, remittance_id: UUID) -> None:
    with clinic.work() as uow:
        unpost_remittance(uow, remittance_id, reason="the payer recalled it")


def repost(clinic: Clinic, remittance_id: UUID) -> str:
    """The state it is in then."""
    with clinic.work() as uow:
        repost_remittance(uow, remittance_id, reason="the payer sent it after all")
    with clinic.work() as uow:
        stored = uow.remittances.get(remittance_id)
    assert stored is not None
    return stored.state


def shown(clinic: Clinic) -> tuple[object, ...]:
    """Whatever a biller sees of it all."""
    with clinic.work() as uow:
        held = uow.recoupments.page(open_only=False, limit=9, after=None)
        owed = [(r.kind, r.reference, r.open, r.finding) for r in held]
    return (
        [clinic.figures(number) for number in ALL],
        [clinic.denials(number) for number in ALL],
        [(*state[:2], state[2]) for state in clinic.states()],
        clinic.balances(),
        owed,
        clinic.listed("plb.open"),
    )


def test_all_of_it_goes_back_as_it_was_and_off_again(clinic: Clinic) -> None:
    for number, charge in (("1001-1", 150), ("1002-1", 80), ("1003-1", 90)):
        clinic.bill(number, charge)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    clinic.take(era(DENIED, CORRECTION, REVERSAL, STRANGE, trace="EFT2", plb=PAIRS))
    by_hand, his = clinic.payments()[-1], clinic.claim("1003-1").id
    line = [LineChoice(1, "1")]
    with clinic.work() as uow:
        assert not match_payment(uow, by_hand.id, claim_id=his, lines=line, reason="x")
    before = shown(clinic)
    assert clinic.figures("1001-1") == (Stage.PAID, D(110), D(30), D(10), D(0))
    assert clinic.figures("1003-1") == (Stage.PAID, D(60), D(30), D(0), D(0))
    for _ in range(2):
        unpost(clinic, by_hand.remittance_id)
        assert clinic.figures("1001-1") == (Stage.PAID, D(100), D(30), D(20), D(0))
        assert clinic.figures("1003-1")[1:] == (D(0), D(0), D(0), D(90))
        off = clinic.listed("remits.unposted")
        assert sum(amount for *_, amount in off if amount) == -clinic.balances()["unapplied"]
        assert ("provider_adjustments", D("16.25")) in [row[1:] for row in off]
        assert clinic.verify() == []
        assert repost(clinic, by_hand.remittance_id) == "posted"
        assert shown(clinic) == before
        assert clinic.verify() == []
    with pytest.raises(Conflict, match="is posted"):
        repost(clinic, by_hand.remittance_id)
    with pytest.raises(NotFound):
        repost(clinic, by_hand.id)


def test_what_was_unposted_alone_stays_off(clinic: Clinic) -> None:
    for number, charge in (("1001-1", 150), ("1002-1", 80), ("1003-1", 90)):
        clinic.bill(number, charge)
    clinic.take(era(ORIGINAL, DENIED))
    wrong = clinic.payments()[0]
    with clinic.work() as uow:
        unpost_payment(uow, wrong.id, reason="another patient's")
    before = shown(clinic)
    unpost(clinic, wrong.remittance_id)
    assert repost(clinic, wrong.remittance_id) == "posted_with_exceptions"
    assert shown(clinic) == before
    assert clinic.verify() == []


def test_a_claim_that_was_paid_meanwhile_has_no_room_until_that_is_taken_off(
    clinic: Clinic,
) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    first = clinic.payments()[0]
    unpost(clinic, first.remittance_id)
    clinic.take(era(CORRECTION, trace="EFT2"))
    assert repost(clinic, first.remittance_id) == "posted_with_exceptions"
    assert clinic.states() == [("1", "waiting", "overpaid"), ("1", "posted", None)]
    assert clinic.verify() == []
    second = clinic.payments()[1]
    with clinic.work() as uow:
        unpost_payment(uow, second.id, reason="it was recalled")
    assert clinic.states() == [("1", "posted", None), ("1", "unposted", "unposted")]
    assert clinic.figures("1001-1") == (Stage.PAID, D(100), D(30), D(20), D(0))
    assert clinic.verify() == []


def test_of_two_that_tell_one_payment_one_is_on_the_books(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.take(era(ORIGINAL, trace="EFT1"))
    other = paid("1001-1", Svc(D(150), D(100), "CO*45*25 PR*2*25"), icn="ICN1")
    clinic.take(era(other, trace="EFT1"))
    first, second = (payment.remittance_id for payment in clinic.payments())
    unpost(clinic, first)
    with clinic.work() as uow:
        accept_correction(uow, second, reason="the payer told it anew")
    with pytest.raises(Conflict, match="holds the same money"):
        repost(clinic, first)
    unpost(clinic, second)
    assert repost(clinic, first) == "posted"
    with pytest.raises(Conflict, match="holds the same money"):
        repost(clinic, second)
    assert clinic.figures("1001-1") == (Stage.PAID, D(100), D(30), D(20), D(0))
    assert clinic.verify() == []
