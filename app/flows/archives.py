"""A zip: each file in it is taken in as a file of its own, all of them or none."""

from __future__ import annotations

from uuid import UUID

from app.documents.archive import NotTaken, members
from app.documents.sniff import Sniffed
from app.domain.identity import Prefix, public_id
from app.flows.ports import FileState, RawFiles, StoredFile, UnitsOfWork
from app.flows.receive import received


def process_archive(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, file: StoredFile
) -> FileState:
    """Receive what is in it; a job each follows. Safe to run again: one transaction."""
    state, reason = FileState.FAILED, None
    kept: list[tuple[str, str, int]] = []
    try:
        for member in members(raw.get(tenant_id, file.sha256)):
            kept.append((member.name, raw.put(tenant_id, member.data), len(member.data)))
        state, reason = FileState.PROCESSED, f"{len(kept)} file(s) were taken out of it."
    except NotTaken as why:
        kept, reason = [], f"{why} Nothing of it was taken."
    with units(tenant_id, actor=file.source or "system") as uow:
        for name, sha256, size in kept:
            received(uow, name=name, sha256=sha256, size=size, part_of=file.id)
        uow.files.mark(file.id, state, kind=Sniffed.ZIP, reason=reason)
        subject = public_id(Prefix.FILE, file.id)
        uow.audit(f"file.{state}", subject=subject, detail={"state": state, "files": len(kept)})
        uow.event(f"file.{state}", resource=subject, data={"state": state})
    return state
