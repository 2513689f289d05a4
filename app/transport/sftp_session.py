"""A conversation with a partner's SFTP server: opened for one piece of work, every answer timed.

asyncssh speaks the protocol; what it raises is told in the words of `SendFault` here and nowhere
else. A server that shows none of the pinned host keys is not told who we are.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh

from app.domain.connection import SftpConnection
from app.domain.transmission import SendFault
from app.transport.secrets import SecretMissing, Secrets
from app.transport.wire_fault import WireFault

BLOCK = 1 << 16

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection; `call` waits for one answer no longer than the profile says."""

    client: asyncssh.SFTPClient
    timeout_seconds: float

    async def call(self, operation: Awaitable[_T]) -> _T:
        """The answer. Raises SFTPError for what the server answers with, else WireFault."""
        try:
            return await asyncio.wait_for(operation, self.timeout_seconds)
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as lost:
            raise WireFault(SendFault.CUT, "the connection was cut") from lost
        except asyncssh.SFTPError:
            raise
        except TimeoutError as late:
            raise WireFault(
                SendFault.TIMEOUT, f"no answer within {self.timeout_seconds:g} seconds"
            ) from late
        except (OSError, asyncssh.Error) as lost:
            raise WireFault(SendFault.CUT, "the connection was cut") from lost

    async def size(self, path: str) -> int | None:
        """Bytes of the file; None when there is none."""
        try:
            attributes = await self.call(self.client.stat(path))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None
        return attributes.size

    async def read(self, path: str) -> bytes | None:
        """The whole file; None when there is none, as when it was taken away meanwhile."""
        try:
            async with self.client.open(path, "rb") as stream:
                blocks: list[Any] = []  # bytes, for a file opened as "rb"
                while block := await self.call(stream.read(BLOCK)):
                    blocks.append(block)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None
        return b"".join(blocks)


@asynccontextmanager
async def connected(connection: SftpConnection, secrets: Secrets) -> AsyncIterator[Session]:
    """A session with the partner's server. Raises WireFault."""
    try:
        known = pinned(connection)
        password = secrets(connection.password) if connection.password else None
        keys = (
            [asyncssh.import_private_key(secrets(connection.private_key))]
            if (connection.private_key)
            else None
        )
    except SecretMissing as missing:
        raise WireFault(SendFault.SECRET, str(missing)) from missing
    except asyncssh.KeyImportError as bad:
        raise WireFault(
            SendFault.SECRET, "the secret for the private key is no private key"
        ) from bad
    try:
        async with asyncio.timeout(connection.timeout_seconds):
            ssh = await asyncssh.connect(
                connection.host,
                connection.port,
                username=connection.username,
                password=password,
                client_keys=keys,
                agent_path=None,
                config=None,
                known_hosts=known,
                keepalive_interval=connection.timeout_seconds,
            )
    except asyncssh.HostKeyNotVerifiable as other:
        raise WireFault(
            SendFault.HOST_KEY,
            "the server showed a host key that is not pinned; nothing was sent to it",
        ) from other
    except asyncssh.PermissionDenied as refused:
        raise WireFault(
            SendFault.LOGIN, f"the server refused the login of {connection.username!r}"
        ) from refused
    except TimeoutError as late:
        raise WireFault(
            SendFault.TIMEOUT, f"no answer within {connection.timeout_seconds:g} seconds"
        ) from late
    except (OSError, asyncssh.Error) as away:
        raise WireFault(
            SendFault.UNREACHABLE, f"the server cannot be reached ({type(away).__name__})"
        ) from away
    async with ssh:
        try:
            client = await asyncio.wait_for(ssh.start_sftp_client(), connection.timeout_seconds)
        except (TimeoutError, OSError, asyncssh.Error) as refused:
            raise WireFault(
                SendFault.UNREACHABLE,
                f"the server opens no SFTP session ({type(refused).__name__})",
            ) from refused
        yield Session(client, connection.timeout_seconds)


def pinned(connection: SftpConnection) -> asyncssh.SSHKnownHosts:
    """The host keys of the profile, for whatever address the name leads to."""
    lines = [f"* {key.strip()}" for key in connection.host_keys]
    return asyncssh.import_known_hosts("\n".join(lines) + "\n")


def told(refusal: asyncssh.SFTPError) -> WireFault:
    """What the server answered, as a fault; its own words may hold names of files, never more."""
    for kind, fault in _REFUSALS:
        if isinstance(refusal, kind):
            return WireFault(fault, f"the server answered: {_plain(refusal.reason)}")
    # SFTP 3, which most servers speak, has no code for it.
    if re.search("no space|quota", refusal.reason, re.IGNORECASE):
        return WireFault(SendFault.NO_SPACE, f"the server answered: {_plain(refusal.reason)}")
    return WireFault(SendFault.REFUSED, f"the server answered: {_plain(refusal.reason)}")


_REFUSALS: tuple[tuple[type[asyncssh.SFTPError], SendFault], ...] = (
    (asyncssh.SFTPPermissionDenied, SendFault.PERMISSION),
    (asyncssh.SFTPWriteProtect, SendFault.PERMISSION),
    (asyncssh.SFTPNoSpaceOnFilesystem, SendFault.NO_SPACE),
    (asyncssh.SFTPQuotaExceeded, SendFault.NO_SPACE),
)


def _plain(reason: str) -> str:
    """One short line of printable characters."""
    return "".join(c if c.isprintable() else " " for c in reason)[:200] or "no reason"
