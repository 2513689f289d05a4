"""Files for us on a partner's SFTP server: taken when they stand still, cleared away when safe.

A folder is listed twice; what has the same size and time both times is whole. Each file is handed
over and committed before anything is done to it at the partner, so a cut loses nothing; and a file
that could not be cleared away is known by name, size and time and is not taken a second time.
"""

from __future__ import annotations

import asyncio
import posixpath
import stat
from fnmatch import fnmatchcase

import asyncssh

from app.domain.connection import (
    Afterwards,
    Collected,
    Known,
    Pickup,
    RemoteFile,
    SftpConnection,
    Take,
)
from app.transport.inbox import HALF_WRITTEN
from app.transport.secrets import Secrets
from app.transport.sftp_session import Session, connected, told
from app.transport.wire_fault import WireFault

SETTLE_SECONDS = 2.0


class SftpMailbox:
    """The pickups of one connection; `settle_seconds` lie between the two lists."""

    def __init__(
        self,
        connection: SftpConnection,
        secrets: Secrets,
        *,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._connection = connection
        self._secrets = secrets
        self._settle_seconds = settle_seconds

    def collect(self, *, known: Known, take: Take) -> Collected:
        """Every whole file of every pickup; the first fault of each pickup ends it alone."""
        taken: list[RemoteFile] = []
        try:
            fault = asyncio.run(self._collect(known, take, taken))
        except WireFault as wire:
            fault = wire
        if fault is None:
            return Collected(len(taken))
        return Collected(len(taken), fault.fault, str(fault))

    async def _collect(self, known: Known, take: Take, taken: list[RemoteFile]) -> WireFault | None:
        first: WireFault | None = None
        async with connected(self._connection, self._secrets) as session:
            for pickup in self._connection.pickups:
                try:
                    await self._from(session, pickup, known, take, taken)
                except asyncssh.SFTPError as refusal:
                    first = first or told(refusal)
        return first

    async def _from(
        self,
        session: Session,
        pickup: Pickup,
        known: Known,
        take: Take,
        taken: list[RemoteFile],
    ) -> None:
        before = set(await _listed(session, pickup))
        if not before:
            return
        await asyncio.sleep(self._settle_seconds)
        for file in await _listed(session, pickup):
            if file not in before:
                continue  # it grows; the next look sees whether it stands
            if not await asyncio.to_thread(known, file):
                data = await session.read(posixpath.join(file.folder, file.name))
                if data is None or len(data) != file.size:
                    continue  # it changed under our hands
                await asyncio.to_thread(take, file, data)
                taken.append(file)
            await _clear_away(session, pickup, file)


async def _listed(session: Session, pickup: Pickup) -> list[RemoteFile]:
    """Files in the order of their names."""
    found = []
    for entry in await session.call(session.client.readdir(pickup.folder)):
        name, facts = str(entry.filename), entry.attrs
        if facts.permissions is not None and not stat.S_ISREG(facts.permissions):
            continue
        if name.startswith(".") or name.lower().endswith(HALF_WRITTEN):
            continue
        if fnmatchcase(name, pickup.pattern):
            modified = int(facts.mtime or 0)
            found.append(RemoteFile(pickup.folder, name, int(facts.size or 0), modified))
    return sorted(found, key=lambda file: file.name)


async def _clear_away(session: Session, pickup: Pickup, file: RemoteFile) -> None:
    """Only what was taken: another file may have come under the name meanwhile."""
    if pickup.afterwards is Afterwards.LEAVE:
        return
    path = posixpath.join(file.folder, file.name)
    try:
        now = await session.call(session.client.stat(path))
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return
    if (now.size, int(now.mtime or 0)) != (file.size, file.modified):
        return
    if pickup.archive is None:
        await session.call(session.client.remove(path))
        return
    target = posixpath.join(pickup.archive, file.name)
    if await session.size(target) is not None:
        target += f".{file.modified}"  # a name that came before, with other content
    await session.call(session.client.rename(path, target))
