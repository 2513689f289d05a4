"""The unit of work, and the world outside the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from app.domain.clock import Clock
from app.domain.connection import Mailbox
from app.domain.partner import PartnerProfile
from app.domain.transmission import Transport
from app.domain.work_settings import WorkSettings
from app.flows.ports.appeals import Appeals
from app.flows.ports.claims import Batches, Claims
from app.flows.ports.codes import PaymentCodes
from app.flows.ports.denials import Denials
from app.flows.ports.deposits import Deposits
from app.flows.ports.files import Answers, EvidenceLog, Files
from app.flows.ports.next_payers import NextPayers
from app.flows.ports.parties import Encounters, Partners, Payers
from app.flows.ports.patient_money import PatientMoney
from app.flows.ports.payments import ClaimPayments
from app.flows.ports.recoupments import Recoupments
from app.flows.ports.remittances import Journal, Remittances
from app.flows.ports.reports import Reports
from app.flows.ports.status import Standing
from app.flows.ports.tasks import Tasks
from app.flows.ports.terms import PayerTerms
from app.flows.ports.traces import Candidates, Traces
from app.flows.ports.underpayments import Underpayments
from app.flows.ports.wire import Pulls, Schedule, Transmissions
from app.flows.ports.worklists import Worklists

WORKFLOW_PROCESS_FILE = "process_file"
WORKFLOW_TRANSMIT_BATCH = "transmit_batch"
WORKFLOW_SECOND_OPINION = "second_opinion"
WORKFLOW_ANSWER_FILE = "answer_file"
WORKFLOW_TRANSMIT_ANSWER = "transmit_answer"
WORKFLOW_SWEEP = "sweep"
WORKFLOW_PULL = "pull"
WORKFLOW_CUT_OFF = "cut_off"
QUEUE_FILES = "files"
QUEUE_BATCHES = "batches"
QUEUE_OPINIONS = "opinions"
# Where the schedule's workflows wait for a worker.
QUEUE_OF = {
    WORKFLOW_TRANSMIT_BATCH: QUEUE_BATCHES,
    WORKFLOW_TRANSMIT_ANSWER: QUEUE_BATCHES,
    WORKFLOW_PULL: QUEUE_BATCHES,
    WORKFLOW_CUT_OFF: QUEUE_FILES,
}


class Mode(StrEnum):
    """Test and live never mix."""

    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A practice or billing company: the owner of every row."""

    id: UUID
    name: str
    mode: Mode
    time_zone: str = "America/New_York"


class SettingsOfWork(Protocol):
    """What a tenant has set about its work."""

    def get(self) -> WorkSettings: ...
    def set(self, settings: WorkSettings) -> None: ...


class UnitOfWork(Protocol):
    """One transaction of one tenant."""

    tenant: Tenant
    actor: str  # who acts in it
    clock: Clock
    encounters: Encounters
    payers: Payers
    partners: Partners
    claims: Claims
    batches: Batches
    files: Files
    answers: Answers
    evidence: EvidenceLog
    remittances: Remittances
    payments: ClaimPayments
    traces: Traces
    candidates: Candidates
    journal: Journal
    terms: PayerTerms
    codes: PaymentCodes
    reports: Reports
    deposits: Deposits
    patient_money: PatientMoney
    recoupments: Recoupments
    denials: Denials
    underpayments: Underpayments
    worklists: Worklists
    tasks: Tasks
    appeals: Appeals
    next_payers: NextPayers
    settings: SettingsOfWork
    transmissions: Transmissions
    schedule: Schedule
    pulls: Pulls
    standing: Standing

    def next_number(self, counter: str) -> int:
        """The next value of a counter of this tenant, from 1."""
        ...

    def audit(self, action: str, *, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """One link of the tenant's audit chain: what was done to what; the actor is known."""
        ...

    def event(self, type: str, *, resource: str, data: Mapping[str, Any] | None = None) -> None:
        """One row of the outbox: ids and codes only."""
        ...

    def enqueue(self, workflow: str, *, queue: str, workflow_id: str, args: Sequence[str]) -> None:
        """Start a durable job when this transaction commits; a known workflow id is a no-op."""
        ...


class UnitsOfWork(Protocol):
    """Opens units of work."""

    def __call__(self, tenant_id: UUID, *, actor: str) -> AbstractContextManager[UnitOfWork]: ...


class RawFiles(Protocol):
    """Bytes addressed by tenant and sha256, written once, encrypted when a key is configured."""

    def put(self, tenant_id: UUID, data: bytes) -> str:
        """Keep the bytes (idempotent, on disk before it returns) and give their sha256."""
        ...

    def get(self, tenant_id: UUID, sha256: str) -> bytes:
        """The bytes as received; raises when they no longer match their hash."""
        ...

    def open(self, tenant_id: UUID, sha256: str) -> BinaryIO:
        """The same bytes as a stream, for files too large to hold."""
        ...


class Transports(Protocol):
    """The way to a tenant's partner."""

    def __call__(self, tenant: Tenant, partner: PartnerProfile) -> Transport: ...


class Mailboxes(Protocol):
    """The way to the folders of a tenant's partner."""

    def __call__(self, tenant: Tenant, partner: PartnerProfile) -> Mailbox: ...
