"""Work promised in the transaction of the rows that need it; the database keeps both or neither.

The workflows' own tables are DBOS's, in the same database as ours (on PostgreSQL in the schema
`dbos`). An enqueue never makes them, so `migrate_dbos` belongs to every set-up of a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from weakref import WeakKeyDictionary

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, WorkflowStatusString
from sqlalchemy import Connection, Engine

APPLICATION = "claimloop"
# DBOS's own default is pickle. Inputs are ids, outcomes are nothing or the kind of a fault.
SERIALIZER = DBOSPortableJSONSerializer()

_clients: WeakKeyDictionary[Engine, DBOSClient] = WeakKeyDictionary()


class JobState(StrEnum):
    """Where a promised workflow stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CLEARED = "cleared"  # never promised here, or ended so long ago that it was cleared away

    @property
    def ended(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


def migrate_dbos(url: str) -> None:
    """Makes or brings up to date DBOS's tables in our database; safe to repeat."""
    DBOS.migrate(url)


def declare_queues(
    engine: Engine, queues: Iterable[str], *, concurrency: int, poll_interval: float
) -> None:
    """Says how workers take from these queues: so many at once each, looking so often.

    Before a worker is launched, which would first look with DBOS's own pause of a second.
    """
    for queue in queues:
        _client(engine).register_queue(
            queue,
            worker_concurrency=concurrency,
            polling_interval_sec=poll_interval,
            on_conflict="always_update",
        )


def address(engine: Engine) -> str:
    """The engine's database as DBOS is told of it, password included."""
    return engine.url.render_as_string(hide_password=False)


def enqueue(
    connection: Connection, *, workflow: str, queue: str, workflow_id: str, args: Sequence[str]
) -> None:
    """Promises a workflow: it will run once `connection`'s transaction commits.

    A workflow id that is known already stays as it is. `args` are ids; they are stored readable.
    """
    _client(connection.engine).enqueue_in_transaction(
        connection,
        {"workflow_name": workflow, "queue_name": queue, "workflow_id": workflow_id},
        *args,
    )


def job_states(engine: Engine, workflow_ids: Sequence[str]) -> Mapping[str, JobState]:
    """The state of each of these workflows."""
    states = dict.fromkeys(workflow_ids, JobState.CLEARED)
    for start in range(0, len(workflow_ids), _MOST_IDS):
        found = _client(engine).list_workflows(
            workflow_ids=list(workflow_ids[start : start + _MOST_IDS]),
            load_input=False,
            load_output=False,
        )
        states |= {job.workflow_id: _STATES.get(job.status, JobState.FAILED) for job in found}
    return states


def unfinished_jobs(engine: Engine) -> list[str]:
    """The ids of all workflows that are waiting or running."""
    going_on = [status for status, state in _STATES.items() if not state.ended]
    found = _client(engine).list_workflows(status=going_on, load_input=False, load_output=False)
    return [job.workflow_id for job in found]


def queue_lengths(engine: Engine) -> Mapping[tuple[str, JobState], int]:
    """How many workflows wait and run, by queue."""
    lengths: Counter[tuple[str, JobState]] = Counter()
    going_on = [status for status, state in _STATES.items() if not state.ended]
    for job in _client(engine).list_workflows(status=going_on, load_input=False, load_output=False):
        lengths[job.queue_name or "", _STATES[job.status]] += 1
    return lengths


def failed_jobs(engine: Engine, *, since: datetime) -> Mapping[str, int]:
    """How many workflows gave up since then, by name."""
    found = _client(engine).list_workflows(
        status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
        start_time=since.isoformat(),
        load_input=False,
        load_output=False,
    )
    return Counter(job.name for job in found)


# SQLite takes 32,766 parameters in one statement.
_MOST_IDS = 1000
# What is not here has failed: ERROR, CANCELLED, MAX_RECOVERY_ATTEMPTS_EXCEEDED.
_STATES = {
    WorkflowStatusString.ENQUEUED.value: JobState.WAITING,
    WorkflowStatusString.DELAYED.value: JobState.WAITING,
    WorkflowStatusString.PENDING.value: JobState.RUNNING,
    WorkflowStatusString.SUCCESS.value: JobState.DONE,
}


def _client(engine: Engine) -> DBOSClient:
    """One client an engine; it uses the engine's connections and makes none of its own."""
    if engine not in _clients:
        _clients[engine] = DBOSClient(
            system_database_engine=engine,
            serializer=SERIALIZER,
            application_name=APPLICATION,
            lazy=True,
        )
    return _clients[engine]
