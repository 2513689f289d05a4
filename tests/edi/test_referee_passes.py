"""The other way round: what pyx12 4.0.0 passes without a word, and we find, each fault planted
alone into a file that is right to both. pyx12 is really run, wherever it has a map.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import edi
from tests.edi.passed import BALANCE, NAMED, Row
from tests.edi.planted import BASES, PLANTED, WITHOUT_MAP, Changes, planted
from tests.edi.pyx12_findings import opinion, shown

ROWS = [*NAMED, *BALANCE]
SITUATIONS = [row for row in PLANTED if row[1] not in WITHOUT_MAP]
# Situational faults that pyx12 finds too, and what it says of them.
FOUND_BY_BOTH = {
    ("STATE-835", "R"): "10 ele 7 N402",
    ("ZIP-NINE", "II"): "12 ele 7 N403",
    ("CERTIFICATE-FORM", "P"): "28 ele 7 PWK02",  # the paper, which is right, not its form
}


def said_by_pyx12(data: bytes) -> list[str]:
    """Place and code of its errors."""
    theirs = opinion(data.decode("latin-1"))
    assert theirs.crash == ""
    assert not theirs.refused
    return [line.partition(":")[0].strip() for line in shown(theirs.found)]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_a_fault_that_pyx12_passes_is_found_at_its_segment(row: Row) -> None:
    _, base, changes, code, ref, begins = row
    clean, faulty = planted(base), planted(base, *changes)
    if base not in WITHOUT_MAP:
        assert said_by_pyx12(clean) == []
        assert said_by_pyx12(faulty) == []
    assert [i for i in edi.check(clean).issues if i.code == code] == []
    issues = [i for i in edi.check(faulty).issues if (i.code, i.ref) == (code, ref)]
    text = {raw.number: raw.text for raw in edi.segments(faulty)}
    assert [text[i.segment_number][: len(begins)] for i in issues] == [begins]


@pytest.mark.parametrize(
    ("rule", "base", "changes", "ref"),
    SITUATIONS,
    ids=[f"{r}-{b}-{n}" for r, b, _, n in SITUATIONS],
)
def test_a_situational_fault_is_one_that_pyx12_passes(
    rule: str, base: str, changes: Changes, ref: str
) -> None:
    """`test_situations` says that, where, and as what we find it."""
    both = FOUND_BY_BOTH.get((rule, base))
    assert said_by_pyx12(planted(base, *changes)) == ([both] if both else [])


NPI = re.compile(r"^(?:NM1|N1)\*.*\*XX\*(\d{10})$", re.M)
POINTERS = re.compile(r"^(?:SV1(?:\*[^*]*){6}|SV3(?:\*[^*]*){10})\*([1-9](?::[1-9])*)$", re.M)


def places(pattern: re.Pattern[str]) -> list[tuple[str, int]]:
    """Each file in which there is such a segment, with its number there."""
    return [
        (base, raw.number)
        for base in BASES
        for raw in edi.segments(planted(base))
        if pattern.search(raw.text)
    ]


@pytest.mark.parametrize(("base", "number"), places(NPI))
def test_a_wrong_check_digit_passes_pyx12_and_not_us(base: str, number: int) -> None:
    _passes(base, number, NPI, lambda npi: npi[:-1] + str((int(npi[-1]) + 1) % 10), "NPI-CHECK")


@pytest.mark.parametrize(("base", "number"), places(POINTERS))
def test_a_pointer_to_no_diagnosis_passes_pyx12_and_not_us(base: str, number: int) -> None:
    _passes(base, number, POINTERS, lambda said: f"{said[:-1]}9", "DX-POINTER")


def test_there_is_an_npi_and_a_pointer_of_every_kind() -> None:
    assert {base for base, _ in places(NPI)} == set(BASES) - {"F"}
    assert {base for base, _ in places(POINTERS)} >= {"P", "PA", "PS", "D"}


def test_every_sum_we_know_has_a_row() -> None:
    source = (Path(edi.__file__).parent / "balance.py").read_text()
    assert {code for _, _, _, code, _, _ in BALANCE} == set(re.findall(r'"(BAL-[\w-]+)"', source))


def _passes(base: str, number: int, pattern: re.Pattern[str], wrong, code: str) -> None:  # type: ignore[no-untyped-def]
    clean = planted(base)
    segments = [raw.text for raw in edi.segments(clean)]
    found = pattern.search(segments[number - 1])
    assert found is not None
    first, last = found.span(1)
    text = segments[number - 1]
    segments[number - 1] = text[:first] + wrong(found[1]) + text[last:]
    faulty = "".join(f"{text}~\n" for text in segments).encode()
    if base not in WITHOUT_MAP:
        assert said_by_pyx12(faulty) == []
    at = [i.segment_number for i in edi.check(faulty).issues if i.code == code]
    before = [i.segment_number for i in edi.check(clean).issues if i.code == code]
    assert (before, at) == ([], [number])
