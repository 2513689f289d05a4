"""Published institutional and dental claims, status requests and answers: what is found in each was
reviewed, and stands in corpus_findings.tsv with a word on why.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import edi

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
REVIEWED = Path(__file__).with_name("corpus_findings.tsv")
KINDS = ("837I", "837D", "276", "277")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this tree")


def reviewed() -> dict[str, dict[str, str]]:
    with REVIEWED.open(newline="") as rows:
        return {row["path"]: row for row in csv.DictReader(rows, delimiter="\t")}


def found(report: edi.Report) -> str:
    errors = [i for i in report.issues if i.severity == "error"]
    return " ".join(f"{i.code}@{i.segment_number}{i.ref and '/' + i.ref}" for i in errors)


@pytest.mark.parametrize("path", reviewed())
def test_what_is_found_was_reviewed(path: str) -> None:
    row = reviewed()[path]
    report = edi.check((CORPUS / path).read_bytes())
    assert found(report) == row["errors"]
    assert report.segments_reported == int(row["reported"])
    assert sum(t.claims for t in report.transaction_sets) == int(row["claims"])
    assert bool(row["errors"]) == bool(row["why"])


def test_every_file_was_reviewed() -> None:
    files = {f"{kind}/{p.name}" for kind in KINDS for p in (CORPUS / kind).iterdir()}
    assert files == reviewed().keys()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("legacy4010/lfh__patient-is-subscriber.837", "version 4010"),
        ("837P/stupidedi__pass-ambulance.edi", "the professional data-reporting guide"),
        ("837I/stupidedi__ppo-repriced-claim-2.edi", "the institutional data-reporting guide"),
        ("837P/stupidedi__pacdr-professional-external-example.edi", "adjudicated professional"),
    ],
)
def test_what_we_know_and_do_not_read_is_refused_by_name(path: str, says: str) -> None:
    report = edi.check((CORPUS / path).read_bytes())
    refusal = next(i for i in report.issues if i.code == "X12-GUIDE")
    assert says in refusal.message
    assert not any(t.accepted for t in report.transaction_sets)
    assert report.segments_reported == refusal.segment_count
