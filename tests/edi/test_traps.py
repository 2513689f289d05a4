"""The traps of ../shared/corpus/traps, each with what it must give (lessons.md part 3)."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

import edi
from edi.guides import Remittance
from edi.guides.x221_remittance import ClaimPayment

TRAPS = Path(__file__).parents[3] / "shared" / "corpus" / "traps"
pytestmark = pytest.mark.skipif(not TRAPS.is_dir(), reason="the corpus is not beside this tree")

# file: (claims a transaction set, segments, reported, issue codes)
EXPECTED: dict[str, tuple[list[int], int, int, list[str]]] = {
    "01_base": ([3], 35, 0, []),
    "02_tilde_lf": ([3], 35, 0, []),
    "03_tilde_crlf": ([3], 35, 0, []),
    "04_lf_is_terminator": ([3], 35, 0, []),
    "05_crlf_terminator_cr": ([3], 35, 0, []),
    "06_odd_delims": ([3], 35, 0, []),
    "07_fs_gs_delims": ([3], 35, 0, []),
    "08_two_isa": ([3, 3], 70, 0, []),
    "09_two_isa_diff_delims": ([3, 3], 70, 0, []),
    "10_trailing_ctrlz_spaces": ([3], 35, 0, []),
    "11_bom": ([3], 35, 0, []),
    "12_leading_newline": ([3], 35, 0, []),
    "13_latin1_name": ([3], 35, 0, []),
    "14_blank_segment": ([3], 36, 1, ["X12-BLANK"]),
    "15_blank_line_mid": ([3], 35, 0, []),
    "16_no_final_terminator": ([3], 35, 0, ["X12-END"]),
    "17_wrong_SE01": ([3], 35, 0, ["IK502:4"]),
    "18_name_starts_ISA": ([3], 35, 0, []),
    "19_80col_wrap": ([3], 35, 0, ["X12-WRAP"]),
    "20_cas_multi_triplet": ([3], 35, 0, []),
    "21_carc_unknown_new": ([3], 35, 0, []),
    "22_plb_takeback": ([3], 36, 0, []),
    "23_reversal_correction": ([2], 29, 0, []),
    "24_svc_repriced_SVC06": ([1], 22, 0, ["UNITS-SAME"]),
    "25_svc_NU_rev_and_N4": ([1], 24, 0, []),
    "26_zero_pay_zero_total": ([1], 22, 0, ["PAYMENT-NOTHING"]),
    "27_isa_not_fixed_width": ([3], 35, 0, ["X12-ISA"]),
    "28_two_st_same_gs": ([3, 3], 66, 0, []),
    "29_truncated_no_SE": ([2], 29, 0, ["BAL-REMITTANCE", "IK502:2", "AK905:3", "TA105:023"]),
    "31_999_with_TA1_first": ([1], 13, 0, []),
    "32_TA1_only": ([], 3, 0, []),
    "40_unbalanced_claim": ([3], 35, 0, ["BAL-CLAIM", "BAL-REMITTANCE"]),
    "41_unbalanced_bpr": ([3], 35, 0, ["BAL-REMITTANCE"]),
    "42_svc_unbalanced": ([3], 35, 0, ["BAL-LINE", "BAL-CLAIM"]),
    "43_cr_group_code": ([3], 35, 0, ["IK403:7", "REASON-GROUP"]),
    "44_plb_two_pairs": ([3], 36, 0, []),
}


def trap(name: str) -> bytes:
    return (TRAPS / name).read_bytes()


def remittances(name: str) -> list[Remittance]:
    found: list[Any] = edi.load(trap(name))
    return found


def claims(name: str) -> list[ClaimPayment]:
    return [c for r in remittances(name) for h in r.header_numbers for c in h.claims]


def test_every_trap_has_an_expectation() -> None:
    assert sorted(p.name for p in TRAPS.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_trap(name: str) -> None:
    sets, segments, reported, codes = EXPECTED[name]
    report = edi.check(trap(name))
    found = list(dict.fromkeys(i.code for i in report.issues if i.code != "NPI-CHECK"))
    assert sorted(found) == sorted(codes)
    assert [t.claims for t in report.transaction_sets] == sets
    assert (report.segments, report.segments_reported) == (segments, reported)
    assert report.segments == report.segments_owned + report.segments_reported
    assert report.bytes_unread == 0


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in EXPECTED
        if n[:2] in ("02", "03", "04", "05", "06", "07", "10", "11", "12", "15", "16", "19", "27")
    ],
)
def test_the_same_remittance_however_it_is_wrapped(name: str) -> None:
    assert remittances(name) == remittances("01_base")
    hashes = [
        [e.body_sha256 for e in edi.read(trap(n)) if isinstance(e, edi.TransactionClosed)]
        for n in (name, "01_base")
    ]
    assert hashes[0] == hashes[1]


def test_the_second_interchange_is_read_with_its_own_delimiters() -> None:
    opened = [
        e for e in edi.read(trap("09_two_isa_diff_delims")) if isinstance(e, edi.InterchangeOpened)
    ]
    assert [e.delimiters.element for e in opened] == ["*", "|"]
    first, second = remittances("09_two_isa_diff_delims")
    assert first == second


def test_the_last_adjustment_of_a_denied_claim_is_not_lost() -> None:
    denied = claims("01_base")[1]
    assert denied.services[0].adjustments[0].adjustments[0].amount == D(80)
    assert [r.code for r in denied.services[0].remarks] == ["N210", "M15"]


def test_a_claim_without_lines_has_its_adjustments_at_the_claim() -> None:
    claim = claims("01_base")[2]
    assert claim.services == []
    assert edi.balance.adjusted(claim.adjustments) == D(20)


def test_a_quantity_is_no_group_code() -> None:
    lines = [s for c in claims("20_cas_multi_triplet") for s in c.services]
    wide = next(cas for s in lines for cas in s.adjustments if len(cas.adjustments) > 1)
    assert wide.group == "CO"
    assert [a.reason for a in wide.adjustments] == ["45", "253", "97"]


def test_a_reversal_and_its_correction_share_a_number_and_differ_in_status() -> None:
    reversal, correction = claims("23_reversal_correction")
    assert reversal.clp.patient_control_number == correction.clp.patient_control_number
    assert (reversal.clp.status, correction.clp.status) == ("22", "1")
    assert reversal.clp.paid < 0 < correction.clp.paid


def test_the_procedure_that_was_billed_stands_beside_the_one_that_was_paid() -> None:
    svc = claims("24_svc_repriced_SVC06")[0].services[0].svc
    assert svc.submitted_procedure is not None
    assert svc.submitted_procedure.code != svc.procedure.code


def test_each_pair_of_a_plb_keeps_its_own_reference() -> None:
    pairs = [
        a
        for r in remittances("44_plb_two_pairs")
        for p in r.provider_adjustments
        for a in p.adjustments
    ]
    assert [(a.reason.code, a.reason.reference, a.amount) for a in pairs] == [
        ("WO", "ICN0009", D(25)),
        ("FB", "ICN0010", D(-25)),
    ]


def test_bytes_that_are_no_ascii_come_through() -> None:
    names = [c.patient.last_name for c in claims("13_latin1_name") if c.patient is not None]
    assert any(n and not n.isascii() for n in names)


def test_a_ta1_is_handed_out_wherever_it_stands() -> None:
    for name in ("31_999_with_TA1_first", "32_TA1_only"):
        acks = [e.ack for e in edi.read(trap(name)) if isinstance(e, edi.InterchangeAck)]
        assert [a.control_number for a in acks] == ["000000101"]
