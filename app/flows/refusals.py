"""What a person is told of a file that came by folder and could not be taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.flows.ports import FileState, StoredFile, UnitOfWork

FOLDER = "folder"  # the actor that brings what lies in a tenant's drop folders
MOST_ISSUES = 200


def refused_file(uow: UnitOfWork, file_id: UUID) -> StoredFile | None:
    """The file, where it came by folder and nothing of it was taken; else nobody is told there."""
    file = uow.files.get(file_id)
    if file is None or file.source != FOLDER:
        return None
    if file.state in (FileState.FAILED, FileState.QUARANTINED):
        return file
    # The same bytes were refused before: a duplicate of theirs has no kind, and says so.
    again = file.state is FileState.DUPLICATE and file.reason is not None and not file.kind
    return file if again else None


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
