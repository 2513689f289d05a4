"""Who is given up for dead: by what the watcher saw itself, never by another machine's clock."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.jobs.watch import Watch, is_gone, this_host

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Sign(NamedTuple):
    executor_id: str
    seen_at: datetime
    host: str
    pid: int


def elsewhere(beat: int) -> Sign:
    """The beat of a pod on another machine, whose clock is a day behind."""
    return Sign("pod", NOON - timedelta(days=1) + timedelta(seconds=beat), "another/machine", 7)


def watch() -> Watch:
    return Watch(own_id="me", stale_seconds=5, late_seconds=3)


def test_a_worker_that_beats_lives_whatever_its_clock_says() -> None:
    own = watch()
    assert [own.dead({"pod"}, [elsewhere(t)], at_seconds=t) for t in range(20)] == [set()] * 20


def test_a_silent_worker_is_dead_after_the_whole_watch() -> None:
    own = watch()
    dead_at = [t for t in range(10) if own.dead({"pod"}, [elsewhere(0)], at_seconds=t)]
    assert dead_at[0] == 5


def test_a_worker_without_any_heartbeat_is_dead_after_the_whole_watch() -> None:
    own = watch()
    assert [bool(own.dead({"pod"}, [], at_seconds=t)) for t in (0, 2, 4, 6)] == [0, 0, 0, 1]


def test_one_beat_begins_the_watch_anew() -> None:
    own = watch()
    beats = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    dead_at = [t for t, n in enumerate(beats) if own.dead({"pod"}, [elsewhere(n)], at_seconds=t)]
    assert dead_at == [9]


def test_who_was_held_up_itself_gives_nobody_up() -> None:
    own = watch()
    assert own.dead({"pod"}, [elsewhere(0)], at_seconds=0) == set()
    # Ten seconds in which this process could not write either: the database was busy.
    assert own.dead({"pod"}, [elsewhere(0)], at_seconds=10) == set()
    assert own.dead({"pod"}, [elsewhere(0)], at_seconds=12) == set()


def test_nobody_gives_itself_up() -> None:
    own = watch()
    sign = Sign("me", NOON, this_host(), os.getpid())
    assert [own.dead({"me"}, [sign], at_seconds=t) for t in range(9)] == [set()] * 9


def test_a_process_gone_from_this_machine_is_dead_at_once() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    sign = Sign("ingest", NOON, this_host(), ended.pid)
    assert is_gone(sign)
    assert watch().dead({"ingest"}, [sign], at_seconds=0) == {"ingest"}
    assert not is_gone(sign._replace(host="another/machine"))
    assert not is_gone(sign._replace(pid=os.getpid()))


def test_a_killed_process_that_nobody_has_collected_is_gone() -> None:
    killed = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    sign = Sign("ingest", NOON, this_host(), killed.pid)
    assert not is_gone(sign)
    killed.kill()
    os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(sign)
    killed.communicate()
