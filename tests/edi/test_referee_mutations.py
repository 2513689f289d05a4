"""Right files with a fault put in, looked at by pyx12 4.0.0 and by us: where it finds an error, so
do we, at the same segment (`tests.edi.agreement` says how that is read, and what is excused).

A mutant is told by its file and its seed; to see one again:

    python -m tests.edi.mutants fixtures/x12/837p/pass/one_claim.edi 17
"""

from __future__ import annotations

from hashlib import sha256
from heapq import nsmallest

import pytest

from app.x12.second_opinion import error_tree
from tests.edi.agreement import missed, rows
from tests.edi.mutants import BASES, SEEDS, Base, compared, look, recipe
from tests.edi.mutations import KINDS
from tests.edi.pyx12_findings import fresh_opinion, opinion

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


def sample() -> list[tuple[Base, str]]:
    """Four mutants of each guide: those with the lowest hashes, so what they hold chooses them."""
    drawn: dict[str, list[tuple[str, Base, str]]] = {}
    for base in BASES:
        for seed in range(SEEDS):
            text = base.mutant(seed).text
            hashed = sha256(text.encode("latin-1")).hexdigest()
            drawn.setdefault(base.guide, []).append((hashed, base, text))
    lowest = [nsmallest(4, those, key=lambda one: one[0]) for those in drawn.values()]
    return [(base, text) for those in lowest for _, base, text in those]


def test_maps_that_are_kept_answer_as_fresh_ones_do() -> None:
    """The referee loads a map once a process; pyx12 by itself loads it for each file, and walks it
    with an error handler and a reader of its own.
    """
    chosen = sample()
    assert len(chosen) == 4 * len({base.guide for base in BASES})
    kept = [opinion(text) for _, text in chosen]
    assert sum(bool(one.found) for one in kept) > len(chosen) / 2
    for (base, text), one in zip(chosen, kept, strict=True):
        assert (base.name, one) == (base.name, fresh_opinion(text))
        if not one.crash:
            valid, _ = error_tree(text.encode("latin-1"))
            assert (base.name, valid) == (base.name, not one.found)


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
