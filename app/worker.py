"""A worker: runs the durable workflows, shows that it lives, takes over what dead workers left.

DBOS finds again only what the same executor id left behind. Executors here come and go (an ingest,
a demo, a pod), so each beats into `worker_heartbeat`, and each looks for work whose holder is dead
and puts it back into its queue; who takes it then is decided by the queue's own claim. A live
worker's work is left alone. DBOS keeps its tables in the same database as ours, so that a workflow
is promised in the transaction of the rows that need it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from dbos import DBOS
from sqlalchemy import Engine

from app.domain.clock import Clock
from app.flows.ports import QUEUE_BATCHES, QUEUE_FILES, QUEUE_OPINIONS
from app.jobs import workflows
from app.jobs.watch import Watch, is_gone, this_host
from app.jobs.workflows import Flows, Patience
from app.store import heartbeats, outbox
from app.store.heartbeats import Heartbeat
from app.store.outbox import JobState

QUEUES = (QUEUE_FILES, QUEUE_BATCHES)
SLOW_QUEUES = (QUEUE_OPINIONS,)  # a processor's whole time each: one at a time in a worker
# Pinned: DBOS would hash the workflows' source, and a deployment would strand what is running.
# Our workflows go on from the database, so every version can finish the work of every other.
_VERSION = "1"

_log = logging.getLogger("claimloop.worker")
_SILENT = logging.NullHandler()
_TURN = threading.Lock()


@dataclass(frozen=True)
class Pace:
    """How fast a worker looks, beats and gives others up, and how long it keeps what has ended."""

    poll_interval: float = 0.05
    beat_interval: float = 1.0
    stale_seconds: float = 5.0
    drain_seconds: float = 30.0
    sweep_interval: float = 300.0
    concurrency: int = 8
    keep_days: int = 30


class Worker:
    """One in a process (DBOS is a singleton). `with Worker(...):` starts it and stops it."""

    def __init__(
        self,
        *,
        engine: Engine,
        flows: Flows,
        clock: Clock,
        executor_id: str | None = None,
        pace: Pace = Pace(),
        patience: Patience = Patience(),  # noqa: B008 (frozen)
    ) -> None:
        self.executor_id = executor_id or f"{this_host()}/{os.getpid()}/{uuid4().hex[:8]}"
        self._engine = engine
        self._flows = flows
        self._clock = clock
        self._pace = pace
        self._patience = patience
        # SQLite has one writer, and threads that wait for it sleep instead of standing in line.
        one_writer = engine.dialect.name == "sqlite"
        self._turn = _taking_turns if one_writer else nullcontext
        self._stopping = threading.Event()
        self._watch = Watch(
            own_id=self.executor_id,
            stale_seconds=pace.stale_seconds,
            late_seconds=pace.beat_interval + pace.stale_seconds / 2,
        )
        self._heart = threading.Thread(target=self._live, name="claimloop-heart", daemon=True)
        self._tidied_at: float | None = None
        self._swept_at = time.monotonic()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begins to work. RuntimeError when a live worker has this executor id."""
        others = [beat for beat in self._seen() if beat.executor_id == self.executor_id]
        if any(_is_live(beat, clock=self._clock, pace=self._pace) for beat in others):
            raise RuntimeError(
                f"a worker named {self.executor_id} is alive; give this one another executor id"
            )
        self._beat()
        # Else DBOS writes to the standard error of the moment; so its words go where ours go.
        logging.getLogger("dbos").addHandler(_SILENT)
        workflows.register(self._flows, self._patience, self._turn)
        outbox.declare_queues(
            self._engine,
            QUEUES,
            concurrency=self._pace.concurrency,
            poll_interval=self._pace.poll_interval,
        )
        outbox.declare_queues(
            self._engine, SLOW_QUEUES, concurrency=1, poll_interval=self._pace.poll_interval
        )
        dbos = DBOS(
            config={
                "name": outbox.APPLICATION,
                "system_database_url": outbox.address(self._engine),
                # Each running workflow may hold one connection while its owner check takes another.
                "sys_db_pool_size": 2 * len(QUEUES) * self._pace.concurrency + 10,
                "executor_id": self.executor_id,
                "application_version": _VERSION,
                "serializer": outbox.SERIALIZER,
                "run_migrations": False,
                "enable_otlp": False,
                "log_level": "WARNING",
                "notification_listener_polling_interval_sec": 0.25,
            }
        )
        self._background = dbos.background_thread_stop_events
        try:
            DBOS.launch()
            self._take_over()
        except BaseException:
            DBOS.destroy()
            raise
        self._heart.start()

    def stop(self) -> None:
        """Takes no more work, lets what is running end, and says good-bye."""
        for event in self._background:
            event.set()
        drained = _wait(lambda: not self._held(), self._pace.drain_seconds)
        self._stopping.set()
        self._heart.join()
        DBOS.destroy()
        if drained:
            # Undrained, the row stays and goes stale: the work may still be running until then.
            with self._engine.begin() as connection:
                heartbeats.forget(connection, self.executor_id)

    def _live(self) -> None:
        while not self._stopping.wait(self._pace.beat_interval):
            try:
                self._beat()
                self._take_over()
                workflows.give_up_what_was_set_aside()
                self._tidy()
                self._sweep()
                workflows.promise_due()
            except Exception:
                # The database is away or busy. Others may take this one for dead until it beats.
                _log.warning("no heartbeat of %s", self.executor_id, exc_info=True)

    def _beat(self) -> None:
        own = Heartbeat(self.executor_id, self._clock.now(), this_host(), os.getpid())
        with self._engine.begin() as connection:
            heartbeats.beat(connection, own)

    def _take_over(self) -> None:
        """Puts the work of dead executors back into its queues."""
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        holders = {job.executor_id for job in running if job.executor_id}
        dead = self._watch.dead(holders, self._seen(), at_seconds=time.monotonic())
        if dead:
            _log.warning("taking over the work of %s", ", ".join(sorted(dead)))
            # Not DBOS.resume_workflows: only this one moves a row solely while a dead executor
            # holds it, so that two watchers cannot take it from each other, and it counts
            # takeovers. tests/e2e/test_jobs.py holds it in place.
            DBOS._recover_pending_workflows(sorted(dead))

    def _sweep(self) -> None:
        """Promises what is due by the clock; a worker that lives only to end a job has no time."""
        now = time.monotonic()
        if now - self._swept_at >= self._pace.sweep_interval:
            self._swept_at = now
            workflows.promise_sweeps()

    def _held(self) -> bool:
        return bool(
            DBOS.list_workflows(
                status="PENDING",
                executor_id=self.executor_id,
                load_input=False,
                load_output=False,
            )
        )

    def _tidy(self) -> None:
        """Once an hour, deletes workflows and heartbeats that ended long ago."""
        now = time.monotonic()
        if self._tidied_at is not None and now - self._tidied_at < 3600:
            return
        self._tidied_at = now
        before = self._clock.now() - timedelta(days=self._pace.keep_days)
        while old := DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=before.isoformat(),
            limit=500,
            load_input=False,
            load_output=False,
        ):
            DBOS.delete_workflows([job.workflow_id for job in old])
        with self._engine.begin() as connection:
            heartbeats.forget_before(connection, before)

    def _seen(self) -> list[Heartbeat]:
        with self._engine.connect() as connection:
            return heartbeats.heartbeats(connection)


