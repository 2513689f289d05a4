"""A drop folder: whole files are taken in name order, and leave it only when they are safe.

Senders write `NAME.part` and rename, or their file stands still for two looks. A file that was
taken but not yet moved when we were killed is taken again; its hash tells that it is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HALF_WRITTEN = (".part", ".tmp", ".filepart")


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
ALIASES = ("to-stedi", "SendFiles", "inbound")


def drop_folders(tenant_folder: Path) -> list[Path]:
    """The folder `in`, its parts by kind, and those aliases of it that somebody has made."""
    main = tenant_folder / "in"
    parts = [main / kind for kind in BY_KIND]
    aliases = [tenant_folder / alias for alias in ALIASES]
    return [main, *(path for path in (*parts, *aliases) if path.is_dir())]


class Inbox:
    """One watched folder; `archive` receives what has been taken, None removes it.

    With encryption on, a copy in an archive would lie there in plain text: the kept bytes suffice.
    """

    def __init__(self, folder: Path, *, archive: Path | None) -> None:
        self.folder = folder
        self._archive = archive
        self._seen: dict[Path, tuple[int, int]] = {}

    def arrivals(self) -> Iterator[Arrival]:
        """Files that have not changed since the last look."""
        self.folder.mkdir(parents=True, exist_ok=True)
        present: dict[Path, tuple[int, int]] = {}
        for path in sorted(self.folder.iterdir()):
            if not path.is_file() or path.name.startswith(".") or _half_written(path):
                continue
            facts = path.stat()
            present[path] = (facts.st_size, facts.st_mtime_ns)
        still = [path for path, facts in present.items() if self._seen.get(path) == facts]
        self._seen = present
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


def _half_written(path: Path) -> bool:
    return path.suffix.lower() in _HALF_WRITTEN
