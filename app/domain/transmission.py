"""What became of the bytes we handed to a transport, and when they are tried again.

The three outcomes are kept apart because they ask for different acts: a file that failed before the
partner could see it is sent again as it is, an unknown outcome waits for the partner's
acknowledgment and is never resent blindly (domain/lifecycle.md section 2).

An attempt has one dangerous instant: the rename, or the request, after which the partner may have
the file. It is on record before it happens (`Publish`), so an attempt that comes after a broken one
knows whether there is anything to look for. Where there is, it looks; what is nowhere to be found
then may have been taken away by the partner, and nobody sends it again but a person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class SendState(StrEnum):
    """How sure we are that the partner has the file."""

    SENT = "sent"
    FAILED = "failed"  # the partner cannot see it, or the next attempt can tell: safe to try again
    UNKNOWN = "unknown"  # the partner may or may not have it: wait for evidence


class SendFault(StrEnum):
    """Why an attempt failed."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CUT = "cut"  # the connection ended in the middle
    NO_SPACE = "no_space"
    SIZE = "size"  # the partner holds another number of bytes than were sent
    CONTENT = "content"  # as many bytes, and not the same
    REFUSED = "refused"
    PERMISSION = "permission"
    HOST_KEY = "host_key"
    LOGIN = "login"
    SECRET = "secret"  # the password or key that the profile names is not there
    NAME_TAKEN = "name_taken"
    OURS = "ours"  # our own process failed or was killed on the way

    @property
    def needs_person(self) -> bool:
        """Whether trying again soon is of no use: someone has to change something first."""
        return self in _NEEDS_PERSON


_NEEDS_PERSON = frozenset(
    {
        SendFault.PERMISSION,
        SendFault.HOST_KEY,
        SendFault.LOGIN,
        SendFault.SECRET,
        SendFault.NAME_TAKEN,
    }
)

# Servers lock out who knocks too often with a wrong password; a line that broke is soon mended.
_PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 120, 300, 600, 900))
_PAUSE_FOR_A_PERSON = timedelta(hours=1)


def pause_after(fault: SendFault, *, attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: growing to a quarter of an hour.

    It never ends by itself: the claims of a file that nobody receives are not paid either.
    """
    if fault.needs_person:
        return _PAUSE_FOR_A_PERSON
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The outcome of one attempt; `reason` is for the operator and holds no file content."""

    state: SendState
    reason: str | None = None
    fault: SendFault | None = None


class StepKind(StrEnum):
    """What an attempt came to, in the order in which it can happen."""

    BEGUN = "BEGUN"
    PUBLISHING = "PUBLISHING"  # from here on the partner may see the file
    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one attempt at sending a file."""

    attempt: int  # from 1
    kind: StepKind
    at: datetime
    fault: SendFault | None = None
    reason: str | None = None
    next_at: datetime | None = None  # when a failed one is followed by another


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that is the last one begun: only it may show the file or end the matter."""

    attempt: int
    published: bool  # an earlier one got as far as showing the file


class NameTaken(Exception):
    """A file of that name with other content is already at the partner: control numbers clash."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name} is already at the partner with other content; it was not replaced"
        )


# Puts on record that from here on the partner may see the file. Raises `Superseded`, and nothing
# may be shown, when another attempt has taken over.
Publish = Callable[[], None]


class Superseded(Exception):
    """Another attempt at the same file has begun since; this one must not go on."""


def unrecorded() -> None:
    """A `Publish` for those who keep no record."""


class Transport(Protocol):
    """Carries a sealed file to a trading partner.

    The same name with the same bytes may be handed over any number of times and arrives once;
    the same name with other bytes raises NameTaken.
    """

    def send(
        self, name: str, data: bytes, *, published: bool = False, publish: Publish = unrecorded
    ) -> SendOutcome:
        """Deliver under exactly that name; `published`: an earlier attempt came so far."""
        ...
