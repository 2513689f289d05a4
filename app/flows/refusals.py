"""What a person is told of a file that came by folder and could not be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.documents.encounter_csv import refused_rows
from app.documents.sniff import Sniffed
from app.flows.ports import FileState, StoredFile, UnitOfWork

FOLDER = "folder"  # the actor that brings what lies in a tenant's drop folders
MOST_ISSUES = 200
_MANY = (Sniffed.CSV, Sniffed.NDJSON)


def refused_file(uow: UnitOfWork, file_id: UUID) -> StoredFile | None:
    """The file, where it came by folder and nothing of it was taken; else nobody is told there."""
    file = uow.files.get(file_id)
    if file is None or file.source != FOLDER:
        return None
    if file.state in (FileState.FAILED, FileState.QUARANTINED):
        return file
    if file.kind in _MANY and file.issues:  # some of its encounters were refused
        return file
    # The same bytes were refused before: a duplicate of theirs has no kind, and says so.
    again = file.state is FileState.DUPLICATE and file.reason is not None and not file.kind
    return file if again else None


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
