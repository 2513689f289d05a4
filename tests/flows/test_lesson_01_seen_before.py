"""Lesson 1: the same remittance is posted once, whoever sends it, however often, in how many files.

The files lie in fixtures/x12/835/lessons. The remittance pays 110.00 and 120.00 and brings 1.50 of
interest (PLB L6), so BPR02 says 231.50.
"""

from __future__ import annotations

import itertools
import threading
from decimal import Decimal as D
from pathlib import Path

import pytest

from app.domain.money import ZERO
from app.domain.seen_before import Seen
from app.flows.ports import RemittanceState, StoredRemittance
from tests.cash.desk import Desk
from tests.flows.clinic import Clinic

LESSONS = Path(__file__).parents[2] / "fixtures/x12/835/lessons"
POSTED = {
    "cash": D("231.50"),
    "charges": D("-350.00"),
    "contractual": D("60.00"),
    "interest": D("-1.50"),
    "receivable_patient": D("10.00"),
    "receivable_payer": D("50.00"),  # the denied part of the second claim
}


def story(name: str) -> bytes:
    return (LESSONS / f"01_{name}.edi").read_bytes()


@pytest.fixture
def billed(clinic: Clinic) -> Clinic:
    """Both claims are out: 100.00 and 50.00; 200.00."""
    clinic.bill("C000000001-1", 100, 50, code="G0463")
    clinic.bill("C000000002-1", 200, code="G0463")
    return clinic


def remittances(clinic: Clinic) -> list[StoredRemittance]:
    with clinic.work() as uow:
        return uow.remittances.page(limit=50, after=None)


def states(clinic: Clinic) -> list[str]:
    return [str(r.state) for r in remittances(clinic)]


def cash_is_the_deposits(clinic: Clinic) -> None:
    deposits = sum((r.deposit for r in remittances(clinic)), ZERO)
    assert clinic.balances().get("cash", ZERO) == deposits
    assert clinic.verify() == []


@pytest.mark.parametrize("again", ["a_remittance", "b_wrapped_again", "c_by_the_clearinghouse"])
@pytest.mark.parametrize("first", ["a_remittance", "b_wrapped_again", "c_by_the_clearinghouse"])
def test_lesson_01_abc_the_second_copy_is_a_duplicate(
    billed: Clinic, first: str, again: str
) -> None:
    billed.take(story(first))
    assert billed.balances() == POSTED
    payments = billed.payments()
    billed.take(story(again))
    assert billed.balances() == POSTED
    assert billed.payments() == payments
    original, *copies = remittances(billed)
    assert original.state is RemittanceState.POSTED
    for copy in copies:  # the same bytes make no remittance at all
        assert (copy.state, copy.duplicate_of) == (RemittanceState.DUPLICATE, original.id)
    cash_is_the_deposits(billed)


def test_lesson_01_c_a_copy_says_why_it_is_one(billed: Clinic) -> None:
    billed.take(story("a_remittance"), story("c_by_the_clearinghouse"), story("b_wrapped_again"))
    _, other_words, same_words = remittances(billed)
    assert "says what an earlier remittance says" in (other_words.reason or "")
    assert same_words.reason is None


def test_lesson_01_e_other_claims_under_the_same_header_are_another_payment(
    billed: Clinic,
) -> None:
    billed.bill("C000000003-1", 240, code="G0463")
    billed.take(story("a_remittance"), story("e_same_header_other_claims"))
    assert states(billed) == ["posted", "posted"]
    assert billed.balances()["cash"] == D("463.00")
    assert billed.claim("C000000003-1").paid == D("231.50")
    cash_is_the_deposits(billed)


def test_lesson_01_e_two_identical_claims_of_one_remittance_are_two(billed: Clinic) -> None:
    billed.bill("C000000004-1", 60, code="G0463")
    billed.take(story("e_two_identical_claims"))
    twins = [p for p in billed.payments() if p.patient_control_number == "C000000004-1"]
    # Both are kept; the second would pay more than was billed, and waits for a person.
    assert [(str(p.state), p.paid, p.reason) for p in twins] == [
        ("posted", D("40.00"), None),
        ("waiting", D("40.00"), "overpaid"),
    ]
    assert billed.balances()["unapplied"] == D("-40.00")
    cash_is_the_deposits(billed)


def test_lesson_01_e_notices_without_money_share_a_trace(billed: Clinic) -> None:
    billed.bill("C000000005-1", 90, code="G0463")
    billed.take(story("e_notice"), story("e_notice_again"), story("e_notice"))
    assert states(billed) == ["posted", "posted"]
    assert [r.seen for r in remittances(billed)] == [Seen.FIRST, Seen.FIRST]
    cash_is_the_deposits(billed)


