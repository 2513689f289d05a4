"""Right files with a fault put in, looked at by pyx12 4.0.0 and by us: where it finds an error, so
do we, at the same segment (`tests.edi.agreement` says how that is read, and what is excused).

A mutant is told by its file and its seed; to see one again:

    python -m tests.edi.mutants fixtures/x12/837p/pass/one_claim.edi 17
"""

from __future__ import annotations

import pytest

from tests.edi.agreement import missed, rows
from tests.edi.mutants import BASES, SEEDS, compared, look, recipe
from tests.edi.mutations import KINDS

BATCH = 30
BATCHES = [
    pytest.param(base, range(start, min(start + BATCH, SEEDS)), id=f"{base.name}-{start}")
    for base in BASES
    for start in range(0, SEEDS, BATCH)
]


@pytest.mark.parametrize(("base", "seeds"), BATCHES)
def test_where_pyx12_finds_an_error_so_do_we(base, seeds) -> None:  # type: ignore[no-untyped-def]
    left = []
    for seed in seeds:
        one = compared(base, seed)
        for found in missed(one.verdicts):
            left.append(f"{recipe(base, seed)}  # {one.mutant.where}: {found}")
    assert left == []


def test_every_base_is_right_to_both() -> None:
    for base in BASES:
        theirs, ours = look(base.guide, base.text)
        assert (base.name, theirs.found, theirs.crash) == (base.name, [], "")
        assert [i for i in ours if i.severity == "error"] == []


def test_there_are_enough_mutants_of_every_kind() -> None:
    assert len(BASES) * SEEDS >= 2000
    drawn = {(base.guide, base.mutant(seed).kind) for base in BASES for seed in range(SEEDS)}
    assert drawn == {(base.guide, kind) for base in BASES for kind in KINDS}


def test_what_is_excused_is_reviewed_and_little() -> None:
    assert [row.reason for row in rows() if len(row.reason.split()) < 4] == []
    assert {row.source for row in rows()} <= {"validation.md 2", "new"}
    assert len(rows()) <= 20