def live_worker(engine: Engine, *, clock: Clock, pace: Pace = Pace()) -> bool:
    """Whether a worker is at work on this database, here or on another machine."""
    with engine.connect() as connection:
        seen = heartbeats.heartbeats(connection)
    return any(_is_live(beat, clock=clock, pace=pace) for beat in seen)


def finish(
    workflow_ids: Sequence[str],
    *,
    engine: Engine,
    flows: Flows,
    clock: Clock,
    pace: Pace = Pace(),
) -> Mapping[str, JobState]:
    """Waits until these workflows have ended and tells how.

    A live worker does the work; while none is seen this process works itself, under an executor id
    of its own, so that whoever comes later takes over what a kill leaves of it.
    """
    own: Worker | None = None
    try:
        while True:
            states = outbox.job_states(engine, workflow_ids)
            if all(state.ended for state in states.values()):
                return states
            if own is None and not live_worker(engine, clock=clock, pace=pace):
                begun = Worker(engine=engine, flows=flows, clock=clock, pace=pace)
                begun.start()
                own = begun
            time.sleep(pace.poll_interval)
    finally:
        if own is not None:
            own.stop()


def finish_all(engine: Engine, *, timeout_seconds: float, pace: Pace = Pace()) -> bool:
    """Waits until no workflow is waiting or running; False when they are not done in time."""
    return _wait(lambda: not outbox.unfinished_jobs(engine), timeout_seconds, pace.poll_interval)


def _taking_turns() -> AbstractContextManager[bool]:
    return _TURN


def _is_live(beat: Heartbeat, *, clock: Clock, pace: Pace) -> bool:
    age = clock.now() - beat.seen_at
    return age < timedelta(seconds=pace.stale_seconds) and not is_gone(beat)


def _wait(
    condition: Callable[[], bool], timeout_seconds: float, poll_interval: float = 0.02
) -> bool:
    end = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(poll_interval)
    return True
