"""Files that came in, what we answered, and what they say of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from app.domain.answer import AnswerState, StoredAnswer
from app.domain.lifecycle import Evidence, Stage


class FileState(StrEnum):
    """contracts.md: the last four are final."""

    RECEIVED = "received"
    PROCESSING = "processing"
    PROCESSED = "processed"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"

    @property
    def final(self) -> bool:
        return self not in (FileState.RECEIVED, FileState.PROCESSING)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An inbound file: its bytes are kept under (tenant, sha256)."""

    id: UUID
    name: str
    sha256: str
    size: int
    kind: str | None  # 837, 835, 999, 277CA, TA1, encounter, or what it was recognised as
    state: FileState
    reason: str | None
    duplicate_of: UUID | None
    transaction_sets: int
    claims: int
    issues: tuple[Mapping[str, Any], ...]
    received_at: datetime
    source: str | None = None  # who brought it: an actor


class Files(Protocol):
    """Inbound files, each taken once by its content."""

    def original(self, sha256: str) -> StoredFile | None:
        """The first file with these bytes that is not itself a duplicate; locks the hash."""
        ...

    def add(
        self,
        *,
        name: str,
        sha256: str,
        size: int,
        state: FileState,
        duplicate_of: UUID | None,
        part_of: UUID | None = None,
    ) -> StoredFile: ...
    def repeats(self, file_id: UUID) -> list[UUID]:
        """Files that came later with the same bytes."""
        ...

    def parts(self, file_id: UUID) -> list[StoredFile]:
        """What was taken out of a zip, in its order."""
        ...

    def get(self, file_id: UUID) -> StoredFile | None: ...
    def mark(
        self,
        file_id: UUID,
        state: FileState,
        *,
        kind: str | None = None,
        reason: str | None = None,
        duplicate_of: UUID | None = None,
        transaction_sets: int | None = None,
        claims: int | None = None,
        issues: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Change the state and whatever else is not None."""
        ...

    def unfinished(self) -> list[UUID]: ...
    def page(
        self, *, limit: int, after: UUID | None, state: FileState | None, kind: str | None
    ) -> list[StoredFile]:
        """In the order in which they came."""
        ...


class Answers(Protocol):
    """What is sent back for files that came in, one an interchange."""

    def add(self, answers: Sequence[StoredAnswer]) -> None: ...
    def get(self, answer_id: UUID) -> StoredAnswer | None:
        """Held until the unit of work ends."""
        ...

    def of_file(self, file_id: UUID) -> list[StoredAnswer]:
        """In the order of its interchanges."""
        ...

    def mark(self, answer_id: UUID, state: AnswerState) -> None: ...


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a claim's timeline."""

    at: datetime
    stage: Stage
    reported_by: str
    code: str | None
    file_id: UUID | None
    segment_number: int | None
    loop: str | None


@dataclass(frozen=True, slots=True)
class MatchedEvidence:
    """A fact, the submissions it is about, and how that was found; no submission: it waits."""

    evidence: Evidence
    submission_ids: tuple[UUID, ...]
    file_id: UUID | None = None
    method: str = "exact"
    confidence: str = "certain"
    subject: str = ""  # what the file names: "ISA13=12", "AK202=0001", "CLM01"; no PHI


@dataclass(frozen=True, slots=True)
class FactPlace:
    """Where a file says something."""

    file_id: UUID
    segment_number: int


@dataclass(frozen=True, slots=True)
class MatchId:
    """One match of a fact to a submission."""

    id: UUID
    submission_id: UUID


class EvidenceLog(Protocol):
    """Append-only; the same fact from the same place of the same file is kept once."""

    def append(self, items: Iterable[MatchedEvidence]) -> None: ...
    def append_again(self, items: Iterable[MatchedEvidence]) -> None:
        """As append, also where a match of the same fact to the same submission was withdrawn."""
        ...

    def matches_of_claims(self, claim_ids: Sequence[UUID]) -> dict[FactPlace, list[MatchId]]:
        """Which submissions the facts of 835s that stand for these claims are matched to: first the
        one that the payment is about, then the later one that it answers too."""
        ...

    def withdraw(self, matches: Sequence[MatchId]) -> None:
        """These matches hold no more; the facts, and that they were matched, stay."""
        ...

    def of_submissions(self, submission_ids: Sequence[UUID]) -> dict[UUID, list[Evidence]]: ...
    def timeline(self, claim_id: UUID) -> list[TimelineItem]:
        """Evidence of all the claim's submissions, in effective order."""
        ...
