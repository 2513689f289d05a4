"""Delivery into a folder that the partner, or its SFTP client, collects from.

The file is written as `NAME.*.part`, flushed to disk, measured, and renamed: whoever watches the
folder sees the whole file or none of it. Before anything is written the folder is looked into, so
a worker that was killed between the rename and its commit finds its file and sends no second.
"""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.domain.transmission import (
    NameTaken,
    Publish,
    SendFault,
    SendOutcome,
    SendState,
    unrecorded,
)

PART = ".part"


class FolderTransport:
    """Sends by renaming into `folder`, which is made when it is missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(
        self, name: str, data: bytes, *, published: bool = False, publish: Publish = unrecorded
    ) -> SendOutcome:
        """Deliver under exactly that name; raises NameTaken when it stands for other content."""
        if not name or name != Path(name).name or name.startswith(".") or name.endswith(PART):
            raise ValueError(f"{name!r} is not a plain file name")
        target = self._folder / name
        # A name of its own for each writer: two that write the same .part could publish half of it.
        part = self._folder / f"{name}.{os.getpid()}-{threading.get_ident()}{PART}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if _already_there(target, data):
                self._remove_leftovers(name)
                return SendOutcome(SendState.SENT, "it was already there")
            if published and not any(self._parts(name)):
                return SendOutcome(SendState.UNKNOWN, _TAKEN_AWAY)
            _write_through(part, data)
        except OSError as fault:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            return _failed(fault)
        try:
            publish()
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        try:
            # Before ours appears: an attempt that stood still since then finds its own part gone.
            self._remove_leftovers(name, but=part)
            part.rename(target)
            _flush_folder(self._folder)
        except OSError as fault:
            return self._after_failed_rename(target, data, fault)
        return SendOutcome(SendState.SENT)

    def _after_failed_rename(self, target: Path, data: bytes, fault: OSError) -> SendOutcome:
        try:
            if _already_there(target, data):
                return SendOutcome(SendState.SENT, "it was already there")
        except OSError:
            pass
        return _failed(fault)

    def _parts(self, name: str) -> Iterator[Path]:
        return self._folder.glob(f"{_glob_literal(name)}.*{PART}")

    def _remove_leftovers(self, name: str, *, but: Path | None = None) -> None:
        """Parts that killed attempts left behind."""
        for part in self._parts(name):
            if part != but:
                part.unlink(missing_ok=True)


_TAKEN_AWAY = (
    "an earlier attempt may have delivered it: neither the file nor its part is there any more"
)
_FAULTS = {
    errno.ENOSPC: SendFault.NO_SPACE,
    errno.EDQUOT: SendFault.NO_SPACE,
    errno.EACCES: SendFault.PERMISSION,
    errno.EPERM: SendFault.PERMISSION,
    errno.EROFS: SendFault.PERMISSION,
}


def _failed(fault: OSError) -> SendOutcome:
    kind = _FAULTS.get(fault.errno or 0, SendFault.REFUSED)
    return SendOutcome(SendState.FAILED, fault.strerror or str(fault), kind)


def _already_there(target: Path, data: bytes) -> bool:
    try:
        present = target.read_bytes()
    except FileNotFoundError:
        return False
    if hashlib.sha256(present).digest() != hashlib.sha256(data).digest():
        raise NameTaken(target.name)
    return True


def _write_through(part: Path, data: bytes) -> None:
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    written = part.stat().st_size
    if written != len(data):
        raise OSError(f"{written} of {len(data)} bytes were written")


def _flush_folder(folder: Path) -> None:
    """The rename itself must survive a power cut, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _glob_literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
