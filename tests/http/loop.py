"""A practice with a real database behind the HTTP door, whose jobs run when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import Connection, func, select

from app.domain.batch import PartnerProfile
from app.flows.access import Role
from app.flows.batches import transmit_batch
from app.flows.ports import WORKFLOW_PROCESS_FILE, Mode, Tenant
from app.flows.process import process_file
from app.http.application import create_app
from app.http.needs import Needs
from app.store.crypto import Cipher
from app.store.engine import make_engine
from app.store.idempotency import Idempotency
from app.store.keys import Keys
from app.store.migrate import migrate
from app.store.raw_files import FolderRawFiles
from app.store.tables import metadata
from app.store.tenants import Tenants
from app.store.unit_of_work import DatabaseUnitsOfWork
from app.transport.memory import MemoryTransport
from tests.http.door import CLOCK, client


class Practice:
    """Two tenants, ACME and OTHER, each with a key of its own name."""

    def __init__(self, database_url: str, folder: Path) -> None:
        migrate(database_url)
        self.engine = make_engine(database_url)
        self.jobs: list[tuple[str, list[str]]] = []
        self.partner = MemoryTransport()
        cipher = Cipher()
        self.units = DatabaseUnitsOfWork(
            self.engine, clock=CLOCK, cipher=cipher, enqueue=self._enqueue
        )
        self.raw = FolderRawFiles(folder, cipher)
        tenants = Tenants(self.engine, clock=CLOCK)
        self.tenants = {name: tenants.ensure(name, mode=Mode.TEST) for name in ("ACME", "OTHER")}
        self.keys = Keys(self.engine, clock=CLOCK)
        self.secrets = {
            name: self.keys.create(tenant, role=Role.BILLER)
            for name, tenant in self.tenants.items()
        }
        self.app = create_app(
            Needs(
                units=self.units,
                raw=self.raw,
                keys=self.keys,
                idempotency=Idempotency(self.engine, cipher=cipher),
                clock=CLOCK,
                ready=lambda: None,
            )
        )

    def ask(self, method: str, path: str, *, key: str = "ACME", **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with client(self.app, key=self.secrets[key]) as http:
                return await http.request(method, path, **more)

        return asyncio.run(asked())

    def ask_at_once(self, times: int, method: str, path: str, **more: Any) -> list[httpx.Response]:
        """The same request so many times, all at once."""

        async def asked() -> list[httpx.Response]:
            async with client(self.app, key=self.secrets["ACME"]) as http:
                return await asyncio.gather(
                    *(http.request(method, path, **more) for _ in range(times))
                )

        return asyncio.run(asked())

    def get(self, path: str, *, key: str = "ACME") -> Any:
        """The JSON behind a path that answers 200."""
        response = self.ask("GET", path, key=key)
        assert response.status_code == 200, response.text
        return response.json()

    def work(self) -> None:
        """Carry out the jobs that were promised, each once."""
        while self.jobs:
            workflow, (tenant_id, subject_id) = self.jobs.pop(0)
            if workflow == WORKFLOW_PROCESS_FILE:
                process_file(
                    self.units, self.raw, tenant_id=UUID(tenant_id), file_id=UUID(subject_id)
                )
            else:
                transmit_batch(
                    self.units,
                    self.raw,
                    self._transport,
                    tenant_id=UUID(tenant_id),
                    batch_id=UUID(subject_id),
                )

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.engine.begin() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    def _transport(self, tenant: Tenant, partner: PartnerProfile) -> MemoryTransport:
        return self.partner

    def _enqueue(
        self,
        connection: Connection,
        *,
        workflow: str,
        queue: str,
        workflow_id: str,
        args: Sequence[str],
    ) -> None:
        self.jobs.append((workflow, list(args)))
