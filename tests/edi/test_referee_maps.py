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
)
from edi.model import Loop
from tests.edi.maps import Difference, differences, ours, theirs

LISTED = Path(__file__).with_name("map_differences.tsv")

# Our declarations take the name of a 277CA party (2100x) into its level (2000x).
NAMES = {"2100A": "2000A", "2100B": "2000B", "2100C": "2000C", "2100D": "2000D"}
MAPS: dict[str, tuple[type[Loop], str, dict[str, str]]] = {
    "837P": (ProfessionalClaims, "837.5010.X222.A1.xml", {}),
    "837I": (InstitutionalClaims, "837Q3.I.5010.X223.A1.xml", {}),
    "835": (Remittance, "835.5010.X221.A1.xml", {}),
    "999": (ImplementationAcknowledgment, "999.5010X231.A1.xml", {}),
    "277CA": (ClaimAcknowledgment, "277.5010.X214.xml", NAMES),
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
    cls, name, fold = MAPS[guide]
    found = set(differences(ours(cls), theirs(name, guide, fold)))
    known = {difference for of, difference, _ in listed() if of == guide}
    assert found - known == set(), "not listed"
    assert known - found == set(), "listed, and no longer so"


def test_every_listed_difference_has_a_reason() -> None:
    assert [d for _, d, reason in listed() if len(reason.split()) < 4] == []


@pytest.mark.parametrize("guide", MAPS)
def test_the_maps_are_compared_to_the_last_element(guide: str) -> None:
    """The comparison sees what it is meant to see: an element taken away on either side is told."""
    cls, name, fold = MAPS[guide]
    mine, other = ours(cls), theirs(name, guide, fold)
    assert len(mine) == len(other)
    before = set(differences(mine, other))
    loop = next(flat for flat in mine.values() if flat.segments and flat.id in other)
    loop.segments[0].elements.popitem()
    assert set(differences(mine, other)) - before != set()
