"""Our guides beside the maps of pyx12 4.0.0: loop by loop, segment by segment, element by element.

Usage, repeats, types, lengths and internal codes must agree, or the difference stands in
map_differences.tsv with its reason. What is listed and no longer so fails as well.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from edi.guides import (
    ClaimAcknowledgment,
    ImplementationAcknowledgment,
    InstitutionalClaims,
    ProfessionalClaims,
    Remittance,
    Transaction,
)
from tests.edi.maps import Difference, differences, ours, theirs

LISTED = Path(__file__).with_name("map_differences.tsv")

MAPS: dict[str, tuple[type[Transaction], str]] = {
    "837P": (ProfessionalClaims, "837.5010.X222.A1.xml"),
    "837I": (InstitutionalClaims, "837Q3.I.5010.X223.A1.xml"),
    "835": (Remittance, "835.5010.X221.A1.xml"),
    "999": (ImplementationAcknowledgment, "999.5010X231.A1.xml"),
    "277CA": (ClaimAcknowledgment, "277.5010.X214.xml"),
}


def listed() -> list[tuple[str, Difference, str]]:
    with LISTED.open(newline="") as rows:
        return [
            (r["guide"], (r["loop"], r["segment"], r["element"], r["what"], r["ours"], r["pyx12"]),
             r["reason"])
            for r in csv.DictReader(rows, delimiter="\t")
        ]  # fmt: skip


@pytest.mark.parametrize("guide", MAPS)
def test_every_difference_is_listed_and_every_listed_one_is_there(guide: str) -> None:
    cls, name = MAPS[guide]
    found = set(differences(ours(cls), theirs(name, guide, cls.parts)))
    known = {difference for of, difference, _ in listed() if of == guide}
    assert found - known == set(), "not listed"
    assert known - found == set(), "listed, and no longer so"


def test_every_listed_difference_has_a_reason() -> None:
    assert [d for _, d, reason in listed() if len(reason.split()) < 4] == []


@pytest.mark.parametrize("guide", MAPS)
def test_the_maps_are_compared_to_the_last_element(guide: str) -> None:
    """The comparison sees what it is meant to see: an element taken away on either side is told."""
    cls, name = MAPS[guide]
    mine, other = ours(cls), theirs(name, guide, cls.parts)
    assert len(mine) == len(other)
    before = set(differences(mine, other))
    loop = next(flat for flat in mine.values() if flat.segments and flat.id in other)
    loop.segments[0].elements.popitem()
    assert set(differences(mine, other)) - before != set()
