"""A look at a partner's server before the first file: the key, the login, each folder. Writes
nothing and takes nothing."""

from __future__ import annotations

import asyncio
from fnmatch import fnmatchcase

import asyncssh

from app.domain.connection import Checked, SftpConnection
from app.transport.secrets import Secrets
from app.transport.sftp_session import Session, connected, told
from app.transport.wire_fault import WireFault


def check(connection: SftpConnection, secrets: Secrets) -> list[Checked]:
    """What holds and what does not, in the order in which it is needed."""
    return asyncio.run(_check(connection, secrets))


async def _check(connection: SftpConnection, secrets: Secrets) -> list[Checked]:
    found: list[Checked] = []
    try:
        async with connected(connection, secrets) as session:
            found.append(Checked("host key and login", None))
            found.append(await _folder(session, connection.out_folder, "*", "files go to"))
            for pickup in connection.pickups:
                found.append(await _folder(session, pickup.folder, pickup.pattern, "looked into"))
                if pickup.archive is not None:
                    found.append(await _folder(session, pickup.archive, "*", "archive"))
    except WireFault as fault:
        found.append(Checked("the line" if found else "host key and login", str(fault)))
    return found


async def _folder(session: Session, folder: str, pattern: str, use: str) -> Checked:
    try:
        names = await session.call(session.client.listdir(folder))
    except asyncssh.SFTPError as refusal:
        return Checked(f"{folder} ({use})", str(told(refusal)))
    files = sum(name not in (".", "..") and fnmatchcase(name, pattern) for name in names)
    return Checked(f"{folder} ({use}): {files} entries", None)
