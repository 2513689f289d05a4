"""Bytes in: kept as they came, known by their hash, and worked on once."""

from __future__ import annotations

from uuid import UUID

from app.domain.identity import Prefix, public_id
from app.flows.ports import (
    QUEUE_FILES,
    WORKFLOW_PROCESS_FILE,
    FileState,
    RawFiles,
    StoredFile,
    UnitOfWork,
    UnitsOfWork,
)


def receive_file(
    units: UnitsOfWork, raw: RawFiles, *, tenant_id: UUID, name: str, data: bytes, actor: str
) -> StoredFile:
    """Keep the bytes and start the job that reads them, both or neither.

    The same bytes again give a row in state `duplicate` that names the first one; nothing else
    happens, because the first one is being worked on or done.
    """
    sha256 = raw.put(tenant_id, data)
    with units(tenant_id, actor=actor) as uow:
        return received(uow, name=name, sha256=sha256, size=len(data))


def received(
    uow: UnitOfWork, *, name: str, sha256: str, size: int, part_of: UUID | None = None
) -> StoredFile:
    """The same for bytes that are kept already, in the caller's transaction; `part_of` is the zip
    that they were in."""
    original = uow.files.original(sha256)
    file = uow.files.add(
        name=name,
        sha256=sha256,
        size=size,
        state=FileState.DUPLICATE if original else FileState.RECEIVED,
        duplicate_of=original.id if original else None,
        part_of=part_of,
    )
    if original and original.state in (FileState.FAILED, FileState.QUARANTINED):
        uow.files.mark(file.id, FileState.DUPLICATE, reason=_as_before(original))
        file = uow.files.get(file.id) or file
    subject = public_id(Prefix.FILE, file.id)
    uow.audit(f"file.{file.state}", subject=subject, detail={"sha256": sha256})
    uow.event("file.received", resource=subject, data={"state": file.state})
    if original is None:
        uow.enqueue(
            WORKFLOW_PROCESS_FILE,
            queue=QUEUE_FILES,
            workflow_id=f"file-{file.id}",
            args=[str(uow.tenant.id), str(file.id)],
        )
    return file


def _as_before(original: StoredFile) -> str:
    name = public_id(Prefix.FILE, original.id)
    again = f"The same bytes ended {original.state} before, as {name}, and were not read again."
    return f"{again} {original.reason or ''}".rstrip()
