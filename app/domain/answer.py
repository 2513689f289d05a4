"""What is sent back for a file that came in: TA1 and 999, by interchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AnswerState(StrEnum):
    """How far an answer is; those that are sent go the way of a batch."""

    NONE = "NONE"  # nothing is sent, and `reason` says why
    SEALED = "SEALED"
    TRANSMITTED = "TRANSMITTED"
    SEND_UNKNOWN = "SEND_UNKNOWN"
    FAILED_TRANSPORT = "FAILED_TRANSPORT"

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent."""
        return self in (AnswerState.SEALED, AnswerState.FAILED_TRANSPORT)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer to one interchange; bytes are kept under `sha256` before the first byte leaves."""

    id: UUID
    file_id: UUID
    ordinal: int  # of the interchange in the file, from 1; 0: what is said of the file as a whole
    state: AnswerState
    created_at: datetime
    partner_id: UUID | None = None
    received_control_number: str | None = None  # ISA13 that is answered
    interchange_control_number: int | None = None  # ISA13 and GS06 of the answer
    contents: str | None = None  # TA1, 999, TA1-999
    verdict: str | None = None  # A accepted, E with errors noted, P in part, R refused
    file_name: str | None = None
    sha256: str | None = None
    reason: str | None = None
