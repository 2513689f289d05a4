"""Files of many encounters: each of them, or what is wrong with it, by the row or line it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.encounter import read_encounter
from app.documents.problem import Problem
from app.domain.encounter import Encounter


@dataclass(frozen=True, slots=True)
class Candidate:
    """One encounter of a file: `row` counts from 1; without an encounter there are problems."""

    row: int
    encounter: Encounter | None
    problems: tuple[tuple[int, Problem], ...]  # each with its row
    rows: tuple[int, ...]  # all that belong to it


def read_encounter_lines(raw: bytes) -> Iterator[Candidate]:
    """NDJSON: a line an encounter; blank lines count and are nothing."""
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip(b" \t\r\xef\xbb\xbf"):
            continue
        found = read_encounter(line)
        if isinstance(found, list):
            yield Candidate(number, None, tuple((number, p) for p in found), (number,))
        else:
            yield Candidate(number, found, (), (number,))
