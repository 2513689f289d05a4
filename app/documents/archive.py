"""A zip of files: its members, or why none of it is taken."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 5000
MOST_BYTES = 1 << 30  # of all members, unpacked
MOST_TIMES = 200  # what a member may grow to; text shrinks to a twentieth, a bomb to a thousandth


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive, under its plain name."""

    name: str
    data: bytes


class NotTaken(Exception):
    """Why nothing of the archive is taken, for its sender."""


def members(raw: bytes) -> Iterator[Member]:
    """Its files in their order, once the whole archive was looked through. Raises NotTaken."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_unfit(files)
            if archive.testzip() is not None:
                raise NotTaken("A file in the zip is damaged: its checksum differs.")
            for info in files:
                yield Member(_plain(info.filename), archive.read(info))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.LargeZipFile) as bad:
        raise NotTaken("The zip is cut off or damaged.") from bad


def _refuse_unfit(files: list[zipfile.ZipInfo]) -> None:
    if not files:
        raise NotTaken("The zip holds no file.")
    if len(files) > MOST_MEMBERS:
        raise NotTaken(f"The zip holds more than {MOST_MEMBERS} files; send several.")
    if any(info.flag_bits & 1 for info in files):
        raise NotTaken("The zip is locked with a password; send it without.")
    grown = any(info.file_size > MOST_TIMES * max(info.compress_size, 100) for info in files)
    if grown or sum(info.file_size for info in files) > MOST_BYTES:
        raise NotTaken("The zip would unpack to far more than files of claims are; send less.")
    if any(info.filename.lower().endswith(".zip") for info in files):
        raise NotTaken("The zip holds another zip; send the files themselves.")


def _plain(name: str) -> str:
    """The last part, whatever system wrote it; folders of an archive mean nothing here."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:200] or "file"
