"""Encounters as CSV: a row a service line, a column a member of the encounter JSON.

A column is named by the member's path: `patient.lastName`, `coverages.1.payerId`,
`diagnoses.2.code`, and `serviceLines.charge` for the line that the row is. So whatever the JSON can
say, a table can; what a cell means, and what is wrong with it, is settled by the JSON's own reader.
Rows of one encounter share sourceSystem and externalId; what they say of the encounter is the same
in each, or stands in the first alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.documents.encounter import MAX_LINES, EncounterDocument, read_encounter_value
from app.documents.many import Candidate
from app.documents.problem import Problem

SEPARATORS = ",;\t"
LINE = "serviceLines."
KEY = ("sourceSystem", "externalId")
MOST_ROWS = 200_000

# A line of the template: the members that nearly every professional claim has.
TEMPLATE = (
    ("sourceSystem", "acme-pms"), ("externalId", "ENC-1001"), ("claimType", "professional"),
    ("patient.firstName", "ANN"), ("patient.lastName", "SAMPLE"),
    ("patient.dateOfBirth", "1980-01-02"), ("patient.gender", "F"),
    ("patient.address.address1", "1 MAIN ST"), ("patient.address.city", "ALBANY"),
    ("patient.address.state", "NY"), ("patient.address.postalCode", "122030001"),
    ("coverages.1.responsibility", "P"), ("coverages.1.payerId", "60054"),
    ("coverages.1.payerName", "EXAMPLE HEALTH"), ("coverages.1.claimFilingCode", "CI"),
    ("coverages.1.memberId", "W123456789"), ("coverages.1.relationship", "18"),
    ("billingProvider.npi", "1234567893"), ("billingProvider.taxonomyCode", "207Q00000X"),
    ("billingProvider.organizationName", "ACME MEDICAL"),
    ("billingProvider.employerId", "512345678"),
    ("billingProvider.address.address1", "2 CLINIC WAY"),
    ("billingProvider.address.city", "ALBANY"), ("billingProvider.address.state", "NY"),
    ("billingProvider.address.postalCode", "122030002"),
    ("renderingProvider.npi", "1245319599"), ("renderingProvider.firstName", "DANA"),
    ("renderingProvider.lastName", "DOCTOR"), ("renderingProvider.taxonomyCode", "207Q00000X"),
    ("placeOfService", "11"), ("signatureOnFile", "true"), ("acceptAssignment", "A"),
    ("benefitsAssigned", "Y"), ("releaseOfInformation", "Y"), ("totalCharge", "150.00"),
    ("diagnoses.1.code", "E119"), ("diagnoses.2.code", "I10"),
    ("serviceLines.lineId", "1"), ("serviceLines.serviceDate", "2026-10-05"),
    ("serviceLines.procedure.code", "G0439"), ("serviceLines.procedure.modifiers", ""),
    ("serviceLines.charge", "150.00"), ("serviceLines.units", "1"), ("serviceLines.unit", "UN"),
    ("serviceLines.diagnosisPointers", "1 2"),
)  # fmt: skip


def looks_like_encounter_csv(first_line: str) -> bool:
    """By its heading."""
    names = {name.strip(' "') for name in re.split(f"[{SEPARATORS}]", first_line)}
    return names >= set(KEY)


def template() -> str:
    """A heading and one row that is taken as it stands."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for name, _ in TEMPLATE])
    writer.writerow([value for _, value in TEMPLATE])
    return out.getvalue()


def read_encounter_csv(raw: bytes) -> list[Candidate] | list[Problem]:
    """Each encounter of the table or what is wrong with it, by row; problems: no table at all."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Problem("", "encoding", "The text is not UTF-8.")]
    table = _table(text)
    if isinstance(table, Problem):
        return [table]
    return [_candidate(group, table.names) for group in _groups(table).values()]


def refused_rows(raw: bytes, told: dict[int, str]) -> str:
    """The rows of the table whose numbers are told, with a column `error` behind them."""
    table = _table(raw.decode("utf-8-sig"))
    assert isinstance(table, _Table), "its rows were read before"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*table.names, "error"])
    for number, cells in table.rows:
        if number in told:
            writer.writerow([*cells, told[number]])
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Table:
    names: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]  # the heading is row 1


@dataclass(slots=True)
class _Group:
    """The rows of one encounter."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)


