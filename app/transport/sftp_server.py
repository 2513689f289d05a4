"""Our own SFTP endpoint for practice systems: who comes in, and how much of it.

Logins that fail make their address wait; so many connections are taken and no more. What somebody
who is in can see and do is settled in sftp_folders.py.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncssh

from app.transport.sftp_folders import Door, Folders


class Doors(Protocol):
    """Who may come in. Both give None for a user that is none, after the same work."""

    def by_password(self, user: str, password: str) -> Door | None: ...
    def by_key(self, user: str, public_key: str) -> Door | None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stranger, and a system that runs wild, can cost us."""

    connections: int = 100
    failures: int = 5  # of one address ...
    within_seconds: float = 600  # ... in this time; then it waits as long
    login_seconds: float = 20


class SftpServer:
    """Listens while it is entered; `port` is the one it got where 0 was asked for."""

    def __init__(
        self,
        doors: Doors,
        *,
        host_key: Path,
        host: str = "127.0.0.1",
        port: int = 2222,
        limits: Limits = Limits(),
    ) -> None:
        self._doors, self._host_key, self._limits = doors, host_key, limits
        self._host, self.port = host, port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="claimloop-sftp", daemon=True)
        self._began = threading.Event()
        self._failed: BaseException | None = None
        self._listener: asyncssh.SSHAcceptor | None = None
        self._watch = _Watch(limits)

    def __enter__(self) -> SftpServer:
        """Raises OSError where the port is taken."""
        self._thread.start()
        self._began.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        except BaseException as fault:
            self._failed = fault
            self._began.set()
            self._loop.close()
            return
        self._began.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _listen(self) -> None:
        self._listener = await asyncssh.listen(
            self._host,
            self.port,
            server_factory=lambda: _Login(self._doors, self._watch),
            server_host_keys=[str(host_key(self._host_key))],
            sftp_factory=Folders,
            allow_scp=False,
            login_timeout=self._limits.login_seconds,
            keepalive_interval=30,
            agent_forwarding=False,
            line_editor=False,
        )
        self.port = self._listener.get_port()

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._watch.close()
        await asyncio.sleep(0.05)


def host_key(path: Path) -> Path:
    """The key that tells clients who we are; made once, and readable by us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = asyncssh.generate_private_key("ssh-ed25519")
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(made.export_private_key())
        with suppress(FileExistsError):  # another process may have been faster: its key stays
            os.link(part, path)
        part.unlink()
    return path


def public_key(path: Path) -> str:
    """The line for a client's known_hosts, without our address."""
    return asyncssh.read_private_key(host_key(path)).export_public_key().decode().strip()


class _Watch:
    """Connections that are open, and logins that failed, by address."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: set[asyncssh.SSHServerConnection] = set()
        self._failure_seconds: defaultdict[str, deque[float]] = defaultdict(deque)

    def opened(self, connection: asyncssh.SSHServerConnection) -> bool:
        self._open.add(connection)
        return len(self._open) <= self._limits.connections and not self._waits(connection)

    def closed(self, connection: asyncssh.SSHServerConnection) -> None:
        self._open.discard(connection)

    def failed(self, connection: asyncssh.SSHServerConnection) -> None:
        self._failure_seconds[_address(connection)].append(time.monotonic())

    def close(self) -> None:
        for connection in list(self._open):
            connection.abort()

    def _waits(self, connection: asyncssh.SSHServerConnection) -> bool:
        failures = self._failure_seconds[_address(connection)]
        while failures and failures[0] < time.monotonic() - self._limits.within_seconds:
            failures.popleft()
        if not failures:
            del self._failure_seconds[_address(connection)]
        return len(failures) >= self._limits.failures


def _address(connection: asyncssh.SSHServerConnection) -> str:
    peer = connection.get_extra_info("peername")
    return str(peer[0]) if peer else ""


class _Login(asyncssh.SSHServer):
    """One connection until somebody is in."""

    def __init__(self, doors: Doors, watch: _Watch) -> None:
        self._doors, self._watch = doors, watch
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        if not self._watch.opened(conn):
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._watch.closed(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        # A password is hashed slowly on purpose: not on the loop that serves the others.
        return self._enter(await asyncio.to_thread(self._doors.by_password, username, password))

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        line = " ".join(key.export_public_key().decode().split()[:2])
        door = await asyncio.to_thread(self._doors.by_key, username, line)
        # A client offers its keys one after another: one that is not known is no guess.
        return door is not None and self._enter(door)

    def _enter(self, door: Door | None) -> bool:
        assert self._connection is not None
        if door is None:
            self._watch.failed(self._connection)
            return False
        self._connection.set_extra_info(claimloop_door=door)
        return True
