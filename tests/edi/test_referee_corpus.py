"""Every published file of a kind that pyx12 4.0.0 has a map for, right and wrong ones, and the
traps: where it finds an error, so do we, at the same segment (`tests.edi.agreement` says how that
is read, and what is excused).
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import edi
from tests.edi.agreement import judge, missed
from tests.edi.mutants import Compared
from tests.edi.mutations import Mutant
from tests.edi.pyx12_findings import opinion

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MAPPED = ("837P", "837I", "835", "999", "277CA")
# Errata that change no segment, under the number of the one that pyx12 has a map for.
ERRATA = {"005010X222A2": "005010X222A1", "005010X223A3": "005010X223A2"}
# What it takes for no X12 at all, and we read: file and reason.
READ_ALL_THE_SAME = {
    "837P/staedi__sample837-original.edi": "ISA12 is 00402, and the group in it is 005010",
    "999/stupidedi__response-to-functional-group-containing-3-837s.edi": "a byte order mark",
    "traps/11_bom": "a byte order mark",
    "traps/12_leading_newline": "a line end before the ISA",
    "traps/19_80col_wrap": "an ISA broken over lines: a warning",
    "traps/27_isa_not_fixed_width": "an ISA without its fixed widths: a warning",
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this tree")


def files() -> list[tuple[str, str]]:
    """Guide and path."""
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.csv").open(newline="") as rows:
        found = [(r["kind"], r["path"]) for r in csv.DictReader(rows) if r["kind"] in MAPPED]
    traps = sorted(p.name for p in (CORPUS / "traps").iterdir())
    return found + [("999" if "999" in name else "835", f"traps/{name}") for name in traps]


FILES = files()


@cache
def compared(guide: str, path: str) -> Compared:
    """Both validators over one file."""
    data = (CORPUS / path).read_bytes()
    text = data.decode("latin-1")
    shown = text
    for ours_alone, known in ERRATA.items():
        shown = shown.replace(ours_alone, known)
    theirs, ours = opinion(shown), edi.check(data, most_issues=len(data)).issues
    return Compared(Mutant("", path, 0, text), theirs, ours, judge(guide, theirs, ours))


@pytest.mark.parametrize(("guide", "path"), FILES, ids=[path for _, path in FILES])
def test_where_pyx12_finds_an_error_so_do_we(guide: str, path: str) -> None:
    one = compared(guide, path)
    assert missed(one.verdicts) == []
    if one.theirs.refused:  # it takes the file for no X12 at all, and names no error of it
        wrong = any(i.severity == "error" for i in one.ours)
        assert wrong is not (path in READ_ALL_THE_SAME)


def test_what_pyx12_said_of_the_corpus() -> None:
    verdicts, crashes, left = Counter[str](), Counter[str](), Counter[str]()
    for guide, path in FILES:
        one = compared(guide, path)
        verdicts.update(verdict for _, verdict in one.verdicts)
        crashes[one.theirs.crash] += 1
        ours = [i for i in one.ours if i.severity == "error"]
        left[
            "no opinion" if one.theirs.crash
            else "refused" if one.theirs.refused
            else f"pyx12 {'finds' if one.theirs.found else 'passes'}, we"
            f" {'find errors' if ours else 'warn' if one.ours else 'pass'}"
        ] += 1  # fmt: skip
    del crashes[""]
    for title, table in (("files", left), ("errors", verdicts), ("crashes", crashes)):
        print(f"{title}: {table.total()}")
        for name, number in sorted(table.items()):
            print(f"  {number:6} {name}")
    # It has no map for what stands in GS01 and GS08: guides for data reporting, of no errata, or of
    # another kind. It stops there, and such a crash is no opinion.
    assert set(crashes) == {"EngineError"}
    assert crashes.total() < len(FILES) / 4
    assert verdicts["same"] >= 100
