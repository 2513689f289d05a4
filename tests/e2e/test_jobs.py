"""What is promised is done once, whoever dies on the way. On SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from dbos import DBOS
from sqlalchemy import Engine, select

from app.domain.clock import FixedClock, SystemClock
from app.jobs.workflows import GIVEN_UP, TAKEOVERS, give_up_what_was_set_aside
from app.store import outbox
from app.store.heartbeats import heartbeats
from app.store.outbox import JobState
from app.worker import Worker, finish, finish_all, live_worker
from tests.e2e.effects import (
    HASTY,
    QUICK,
    TENANT,
    EffectFlows,
    effect,
    given_up,
    prepared,
    promise,
    run,
)

CLOCK = SystemClock()


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    engine = prepared(migrated_url)
    yield engine
    engine.dispose()


class Processes:
    """Worker processes of a test, on its database and folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, executor: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.effects", self.url, executor, str(self.folder)],
            cwd=Path(__file__).parent.parent.parent,
        )
        self.running.append(process)
        until((self.folder / f"{executor}-works").exists)
        return process

    def reaches_gate(self, executor: str, file_id: UUID) -> None:
        until((self.folder / f"{executor}-at-gate-{file_id}").exists)

    def open_gate(self) -> None:
        (self.folder / "gate").touch()

    def end(self, executor: str, process: subprocess.Popen[bytes]) -> None:
        (self.folder / f"{executor}-end").touch()
        assert process.wait(30) == 0


@pytest.fixture
def processes(migrated_url: str, tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(migrated_url, tmp_path)
    yield processes
    for process in processes.running:
        process.kill()
        process.wait()


def worker(engine: Engine, folder: Path, *, by: str = "here", broken: str = "") -> Worker:
    flows = EffectFlows(engine, by=by, folder=folder, broken=broken)
    return Worker(
        engine=engine, flows=flows, clock=CLOCK, executor_id=by, pace=QUICK, patience=HASTY
    )


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def effects(engine: Engine, file_id: UUID) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            select(effect.c.step, effect.c.by)
            .where(effect.c.file_id == str(file_id))
            .order_by(effect.c.step)
        )
        return [(row.step, row.by) for row in rows]


def beats(engine: Engine, executor: str, otherwise: datetime) -> datetime:
    """The last heartbeat of a process; of one that has not beaten yet, `otherwise`."""
    with engine.connect() as connection:
        seen = {beat.executor_id: beat.seen_at for beat in heartbeats(connection)}
    return seen.get(executor, otherwise)


def runs(engine: Engine, file_id: UUID) -> list[str]:
    with engine.connect() as connection:
        found = connection.execute(select(run.c.by).where(run.c.file_id == str(file_id)))
        return list(found.scalars())


def test_a_promise_in_a_rolled_back_transaction_was_never_made(engine: Engine) -> None:
    kept, dropped = uuid4(), uuid4()

    def promise_and_fail() -> None:
        with engine.begin() as connection:
            outbox.enqueue(
                connection,
                workflow="process_file",
                queue="files",
                workflow_id=f"process_file:{dropped}",
                args=[str(dropped), str(dropped)],
            )
            raise RuntimeError("the business rows could not be written")

    with pytest.raises(RuntimeError):
        promise_and_fail()
    promise(engine, kept)
    assert outbox.unfinished_jobs(engine) == [f"process_file:{kept}"]


def test_a_promise_made_twice_is_kept_once(engine: Engine, tmp_path: Path) -> None:
    file_id = uuid4()
    (tmp_path / "gate").touch()
    assert promise(engine, file_id) == promise(engine, file_id)
    with worker(engine, tmp_path):
        assert finish_all(engine, timeout_seconds=90, pace=QUICK)
        promise(engine, file_id)
        assert finish_all(engine, timeout_seconds=90, pace=QUICK)
    assert runs(engine, file_id) == ["here"]
    assert effects(engine, file_id) == [(1, "here"), (2, "here"), (3, "here")]