@pytest.mark.parametrize(
    ("first", "then"), list(itertools.permutations(["a_remittance", "f_corrected"], 2))
)
def test_lesson_01_f_other_content_under_one_trace_waits_and_brings_no_cash(
    billed: Clinic, first: str, then: str
) -> None:
    billed.take(story(first), story(then))
    original, other = remittances(billed)
    assert (original.state, other.state) == (RemittanceState.POSTED, RemittanceState.WAITING)
    assert (other.seen, other.same_payment_as) == (Seen.OTHER_CONTENT, original.id)
    assert "2 of its claim payments are in that one too" in (other.reason or "")
    assert (original.deposit, other.deposit) == (D("231.50"), ZERO)
    assert billed.balances()["cash"] == D("231.50")
    assert billed.balances().get("unapplied", ZERO) == ZERO
    assert {p.reason for p in billed.payments() if p.state != "posted"} == {"transaction_waits"}
    cash_is_the_deposits(billed)


PARTS = ["d_part_1_of_2", "d_part_2_of_2"]


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)))
def test_lesson_01_d_the_parts_of_a_split_payment_post_together(
    billed: Clinic, order: tuple[str, ...]
) -> None:
    one, other = order
    billed.take(story(one))
    [first] = remittances(billed)
    missing = "121.50" if one == PARTS[0] else "110.00"
    assert first.state is RemittanceState.WAITING
    assert f"{missing} is missing" in (first.reason or "")
    assert billed.balances()["cash"] == D("231.50")
    assert {p.reason for p in billed.payments()} == {"transaction_waits"}
    cash_is_the_deposits(billed)

    billed.take(story(other))
    assert billed.balances() == POSTED
    first, second = remittances(billed)
    assert (first.state, second.state) == (RemittanceState.POSTED, RemittanceState.POSTED)
    assert (first.reason, second.reason) == (None, None)
    assert (first.deposit, second.deposit) == (D("231.50"), ZERO)
    assert (second.seen, second.same_payment_as) == (Seen.PART, first.id)
    assert [str(p.state) for p in billed.payments()] == ["posted", "posted"]
    cash_is_the_deposits(billed)

    billed.take(story(one), story(other))
    assert billed.balances() == POSTED


def test_lesson_01_d_the_whole_after_a_part_and_a_part_after_the_whole_bring_no_cash(
    billed: Clinic,
) -> None:
    billed.take(story("a_remittance"), *map(story, PARTS))
    assert billed.balances() == POSTED
    whole, *parts = remittances(billed)
    assert [part.seen for part in parts] == [Seen.OTHER_CONTENT, Seen.OTHER_CONTENT]
    assert {part.same_payment_as for part in parts} == {whole.id}
    cash_is_the_deposits(billed)


def test_lesson_01_d_what_is_missing_is_said(billed: Clinic) -> None:
    """The second part without its PLB: the interest is still missing."""
    kept = [s for s in story(PARTS[1]).splitlines(keepends=True) if not s.startswith(b"PLB")]
    short = b"".join(kept).replace(b"SE*25*0001", b"SE*24*0001")
    billed.take(story(PARTS[0]), short)
    assert [r.reason for r in remittances(billed)] == [
        "2 remittances of this trace are parts of one payment: of BPR02 231.50, 1.50 is missing."
        " They post together when the rest has come."
    ] * 2
    assert billed.balances()["unapplied"] == D("-231.50")
    cash_is_the_deposits(billed)


@pytest.mark.parametrize(
    "names",
    [
        ("a_remittance", "c_by_the_clearinghouse", "b_wrapped_again"),
        ("d_part_1_of_2", "d_part_2_of_2"),
        ("a_remittance", "f_corrected"),
    ],
    ids=["copies", "parts", "two contents"],
)
def test_lesson_01_two_workers_take_them_at_once(billed: Clinic, names: tuple[str, ...]) -> None:
    ready = threading.Barrier(len(names))
    failed: list[BaseException] = []

    def work(name: str) -> None:
        try:
            ready.wait(20)
            billed.take(story(name))
        except BaseException as fault:  # told below, in the test's own thread
            failed.append(fault)

    workers = [threading.Thread(target=work, args=(name,)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failed == []
    assert billed.balances()["cash"] == D("231.50")
    assert billed.balances().get("unapplied", ZERO) == ZERO
    assert sum((p.paid for p in billed.payments() if p.state == "posted"), ZERO) == D("230.00")
    cash_is_the_deposits(billed)


def test_lesson_01_d_the_parts_are_one_deposit_at_the_bank(desk: Desk) -> None:
    for part in PARTS:
        desk.send(story(part))
    (expected,) = desk.items("/v1/reassociations")
    assert (expected["state"], expected["expected"]) == ("ERA_ONLY", "231.50")
    (taken,) = desk.get("/v1/reports/remittances")["items"]
    assert (taken["remittances"], taken["deposits"]) == (2, "231.50")
    deposit = {"amount": "231.50", "date": "2026-11-20", "addenda": "TRN*1*EFT0301*1512345678\\"}
    desk.post("/v1/deposits", deposit)
    (found,) = desk.items("/v1/reassociations")
    assert (found["state"], found["expected"], found["arrived"]) == ("MATCHED", "231.50", "231.50")
    assert desk.view("wl_era_no_eft") == desk.view("wl_eft_no_era") == []
