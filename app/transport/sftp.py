"""Delivery to a trading partner's SFTP server.

The file grows as `NAME.part`, an interrupted one is gone on with where it stopped, its size is
asked for, and it is renamed; whoever collects files sees it whole or not at all. Before anything is
written the folder is looked into. Blocks go one after another, each confirmed before the next, so
what a cut leaves behind is the beginning of the file and has no holes.
"""

from __future__ import annotations

import asyncio
import posixpath
from contextlib import suppress
from pathlib import PurePosixPath

import asyncssh

from app.domain.connection import SftpConnection
from app.domain.transmission import (
    NameTaken,
    Publish,
    SendFault,
    SendOutcome,
    SendState,
    unrecorded,
)
from app.transport.secrets import Secrets
from app.transport.sftp_session import BLOCK, Session, connected, told
from app.transport.wire_fault import WireFault

PART = ".part"
_THERE = SendOutcome(SendState.SENT, "it was already there")


class SftpTransport:
    """Sends into `connection.out_folder`; `secrets` gives the value of a named secret."""

    def __init__(self, connection: SftpConnection, secrets: Secrets) -> None:
        self._connection = connection
        self._secrets = secrets

    def send(
        self, name: str, data: bytes, *, published: bool = False, publish: Publish = unrecorded
    ) -> SendOutcome:
        """Deliver under exactly that name; raises NameTaken when it stands for other content."""
        if not name or name != PurePosixPath(name).name or name.startswith("."):
            raise ValueError(f"{name!r} is not a plain file name")
        try:
            return asyncio.run(self._send(name, data, published, publish))
        except WireFault as fault:
            return SendOutcome(SendState.FAILED, str(fault), fault.fault)

    async def _send(self, name: str, data: bytes, published: bool, publish: Publish) -> SendOutcome:
        target = posixpath.join(self._connection.out_folder, name)
        part = target + PART
        async with connected(self._connection, self._secrets) as session:
            try:
                if await _is_there(session, target, data):
                    return _THERE
                left = await session.size(part)
                if published and left is None:
                    return _TAKEN_AWAY
                if left != len(data) or not await _begins(session, part, data):
                    await _upload(session, part, data, left=left or 0)
                # The record is written by a database: not on the loop that keeps the line alive.
                await asyncio.to_thread(publish)
                return await self._rename(session, part, target, data)
            except asyncssh.SFTPError as refusal:
                raise told(refusal) from refusal

    async def _rename(self, session: Session, part: str, target: str, data: bytes) -> SendOutcome:
        """The plain rename of SFTP 3: where the name is taken, it fails and replaces nothing."""
        try:
            await session.call(session.client.rename(part, target))
        except asyncssh.SFTPError as refusal:
            # Also what a server answers when another attempt of ours was faster.
            if await _is_there(session, target, data):
                return _THERE
            if await session.size(part) is None:
                return _TAKEN_AWAY
            raise told(refusal) from refusal
        return SendOutcome(SendState.SENT)


_TAKEN_AWAY = SendOutcome(
    SendState.UNKNOWN,
    "an earlier attempt may have delivered it: neither the file nor its part is there any more",
)


async def _is_there(session: Session, target: str, data: bytes) -> bool:
    """Whether the file stands there whole. Raises NameTaken for another content."""
    size = await session.size(target)
    if size is None:
        return False
    if size != len(data):
        raise NameTaken(posixpath.basename(target))
    try:
        present = await session.read(target)
    except asyncssh.SFTPPermissionDenied:
        # A mailbox that may be written and not read: our names are used once, and the size is ours.
        return True
    if present is None:
        return False
    if present != data:
        raise NameTaken(posixpath.basename(target))
    return True


async def _begins(session: Session, part: str, data: bytes) -> bool | None:
    """Whether what lies there is the beginning of the file; None where we may not read it."""
    try:
        present = await session.read(part)
    except asyncssh.SFTPPermissionDenied:
        return None
    return present is not None and data.startswith(present)


async def _upload(session: Session, part: str, data: bytes, *, left: int) -> None:
    """The rest of the file, or all of it where the beginning is not ours; then read back."""
    begin = left if 0 < left < len(data) and await _begins(session, part, data) else 0
    stream = await session.call(session.client.open(part, "r+b" if begin else "wb"))
    try:
        for offset in range(begin, len(data), BLOCK):
            await session.call(stream.write(data[offset : offset + BLOCK], offset))
        with suppress(asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
            await session.call(stream.fsync())
    finally:
        with suppress(asyncssh.Error, WireFault, OSError):
            await session.call(stream.close())
    written = await session.size(part)
    if written != len(data):
        raise WireFault(SendFault.SIZE, f"the server holds {written} of {len(data)} bytes")
    if await _begins(session, part, data) is False:
        raise WireFault(SendFault.CONTENT, "the server holds other bytes than were sent")