def test_stored_inputs_are_ids_that_a_person_can_read(engine: Engine) -> None:
    file_id = uuid4()
    promise(engine, file_id)
    schema = "dbos." if engine.dialect.name == "postgresql" else ""
    with engine.connect() as connection:
        stored = f"SELECT inputs FROM {schema}workflow_input"  # noqa: S608
        inputs = connection.exec_driver_sql(stored).scalar_one()
    assert json.loads(inputs) == {"positionalArgs": [str(TENANT), str(file_id)], "namedArgs": {}}


def test_a_killed_process_is_taken_over_by_one_of_another_name(
    engine: Engine, processes: Processes, tmp_path: Path
) -> None:
    file_id = uuid4()
    first = processes.start("first")
    promise(engine, file_id)
    processes.reaches_gate("first", file_id)
    first.send_signal(signal.SIGKILL)
    first.wait()
    processes.open_gate()
    second = processes.start("second")
    assert finish_all(engine, timeout_seconds=90)
    assert runs(engine, file_id) == ["first", "second"]
    assert effects(engine, file_id) == [(1, "first"), (2, "second"), (3, "second")]
    processes.end("second", second)


def test_a_live_process_keeps_its_work(
    engine: Engine, processes: Processes, tmp_path: Path
) -> None:
    file_id = uuid4()
    first = processes.start("first")
    promise(engine, file_id)
    processes.reaches_gate("first", file_id)
    second = processes.start("second")
    # Both beat, and the second has looked for longer than it takes to give a silent one up.
    began = CLOCK.now()
    enough = began + timedelta(seconds=2 * QUICK.stale_seconds)
    until(lambda: min(beats(engine, "first", began), beats(engine, "second", began)) >= enough)
    assert runs(engine, file_id) == ["first"]
    processes.open_gate()
    assert finish_all(engine, timeout_seconds=90)
    assert effects(engine, file_id) == [(1, "first"), (2, "first"), (3, "first")]
    processes.end("first", first)
    processes.end("second", second)


def test_a_frozen_process_that_comes_back_changes_nothing(
    engine: Engine, processes: Processes, tmp_path: Path
) -> None:
    file_id = uuid4()
    first = processes.start("first")
    promise(engine, file_id)
    processes.reaches_gate("first", file_id)
    first.send_signal(signal.SIGSTOP)
    second = processes.start("second")
    processes.reaches_gate("second", file_id)
    processes.open_gate()
    assert finish_all(engine, timeout_seconds=90)
    taken = effects(engine, file_id)
    assert taken == [(1, "first"), (2, "second"), (3, "second")]
    first.send_signal(signal.SIGCONT)
    processes.end("first", first)
    assert effects(engine, file_id) == taken
    states = outbox.job_states(engine, [f"process_file:{file_id}"])
    assert list(states.values()) == [JobState.DONE]
    processes.end("second", second)


