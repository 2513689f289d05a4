"""A drop folder: whole files are taken in name order, and leave it only when they are safe.

Senders write `NAME.part` and rename, or their file stands still and is closed. A file that was
taken but not yet moved when we were killed is taken again; its hash tells that it is known.
"""

from __future__ import annotations

import errno
import fcntl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_EMPTY = 60.0  # seconds
HALF_WRITTEN = (".part", ".tmp", ".filepart", ".partial")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A whole file in the folder."""

    path: Path
    name: str

    def read(self) -> bytes:
        return self.path.read_bytes()


# Folders under `in` that tell a person what is in them; what a file is, its content says.
BY_KIND = ("837", "835", "277", "999", "csv")
# Names under which other clearinghouses have practices drop their files (api.md 2.6).
_BY_PAYEE = "SendFiles"  # with a folder for each TIN
ALIASES = ("to-stedi", _BY_PAYEE, "inbound")


def drop_folders(tenant_folder: Path) -> list[Path]:
    """The folder `in`, its parts by kind, and those aliases of it that somebody has made."""
    main = tenant_folder / "in"
    parts = [main / kind for kind in BY_KIND]
    aliases = [tenant_folder / alias for alias in ALIASES]
    found = [path for path in (*parts, *aliases) if _is_folder(path)]
    by_payee = tenant_folder / _BY_PAYEE
    if by_payee in found:
        found += sorted(path for path in by_payee.iterdir() if _is_folder(path))
    return [main, *found]


class Inbox:
    """One watched folder; `archive` receives what has been taken, None removes it.

    With encryption on, a copy in an archive would lie there in plain text: the kept bytes suffice.
    """

    def __init__(self, folder: Path, *, archive: Path | None, settle_seconds: float = 0.0) -> None:
        self.folder = folder
        self._archive = archive
        self._settle_seconds = settle_seconds
        self._seen: dict[Path, tuple[int, int]] = {}
        self._since_seconds: dict[Path, float] = {}  # when it was first seen as it is

    def arrivals(self) -> Iterator[Arrival]:
        """Files that have not changed since an earlier look, so long ago at least, and that nobody
        on this machine has open for writing. An empty one may be one that is about to be written:
        it waits for a minute."""
        now = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        present: dict[Path, tuple[int, int]] = {}
        still = []
        for path in sorted(self.folder.iterdir()):
            # A link may lead to what its maker could not read without us.
            if path.is_symlink() or not path.is_file():
                continue
            if path.name.startswith(".") or _half_written(path):
                continue
            facts = path.stat()
            found = facts.st_size, facts.st_mtime_ns
            present[path] = found
            if self._seen.get(path) != found:
                self._since_seconds[path] = now
                continue
            wait = self._settle_seconds if facts.st_size else max(self._settle_seconds, _EMPTY)
            if now - self._since_seconds[path] >= wait and not _open_for_writing(path):
                still.append(path)
        self._seen = present
        self._since_seconds = {path: self._since_seconds[path] for path in present}
        for path in still:
            yield Arrival(path, path.name)

    def taken(self, arrival: Arrival) -> None:
        """Take away a file that is safe with us; in the archive it never replaces another one."""
        self._seen.pop(arrival.path, None)
        if self._archive is None:
            arrival.path.unlink()
            return
        self._archive.mkdir(parents=True, exist_ok=True)
        target = self._archive / arrival.name
        number = 1
        while target.exists():
            number += 1
            target = self._archive / f"{arrival.path.stem}.{number}{arrival.path.suffix}"
        arrival.path.rename(target)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _half_written(path: Path) -> bool:
    return path.suffix.lower() in HALF_WRITTEN


def _open_for_writing(path: Path) -> bool:
    """Whether a process here still writes it, however slowly. Linux gives a read lease on a file
    that nobody has open for writing; where it cannot tell (a network folder, a file of another
    user), standing still has to do."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        with path.open("rb") as stream:
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as refused:
        return refused.errno == errno.EAGAIN
    return False
