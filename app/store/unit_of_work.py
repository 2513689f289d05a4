"""One transaction of one tenant, with every repository on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine

from app.domain.clock import Clock
from app.domain.errors import NotFound
from app.domain.identity import Prefix, public_id
from app.flows.ports import (
    Answers,
    Appeals,
    Batches,
    Candidates,
    ClaimPayments,
    Claims,
    Denials,
    Deposits,
    Encounters,
    EvidenceLog,
    Files,
    Journal,
    NextPayers,
    Partners,
    PatientMoney,
    Payers,
    PayerTerms,
    PaymentCodes,
    Pulls,
    Recoupments,
    Remittances,
    Reports,
    Schedule,
    SettingsOfWork,
    Standing,
    Tasks,
    Tenant,
    Traces,
    Transmissions,
    Underpayments,
    UnitOfWork,
    Worklists,
)
from app.store.answers import AnswerRepository
from app.store.appeals import AppealRepository
from app.store.batches import BatchRepository
from app.store.candidates import CandidateRepository
from app.store.claims import ClaimRepository
from app.store.codes import PaymentCodeRepository
from app.store.crypto import Cipher
from app.store.denials import DenialRepository
from app.store.deposits import DepositRepository
from app.store.due import ScheduleRepository
from app.store.encounters import EncounterRepository
from app.store.evidence import EvidenceRepository
from app.store.files import FileRepository
from app.store.journal import JournalRepository
from app.store.log import Act, Told, next_number, write_audit, write_events
from app.store.next_payers import NextPayerRepository
from app.store.parties import PayerRepository
from app.store.partners import PartnerRepository
from app.store.patient_money import PatientMoneyRepository
from app.store.payments import ClaimPaymentRepository
from app.store.pulls import PullRepository
from app.store.recoupments import RecoupmentRepository
from app.store.remittances import RemittanceRepository
from app.store.reports import ReportRepository
from app.store.session import Session
from app.store.standing import StandingRepository
from app.store.tasks import TaskRepository
from app.store.tenants import tenant_by_id
from app.store.terms import TermsRepository
from app.store.traces import TraceRepository
from app.store.transmissions import TransmissionRepository
from app.store.underpayments import UnderpaymentRepository
from app.store.work_settings import WorkSettingsRepository
from app.store.worklists import WorklistRepository


class Enqueue(Protocol):
    """Promises a workflow in the transaction of `connection` (app/store/outbox.py)."""

    def __call__(
        self,
        connection: Connection,
        *,
        workflow: str,
        queue: str,
        workflow_id: str,
        args: Sequence[str],
    ) -> None: ...


class DatabaseUnitOfWork:
    """The `UnitOfWork` of the flows."""

    def __init__(self, session: Session, enqueue: Enqueue) -> None:
        self.tenant: Tenant = session.tenant
        self.actor: str = session.actor
        self.clock: Clock = session.clock
        self.encounters: Encounters = EncounterRepository(session)
        self.payers: Payers = PayerRepository(session)
        self.partners: Partners = PartnerRepository(session)
        self.claims: Claims = ClaimRepository(session)
        self.batches: Batches = BatchRepository(session)
        self.files: Files = FileRepository(session)
        self.answers: Answers = AnswerRepository(session)
        self.evidence: EvidenceLog = EvidenceRepository(session)
        self.remittances: Remittances = RemittanceRepository(session)
        self.payments: ClaimPayments = ClaimPaymentRepository(session)
        self.traces: Traces = TraceRepository(session)
        self.candidates: Candidates = CandidateRepository(session)
        self.journal: Journal = JournalRepository(session)
        self.reports: Reports = ReportRepository(session)
        self.terms: PayerTerms = TermsRepository(session)
        self.codes: PaymentCodes = PaymentCodeRepository(session)
        self.deposits: Deposits = DepositRepository(session)
        self.patient_money: PatientMoney = PatientMoneyRepository(session)
        self.recoupments: Recoupments = RecoupmentRepository(session)
        self.denials: Denials = DenialRepository(session)
        self.underpayments: Underpayments = UnderpaymentRepository(session)
        self.tasks: Tasks = TaskRepository(session)
        self.appeals: Appeals = AppealRepository(session)
        self.worklists: Worklists = WorklistRepository(session)
        self.next_payers: NextPayers = NextPayerRepository(session)
        self.settings: SettingsOfWork = WorkSettingsRepository(session)
        self.transmissions: Transmissions = TransmissionRepository(session)
        self.pulls: Pulls = PullRepository(session)
        self.standing: Standing = StandingRepository(session)
        self.schedule: Schedule = ScheduleRepository(session)
        self._session = session
        self._enqueue = enqueue
        self._acts: list[Act] = []
        self._events: list[Told] = []

    def next_number(self, counter: str) -> int:
        return next_number(self._session, counter)

    def audit(self, action: str, *, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        self._acts.append(Act(action, subject, detail or {}, self.clock.now()))

    def event(self, type: str, *, resource: str, data: Mapping[str, Any] | None = None) -> None:
        self._events.append(Told(type, resource, data or {}, self.clock.now()))

    def enqueue(self, workflow: str, *, queue: str, workflow_id: str, args: Sequence[str]) -> None:
        self._enqueue(
            self._session.connection,
            workflow=workflow,
            queue=queue,
            workflow_id=workflow_id,
            args=args,
        )

    def finish(self) -> None:
        """The last writes before the commit."""
        write_audit(self._session, self._acts)
        write_events(self._session, self._events)


class DatabaseUnitsOfWork:
    """The `UnitsOfWork` of the flows: opens transactions on one engine."""

    def __init__(self, engine: Engine, *, clock: Clock, cipher: Cipher, enqueue: Enqueue) -> None:
        self._engine = engine
        self._clock = clock
        self._cipher = cipher
        self._enqueue = enqueue

    @contextmanager
    def __call__(self, tenant_id: UUID, *, actor: str) -> Iterator[UnitOfWork]:
        """Raises NotFound for a tenant that is none."""
        with self._engine.begin() as connection:
            tenant = tenant_by_id(connection, tenant_id)
            if tenant is None:
                raise NotFound("tenant", public_id(Prefix.TENANT, tenant_id))
            session = Session(connection, tenant, actor, self._clock, self._cipher)
            uow = DatabaseUnitOfWork(session, self._enqueue)
            yield uow
            uow.finish()
