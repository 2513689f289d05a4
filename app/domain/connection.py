"""How files travel between us and a trading partner: a folder, its SFTP server, its HTTPS API.

A secret is never in a profile, only its name: the value lies in a file or in the environment of the
processes that send (docs/partners.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.transmission import SendFault


class Afterwards(StrEnum):
    """What is done at the partner with a file that is safe with us."""

    LEAVE = "leave"
    DELETE = "delete"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Pickup:
    """A folder at the partner that holds files for us."""

    folder: str
    pattern: str = "*"  # as of a shell: * ? [abc]
    afterwards: Afterwards = Afterwards.LEAVE
    archive: str | None = None  # the folder at the partner, where files are archived


@dataclass(frozen=True, slots=True)
class SftpConnection:
    """The partner's SFTP server. A server that shows none of `host_keys` is not spoken to."""

    host: str
    username: str
    host_keys: tuple[str, ...]  # as in a known_hosts file: type and base64
    port: int = 22
    password: str | None = None  # the name of the secret
    private_key: str | None = None  # the name of the secret
    out_folder: str = "."
    pickups: tuple[Pickup, ...] = ()
    timeout_seconds: int = 30  # without an answer


@dataclass(frozen=True, slots=True)
class HttpsConnection:
    """The partner's API for raw X12: files are posted to it, and its answers fetched."""

    url: str  # everything before /submissions and /files
    token: str  # the name of the secret
    timeout_seconds: int = 60


Connection = SftpConnection | HttpsConnection


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as a partner's folder shows it; its clock may be any, so times are only compared."""

    folder: str
    name: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What a look into a partner's folders came to; what was taken before a fault stays taken."""

    files: int = 0
    fault: SendFault | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that a connection needs, and what is wrong with it."""

    what: str
    fault: str | None


Known = Callable[[RemoteFile], bool]  # whether it was taken before
Take = Callable[[RemoteFile, bytes], None]  # returns once it is safe with us


class Mailbox(Protocol):
    """A partner's folders that hold files for us."""

    def collect(self, *, known: Known, take: Take) -> Collected:
        """Hand over each whole file that is not known; clear it away once `take` has returned."""
        ...
