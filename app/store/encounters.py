"""Encounters by their business key, with every version that ever was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from app.documents.encounter import read_encounter
from app.domain.encounter import Encounter
from app.flows.ports import StoredEncounter
from app.store import tables as t
from app.store.session import Session

CONTENT = "encounter_version.content"


class EncounterRepository:
    """The `Encounters` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, *, source_system: str, external_id: str) -> StoredEncounter | None:
        # Held even when there is no such encounter yet: the caller is about to add it.
        self._session.lock_name("encounter", source_system, external_id)
        return self._latest(
            (t.encounter.c.source_system == source_system)
            & (t.encounter.c.external_id == external_id)
        )

    def get(self, encounter_id: UUID) -> StoredEncounter | None:
        return self._latest(t.encounter.c.id == encounter_id)

    def add(self, encounter: Encounter, *, content: bytes, content_hash: str) -> StoredEncounter:
        id = self._session.new_id()
        new = {
            "id": id,
            "source_system": encounter.source_system,
            "external_id": encounter.external_id,
            "version": 1,
            "created_at": self._session.clock.now(),
        }
        if id not in self._session.inserted(t.encounter, [new]):
            stands = self.find(
                source_system=encounter.source_system, external_id=encounter.external_id
            )
            assert stands is not None, "what keeps a row out is there"
            return stands
        return self._add_version(id, 1, encounter, content, content_hash)

    def add_version(
        self, encounter_id: UUID, encounter: Encounter, *, content: bytes, content_hash: str
    ) -> StoredEncounter:
        stands = self.get(encounter_id)
        if stands is None:
            raise LookupError("a version is added to an encounter of this tenant")
        if stands.content_hash == content_hash:
            return stands
        version = stands.version + 1
        self._session.connection.execute(
            update(t.encounter)
            .where(self._session.owns(t.encounter), t.encounter.c.id == encounter_id)
            .values(version=version)
        )
        return self._add_version(encounter_id, version, encounter, content, content_hash)

    def _add_version(
        self,
        encounter_id: UUID,
        version: int,
        encounter: Encounter,
        content: bytes,
        content_hash: str,
    ) -> StoredEncounter:
        now = self._session.clock.now()
        sealed = self._session.seal(content, CONTENT)
        row = {
            "encounter_id": encounter_id,
            "version": version,
            "content": sealed.data,
            "content_key_id": sealed.key_id,
            "content_hash": content_hash,
            "created_at": now,
        }
        self._session.insert(t.encounter_version, [row])
        return StoredEncounter(encounter_id, version, content_hash, encounter, now)

    def _latest(self, condition: ColumnElement[bool]) -> StoredEncounter | None:
        query = (
            select(t.encounter_version)
            .join_from(
                t.encounter,
                t.encounter_version,
                (t.encounter_version.c.tenant_id == t.encounter.c.tenant_id)
                & (t.encounter_version.c.encounter_id == t.encounter.c.id)
                & (t.encounter_version.c.version == t.encounter.c.version),
            )
            .where(self._session.owns(t.encounter), condition)
        )
        row = self._session.connection.execute(
            self._session.locked(query, t.encounter)
        ).one_or_none()
        return None if row is None else self._read(row)

    def _read(self, row: Any) -> StoredEncounter:
        content = self._session.open(row.content, row.content_key_id, CONTENT)
        read = read_encounter(content)
        if isinstance(read, list):
            raise ValueError(
                f"version {row.version} of encounter {row.encounter_id} no longer reads:"
                f" {read[0].pointer} {read[0].code}"
            )
        return StoredEncounter(
            row.encounter_id, row.version, row.content_hash, read, row.created_at
        )
