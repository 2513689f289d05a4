"""A trading partner's SFTP server on 127.0.0.1 that fails in the way it is told to.

It counts what reached it as a receiver does: by whole files under their final names. `collects`
makes it take each away at once, as most clearinghouses do within seconds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from app.domain.connection import Pickup, SftpConnection

USER, PASSWORD = "acme", "correct horse"


@dataclass
class Faults:
    """What goes wrong until it is set otherwise; numbers are bytes of one upload."""

    cut_after: int | None = None
    no_space_after: int | None = None
    refused: frozenset[str] = frozenset()  # open, rename, stat, read, list
    cut_after_rename: bool = False  # it was renamed, and the answer is lost
    drip_seconds: float = 0  # before each answer to a write
    drop_logins: int = 0  # so many connections are cut while they log in
    loses_at: int | None = None  # the last byte of the block at this offset is lost without a word


@dataclass
class PartnerServer:
    """The server; `folder` is what a user sees as its root."""

    folder: Path
    faults: Faults = field(default_factory=Faults)
    collects: bool = False
    password: str = PASSWORD
    received: list[tuple[str, bytes]] = field(default_factory=list)  # every file that appeared
    logins: int = 0
    before_list: Callable[[], object] = lambda: None  # what happens when a folder is listed
    port: int = 0
    host_key: asyncssh.SSHKey = field(
        default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519")
    )
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _listener: Any = None

    @property
    def public_key(self) -> str:
        return self.host_key.export_public_key().decode().strip()

    def connection(self, **members: Any) -> SftpConnection:
        """How a profile names this server."""
        given: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "username": USER,
            "host_keys": (self.public_key,),
            "password": "wire",
            "out_folder": "/in",
            "pickups": (Pickup("/out"),),
            "timeout_seconds": 2,
        }
        return SftpConnection(**{**given, **members})

    def start(self) -> None:
        """Listens, on the same port as before."""
        began = threading.Event()
        for name in ("in", "out"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

        async def listen() -> None:
            self._listener = await asyncssh.listen(
                "127.0.0.1",
                self.port,
                server_factory=lambda: _Door(self),
                server_host_keys=[self.host_key],
                sftp_factory=lambda channel: _Mailbox(channel, self),
                allow_scp=False,
            )
            self.port = self._listener.get_port()
            began.set()

        def run() -> None:
            loop = asyncio.new_event_loop()
            self._loop = loop
            loop.run_until_complete(listen())
            loop.run_forever()
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert began.wait(10), "the partner's server did not start"

    def stop(self) -> None:
        """Gone: nobody listens, and every connection is cut."""
        loop, thread = self._loop, self._thread
        assert loop is not None
        assert thread is not None

        def close() -> None:
            self._listener.close()
            for connection in list(_open_connections):
                connection.abort()
            loop.call_later(0.05, loop.stop)

        loop.call_soon_threadsafe(close)
        thread.join(10)
        self._loop = self._thread = None


@contextmanager
def partner_server(folder: Path) -> Iterator[PartnerServer]:
    """A server that stops when it is left."""
    server = PartnerServer(folder)
    server.start()
    try:
        yield server
    finally:
        if server._loop is not None:
            server.stop()


_open_connections: set[asyncssh.SSHServerConnection] = set()


class _Door(asyncssh.SSHServer):
    def __init__(self, partner: PartnerServer) -> None:
        self._partner = partner
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        _open_connections.add(conn)
        self._partner.logins += 1
        if self._partner.faults.drop_logins:
            self._partner.faults.drop_logins -= 1
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            _open_connections.discard(self._connection)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return username == USER and password == self._partner.password


class _Mailbox(asyncssh.SFTPServer):
    """The files of one connection, with the faults of the moment."""

    def __init__(self, channel: Any, partner: PartnerServer) -> None:
        super().__init__(channel, chroot=str(partner.folder).encode())
        self._partner = partner
        self._written = 0

    def _refuse(self, what: str) -> None:
        if what in self._partner.faults.refused:
            raise asyncssh.SFTPPermissionDenied(f"{what} is not allowed here")

    def _abort(self) -> None:
        self.connection.abort()
        raise asyncssh.SFTPFailure("nobody reads this any more")

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        self._refuse("read" if pflags == asyncssh.FXF_READ else "open")
        return super().open(path, pflags, attrs)

    async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        faults = self._partner.faults
        if faults.drip_seconds:
            await asyncio.sleep(faults.drip_seconds)
        for limit, fail in (
            (faults.cut_after, self._abort),
            (faults.no_space_after, _no_space),
        ):
            if limit is not None and offset + len(data) > limit:
                _plainly(super().write, file_obj, offset, data[: max(limit - offset, 0)])
                file_obj.flush()
                fail()
        if faults.loses_at is not None and offset <= faults.loses_at < offset + len(data):
            data = data[:-1]
        return _plainly(super().write, file_obj, offset, data)

    def stat(self, path: bytes) -> Any:
        self._refuse("stat")
        return super().stat(path)

    def scandir(self, path: bytes) -> Any:
        self._refuse("list")
        self._partner.before_list()
        return super().scandir(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        self._refuse("rename")
        target = Path(self.map_path(newpath).decode())
        if target.exists():
            raise asyncssh.SFTPFailure("the name is taken")
        super().rename(oldpath, newpath)
        if target.parent.name == "in":
            self._partner.received.append((target.name, target.read_bytes()))
            if self._partner.collects:
                target.unlink()
        if self._partner.faults.cut_after_rename:
            self._abort()
        return None


def _plainly(write: Callable[..., Any], *given: Any) -> int:
    written = write(*given)
    assert isinstance(written, int)
    return written


def _no_space() -> None:
    raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
