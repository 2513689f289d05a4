"""Files of banks as they write them: ACH, BAI2, CSV; all faults by line, or all deposits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.bank_file import bank_format, read_bank_file
from app.documents.bank_reading import BankFile
from app.documents.problem import Problem
from app.domain.deposit import Deposit, DepositSource

BAI2 = """\
01,BANK,CLINIC,261120,0700,1,,,2/
02,CLINIC,044000037,1,261120,,USD,2/
03,0975312468,,040,250000,,,045,250000,4,Z/
88,072,1000,,V,261121,0700,100,43890,4,S,43890,0,0/
16,142,16390,Z,BK1,,TRN*1*EFT9*1512345678\\
16,165,20000,V,261120,,BK2,CUST2/
88,TRN*1*EFT-LONG-TRACE-00
88,1*1512345678*999\\
16,475,5000,Z,BK3,1001/
16,115,7500,S,7500,0,0,BK4,CHK77,LOCKBOX 12/5
16,455,1200,D,2,0,600,1,600,BK5,,PAYER,TAKES BACK TRN*1*EFT8*1512345678\\
49,594980,10/
98,594980,1,12/
99,594980,1,14/
"""


def ach(
    *entries: str,
    entry_class: str = "CCD",
    header: bool = True,
    debits: str = "0",
    credits: str = "16390",
    count: int = 2,
    hash_: str = "4411509",
) -> str:
    """An ACH file with one batch; the totals are those of one entry of 163.90."""
    company = "EXAMPLE HEALTH"
    lines = []
    if header:
        lines.append(f"101 044000037 0441150902611200700A094101{'BANK':<23}{'CLINIC':<23}{'':8}")
    lines.append(
        f"5220{company:<16}{'':20}{'1512345678':<10}{entry_class}{'HCCLAIMPMT':<10}261119261120"
        f"   1044000030000001"
    )
    lines += entries
    lines.append(
        f"8220{count:06d}{int(hash_):010d}{int(debits):012d}{int(credits):012d}{'1512345678':<10}"
        f"{'':25}044000030000001"
    )
    if header:
        lines.append(
            f"9000001000001{count:08d}{int(hash_):010d}{int(debits):012d}{int(credits):012d}{'':39}"
        )
        lines += ["9" * 94] * 5
    return "\n".join(lines) + "\n"


def entry(amount: int = 16390, *, code: str = "22") -> str:
    return f"6{code}044115090{'0975312468':<17}{amount:010d}{'1':<15}{'MAPLE CLINIC':<22}  1044000030000001"  # noqa: E501 - 94 characters


def addenda(text: str = "TRN*1*EFT9*1512345678*999999999\\") -> str:
    return f"705{text:<80}00010000001"


CSV = """\
Date,Amount,Trace Number,Payer Identifier,Payer Name,Account,Reference
2026-11-20,163.90,EFT9,1512345678,"EXAMPLE HEALTH, INC",0975312468,
20261121,-12,,,,,CHK 77
"""


def deposits(text: str) -> list[Deposit]:
    kind = bank_format(text.encode())
    assert kind is not None
    read = read_bank_file(text.encode(), kind)
    assert isinstance(read, BankFile), read
    return list(read.deposits)


def faults(text: str) -> list[tuple[int | None, str]]:
    kind = bank_format(text.encode())
    assert kind is not None
    read = read_bank_file(text.encode(), kind)
    assert isinstance(read, list), read
    assert all(isinstance(fault, Problem) and fault.message for fault in read)
    return [(fault.line, fault.code) for fault in read]


def test_a_statement_gives_its_deposits_and_notes_the_rest() -> None:
    read = read_bank_file(BAI2.encode(), DepositSource.BAI2)
    assert isinstance(read, BankFile)
    found = [(d.amount, d.trace_number, d.payer_identifier, d.reference) for d in read.deposits]
    assert found == [
        (D("163.90"), "EFT9", "1512345678", "BK1"),
        (D("200.00"), "EFT-LONG-TRACE-001", "1512345678", "CUST2"),  # over two continuations
        (D("75.00"), None, None, "CHK77"),  # a lockbox: its reference is the check's number
        (D("-12.00"), "EFT8", "1512345678", "BK5"),
    ]
    assert {d.account for d in read.deposits} == {"0975312468"}
    assert {d.date for d in read.deposits} == {date(2026, 11, 20)}
    assert [d.line for d in read.deposits] == [5, 6, 10, 11]
    assert [(note.line, note.code) for note in read.notes] == [(9, "not_a_deposit")]


SPOILED_BAI2 = [
    ("16,142,16390", "16,142,16391", [(12, "control"), (13, "control"), (14, "control")]),
    ("49,594980,10/", "49,594980,11/", [(12, "control")]),
    ("98,594980,1,12/", "98,594980,2,12/", [(13, "control")]),
    ("99,594980,1,14/", "99,594981,1,15/", [(14, "control"), (14, "control")]),
    ("16,142,16390,Z", "16,142,163.90,Z", [(5, "amount"), (12, "control"), (13, "control"),
                                           (14, "control")]),
    ("02,CLINIC,044000037,1,261120", "02,CLINIC,044000037,1,261320", [(2, "date")]),
    ("99,594980,1,14/\n", "", [(1, "cut_off")]),
    ("98,594980,1,12/\n99,594980,1,14/\n", "", [(1, "cut_off"), (2, "cut_off")]),
    ("16,475", "XX,475", [(9, "record"), (12, "control"), (12, "control"), (13, "control"),
                          (13, "control"), (14, "control"), (14, "control")]),
    ("03,0975312468", "16,0975312468", [(3, "record")] + [(n, "record") for n in
                                                         (5, 6, 9, 10, 11, 12)]
     + [(13, "control"), (13, "control"), (13, "control"), (14, "control"), (14, "control")]),
]  # fmt: skip


@pytest.mark.parametrize(("there", "instead", "expected"), SPOILED_BAI2)
def test_a_statement_that_does_not_add_up_gives_nothing(
    there: str, instead: str, expected: list[tuple[int, str]]
) -> None:
    assert there in BAI2
    assert faults(BAI2.replace(there, instead, 1)) == expected


LEFT_OUT = [
    ("02,CLINIC,044000037,1", "02,CLINIC,044000037,2", "group_status"),
    ("02,CLINIC,044000037,1", "02,CLINIC,044000037,4", "group_status"),
    ("03,0975312468,,", "03,0975312468,CAD,", "currency"),
    ("261120,,USD,2/", "261120,,EUR,2/", "currency"),
]


@pytest.mark.parametrize(("there", "instead", "code"), LEFT_OUT)
def test_what_is_not_money_of_now_is_noted_and_not_taken(
    there: str, instead: str, code: str
) -> None:
    read = read_bank_file(BAI2.replace(there, instead).encode(), DepositSource.BAI2)
    assert isinstance(read, BankFile)
    assert read.deposits == ()
    assert [note.code for note in read.notes] == [code]


@pytest.mark.parametrize("header", [True, False])
def test_an_ach_file_gives_amount_date_and_trace(header: bool) -> None:
    (deposit,) = deposits(ach(entry(), addenda(), header=header))
    assert (deposit.amount, deposit.date) == (D("163.90"), date(2026, 11, 20))
    assert (deposit.trace_number, deposit.payer_identifier) == ("EFT9", "1512345678")
    assert (deposit.payer_name, deposit.account) == ("EXAMPLE HEALTH", "0975312468")
    assert deposit.line == (3 if header else 2)


def test_a_ctx_entry_may_split_its_trace_over_addenda() -> None:
    parts = addenda("ISA*00*" + "X" * 60 + "TRN*1*EFT9*15"), addenda("12345678*999\\")
    (deposit,) = deposits(ach(entry(), *parts, entry_class="CTX", count=3))
    assert (deposit.trace_number, deposit.payer_identifier) == ("EFT9", "1512345678")


def test_a_payer_that_takes_money_is_negative_and_an_entry_without_trace_is_noted() -> None:
    text = ach(entry(code="27"), addenda(), debits="16390", credits="0")
    assert [d.amount for d in deposits(text)] == [D("-163.90")]
    read = read_bank_file(ach(entry(), addenda("NOTHING")).encode(), DepositSource.CCD)
    assert isinstance(read, BankFile)
    assert [d.trace_number for d in read.deposits] == [None]
    assert [note.code for note in read.notes] == ["no_trace"]
    read = read_bank_file(ach(entry(), addenda(), entry_class="PPD").encode(), DepositSource.CCD)
    assert isinstance(read, BankFile)
    assert (read.deposits, [note.code for note in read.notes]) == ((), ["entry_class"])


WHOLE = ach(entry(), addenda())
SPOILED_ACH = [
    (ach(entry(16391), addenda()), [(5, "control"), (6, "control")]),
    (ach(entry(), addenda(), count=3), [(5, "control"), (6, "control")]),
    (ach(entry(), addenda(), hash_="1"), [(5, "control"), (6, "control")]),
    (ach(addenda()), [(3, "record"), (4, "control"), (4, "control"), (4, "control"),
                      (5, "control"), (5, "control"), (5, "control")]),
    (WHOLE.replace("\n8220", "\n7220"), [(2, "cut_off"), (6, "control"), (6, "control"),
                                         (6, "control"), (6, "control")]),
    (WHOLE[: WHOLE.index("\n9000001")] + "\n", [(1, "cut_off")]),
    (WHOLE.replace("261119261120", "261119261340"), [(2, "date")]),
    (WHOLE.replace("\n705", "\nX05"), [(4, "record"), (5, "control"), (6, "control")]),
    (WHOLE.replace("0000016390", "00000163.9", 1), [(3, "amount"), (4, "record"), (5, "control"),
                                                    (5, "control"), (5, "control"),
                                                    (6, "control"), (6, "control"),
                                                    (6, "control")]),
    ("TRN*1*EFT9*1512345678\\\n", [(1, "addenda_alone")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPOILED_ACH)
def test_an_ach_file_that_does_not_add_up_gives_nothing(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(text) == expected


def test_csv_by_its_documented_names() -> None:
    first, second = deposits(CSV)
    assert first == Deposit(
        D("163.90"),
        date(2026, 11, 20),
        DepositSource.CSV,
        trace_number="EFT9",
        payer_identifier="1512345678",
        payer_name="EXAMPLE HEALTH, INC",
        account="0975312468",
        line=2,
    )
    assert (second.amount, second.reference, second.line) == (D("-12.00"), "CHK 77", 3)
    (third,) = deposits("\ufeffaddenda;x,amount,DATE\nTRN*1*E*1512345678\\,1.5,2026-11-20\n")
    assert third.trace_number is None  # that column has another name
    (fourth,) = deposits("addenda,amount,date\r\nTRN*1*E*1512345678\\,1.5,2026-11-20\r\n")
    assert (fourth.trace_number, fourth.amount) == ("E", D("1.50"))


SPOILED_CSV = [
    ("2026-11-20,163.90", "2026-11-31,163.9x", [(2, "money"), (2, "date")]),
    ("20261121,-12,,,,,CHK 77", "20261121,-12,,,,CHK 77", [(3, "columns")]),
    ("-12,", "0.00,", [(3, "amount")]),
    ("EFT9", "E" * 51, [(2, "too_long")]),
    ('"EXAMPLE HEALTH, INC"', '"EXAMPLE HEALTH, INC', [(3, "malformed_csv")]),
    ("Reference", "Amount", [(1, "header")]),
]


@pytest.mark.parametrize(("there", "instead", "expected"), SPOILED_CSV)
def test_a_csv_with_faults_gives_nothing_but_their_lines(
    there: str, instead: str, expected: list[tuple[int, str]]
) -> None:
    assert there in CSV
    assert faults(CSV.replace(there, instead, 1))[: len(expected)] == expected


@pytest.mark.parametrize(
    "head",
    [b"", b"ISA*00*", b'{"a": 1}', b"[", b"hello", b"date\n", b"\x00\xff", b"101", b"5200 x"],
)
def test_what_no_bank_sends_is_left_to_others(head: bytes) -> None:
    assert bank_format(head) is None


@given(st.integers(0, 2000), st.text(max_size=3), st.sampled_from([BAI2, WHOLE, CSV]))
def test_any_spoiled_file_is_read_or_refused_by_line(at: int, text: str, whole: str) -> None:
    spoiled = (whole[:at] + text + whole[at + len(text) :]).encode("utf-8", "replace")
    for kind in DepositSource:
        if kind is DepositSource.JSON:
            continue
        read = read_bank_file(spoiled, kind)
        if isinstance(read, list):
            assert read
            assert all(fault.line for fault in read)
        else:
            assert all(deposit.amount for deposit in read.deposits)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_stand_apart_as_spreadsheets_write_them(separator: str) -> None:
    rows = [["Date", "Amount", "Payer Name"], ["2026-11-20", "163.90", "EXAMPLE HEALTH"]]
    text = "".join(separator.join(row) + "\r\n" for row in rows).encode()
    assert bank_format(text) is DepositSource.CSV
    found = read_bank_file(text, DepositSource.CSV)
    assert isinstance(found, BankFile)
    [deposit] = found.deposits
    assert (deposit.amount, deposit.payer_name) == (D("163.90"), "EXAMPLE HEALTH")
