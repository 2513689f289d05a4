"""Inbound files, each taken once by its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.flows.ports import FileState, StoredFile
from app.store.session import Session
from app.store.tables import file, fingerprint, reading

_KIND = "file"


class FileRepository:
    """The `Files` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def original(self, sha256: str) -> StoredFile | None:
        self._session.lock_name(_KIND, sha256)
        owner = self._owner(sha256)
        return None if owner is None else self.get(owner)

    def add(
        self,
        *,
        name: str,
        sha256: str,
        size: int,
        state: FileState,
        duplicate_of: UUID | None,
        part_of: UUID | None = None,
    ) -> StoredFile:
        id = self._session.new_id()
        if duplicate_of is None:
            mark = {"kind": _KIND, "hash": sha256, "subject_id": id}
            self._session.insert_once(fingerprint, [mark])
            owner = self._owner(sha256)
            if owner != id:  # another worker was faster
                state, duplicate_of = FileState.DUPLICATE, owner
        row = {
            "id": id,
            "name": name,
            "sha256": sha256,
            "size": size,
            "kind": None,
            "mode": self._session.tenant.mode,
            "state": state,
            "reason": None,
            "source": self._session.actor,
            "duplicate_of": duplicate_of,
            "part_of": part_of,
            "transaction_sets": 0,
            "claims": 0,
            "issues": [],
            "received_at": self._session.clock.now(),
        }
        self._session.insert(file, [row])
        stored = self.get(id)
        assert stored is not None, "it was just written"
        return stored

    def get(self, file_id: UUID) -> StoredFile | None:
        query = self._session.rows(file, file.c.id == file_id)
        row = self._session.connection.execute(self._session.locked(query, file)).one_or_none()
        return None if row is None else _file(row)

    def mark(
        self,
        file_id: UUID,
        state: FileState,
        *,
        kind: str | None = None,
        reason: str | None = None,
        duplicate_of: UUID | None = None,
        transaction_sets: int | None = None,
        claims: int | None = None,
        issues: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        told = {
            "kind": kind,
            "reason": reason,
            "duplicate_of": duplicate_of,
            "transaction_sets": transaction_sets,
            "claims": claims,
            "issues": None if issues is None else [dict(issue) for issue in issues],
        }
        values = {name: value for name, value in told.items() if value is not None}
        self._session.connection.execute(
            update(file)
            .where(self._session.owns(file), file.c.id == file_id)
            .values(state=state, **values)
        )
        if kind is not None:
            self._read_as(file_id, kind)

    def unfinished(self) -> list[UUID]:
        open_states = [state for state in FileState if not state.final]
        query = (
            select(file.c.id)
            .where(self._session.owns(file), file.c.state.in_(open_states))
            .order_by(file.c.id)
        )
        return list(self._session.connection.execute(query).scalars())

    def page(
        self, *, limit: int, after: UUID | None, state: FileState | None, kind: str | None
    ) -> list[StoredFile]:
        query = self._session.rows(file).order_by(file.c.id).limit(limit)
        if after is not None:
            query = query.where(file.c.id > after)
        if state is not None:
            query = query.where(file.c.state == state)
        if kind is not None:
            query = query.where(file.c.kind == kind)
        return [_file(row) for row in self._session.connection.execute(query)]

    def repeats(self, file_id: UUID) -> list[UUID]:
        query = (
            select(file.c.id)
            .where(self._session.owns(file), file.c.duplicate_of == file_id)
            .order_by(file.c.id)
        )
        return list(self._session.connection.execute(query).scalars())

    def parts(self, file_id: UUID) -> list[StoredFile]:
        query = self._session.rows(file, file.c.part_of == file_id).order_by(file.c.id)
        return [_file(row) for row in self._session.connection.execute(query)]

    def _owner(self, sha256: str) -> UUID | None:
        query = select(fingerprint.c.subject_id).where(
            self._session.owns(fingerprint),
            fingerprint.c.kind == _KIND,
            fingerprint.c.hash == sha256,
        )
        owner: UUID | None = self._session.connection.execute(query).scalar_one_or_none()
        return owner

    def _read_as(self, file_id: UUID, kind: str) -> None:
        """This edition of ours read the file as this kind."""
        row = {
            "file_id": file_id,
            "edition": _edition(),
            "kind": kind,
            "read_at": self._session.clock.now(),
        }
        self._session.insert_once(reading, [row])


def _edition() -> str:
    try:
        return version("claimloop")
    except PackageNotFoundError:
        return "unpackaged"


def _file(row: Any) -> StoredFile:
    return StoredFile(
        id=row.id,
        name=row.name,
        sha256=row.sha256,
        size=row.size,
        kind=row.kind,
        state=FileState(row.state),
        reason=row.reason,
        source=row.source,
        duplicate_of=row.duplicate_of,
        transaction_sets=row.transaction_sets,
        claims=row.claims,
        issues=tuple(row.issues),
        received_at=row.received_at,
    )
