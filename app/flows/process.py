"""One inbound file from received to done: what it is, whether it is whole, who books it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.documents.bank_file import HEAD, bank_format
from app.documents.encounter import read_encounter
from app.documents.problem import Problem
from app.documents.sniff import Sniffed, sniff
from app.domain.errors import NotFound
from app.domain.identity import Prefix, public_id
from app.flows.acknowledge import acknowledge
from app.flows.answers import promise_answer
from app.flows.archives import process_archive
from app.flows.bank import process_bank_file
from app.flows.claims import build_claims
from app.flows.claims_in import take_claims
from app.flows.deposits import reassociate_remittances
from app.flows.intake import Taken, take_encounter
from app.flows.many_encounters import process_many
from app.flows.ports import (
    FileState,
    Mode,
    RawFiles,
    RemittanceState,
    StoredFile,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.remit import remit
from app.x12.acknowledgment import read_acknowledgments
from app.x12.inbound import Inspection, inspect

_ACKNOWLEDGMENTS = frozenset({"TA1", "999", "277CA"})
_SERVED = _ACKNOWLEDGMENTS | {"835", "837"}


def process_file(units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file_id: UUID) -> FileState:
    """Take the file as far as it goes; safe to run again from any point."""
    with units(tenant_id, actor="system") as uow:
        file = uow.files.get(file_id)
        if file is None:
            raise NotFound("file", public_id(Prefix.FILE, file_id))
        if file.state.final:
            return file.state
        uow.files.mark(file_id, FileState.PROCESSING)
        mode = uow.tenant.mode
    with raw.open(tenant_id, file.sha256) as source:
        bank = bank_format(source.read(HEAD))
        if bank is not None:
            return process_bank_file(units, raw, tenant_id=tenant_id, file=file, kind=bank)
        source.seek(0)
        sniffed = sniff(source)
        if sniffed is Sniffed.ZIP:
            return process_archive(units, raw, tenant_id=tenant_id, file=file)
        if sniffed is not None:
            return process_many(units, raw, tenant_id=tenant_id, file=file, kind=sniffed)
        found = inspect(source)
    if found.kind == "encounter":
        return _encounter(units, raw, tenant_id=tenant_id, file=file)
    refusal = _refusal(found, mode)
    if refusal is not None:
        state, reason = refusal
        return _end(units, tenant_id, file, found, state=state, reason=reason)
    if found.kinds & _ACKNOWLEDGMENTS:
        with raw.open(tenant_id, file.sha256) as source:
            acknowledge(units, read_acknowledgments(source), tenant_id=tenant_id, file=file)
    duplicate_of = None
    if "835" in found.kinds:
        with raw.open(tenant_id, file.sha256) as source:
            remittances = remit(
                units, source, tenant_id=tenant_id, file=file, headers=found.remittances
            )
        with units(tenant_id, actor="system") as uow:
            reassociate_remittances(uow, [r.id for r in remittances])
        if remittances and all(r.state is RemittanceState.DUPLICATE for r in remittances):
            duplicate_of = remittances[0].duplicate_of
    if duplicate_of is not None and found.kinds == {"835"}:
        return _end_as_duplicate(units, tenant_id, file, found, remittance_id=duplicate_of)
    if "837" in found.kinds:
        taken = take_claims(units, raw, tenant_id=tenant_id, file=file, found=found)
        found = replace(found, issues=(*found.issues, *taken.issues))
        return _end(units, tenant_id, file, found, state=taken.state, reason=taken.reason)
    return _end(units, tenant_id, file, found, state=FileState.PROCESSED, reason=None)


def _refusal(found: Inspection, mode: Mode) -> tuple[FileState, str] | None:
    """Why nothing of the file may be booked: unreadable or torn, not ours to read, wrong mode."""
    if found.failure is not None:
        return FileState.FAILED, found.failure
    if not found.kinds & _SERVED:
        return (
            FileState.FAILED,
            f"This is a {found.kind or 'file of an unknown kind'}; Claimloop takes 837, 835, 999,"
            " 277CA and TA1 files, encounters as JSON, NDJSON or CSV, the deposits of banks as ACH,"
            " BAI2 or CSV, and zips of them.",
        )
    if mode is Mode.LIVE and "T" in found.usages:
        return (
            FileState.QUARANTINED,
            "ISA15 says T (test) and this tenant is live: nothing was booked. Ask the sender for"
            " the production file, or send this one to a test tenant.",
        )
    return None


def _encounter(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file: StoredFile
) -> FileState:
    encounter = read_encounter(raw.get(tenant_id, file.sha256))
    with units(tenant_id, actor="system") as uow:
        if isinstance(encounter, list):
            issues = [_issue(problem) for problem in encounter]
            reason = f"The encounter has {len(issues)} fault(s) of form; nothing was stored."
            uow.files.mark(
                file.id, FileState.FAILED, kind="encounter", reason=reason, issues=issues
            )
            return FileState.FAILED
        intake = take_encounter(uow, encounter)
        if intake.taken is Taken.REFUSED:
            reason = (
                "This encounter differs from the one stored, and a claim of it has left; nothing"
                " was changed. Correct the claim by a replacement."
            )
            uow.files.mark(file.id, FileState.FAILED, kind="encounter", reason=reason)
            return FileState.FAILED
        claims = build_claims(uow, intake.stored.id)
        uow.files.mark(file.id, FileState.PROCESSED, kind="encounter", claims=len(claims))
        _tell(uow, file, FileState.PROCESSED)
    return FileState.PROCESSED


def _issue(problem: Problem) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "code": problem.code,
        "severity": "error",
        "pointer": problem.pointer,
        "message": problem.message,
    }
    if problem.line is not None:
        issue |= {"line": problem.line, "column": problem.column}
    return issue


def _end(
    units: UnitsOfWork,
    tenant_id: UUID,
    file: StoredFile,
    found: Inspection,
    *,
    state: FileState,
    reason: str | None,
    duplicate_of: UUID | None = None,
) -> FileState:
    with units(tenant_id, actor="system") as uow:
        uow.files.mark(
            file.id,
            state,
            kind=found.kind,
            reason=reason,
            duplicate_of=duplicate_of,
            transaction_sets=found.transaction_sets,
            claims=found.claims,
            issues=found.issues,
        )
        promise_answer(uow, file, found, state=state)
        _tell(uow, file, state)
    return state


def _end_as_duplicate(
    units: UnitsOfWork,
    tenant_id: UUID,
    file: StoredFile,
    found: Inspection,
    *,
    remittance_id: UUID,
) -> FileState:
    """Every remittance of the file is on the books already, from another envelope."""
    with units(tenant_id, actor="system") as uow:
        first = uow.remittances.get(remittance_id)
    return _end(
        units,
        tenant_id,
        file,
        found,
        state=FileState.DUPLICATE,
        reason="Every remittance in it is on the books already, under another envelope.",
        duplicate_of=first.file_id if first else None,
    )


def _tell(uow: UnitOfWork, file: StoredFile, state: FileState) -> None:
    subject = public_id(Prefix.FILE, file.id)
    detail: Mapping[str, Any] = {"state": state}
    uow.audit(f"file.{state}", subject=subject, detail=detail)
    uow.event(f"file.{state}", resource=subject, data=detail)
