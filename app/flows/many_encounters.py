"""A file of many encounters: each is taken or refused by itself, a transaction each.

Run again after a kill, what was taken is found unchanged, so the file ends as if nothing had
happened. What is refused is an issue with its row, and comes back as a table to mend.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.documents.encounter_csv import read_encounter_csv
from app.documents.many import Candidate, read_encounter_lines
from app.documents.problem import Problem
from app.documents.sniff import Sniffed
from app.domain.identity import Prefix, public_id
from app.flows.claims import build_claims
from app.flows.intake import Taken, take_encounter
from app.flows.ports import FileState, RawFiles, StoredFile, UnitsOfWork

MOST_ISSUES = 10_000  # kept with the file's row
_REFUSED = Problem(
    "",
    "claim_has_left",
    "This encounter differs from the one stored, and a claim of it has left; nothing was changed."
    " Correct the claim by a replacement.",
)


def process_many(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file: StoredFile, kind: Sniffed
) -> FileState:
    """Take what can be taken of the file; safe to run again from any point."""
    data = raw.get(tenant_id, file.sha256)
    found = read_encounter_csv(data) if kind is Sniffed.CSV else list(read_encounter_lines(data))
    issues: list[dict[str, Any]] = []
    taken = claims = encounters = 0
    for one in found:
        if isinstance(one, Problem):
            issues.append(_issue(one.line, one))
            continue
        encounters += 1
        built = _take(units, tenant_id, one)
        if isinstance(built, int):
            taken, claims = taken + 1, claims + built
        else:
            issues += built
    state = FileState.PROCESSED if taken else FileState.FAILED
    with units(tenant_id, actor="system") as uow:
        reason = _reason(encounters, taken, len(issues))
        uow.files.mark(
            file.id, state, kind=kind, reason=reason, claims=claims, issues=issues[:MOST_ISSUES]
        )
        subject = public_id(Prefix.FILE, file.id)
        detail = {"state": state, "encounters": encounters, "taken": taken}
        uow.audit(f"file.{state}", subject=subject, detail=detail)
        uow.event(f"file.{state}", resource=subject, data=detail)
    return state


def _take(units: UnitsOfWork, tenant_id: UUID, candidate: Candidate) -> int | list[dict[str, Any]]:
    """How many claims it has, or why it was refused."""
    if candidate.encounter is None:
        return [_issue(row, problem) for row, problem in candidate.problems]
    with units(tenant_id, actor="system") as uow:
        intake = take_encounter(uow, candidate.encounter)
        if intake.taken is Taken.REFUSED:
            return [_issue(candidate.row, _REFUSED)]
        return len(build_claims(uow, intake.stored.id))


def _issue(row: int | None, problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": "error",
        "row": row,
        "pointer": problem.pointer,
        "message": problem.message,
    }


def _reason(encounters: int, taken: int, issues: int) -> str | None:
    if not encounters:
        return "Nothing of the file could be read; nothing was taken."
    refused = encounters - taken
    if not refused:
        return None
    more = f" The first {MOST_ISSUES} faults are listed." if issues > MOST_ISSUES else ""
    return f"{refused} of {encounters} encounters were refused; {taken} were taken.{more}"
