"""Situational rules: each is planted in a file that is right, found at its segment, and silent
before.

A row says what one writes into the file; counts of the envelope follow by themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import edi
from edi.situations import RULES
from tests.edi.planted import PLANTED, Changes, planted

X12 = Path(__file__).parents[2] / "fixtures" / "x12"


def found(data: bytes, code: str) -> list[edi.Issue]:
    return [i for i in edi.check(data).issues if i.code == code and i.snip == 4]


@pytest.mark.parametrize(
    ("rule", "base", "changes", "ref"), PLANTED, ids=[f"{r}-{b}" for r, b, _, _ in PLANTED]
)
def test_a_planted_fault_is_found_where_it_stands(
    rule: str, base: str, changes: tuple[tuple[str, str], ...], ref: str
) -> None:
    row = next(r for r in RULES if r.id == rule)
    clean, faulty = planted(base), planted(base, *changes)
    code = row.code or row.id
    assert found(clean, code) == []
    issues = [i for i in found(faulty, code) if i.ref == ref]
    assert issues, [f"{i.code} {i.ref}" for i in edi.check(faulty).issues]
    issue = issues[0]
    assert (issue.severity, issue.message) == (row.severity, row.message)
    raw = next(s for s in edi.segments(faulty) if s.number == issue.segment_number)
    assert raw.byte_offset == issue.byte_offset
    assert (issue.trigger is not None) == (row.fault != "value")
    if row.fault != "missing":
        assert ref.startswith(raw.elements[0])
        assert issue.value in raw.text


def test_every_rule_has_a_planted_fault() -> None:
    assert {r for r, *_ in PLANTED} == {r.id for r in RULES}
    assert len({r.id for r in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_says_what_and_what_to_do(rule: object) -> None:
    assert isinstance(rule, edi.situations.Rule)
    assert rule.says
    assert rule.do
    assert rule.source
    known = {g.id for g in edi.guides.GUIDES}
    assert set(rule.guides.split()) <= known
    assert rule.fault == "value" or rule.because


@pytest.mark.parametrize("path", sorted(X12.glob("*/pass/*.edi")), ids=lambda p: p.stem)
def test_files_that_are_right_break_no_rule(path: Path) -> None:
    issues = [i for i in edi.check(path.read_bytes()).issues if i.snip == 4]
    assert [(i.code, i.ref) for i in issues] == WARNED.get(path.stem, [])


# What is right and odd all the same.
WARNED: dict[str, list[tuple[str, str]]] = {}


# What pyx12 4.0.0 passes without a word (domain/validation.md 2), one by one, and what finds it.
PASSED_BY_PYX12: tuple[tuple[str, str, Changes, str], ...] = (
    ("bad-Luhn NPI", "P", (("1245319599", "1245319598"),), "NPI-CHECK"),
    ("CLM02 is not the sum", "P", (("*225.5*", "*225*"),), "BAL-CLM02"),
    ("3-decimal money", "P", (("*225.5*", "*225.555*"),), "CLAIM-CENTS"),
    ("trailing zeros", "P", (("*225.5*", "*225.50*"),), "MONEY-ZEROS"),
    ("negative money", "P", (("*150*UN", "*-150*UN"),), "CHARGE-NEGATIVE"),
    ("5-digit ZIP", "P", (("OH*432150001", "OH*43215"),), "ZIP-NINE"),
    ("PO box", "P", (("N3*100 MAPLE ST", "N3*PO BOX 100"),), "PO-BOX"),
    ("pointer to absent dx", "P", (("UN*1***1:2", "UN*1***1:7"),), "DX-POINTER"),
    ("ZZZZ99", "P", (("ABF:I10", "ABF:ZZZZ99"),), "DX-FORM"),
    ("dotted dx", "P", (("ABK:E119", "ABK:E11.9"),), "DX-FORM"),
    ("ABK mixed with BF", "P", (("ABF:I10", "BF:4011"),), "DX-VERSIONS"),
    ("future DOS", "P", (("D8*20260102", "D8*20270102"),), "SERVICE-FUTURE"),
    ("reversed RD8", "P", (("20260102-20260102", "20260103-20260102"),), "IK403:8"),
    ("freq 7 without REF*F8", "P", (("11:B:1*", "11:B:7*"),), "FREQUENCY-NUMBER"),
    ("freq Z", "P", (("11:B:1*", "11:B:Z*"),), "FREQUENCY-CODE"),
    ("SBR02 empty and no 2000C", "P", (("SBR*P*18*", "SBR*P**"),), "SBR-NOT-SELF"),
    ("HL04=1 without child", "P", (("HL*2*1*22*0", "HL*2*1*22*1"),), "HL-CHILD"),
    ("lower case", "P", (("DOE*JANE", "Doe*JANE"),), "X12-CASE"),
    ("bad state in 2010AA", "P", (("COLUMBUS*OH*432150001", "COLUMBUS*ZZ*432150001"),), "STATE"),
    ("missing ST03", "P", (("ST*837*0001*005010X222A1", "ST*837*0001"),), "IK403:1"),
    ("wrong ST03", "P", (("0001*005010X222A1", "0001*005010X223A2"),), "IK502:I6"),
    ("no address when self", "P", (("N3*5 OAK AVE~\n", ""),), "SELF-STREET"),
    ("no DMG when self", "P", (("DMG*D8*19800214*F~\n", ""),), "SELF-BIRTH"),
    ("invalid procedure code", "P", (("HC:G0463", "HC:ZZZZZ"),), "PROCEDURE-FORM"),
    ("TOB ZZ", "II", (("11:A:1", "ZZ:A:1"),), "BILL-TYPE"),
    ("3-digit revenue code", "II", (("SV2*0250", "SV2*250"),), "REVENUE-CODE"),
    ("discharge hour 14", "II", (("TM*1400", "TM*14"),), "IK403:8"),
    (
        "missing attending",
        "II",
        (("NM1*71*1*WELBY*MORGAN****XX*1245319599~\nPRV*AT*PXC*207R00000X~\n", ""),),
        "ATTENDING",
    ),
    ("CL101 missing", "II", (("CL1*1*1", "CL1**1"),), "IK403:1"),
    ("no admission date", "II", (("DTP*435*DT*202601011030~\n", ""),), "STAY-ADMISSION"),
    ("unbalanced 835", "R", (("BPR*I*190.5", "BPR*I*191"),), "BAL-REMITTANCE"),
    ("unknown CARC", "R", (("CAS*CO*45*10", "CAS*CO*999*10"),), "REASON"),
)


@pytest.mark.parametrize(
    ("fault", "base", "changes", "code"), PASSED_BY_PYX12, ids=[f[0] for f in PASSED_BY_PYX12]
)
def test_what_pyx12_passes_is_found(fault: str, base: str, changes: Changes, code: str) -> None:
    assert code not in {i.code for i in edi.check(planted(base)).issues}, fault
    assert code in {i.code for i in edi.check(planted(base, *changes)).issues}, fault


def test_what_we_forgive_a_sender_is_an_error_in_what_we_write() -> None:
    faulty = planted("P", ("XX*1245319599", "XX*1245319598"))
    for side, severity in ((edi.Side.RECEIVED, "warning"), (edi.Side.WRITTEN, "error")):
        (issue,) = [i for i in edi.check(faulty, side=side).issues if i.code == "NPI-CHECK"]
        assert (issue.severity, issue.ref, issue.value) == (severity, "NM109", "1245319598")
    accent = planted("P", ("DOE*JANE", "DO\xc9*JANE")).decode().encode("latin-1")
    for side, severity in ((edi.Side.RECEIVED, "warning"), (edi.Side.WRITTEN, "error")):
        (issue,) = [i for i in edi.check(accent, side=side).issues if i.code == "IK403:6"]
        assert (issue.severity, issue.ref) == (severity, "NM103")
