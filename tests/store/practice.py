"""A practice to tell stories about: its tenant, its units of work and what it has enqueued."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from app import shipped
from app.documents.encounter import read_encounter
from app.domain.claim import StoredClaim
from app.domain.clock import FixedClock
from app.domain.encounter import Encounter
from app.flows.claims import build_claims
from app.flows.intake import take_encounter
from app.flows.ports import UnitOfWork
from app.store.crypto import Cipher
from app.store.tenants import Tenants
from app.store.unit_of_work import DatabaseUnitsOfWork

CLOCK = FixedClock(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
ENCOUNTERS = sorted(
    path
    for path in shipped("fixtures/encounters").glob("*.json")
    if not path.name.endswith(".expected.json")
)


class Practice:
    """A tenant of the database behind `engine`."""

    def __init__(
        self, engine: Engine, *, name: str = "Elm Street Clinic", cipher: Cipher | None = None
    ) -> None:
        self.engine = engine
        self.tenant = Tenants(engine, clock=CLOCK).ensure(name)
        self.cipher = cipher or Cipher()
        self.enqueued: list[str] = []
        self.units = DatabaseUnitsOfWork(
            engine, clock=CLOCK, cipher=self.cipher, enqueue=self._remember
        )

    def work(self, actor: str = "test") -> AbstractContextManager[UnitOfWork]:
        return self.units(self.tenant.id, actor=actor)

    def claim(self, encounter: Encounter) -> StoredClaim:
        """The encounter taken in and its claim built."""
        with self.work() as uow:
            taken = take_encounter(uow, encounter)
            return build_claims(uow, taken.stored.id)[0]

    def _remember(
        self,
        connection: Connection,
        *,
        workflow: str,
        queue: str,
        workflow_id: str,
        args: Sequence[str],
    ) -> None:
        assert connection.in_transaction()
        self.enqueued.append(f"{queue}:{workflow}:{workflow_id}:{','.join(args)}")


def an_encounter(path: Path = ENCOUNTERS[0]) -> Encounter:
    """One of the demo's encounters."""
    read = read_encounter(path.read_bytes())
    assert isinstance(read, Encounter)
    return read
