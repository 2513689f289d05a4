"""What a practice's system sees and does over SFTP: the folders of its tenant and nothing else.

What is uploaded grows under a hidden name and appears when the client closes it, so a cut upload is
never taken for a file. Links cannot be made, since one could lead out of the folder.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from app.transport.inbox import ALIASES, BY_KIND

MAY_WRITE = ("in", *ALIASES)
MAY_SEE = (*MAY_WRITE, "out", "error", "quarantine", "archive")
MOST_BYTES = 1 << 30  # of one upload
_PART = ".upload"


@dataclass(frozen=True, slots=True)
class Door:
    """Whom a login leads to."""

    user: str
    folder: Path


@dataclass(eq=False)
class _Upload:
    """A file on its way in: hidden until it is closed."""

    stream: Any
    part: Path
    target: Path


class Folders(asyncssh.SFTPServer):
    """A tenant's folders as its practice system sees them."""

    def __init__(self, channel: asyncssh.SSHServerChannel[Any]) -> None:
        door: Door = channel.get_connection().get_extra_info("claimloop_door")
        self._root = door.folder
        for name in ("in", "out"):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        super().__init__(channel, chroot=str(self._root).encode())

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        target = self._place(path)
        if not pflags & (asyncssh.FXF_WRITE | asyncssh.FXF_APPEND):
            return super().open(path, pflags, attrs)
        if pflags & asyncssh.FXF_APPEND or not pflags & asyncssh.FXF_CREAT:
            raise asyncssh.SFTPOpUnsupported("send the file as a whole")
        self._may_write(target)
        if target.exists():
            raise asyncssh.SFTPFailure("a file of that name waits to be taken; it stays")
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}{_PART}")
        return _Upload(open(part, "xb"), part, target)

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        if not isinstance(file_obj, _Upload):
            raise asyncssh.SFTPPermissionDenied("this file is not open for writing")
        if offset + len(data) > MOST_BYTES:
            raise asyncssh.SFTPFailure(f"a file has {MOST_BYTES} bytes at most")
        file_obj.stream.seek(offset)
        return int(file_obj.stream.write(data))

    def close(self, file_obj: Any) -> None:
        if not isinstance(file_obj, _Upload):
            super().close(file_obj)
            return
        file_obj.stream.flush()
        os.fsync(file_obj.stream.fileno())
        file_obj.stream.close()
        # asyncssh also closes what a client left open, while it handles the end of the line that it
        # met; a client's own close comes without one. What is left open is no whole file.
        if sys.exc_info()[0] is not None:
            file_obj.part.unlink()
            return
        try:
            os.link(file_obj.part, file_obj.target)
        except FileExistsError as taken:
            raise asyncssh.SFTPFailure("a file of that name came meanwhile; it stays") from taken
        finally:
            file_obj.part.unlink()

    def fstat(self, file_obj: Any) -> Any:
        if isinstance(file_obj, _Upload):
            file_obj.stream.flush()
            return os.fstat(file_obj.stream.fileno())
        return super().fstat(file_obj)

    def fsetstat(self, file_obj: Any, attrs: asyncssh.SFTPAttrs) -> None:
        """Times and modes that a client sets on what it sent are ours to choose."""

    def stat(self, path: bytes) -> Any:
        self._place(path)
        return super().stat(path)

    def lstat(self, path: bytes) -> Any:
        self._place(path)
        return super().lstat(path)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self._may_write(self._place(path))

    def fsync(self, file_obj: Any) -> None:
        if isinstance(file_obj, _Upload):
            os.fsync(file_obj.stream.fileno())

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """As clients do that upload under another name first; nothing is replaced."""
        old, new = self._place(oldpath), self._place(newpath)
        self._may_write(old)
        self._may_write(new)
        try:
            os.link(old, new)
        except FileExistsError as taken:
            raise asyncssh.SFTPFailure("a file of that name waits to be taken; it stays") from taken
        except FileNotFoundError as gone:
            raise asyncssh.SFTPNoSuchFile("there is no such file") from gone
        old.unlink()

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        self.rename(oldpath, newpath)

    def remove(self, path: bytes) -> None:
        target = self._place(path)
        if target.parent == self._root or _top(target, self._root) not in (*MAY_WRITE, "out"):
            raise asyncssh.SFTPPermissionDenied("this is kept")
        super().remove(path)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        target = self._place(path)
        relative = target.relative_to(self._root).as_posix()
        if relative not in {*ALIASES, *(f"in/{kind}" for kind in BY_KIND)}:
            raise asyncssh.SFTPPermissionDenied("folders are made by the operator")
        super().mkdir(path, attrs)

    async def scandir(self, path: bytes) -> Any:
        root = self._place(path) == self._root
        async for entry in super().scandir(path):
            name = _text(entry.filename)
            if name.startswith(".") and name not in (".", ".."):
                continue
            if not root or name in (".", "..") or name in MAY_SEE:
                yield entry

    def rmdir(self, path: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("folders stay")

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("there are no links here")

    def link(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("there are no links here")

    def _place(self, path: bytes) -> Path:
        """Where it is on our disk; nothing outside of what may be seen."""
        place = Path(os.path.normpath(self.map_path(path).decode(errors="surrogateescape")))
        if place != self._root and _top(place, self._root) not in MAY_SEE:
            raise asyncssh.SFTPNoSuchFile("there is no such file")
        return place

    def _may_write(self, target: Path) -> None:
        hidden = target.name.startswith(".") or target.name != target.name.strip()
        if target.parent == self._root or _top(target, self._root) not in MAY_WRITE or hidden:
            raise asyncssh.SFTPPermissionDenied("files are taken in the folder `in` alone")


def _top(place: Path, root: Path) -> str:
    try:
        return place.relative_to(root).parts[0]
    except (ValueError, IndexError):
        return ""


def _text(name: bytes | str) -> str:
    return name if isinstance(name, str) else name.decode(errors="replace")
