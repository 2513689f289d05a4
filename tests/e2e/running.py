"""The `claimloop` command as a user starts it: a process of its own, on a database of the test's.

With `kill_at`, the process kills itself (SIGKILL, no clean-up of any kind) at a statement it is
about to send to the database; `python -m tests.e2e.running` is that process.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

ROOT = Path(__file__).parents[2]
_KILL_AT = "TEST_KILL_AT"


@dataclass(frozen=True)
class KillPoint:
    """Just before the `count`-th statement that matches `statement`, counted once `after` came by.

    Statements show exactly how far the work is: what was committed before is there, what belongs to
    the open transaction is not, and files are as the code left them.
    """

    statement: str
    count: int = 1
    after: str = ""


@dataclass(frozen=True)
class Answer:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def claimloop(
    *arguments: str | Path,
    url: str,
    data: Path,
    kill_at: KillPoint | None = None,
    seconds: float = 300,
) -> Answer:
    """Runs the command to its end, by itself or by the kill."""
    process = start(*arguments, url=url, data=data, kill_at=kill_at)
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
        process.wait()
    return Answer(process.returncode, out, err)


def start(
    *arguments: str | Path, url: str, data: Path, kill_at: KillPoint | None = None
) -> subprocess.Popen[str]:
    """Starts the command and leaves it running."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLAIMLOOP_")}
    environment |= {
        "CLAIMLOOP_DATABASE_URL": url,
        "CLAIMLOOP_DATA_DIR": str(data),
        "CLAIMLOOP_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    if kill_at:
        environment[_KILL_AT] = json.dumps(vars(kill_at))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.running", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _die_at(point: KillPoint) -> None:
    seen = 0
    counting = not point.after

    @event.listens_for(Engine, "before_cursor_execute")
    def _look(
        connection: object, cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        nonlocal seen, counting
        counting = counting or re.search(point.after, statement) is not None
        if counting and re.search(point.statement, statement):
            seen += 1
            if seen >= point.count:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    from app.cli import main

    if _KILL_AT in os.environ:
        _die_at(KillPoint(**json.loads(os.environ[_KILL_AT])))
    main()
