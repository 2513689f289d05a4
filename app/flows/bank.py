"""A bank's file from received to done: its deposits kept and joined, or every fault told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.documents.bank_file import misdated, read_bank_file
from app.documents.problem import Problem
from app.domain.clock import local_date
from app.domain.deposit import DepositSource
from app.domain.identity import Prefix, public_id
from app.flows.deposits import TakenDeposit, deposits_told, take_deposits
from app.flows.ports import FileState, RawFiles, StoredFile, UnitsOfWork


def process_bank_file(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file: StoredFile, kind: DepositSource
) -> FileState:
    """All of its deposits or, where anything in it is wrong, none."""
    found = read_bank_file(raw.get(tenant_id, file.sha256), kind)
    with units(tenant_id, actor="system") as uow:
        if not isinstance(found, list):
            today = local_date(uow.clock, uow.tenant.time_zone)
            found = misdated(found.deposits, today=today) or found
        name = kind.value.upper()
        if isinstance(found, list):
            state = FileState.FAILED
            reason: str | None = (
                f"The {name} file has {len(found)} fault(s); none of its deposits was taken."
            )
            issues = [_issue(problem, "error") for problem in found]
            uow.files.mark(file.id, state, kind=name, reason=reason, issues=issues)
        else:
            taken = take_deposits(uow, found.deposits, file_id=file.id)
            reason = deposits_told(taken)
            first = _first_file(taken)
            state = FileState.DUPLICATE if first else FileState.PROCESSED
            issues = [_issue(note, "info") for note in found.notes]
            uow.files.mark(
                file.id, state, kind=name, reason=reason, duplicate_of=first, issues=issues
            )
        subject = public_id(Prefix.FILE, file.id)
        uow.audit(f"file.{state}", subject=subject, detail={"state": state})
        uow.event(f"file.{state}", resource=subject, data={"state": state})
    return state


def _first_file(taken: list[TakenDeposit]) -> UUID | None:
    """The file that told all of these deposits before, if one did."""
    files = {t.stored.file_id for t in taken if t.known}
    if len(files) != 1 or not all(t.known for t in taken):
        return None
    return files.pop()


def _issue(problem: Problem, severity: str) -> dict[str, Any]:
    return {
        "code": problem.code,
        "severity": severity,
        "line": problem.line,
        "message": problem.message,
    }
