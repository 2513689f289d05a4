"""How the installation stands, as JSON: `claimloop status --json`."""

from __future__ import annotations

from app.documents.answers import Answer, Instant


class QueueStatus(Answer):
    """A queue of jobs."""

    name: str
    waiting: int
    running: int


class WorkerStatus(Answer):
    """A process that works, and how long ago it showed that it lives."""

    name: str
    seconds_ago: int


class FileStatus(Answer):
    """A file that came in or went out."""

    name: str
    kind: str | None
    state: str
    at: Instant


class UnsentStatus(Answer):
    """A sealed file that the partner does not have for sure."""

    file_name: str
    state: str
    since: Instant
    attempts: int
    fault: str | None
    reason: str | None
    next_attempt_at: Instant | None
    needs_person: bool


class LookStatus(Answer):
    """The last look into a partner's folders."""

    at: Instant
    well_at: Instant | None
    files: int
    failures: int
    fault: str | None
    reason: str | None


class PartnerStatus(Answer):
    """A trading partner's wire."""

    name: str
    connection: str
    batches: dict[str, int]
    last_sent: FileStatus | None
    unsent: list[UnsentStatus]
    last_look: LookStatus | None
    next_look_at: Instant | None
    next_cut_off_at: Instant | None


class TenantStatus(Answer):
    """A tenant's wire: files of the last day, silences, partners."""

    name: str
    mode: str
    files_unfinished: int
    files_last_day: dict[str, int]
    last_files: list[FileStatus]
    silences: dict[str, int]
    waiting_tasks: dict[str, int]
    partners: list[PartnerStatus]


class StatusDocument(Answer):
    """Everything; `needsPerson` tells how many things wait for someone to act."""

    at: Instant
    workers: list[WorkerStatus]
    queues: list[QueueStatus]
    jobs_failed_last_day: dict[str, int]
    tenants: list[TenantStatus]
    needs_person: int
