"""Flows for the job tests: three effects a file, each its own transaction, each taken once.

`python -m tests.e2e.effects URL EXECUTOR FOLDER` is a worker's process. A flow stops before its
second effect for as long as FOLDER/gate is missing, after it has left a mark that it is there; a
test kills or freezes it at that point.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from app.domain.clock import SystemClock
from app.flows.ports import QUEUE_FILES, WORKFLOW_PROCESS_FILE, WORKFLOW_SWEEP
from app.jobs.workflows import Patience
from app.store import outbox
from app.store.engine import make_engine
from app.worker import Pace, Worker

metadata = MetaData()
effect = Table(
    "effect",
    metadata,
    Column("file_id", String(36), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("by", String(100)),
)
run = Table("run", metadata, Column("file_id", String(36)), Column("by", String(100)))
given_up = Table("given_up", metadata, Column("file_id", String(36)), Column("fault", String(200)))

TENANT = UUID("01890000-0000-7000-8000-000000000001")
QUICK = Pace(beat_interval=0.2, stale_seconds=2.0, drain_seconds=10)
HASTY = Patience(attempts=3, first_pause_seconds=0.01, growth=1)


class EffectFlows:
    """Flows that leave effects; a file whose name is in `broken` raises each time."""

    def __init__(self, engine: Engine, *, by: str, folder: Path, broken: str = "") -> None:
        self._engine, self._by, self._folder, self._broken = engine, by, folder, broken

    def process_file(self, tenant_id: UUID, file_id: UUID) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(run).values(file_id=str(file_id), by=self._by))
        if str(file_id) == self._broken:
            raise ValueError("DOE*JANE of the file's own text")
        for step in (1, 2, 3):
            if step == 2:
                self._wait_at_gate(file_id)
            self._once(file_id, step)

    def transmit_batch(self, tenant_id: UUID, batch_id: UUID) -> None:
        self._once(batch_id, 1)

    def answer_file(self, tenant_id: UUID, file_id: UUID) -> None:
        self._once(file_id, 4)

    def transmit_answer(self, tenant_id: UUID, answer_id: UUID) -> None:
        self._once(answer_id, 1)

    def second_opinion(self, tenant_id: UUID, batch_id: UUID) -> None:
        self._once(batch_id, 2)

    def pull(self, tenant_id: UUID, partner_id: UUID) -> None:
        self._once(partner_id, 1)

    def cut_off(self, tenant_id: UUID, partner_id: UUID) -> None:
        self._once(partner_id, 2)

    def promise_due(self) -> None:
        """Nothing here is done by the clock."""

    def sweep(self, tenant_id: UUID, same: UUID) -> None:
        self._once(tenant_id, 1)

    def promise_sweeps(self) -> None:
        with self._engine.begin() as connection:
            outbox.enqueue(
                connection,
                workflow=WORKFLOW_SWEEP,
                queue=QUEUE_FILES,
                workflow_id="sweep-of-this-hour",
                args=[str(TENANT), str(TENANT)],
            )

    def give_up(self, *, workflow: str, tenant_id: UUID, subject_id: UUID, fault: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(given_up).values(file_id=str(subject_id), fault=fault))

    def _once(self, file_id: UUID, step: int) -> None:
        with self._engine.begin() as connection:
            key = (effect.c.file_id == str(file_id)) & (effect.c.step == step)
            if connection.execute(select(effect).where(key)).first() is None:
                values = {"file_id": str(file_id), "step": step, "by": self._by}
                connection.execute(insert(effect).values(values))

    def _wait_at_gate(self, file_id: UUID) -> None:
        (self._folder / f"{self._by}-at-gate-{file_id}").touch()
        while not (self._folder / "gate").exists():
            time.sleep(0.01)


def prepared(url: str) -> Engine:
    """An engine on a migrated database, with the tables of the effects."""
    outbox.migrate_dbos(url)
    engine = make_engine(url)
    metadata.create_all(engine)
    return engine


def promise(engine: Engine, *file_ids: UUID) -> list[str]:
    """Enqueues the processing of these files; gives the workflows' ids."""
    ids = [f"process_file:{file_id}" for file_id in file_ids]
    with engine.begin() as connection:
        for file_id, workflow_id in zip(file_ids, ids, strict=True):
            outbox.enqueue(
                connection,
                workflow=WORKFLOW_PROCESS_FILE,
                queue=QUEUE_FILES,
                workflow_id=workflow_id,
                args=[str(TENANT), str(file_id)],
            )
    return ids


if __name__ == "__main__":
    address, executor, place = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    own = make_engine(address)
    owner = os.getppid()
    with Worker(
        engine=own,
        flows=EffectFlows(own, by=executor, folder=place),
        clock=SystemClock(),
        executor_id=executor,
        pace=QUICK,
        patience=HASTY,
    ):
        (place / f"{executor}-works").touch()
        # Ends with the test, also when the test was killed.
        while not (place / f"{executor}-end").exists() and os.getppid() == owner:
            time.sleep(0.02)