def _table(text: str) -> _Table | Problem:
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, Sequence[str]]] = []
    try:
        names = [name.strip() for name in next(reader)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            return Problem("", "column", f"The column {_shown(twice[0])} stands twice.", 1)
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                text = f"The row has {len(cells)} cells and the heading {len(names)}."
                return Problem("", "cells", f"{text} Nothing of the file was taken.", number)
            if len(rows) == MOST_ROWS:
                return Problem("", "rows", f"The file has more than {MOST_ROWS} rows; split it.")
            rows.append((number, cells))
    except csv.Error as fault:
        return Problem("", "csv", f"The table cannot be read: {fault}.", reader.line_num)
    if not rows:
        return Problem("", "rows", "The file has a heading and no row.")
    return _Table(names, rows)


def _groups(table: _Table) -> dict[tuple[str, ...], _Group]:
    groups: dict[tuple[str, ...], _Group] = {}
    for number, cells in table.rows:
        row = {n: c.strip() for n, c in zip(table.names, cells, strict=True) if c.strip()}
        key = tuple(row.get(name, "") for name in KEY)
        # Rows without a key are encounters of their own, each refused by itself.
        group = groups.setdefault(key if all(key) else (str(number),), _Group())
        if group.rows:
            first = group.rows[0]
            group.problems += [(number, p) for p in _differences(first, row)]
        group.rows.append((number, row))
    return groups


def _differences(first: tuple[int, dict[str, str]], row: dict[str, str]) -> Iterator[Problem]:
    number, said = first
    for name, cell in row.items():
        if not name.startswith(LINE) and said.get(name) != cell:
            text = f"{_shown(name)} is not what row {number} of the same encounter says."
            yield Problem("", "differs", text)


def _candidate(group: _Group, names: Sequence[str]) -> Candidate:
    numbers = [number for number, _ in group.rows]
    if group.problems:
        return Candidate(numbers[0], None, tuple(group.problems), tuple(numbers))
    value: dict[str, Any] = {}
    faults = [p for name, cell in group.rows[0][1].items() for p in _put(value, name, cell)]
    lines = []
    for _, row in group.rows[:MAX_LINES]:
        line: dict[str, Any] = {}
        for name, cell in row.items():
            if name.startswith(LINE):
                faults += _put(line, name.removeprefix(LINE), cell)
        lines.append(line)
    value["serviceLines"] = lines
    found = faults or read_encounter_value(_listed(value))
    if isinstance(found, list):
        placed = tuple((_row_of(problem, numbers), problem) for problem in found)
        return Candidate(numbers[0], None, placed, tuple(numbers))
    return Candidate(numbers[0], found, (), tuple(numbers))


def _row_of(problem: Problem, numbers: Sequence[int]) -> int:
    """The row of the service line that is meant, else the first one."""
    line = re.match(r"/serviceLines/([0-9]+)", problem.pointer)
    return numbers[int(line[1])] if line and int(line[1]) < len(numbers) else numbers[0]


def _put(value: dict[str, Any], name: str, cell: str) -> Iterable[Problem]:
    """The cell at the place that its column names; parts are numbered from 1."""
    *parents, last = name.split(".")
    at = value
    for part in parents:
        if not isinstance(at, dict):
            return [_no_place(name)]
        at = at.setdefault(part, {})
    if not isinstance(at, dict) or last in at:
        return [_no_place(name)]
    at[last] = _AS[last](cell) if last in _AS else cell
    return ()


def _no_place(name: str) -> Problem:
    return Problem("", "column", f"The column {_shown(name)} has no place beside the others.")


def _listed(value: Any) -> Any:
    """Objects whose members are all numbers become arrays, in the order of the numbers."""
    if not isinstance(value, dict):
        return [_listed(one) for one in value] if isinstance(value, list) else value
    if value and all(name.isdigit() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(member) for name, member in value.items()}


def _words(cell: str) -> list[str]:
    return cell.split()


def _numbers(cell: str) -> list[Any]:
    return [_number(word) for word in cell.split()]


def _number(cell: str) -> Any:
    return int(cell) if cell.isdigit() else cell


def _flag(cell: str) -> Any:
    return _FLAGS.get(cell.lower(), cell)


_FLAGS = {"true": True, "y": True, "yes": True, "false": False, "n": False, "no": False}


def _conversions() -> dict[str, Callable[[str], Any]]:
    """How a cell becomes what the JSON has there, for members that are no text."""
    schema = EncounterDocument.model_json_schema()
    found: dict[str, Callable[[str], Any]] = {}
    for model in (schema, *schema["$defs"].values()):
        for name, member in model.get("properties", {}).items():
            for kind in (member, *member.get("anyOf", ())):
                items = kind.get("items", {})
                if kind.get("type") == "boolean":
                    found[name] = _flag
                elif kind.get("type") == "integer":
                    found[name] = _number
                elif kind.get("type") == "array" and items.get("type") == "integer":
                    found[name] = _numbers
                elif kind.get("type") == "array" and "$ref" not in items:
                    found[name] = _words
    return found


_AS = _conversions()


def _shown(name: str) -> str:
    """A heading is the sender's own text: shown only as far as it can be a path."""
    return f"`{name}`" if re.fullmatch(r"[A-Za-z0-9.]{1,80}", name) else "with an odd name"
