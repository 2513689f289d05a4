"""What a person is told of a file that came by folder and could not be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.documents.encounter_csv import refused_rows
from app.documents.sniff import Sniffed
from app.flows.ports import FileState, StoredFile, UnitOfWork

FOLDER = "folder"  # the actor that brings what lies in a tenant's drop folders
MOST_ISSUES = 200
_MANY = (Sniffed.CSV, Sniffed.NDJSON)


def refused_files(uow: UnitOfWork, file_id: UUID) -> list[StoredFile]:
    """The file, and others of the same bytes that came while it was worked on: those of them that
    came by folder and of which nothing, or not everything, was taken."""
    file = uow.files.get(file_id)
    first = uow.files.get(file.duplicate_of) if file and file.duplicate_of else file
    if file is None or first is None or not _refused(first):
        return []
    later = [uow.files.get(id) for id in uow.files.repeats(file_id)]
    told = [one for one in (file, *later) if one is not None and one.source == FOLDER]
    # A repeat says what the first one came to.
    return [
        replace(first, id=one.id, name=one.name, reason=one.reason or first.reason) for one in told
    ]


def _refused(file: StoredFile) -> bool:
    if file.state in (FileState.FAILED, FileState.QUARANTINED):
        return True
    return file.kind in _MANY and bool(file.issues)  # some of its encounters were refused


def errors_csv(file: StoredFile, data: bytes) -> str:
    """What is wrong with the file as a table: of an encounter CSV its own refused rows with a
    column `error`, to be mended and sent again; else a row an issue, with its place."""
    rows = rows_refused(file.issues)
    if file.kind == Sniffed.CSV and rows:
        return refused_rows(data, rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_PLACES, "code", "severity", "message"])
    for issue in file.issues:
        writer.writerow([issue.get(name, "") for name in (*_PLACES, "code", "severity", "message")])
    return out.getvalue()


def rows_refused(issues: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What is wrong with each row, in one text."""
    told: dict[int, list[str]] = {}
    for issue in issues:
        if issue.get("row") is not None:
            place = f"{issue['pointer']}: " if issue.get("pointer") else ""
            told.setdefault(issue["row"], []).append(f"{place}{issue['message']}")
    return {row: " | ".join(texts) for row, texts in told.items()}


def issue_lines(file: StoredFile) -> list[str]:
    """Each issue with its place; the first of them where there are many."""
    lines = [_line(issue) for issue in file.issues[:MOST_ISSUES]]
    more = len(file.issues) - MOST_ISSUES
    return [*lines, f"... and {more} more."] if more > 0 else lines


def _line(issue: Mapping[str, Any]) -> str:
    place = [
        f"{word} {issue[member]}"
        for member, word in _PLACES.items()
        if issue.get(member) not in (None, "")
    ]
    return f"{', '.join([*place, str(issue['code'])])}: {issue['message']}"


_PLACES = {
    "row": "row",
    "line": "line",
    "segmentNumber": "segment",
    "loop": "loop",
    "ref": "element",
    "pointer": "at",
}
