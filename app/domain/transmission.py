"""What became of the bytes we handed to a transport.

The three outcomes are kept apart because they ask for different acts: a file that failed before a
byte left is sent again as it is, an unknown outcome waits for the partner's acknowledgment and is
never resent blindly (domain/lifecycle.md section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SendState(StrEnum):
    """How sure we are that the partner has the file."""

    SENT = "sent"
    FAILED = "failed"  # before a byte could be seen by the partner: safe to send again
    UNKNOWN = "unknown"  # the partner may or may not have it: wait for evidence


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The outcome of one attempt; `reason` is for the operator and holds no file content."""

    state: SendState
    reason: str | None = None


class NameTaken(Exception):
    """A file of that name with other content is already at the partner: control numbers clash."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name} is already at the partner with other content; it was not replaced"
        )


class Transport(Protocol):
    """Carries a sealed file to a trading partner.

    The same name with the same bytes may be handed over any number of times and arrives once;
    the same name with other bytes raises NameTaken.
    """

    def send(self, name: str, data: bytes) -> SendOutcome: ...
