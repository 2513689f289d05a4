"""A practice with a real database behind the HTTP door, whose jobs run when the test says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import Connection, func, select

from app.domain.connection import Mailbox
from app.domain.partner import PartnerProfile
from app.domain.transmission import Transport
from app.flows.access import Role
from app.flows.answers import answer_file, transmit_answer
from app.flows.batches import transmit_batch
from app.flows.cut_off import cut_off
from app.flows.opinions import Ask, second_opinion
from app.flows.ports import (
    WORKFLOW_ANSWER_FILE,
    WORKFLOW_CUT_OFF,
    WORKFLOW_PROCESS_FILE,
    WORKFLOW_PULL,
    WORKFLOW_SECOND_OPINION,
    WORKFLOW_TRANSMIT_ANSWER,
    WORKFLOW_TRANSMIT_BATCH,
    Mode,
    Tenant,
)
from app.flows.process import process_file
from app.flows.pull import pull
from app.flows.verify import Difference, verify
from app.http.application import create_app
from app.http.needs import Needs
from app.store.crypto import Cipher
from app.store.due import take_due
from app.store.engine import make_engine
from app.store.idempotency import Idempotency
from app.store.keys import Keys
from app.store.migrate import migrate
from app.store.raw_files import FolderRawFiles
from app.store.records import DatabaseRecords
from app.store.tables import metadata
from app.store.tenants import Tenants
from app.store.unit_of_work import DatabaseUnitsOfWork
from app.transport.memory import MemoryTransport
from app.x12 import second_opinion as opinion
from tests.http.door import CLOCK, client


class TickingClock:
    """Each look is a millisecond later: what happens later also is later."""

    def __init__(self) -> None:
        self._now = CLOCK.now()
        self._turn = threading.Lock()

    def now(self) -> datetime:
        with self._turn:
            self._now += timedelta(milliseconds=1)
            return self._now

    def pass_by(self, time: timedelta) -> None:
        """So much later, all at once."""
        with self._turn:
            self._now += time


class Practice:
    """Two tenants, ACME and OTHER, each with a biller's key of its own name; ADMIN is of ACME."""

    def __init__(self, database_url: str, folder: Path) -> None:
        migrate(database_url)
        self.engine = make_engine(database_url)
        self.jobs: list[tuple[str, list[str]]] = []
        self.partner: Transport = MemoryTransport()
        self.mailbox: Mailbox | None = None
        self.pyx12: Ask = opinion.second_opinion
        cipher = Cipher()
        self.clock = TickingClock()
        self.units = DatabaseUnitsOfWork(
            self.engine, clock=self.clock, cipher=cipher, enqueue=self._enqueue
        )
        self.raw = FolderRawFiles(folder, cipher)
        tenants = Tenants(self.engine, clock=CLOCK)
        self.tenants = {name: tenants.ensure(name, mode=Mode.TEST) for name in ("ACME", "OTHER")}
        self.keys = Keys(self.engine, clock=CLOCK)
        self.secrets = {
            name: self.keys.create(tenant, role=Role.BILLER)
            for name, tenant in self.tenants.items()
        }
        self.secrets["ADMIN"] = self.keys.create(self.tenants["ACME"], role=Role.ADMIN)
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
            self.run_next()

    def run_next(self, which: int = 0) -> None:
        """Carry out one of the jobs that were promised."""
        workflow, (tenant_id, subject_id) = self.jobs.pop(which)
        tenant, subject = UUID(tenant_id), UUID(subject_id)
        if workflow == WORKFLOW_PROCESS_FILE:
            process_file(self.units, self.raw, tenant_id=tenant, file_id=subject)
        elif workflow == WORKFLOW_SECOND_OPINION:
            second_opinion(self.units, self.raw, self.pyx12, tenant_id=tenant, batch_id=subject)
        elif workflow == WORKFLOW_ANSWER_FILE:
            answer_file(self.units, self.raw, tenant_id=tenant, file_id=subject)
        elif workflow == WORKFLOW_TRANSMIT_ANSWER:
            transmit_answer(
                self.units, self.raw, self._transport, tenant_id=tenant, answer_id=subject
            )
        elif workflow == WORKFLOW_PULL:
            pull(self.units, self.raw, self._mailbox, tenant_id=tenant, partner_id=subject)
        elif workflow == WORKFLOW_CUT_OFF:
            cut_off(self.units, self.raw, tenant_id=tenant, partner_id=subject)
        else:
            assert workflow == WORKFLOW_TRANSMIT_BATCH
            transmit_batch(
                self.units, self.raw, self._transport, tenant_id=tenant, batch_id=subject
            )

    def set_partner(self, **members: Any) -> dict[str, Any]:
        """The profile of ACME's partner after this change."""
        (partner,) = self.get("/v1/trading-partners")["items"]
        path = f"/v1/trading-partners/{partner['id']}"
        response = self.ask("PATCH", path, key="ADMIN", json=members)
        assert response.status_code == 200, response.text
        changed: dict[str, Any] = response.json()
        return changed

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.engine.begin() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    def differences(self) -> list[Difference]:
        """What `verify` finds in ACME's books."""
        records = DatabaseRecords(self.engine, cipher=Cipher())
        return list(verify(records, self.raw, self.tenants["ACME"]))

    def come_due(self) -> list[str]:
        """What the schedule says by now becomes jobs; gives their names."""
        with self.engine.begin() as connection:
            due = take_due(connection, now=self.clock.now(), limit=100)
        self.jobs += [(d.workflow, [str(d.tenant_id), str(d.subject_id)]) for d in due]
        return [d.workflow for d in due]

    def _transport(self, tenant: Tenant, partner: PartnerProfile) -> Transport:
        return self.partner

    def _mailbox(self, tenant: Tenant, partner: PartnerProfile) -> Mailbox:
        assert self.mailbox is not None
        return self.mailbox

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
