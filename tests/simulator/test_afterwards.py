"""What a payer does after its first answer, and answers that are told in odd ways: read back as
anybody would read them.
"""

from __future__ import annotations

from decimal import Decimal as D

import pytest

import edi
from app.domain.remittance import ClaimPayment, Remittance
from app.simulator.answers import Reply
from app.x12.remittance_835 import RemittanceEnd, read_payments, read_remittances
from tests.referee import pyx12_errors

from .test_clearinghouse import answered, billed

# (CLP02, CLP04) of each file, in the order of the names
Told = list[list[tuple[str, str]]]


def files(given: Reply) -> list[bytes]:
    return [f.data for f in given.answers if "-5-835-" in f.name]


def told(given: Reply) -> Told:
    return [
        [(p.status, str(p.paid)) for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
        for data in files(given)
    ]


def pairs(data: bytes) -> list[tuple[str, str | None, D]]:
    return [
        (a.reason, a.reference, a.amount)
        for _, item in read_payments(data)
        if isinstance(item, RemittanceEnd)
        for a in item.provider_adjustments
    ]


def header(data: bytes) -> Remittance:
    [remittance] = read_remittances(data)
    return remittance


ROUNDS: list[tuple[str, Told]] = [
    ("SIMREV1", [[("1", "162.9")], [("22", "-162.9"), ("1", "225.5")]]),
    ("SIMREVTWO", [[("1", "162.9")], [("22", "-162.9")], [("1", "225.5")]]),
    ("SIMREVODD", [[("1", "162.9")], [("1", "225.5")], [("22", "-162.9")]]),
    ("SIMVOID1", [[("1", "162.9")], [("22", "-162.9")]]),
    ("SIMWO1", [[("1", "225.5")], [("22", "-225.5"), ("1", "162.9")]]),
    ("SIMLATE1", [[("1", "225.5")]]),
    ("SIMDUP1", [[("1", "162.9")], [("1", "162.9")]]),
    ("SIMCROSS", [[("19", "162.9")]]),
    ("SIMNOTOURS", [[("23", "0")]]),
    ("SIMUNKNOWN", [[("4", "0")]]),
    ("SIMCAP1", [[("1", "0")]]),
    ("SIMUNDER", [[("1", "135.3")]]),
]


@pytest.mark.parametrize(("member_id", "expected"), ROUNDS)
def test_each_round_has_a_file(member_id: str, expected: Told) -> None:
    given = answered(billed(1, member_id))
    assert told(given) == expected
    sent = [header(data).deposit for data in files(given)]
    paid_once = sent[:1] if member_id == "SIMDUP1" else sent
    assert [d.amount for d in given.deposits] == paid_once


ALL = [billed(n, member_id) for n, (member_id, _) in enumerate(ROUNDS, 1)]


def test_every_file_is_right_by_our_check_and_by_pyx12() -> None:
    for data in files(answered(*ALL, billed(90, "SIMBUNDLE"), billed(91, "SIMSPLIT1"))):
        assert [i for i in edi.check(data).issues if i.severity == "error"] == []
        assert pyx12_errors(data) == []


def test_a_reversal_turns_every_amount_of_its_payment_round() -> None:
    first, second = files(answered(billed(1, "SIMREV1")))
    original, reversal, anew = (
        p for data in (first, second) for _, p in read_payments(data) if isinstance(p, ClaimPayment)
    )
    assert reversal.payer_claim_control_number == original.payer_claim_control_number
    assert anew.payer_claim_control_number != original.payer_claim_control_number
    assert (reversal.charge, reversal.paid) == (-original.charge, -original.paid)
    assert [(a.group, a.reason, -a.amount) for a in reversal.all_adjustments] == [
        (a.group, a.reason, a.amount) for a in original.all_adjustments
    ]
    assert b"REF*F8*" + (original.payer_claim_control_number or "").encode() in second
    assert header(second).effective_date > header(first).effective_date  # type: ignore[operator]


@pytest.mark.parametrize(("member_id", "code"), [("SIMWO1", "WO"), ("SIMFB1", "FB")])
def test_what_was_paid_too_much_is_carried_and_kept_back_from_a_later_payment(
    member_id: str, code: str
) -> None:
    """225.50 are taken back and 162.90 paid: 62.60 are owed until the late claim pays 225.50."""
    given = answered(billed(1, member_id), billed(2, "SIMLATE1"))
    first, second, third = files(given)
    (carried,) = pairs(second)
    (kept,) = pairs(third)
    assert (carried[0], carried[2]) == (code, D("-62.6"))
    assert kept == (code, carried[1], D("62.6"))
    assert [header(data).deposit for data in (first, second, third)] == [
        D("225.5"), D(0), D("162.9")]  # fmt: skip


def test_what_is_owed_waits_for_a_payment_that_is_large_enough() -> None:
    given = answered(billed(1, "SIMFB1"))
    assert len(files(given)) == 2  # nobody is paid later: the balance stays open


def test_a_copy_has_the_same_body_in_another_envelope() -> None:
    first, again = files(answered(billed(1, "SIMDUP1"), billed(2, "W1")))
    assert first != again
    assert header(first).body_sha256 == header(again).body_sha256


def test_a_claim_that_was_passed_on_names_the_next_payer() -> None:
    [data] = files(answered(billed(1, "SIMCROSS")))
    [payment] = [p for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
    assert payment.crossover
    assert "MA18" in payment.remarks


def test_halves_of_a_line_share_its_number_and_come_to_its_amounts() -> None:
    [data] = files(answered(billed(1, "SIMSPLIT1")))
    [payment] = [p for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
    assert [s.line_control_number for s in payment.services] == ["1", "1", "2", "2"]
    assert [sum(s.charge for s in payment.services[n : n + 2]) for n in (0, 2)] == [
        D("150"), D("75.5")]  # fmt: skip
    assert payment.imbalances == ()


def test_bundled_lines_name_what_was_billed() -> None:
    [data] = files(answered(billed(1, "SIMBUNDLE")))
    [payment] = [p for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
    assert {s.procedure.code for s in payment.services} == {"G0463"}
    assert [s.submitted_procedure.code for s in payment.services if s.submitted_procedure] == [
        "G0439", "J1885"]  # fmt: skip
    assert [s.paid for s in payment.services] == [D("120"), D(0)]


def test_faults_stay_in_transaction_sets_of_their_own() -> None:
    [data] = files(answered(billed(1, "SIMBADCLAIM"), billed(2, "SIMBADSUM"), billed(3, "W1")))
    claims = [p for _, p in read_payments(data) if isinstance(p, ClaimPayment)]
    assert [len(p.imbalances) for p in claims] == [1, 0, 0]
    assert [len(r.imbalances) for r in read_remittances(data)] == [0, 1, 0]
