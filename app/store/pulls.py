"""Files that were taken from partners' folders, and how the looks went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.domain.connection import Collected, RemoteFile
from app.domain.transmission import SendFault
from app.flows.ports import Look
from app.store.session import Session
from app.store.tables import pull_state, remote_file


class PullRepository:
    """The `Pulls` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, partner_id: UUID, file: RemoteFile) -> bool:
        c = remote_file.c
        query = self._session.rows(
            remote_file,
            (c.partner_id == partner_id)
            & (c.folder == file.folder)
            & (c.name == file.name)
            & (c.size == file.size)
            & (c.modified == file.modified),
        )
        return self._session.connection.execute(query).first() is not None

    def keep(self, partner_id: UUID, file: RemoteFile, *, file_id: UUID) -> None:
        row = {
            "id": self._session.new_id(),
            "partner_id": partner_id,
            "folder": file.folder,
            "name": file.name,
            "size": file.size,
            "modified": file.modified,
            "file_id": file_id,
            "taken_at": self._session.clock.now(),
        }
        self._session.insert(remote_file, [row])

    def looked(self, partner_id: UUID, collected: Collected) -> int:
        before = self.last(partner_id)
        now = self._session.clock.now()
        well = collected.fault is None
        values: dict[str, Any] = {
            "looked_at": now,
            "well_at": now if well else before and before.well_at,
            "files": collected.files,
            "failures": 0 if well else (before.failures if before else 0) + 1,
            "fault": collected.fault,
            "reason": collected.reason,
        }
        self._session.insert_once(pull_state, [{"partner_id": partner_id, **values}])
        self._session.connection.execute(
            update(pull_state)
            .where(self._session.owns(pull_state), pull_state.c.partner_id == partner_id)
            .values(**values)
        )
        return int(values["failures"])

    def last(self, partner_id: UUID) -> Look | None:
        row = self._session.connection.execute(
            self._session.rows(pull_state, pull_state.c.partner_id == partner_id)
        ).one_or_none()
        if row is None:
            return None
        return Look(
            looked_at=row.looked_at,
            well_at=row.well_at,
            files=row.files,
            failures=row.failures,
            fault=None if row.fault is None else SendFault(row.fault),
            reason=row.reason,
        )
