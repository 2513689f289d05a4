"""Files on their way, and what is due by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.domain.connection import Collected, RemoteFile
from app.domain.transmission import Begun, SendFault, Step, StepKind


class Transmissions(Protocol):
    """Attempts at sending sealed files, by the id of the batch or answer."""

    def begin(self, subject_id: UUID, *, partner_id: UUID) -> Begun:
        """The next attempt; every earlier one may neither show the file nor end any more."""
        ...

    def publish(self, subject_id: UUID, *, attempt: int) -> bool:
        """On record that the partner may see the file from here on; False: superseded."""
        ...

    def end(
        self,
        subject_id: UUID,
        *,
        attempt: int,
        kind: StepKind,
        fault: SendFault | None = None,
        reason: str | None = None,
        next_at: datetime | None = None,
    ) -> bool:
        """What the attempt came to; False, and nothing is kept: superseded."""
        ...

    def attempts(self, subject_id: UUID) -> int:
        """How many were begun."""
        ...

    def forget_published(self, subject_id: UUID) -> None:
        """A person knows that the partner has not seen the file."""
        ...

    def steps(self, subject_id: UUID) -> Sequence[Step]:
        """All of them, in their order."""
        ...


class Schedule(Protocol):
    """One instant for each workflow of a subject."""

    def at(self, workflow: str, subject_id: UUID, at: datetime | None) -> None:
        """Run it then, and at no other instant; None: not at all."""
        ...

    def of(self, workflow: str, subject_id: UUID) -> datetime | None:
        """When it runs next."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """How the last look into a partner's folders went."""

    looked_at: datetime
    well_at: datetime | None  # the last one without a fault
    files: int
    failures: int  # in a row
    fault: SendFault | None
    reason: str | None


class Pulls(Protocol):
    """Files taken from partners' folders."""

    def known(self, partner_id: UUID, file: RemoteFile) -> bool:
        """Whether this very one was taken: name, size and time."""
        ...

    def keep(self, partner_id: UUID, file: RemoteFile, *, file_id: UUID) -> None: ...
    def looked(self, partner_id: UUID, collected: Collected) -> int:
        """Keep how it went; gives how many looks failed in a row."""
        ...

    def last(self, partner_id: UUID) -> Look | None: ...
