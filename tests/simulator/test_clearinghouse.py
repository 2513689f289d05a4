"""A claim file goes in, every answer comes out: right by our check, right by pyx12, repeatable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

import edi
from app.domain.ack import ClaimAck, ImplementationAck, InterchangeAck, claim_stage
from app.domain.batch import OutboundClaim
from app.domain.remittance import ClaimPayment
from app.simulator.answers import Reply
from app.simulator.clearinghouse import answer, deposits, reply
from app.x12.acknowledgment import read_acknowledgments
from app.x12.claim_837 import write_batch
from app.x12.remittance_835 import RemittanceEnd, read_payments, read_remittances
from tests.referee import pyx12_errors
from tests.x12.claims import ACME, FULL, HEADER, PARTNER, SELF_PAY, SPOUSE_PAY, outbound

SECOND = {"payer_id": "87726", "payer_name": "SECOND HEALTH"}
REJECTING = {"payer_id": "99999", "payer_name": "REJECT HEALTH"}


def billed(number: int, member_id: str, **coverage: str) -> OutboundClaim:
    """The example encounter under that member id."""
    return outbound(number, coverages=(replace(SELF_PAY, member_id=member_id, **coverage),))


def answered(*claims: OutboundClaim) -> Reply:
    return reply(write_batch(HEADER, claims).data)


EVERY_KIND = [
    billed(1, "SIMPAID1"),
    billed(2, "SIMADJ1"),
    billed(3, "SIMPART1", **SECOND),
    billed(4, "SIMDENY1"),
    billed(5, "SIMDED1", **SECOND),
    billed(6, "SIMA71"),
    billed(7, "SIMINT1"),
    billed(8, "SIMPLB1"),
    billed(9, "SIMNOACK1"),
    billed(10, "W123"),
    billed(11, "SIM999R1", **REJECTING),
    outbound(12, coverages=(replace(SPOUSE_PAY, member_id="SIMADJ2"),)),
    outbound(13, of=FULL),
    outbound(14, billing_provider=replace(ACME, npi="1245319599"), rendering_provider=None),
]


def test_each_wave_has_its_file_and_names_sort_in_their_order() -> None:
    names = [a.name.split("-", 2)[2] for a in answered(*EVERY_KIND).answers]
    assert names == [
        "1-TA1.edi",
        "2-999.edi",
        "3-277CA-AY.edi",
        "4-277CA-PR-60054.edi",
        "4-277CA-PR-87726.edi",
        "5-835-60054.edi",
        "5-835-87726.edi",
    ]


def test_the_same_claims_get_the_same_answers_byte_for_byte() -> None:
    data = write_batch(HEADER, EVERY_KIND).data
    assert reply(data) == reply(data)
    assert answer(data) == reply(data).answers
    assert deposits(data) == reply(data).deposits


def test_our_own_check_finds_nothing_in_any_answer() -> None:
    for file in answered(*EVERY_KIND).answers:
        assert edi.check(file.data).issues == [], file.name


def test_pyx12_finds_nothing_in_any_answer() -> None:
    for file in answered(*EVERY_KIND).answers:
        assert pyx12_errors(file.data) == [], file.name


def test_the_referee_sees_a_fault_where_there_is_one() -> None:
    [remittance] = [a for a in answered(billed(1, "SIMPAID1")).answers if "835" in a.name]
    assert pyx12_errors(remittance.data.replace(b"N1*PE*", b"N1*XX*"))


def acks(given: Reply, part: str) -> list[object]:
    return [a for f in given.answers if part in f.name for a in read_acknowledgments(f.data)]


def test_the_ta1_names_our_interchange() -> None:
    [ta1] = acks(answered(billed(1, "W1")), "TA1")
    assert isinstance(ta1, InterchangeAck)
    assert (ta1.interchange_control_number, ta1.status, ta1.note_code) == ("000000101", "A", "000")


def test_no_ta1_is_sent_to_who_did_not_ask_for_one() -> None:
    header = replace(HEADER, partner=replace(PARTNER, acknowledgment_requested=False))
    names = [a.name for a in answer(write_batch(header, [billed(1, "W1")]).data)]
    assert not [name for name in names if "TA1" in name]


def test_one_bad_claim_rejects_its_own_transaction_set_only() -> None:
    given = answered(billed(1, "W1"), billed(2, "SIM999R1", **REJECTING), billed(3, "W2"))
    [ack] = acks(given, "999")
    assert isinstance(ack, ImplementationAck)
    assert (ack.status, ack.included, ack.received, ack.accepted) == ("P", 2, 2, 1)
    assert [(r.control_number, r.status) for r in ack.responses] == [("0001", "A"), ("0002", "R")]
    assert "IK304:8 CLM@20" in ack.responses[1].notes
    told = [c.patient_control_number for a in acks(given, "277CA") for c in a.claims]  # type: ignore[attr-defined]
    assert "C000000002-1" not in told


STAGES = [
    ("SIMPAID1", ["RECEIVED", "ACCEPTED_PAYER"]),
    ("SIMA71", ["RECEIVED", "REJECTED"]),
    ("SIMNOACK", []),
]


@pytest.mark.parametrize(("member_id", "stages"), STAGES)
def test_the_waves_of_277ca_tell_a_claims_way(member_id: str, stages: list[str]) -> None:
    found = [
        claim_stage(status, source_entity=ack.source_entity)[0]
        for ack in acks(answered(billed(1, member_id), billed(2, "W2")), "277CA")
        if isinstance(ack, ClaimAck)
        for status in ack.claims
        if status.patient_control_number == "C000000001-1"
    ]
    assert found == stages


def paid(given: Reply) -> dict[str, ClaimPayment]:
    return {
        item.patient_control_number: item
        for file in given.answers
        if "835" in file.name
        for _, item in read_payments(file.data)
        if isinstance(item, ClaimPayment)
    }


PAID = [
    ("SIMPAID1", "225.50"),
    ("SIMADJ1", "162.90"),
    ("SIMPART1", "120.00"),
    ("SIMDENY1", "0.00"),
    ("SIMDED1", "0.00"),
    ("SIMINT1", "162.90"),
    ("SIMPLB1", "225.50"),
    ("ANYTHING", "162.90"),
]


@pytest.mark.parametrize(("member_id", "amount"), PAID)
def test_each_scenario_is_paid_and_comes_back_with_our_numbers(member_id: str, amount: str) -> None:
    [payment] = paid(answered(billed(1, member_id))).values()
    assert (payment.status, payment.charge, payment.paid) == ("1", D("225.50"), D(amount))
    assert [s.line_control_number for s in payment.services] == ["1", "2"]
    assert payment.imbalances == ()


@pytest.mark.parametrize("member_id", ["SIMA71", "SIMNOACK1", "SIM999R1"])
def test_what_was_not_adjudicated_is_not_paid(member_id: str) -> None:
    given = answered(billed(1, member_id))
    assert (paid(given), given.deposits) == ({}, ())


def test_the_deposits_are_what_the_remittances_say() -> None:
    given = answered(*EVERY_KIND)
    said = [
        (r.trace_number, r.deposit)
        for file in given.answers
        if "835" in file.name
        for r in read_remittances(file.data)
    ]
    assert [(d.trace_number, d.amount) for d in given.deposits] == said
    assert len({trace for trace, _ in said}) == 3  # two payers, one of them with two payees


def test_interest_and_a_return_are_told_by_plb_with_the_claims_number() -> None:
    given = answered(billed(1, "SIMINT1"), billed(2, "SIMPLB1"), billed(3, "SIMPLB2"))
    [file] = [f for f in given.answers if "835" in f.name]
    *payments, (_, end) = read_payments(file.data)
    assert isinstance(end, RemittanceEnd)
    numbers = [p.payer_claim_control_number for _, p in payments if isinstance(p, ClaimPayment)]
    assert [(a.reason, a.reference, a.amount) for a in end.provider_adjustments] == [
        ("L6", numbers[0], D(-1)),
        ("72", numbers[1], D(3)),
        ("72", numbers[2], D(3)),
    ]
    assert given.deposits[0].amount == D("162.90") + 2 * D("225.50") + 1 - 6


def test_a_payer_never_pays_less_than_nothing() -> None:
    line = replace(FULL.service_lines[1], charge=D("1.00"))
    claim = outbound(
        1,
        coverages=(replace(SELF_PAY, member_id="SIMPLB1"),),
        service_lines=(line,),
        total_charge=D("1.00"),
    )
    given = answered(claim)
    [file] = [f for f in given.answers if "835" in f.name]
    [remittance] = read_remittances(file.data)
    assert (remittance.deposit, remittance.imbalances) == (D(0), ())
    assert given.deposits[0].amount == 0


def test_many_pairs_fill_several_plb_segments() -> None:
    given = answered(*(billed(n, f"SIMINT{n}") for n in range(1, 9)))
    [file] = [f for f in given.answers if "835" in f.name]
    assert file.data.count(b"PLB*") == 2
    assert edi.check(file.data).issues == []


def test_a_torn_interchange_is_rejected_by_ta1_alone() -> None:
    data = write_batch(HEADER, [billed(1, "W1")]).data.replace(b"IEA*1*", b"IEA*2*")
    [file] = answer(data)
    [ta1] = read_acknowledgments(file.data)
    assert isinstance(ta1, InterchangeAck)
    assert (ta1.status, ta1.note_code) == ("R", "021")
    assert edi.check(file.data).issues == []
    assert pyx12_errors(file.data) == []


def test_a_set_with_errors_is_rejected_by_999() -> None:
    data = write_batch(HEADER, [billed(1, "W1")]).data.replace(
        b"DTP*472*D8*20261005", b"DTP*472*D8*x", 1
    )
    [ack] = acks(reply(data), "999")
    assert isinstance(ack, ImplementationAck)
    assert ack.status == "R"
    for file in reply(data).answers:
        assert edi.check(file.data).issues == [], file.name
        assert pyx12_errors(file.data) == [], file.name


@pytest.mark.parametrize("data", [b"", b"hello", b"ISA*cut"])
def test_what_is_no_x12_gets_no_answer(data: bytes) -> None:
    assert reply(data) == Reply()