def test_a_fault_is_tried_again_then_shown_and_others_go_on(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = uuid4(), uuid4()
    (tmp_path / "gate").touch()
    jobs = promise(engine, broken, sound)
    with worker(engine, tmp_path, broken=str(broken)):
        assert finish_all(engine, timeout_seconds=90, pace=QUICK)
    assert outbox.job_states(engine, jobs) == {jobs[0]: JobState.FAILED, jobs[1]: JobState.DONE}
    assert runs(engine, broken) == ["here"] * HASTY.attempts
    assert [step for step, _ in effects(engine, sound)] == [1, 2, 3]
    with engine.connect() as connection:
        assert connection.execute(select(given_up)).all() == [(str(broken), "ValueError")]
    assert str(broken) in caplog.text
    assert "JANE" not in caplog.text


def test_a_file_that_takes_its_process_down_each_time_is_set_aside_and_shown(
    engine: Engine, tmp_path: Path
) -> None:
    deadly = uuid4()
    jobs = promise(engine, deadly)
    schema = "dbos." if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        before = f"UPDATE {schema}workflow_status SET recovery_attempts = {TAKEOVERS + 1}"  # noqa: S608
        connection.exec_driver_sql(before)

    def shown() -> list[str]:
        with engine.connect() as connection:
            return list(connection.execute(select(given_up.c.file_id)).scalars())

    def marked() -> bool:
        set_aside = DBOS.list_workflows(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", load_output=False)
        return any((job.attributes or {}).get(GIVEN_UP) for job in set_aside)

    with worker(engine, tmp_path):
        until(marked)
        give_up_what_was_set_aside()
    assert shown() == [str(deadly)]
    assert runs(engine, deadly) == []
    assert outbox.job_states(engine, jobs) == {jobs[0]: JobState.FAILED}


def test_what_ended_long_ago_is_cleared_away(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "gate").touch()
    old = promise(engine, uuid4())
    with worker(engine, tmp_path):
        assert finish_all(engine, timeout_seconds=90)
    later = FixedClock(CLOCK.now() + timedelta(days=QUICK.keep_days + 1))
    flows = EffectFlows(engine, by="later", folder=tmp_path)
    with Worker(engine=engine, flows=flows, clock=later, executor_id="later", pace=QUICK):
        cleared = {old[0]: JobState.CLEARED}
        until(lambda: outbox.job_states(engine, old) == cleared)


def test_an_ingest_works_itself_when_nobody_does(engine: Engine, tmp_path: Path) -> None:
    file_id = uuid4()
    (tmp_path / "gate").touch()
    assert not live_worker(engine, clock=CLOCK, pace=QUICK)
    jobs = promise(engine, file_id)
    flows = EffectFlows(engine, by="ingest", folder=tmp_path)
    states = finish(jobs, engine=engine, flows=flows, clock=CLOCK, pace=QUICK)
    assert states == {jobs[0]: JobState.DONE}
    assert runs(engine, file_id) == ["ingest"]
    assert not live_worker(engine, clock=CLOCK, pace=QUICK)


def test_an_ingest_leaves_the_work_to_a_live_worker_and_goes_on_when_that_dies(
    engine: Engine, processes: Processes, tmp_path: Path
) -> None:
    done, left = uuid4(), uuid4()
    server = processes.start("server")
    assert live_worker(engine, clock=CLOCK, pace=QUICK)
    flows = EffectFlows(engine, by="ingest", folder=tmp_path)
    jobs = promise(engine, left)
    processes.reaches_gate("server", left)
    server.send_signal(signal.SIGKILL)
    processes.open_gate()
    jobs += promise(engine, done)
    states = finish(jobs, engine=engine, flows=flows, clock=CLOCK, pace=QUICK)
    assert set(states.values()) == {JobState.DONE}
    assert runs(engine, left) == ["server", "ingest"]
    assert runs(engine, done) == ["ingest"]


def test_a_worker_that_could_not_start_leaves_room_for_one_that_can(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError("no connection to be had")

    (tmp_path / "gate").touch()
    jobs = promise(engine, uuid4())
    monkeypatch.setattr(DBOS, "launch", refuse)
    with pytest.raises(OSError, match="no connection"):
        worker(engine, tmp_path, by="first").start()
    monkeypatch.undo()
    with worker(engine, tmp_path, by="second"):
        assert finish_all(engine, timeout_seconds=90)
    assert outbox.job_states(engine, jobs) == {jobs[0]: JobState.DONE}


def test_two_workers_of_one_name_are_refused(engine: Engine, processes: Processes) -> None:
    processes.start("first")
    with (
        pytest.raises(RuntimeError, match="first is alive"),
        worker(engine, processes.folder, by="first"),
    ):
        pass


def test_nobody_waits_for_what_was_never_promised(engine: Engine, tmp_path: Path) -> None:
    flows = EffectFlows(engine, by="here", folder=tmp_path)
    states = finish(["process_file:unknown"], engine=engine, flows=flows, clock=CLOCK)
    assert states == {"process_file:unknown": JobState.CLEARED}
