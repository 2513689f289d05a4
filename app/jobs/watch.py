"""Which of the workers that hold work are dead.

Machines' clocks differ and a long transaction may hold up everybody's heartbeat, so an instant in a
row proves little. A watcher trusts what it has seen itself: a worker is dead when its process is
gone from this very machine, or when its heartbeat stood still for the whole of a long enough watch
during which the watcher's own beats came through on time.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Heartbeat(Protocol):
    """The last sign of life of a worker."""

    @property
    def executor_id(self) -> str: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def host(self) -> str: ...
    @property
    def pid(self) -> int: ...


class Watch:
    """Watches the workers that hold work, one look after another."""

    def __init__(self, *, own_id: str, stale_seconds: float, late_seconds: float) -> None:
        self._own_id = own_id
        self._stale_seconds = stale_seconds
        self._late_seconds = late_seconds
        self._since: dict[str, tuple[datetime | None, float]] = {}
        self._last_look: float | None = None

    def dead(
        self, holders: Iterable[str], heartbeats: Sequence[Heartbeat], *, at_seconds: float
    ) -> set[str]:
        """The holders of work that are dead by now; `at_seconds` is of a monotonic clock."""
        known = {beat.executor_id: beat for beat in heartbeats}
        if self._last_look is not None and at_seconds - self._last_look > self._late_seconds:
            # Whatever held this process up may have held up the others too: look anew.
            self._since.clear()
        self._last_look = at_seconds
        held = set(holders) - {self._own_id}
        found = {holder for holder in held if holder in known and is_gone(known[holder])}
        for holder in held - found:
            seen = known[holder].seen_at if holder in known else None
            before, since = self._since.get(holder, (None, at_seconds))
            if holder not in self._since or before != seen:
                since = at_seconds
            self._since[holder] = seen, since
            if at_seconds - since >= self._stale_seconds:
                found.add(holder)
        self._since = {holder: self._since[holder] for holder in held - found}
        return found


def this_host() -> str:
    """Names the machine and its process numbers: two containers on one machine differ."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8])
        parts.append(os.readlink("/proc/self/ns/pid").strip("pid:[]"))
    return "/".join(parts)


def is_gone(heartbeat: Heartbeat) -> bool:
    """Whether the process is certainly gone; False also when only another machine could tell."""
    if heartbeat.host != this_host():
        return False
    try:
        os.kill(heartbeat.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _is_zombie(heartbeat.pid)


def _is_zombie(pid: int) -> bool:
    """Killed, but not yet collected by its parent: it has a number and does nothing more."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[0] == "Z"
    return False
