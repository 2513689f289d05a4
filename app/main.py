"""Where the real things are joined: settings, database, raw files, transports, flows and jobs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.domain.answer import AnswerState, StoredAnswer
from app.domain.batch import BatchState, StoredBatch
from app.domain.clock import Clock, SystemClock
from app.domain.connection import Checked, Collected, HttpsConnection, Mailbox, SftpConnection
from app.domain.identity import Prefix, public_id
from app.domain.partner import PartnerProfile
from app.domain.transmission import Transport
from app.flows.answers import answer_file, transmit_answer
from app.flows.batches import seal_batches, transmit_batch
from app.flows.cut_off import cut_off
from app.flows.give_up import give_up
from app.flows.opinions import second_opinion
from app.flows.ports import (
    QUEUE_FILES,
    QUEUE_OF,
    WORKFLOW_PROCESS_FILE,
    WORKFLOW_SWEEP,
    FileState,
    Mode,
    StoredFile,
    Tenant,
)
from app.flows.process import process_file
from app.flows.pull import pull
from app.flows.receive import receive_file
from app.flows.refusals import errors_csv, issue_lines, refused_files, rows_refused
from app.flows.sweep import sweep
from app.http.application import create_app
from app.http.needs import Needs
from app.store.crypto import Cipher
from app.store.due import any_due, take_due
from app.store.engine import make_engine
from app.store.idempotency import Idempotency
from app.store.keys import Keys
from app.store.migrate import migrate
from app.store.outbox import enqueue
from app.store.raw_files import FolderRawFiles
from app.store.records import DatabaseRecords
from app.store.sftp_users import SftpUsers
from app.store.tenants import Tenants
from app.store.unit_of_work import DatabaseUnitsOfWork
from app.transport.folder import FolderTransport
from app.transport.https import HttpsMailbox, HttpsTransport, check_api
from app.transport.inbox import Inbox
from app.transport.refusals import Refusal, refuse
from app.transport.secrets import TenantSecrets
from app.transport.sftp import SftpTransport
from app.transport.sftp_check import check
from app.transport.sftp_folders import Door
from app.transport.sftp_mailbox import SftpMailbox
from app.transport.sftp_server import SftpServer
from app.worker import Worker, finish, finish_all
from app.x12.second_opinion import ask_apart

_DUE_AT_ONCE = 100
_POOL = 40  # more than twice what the queues run at once: a smaller pool stalls without a word
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class BadTenantName(ValueError):
    """A tenant's name is also a folder's name."""

    def __init__(self) -> None:
        super().__init__(
            "a tenant's name is 1 to 64 letters, digits, dots, dashes or underscores and begins"
            " with a letter or digit"
        )


class Application:
    """One running Claimloop: what commands, HTTP and jobs call, on a migrated database."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        migrate(settings.database_url)
        key = settings.encryption_key.get_secret_value() if settings.encryption_key else None
        self.cipher = Cipher.from_setting(key)
        self.engine: Engine = make_engine(settings.database_url, pool_size=_POOL)
        self.units = DatabaseUnitsOfWork(
            self.engine, clock=self.clock, cipher=self.cipher, enqueue=enqueue
        )
        self.tenants = Tenants(self.engine, clock=self.clock)
        self.records = DatabaseRecords(self.engine, cipher=self.cipher)
        self.raw = FolderRawFiles(settings.data_dir, self.cipher)
        self.keys = Keys(self.engine, clock=self.clock)
        self.sftp_users = SftpUsers(self.engine, clock=self.clock)
        self.idempotency = Idempotency(self.engine, cipher=self.cipher)

    def close(self) -> None:
        """Gives the database connections back."""
        self.engine.dispose()

    # ── Tenants and their folders ──────────────────────────────────────────

    def tenant(self, name: str, *, mode: Mode) -> Tenant:
        """The tenant of that name, made in `mode` when it is new."""
        if not _NAME.fullmatch(name):
            raise BadTenantName
        return self.tenants.ensure(name, mode=mode)

    def folder(self, tenant: Tenant) -> Path:
        """`DATA_DIR/<tenant>/<mode>`, the tenant's own place (api.md 2.6)."""
        return self.settings.data_dir / "tenants" / tenant.name / tenant.mode

    def in_folder(self, tenant: Tenant) -> Path:
        return self.folder(tenant) / "in"

    def inbox(
        self, tenant: Tenant, folder: Path | None = None, *, settle_seconds: float = 0.0
    ) -> Inbox:
        """A drop folder of the tenant, `in` by default; taken files go to `archive`, unless bytes
        are encrypted."""
        archive = None if self.cipher.encrypts else self.folder(tenant) / "archive"
        place = folder or self.in_folder(tenant)
        return Inbox(place, archive=archive, settle_seconds=settle_seconds)

    def refuse(self, tenant_id: UUID, file_id: UUID) -> None:
        """A file that came by folder and could not be taken goes to `error`, with a text."""
        with self.units(tenant_id, actor="system") as uow:
            refused = refused_files(uow, file_id)
            tenant = uow.tenant
        for file in refused:
            self._refuse(tenant, file)

    def _refuse(self, tenant: Tenant, file: StoredFile) -> None:
        told = Refusal(
            file_id=public_id(Prefix.FILE, file.id),
            name=file.name,
            state=file.state,
            reason=file.reason or "",
            issues=issue_lines(file),
        )
        word = "quarantine" if file.state is FileState.QUARANTINED else "error"
        data = self.raw.get(tenant.id, file.sha256)
        rows = errors_csv(file, data).encode() if rows_refused(file.issues) else None
        if rows is not None:
            told = replace(told, name=f"{file.name}.errors.csv")
        beside = None if self.cipher.encrypts else rows or data
        refuse(self.folder(tenant) / word, told, data=beside)

    def out_folder(self, tenant: Tenant, partner_folder: str = "out") -> Path:
        return self.folder(tenant) / partner_folder

    def transport(self, tenant: Tenant, partner: PartnerProfile) -> Transport:
        """The way to a partner: what its profile says, else a folder that others collect from."""
        if isinstance(partner.connection, SftpConnection):
            return SftpTransport(partner.connection, self.secrets(tenant))
        if isinstance(partner.connection, HttpsConnection):
            return HttpsTransport(partner.connection, self.secrets(tenant))
        return FolderTransport(self.out_folder(tenant, partner.out_folder))

    def mailbox(self, tenant: Tenant, partner: PartnerProfile) -> Mailbox:
        """The folders at a partner; only where its profile names some."""
        if isinstance(partner.connection, SftpConnection):
            return SftpMailbox(partner.connection, self.secrets(tenant))
        if isinstance(partner.connection, HttpsConnection):
            return HttpsMailbox(partner.connection, self.secrets(tenant))
        raise LookupError(f"{partner.name} has no folders to look into")

    def check_partner(self, tenant: Tenant, partner: PartnerProfile) -> list[Checked]:
        """Whether what the profile says of the connection holds; nothing is sent or taken."""
        if isinstance(partner.connection, SftpConnection):
            return check(partner.connection, self.secrets(tenant))
        if isinstance(partner.connection, HttpsConnection):
            return check_api(partner.connection, self.secrets(tenant))
        return [Checked(f"files go to {self.out_folder(tenant, partner.out_folder)}", None)]

    def secrets(self, tenant: Tenant) -> TenantSecrets:
        """Passwords, keys and tokens of this tenant's profiles."""
        return TenantSecrets(self.settings.secrets_dir, tenant.name)

    def sftp_server(self, *, host: str, port: int) -> SftpServer:
        """Our own endpoint for practice systems; `with` it, it listens."""
        key = self.settings.data_dir / "sftp_host_key"
        return SftpServer(TenantDoors(self), host_key=key, host=host, port=port)

    # ── Flows, bound to this application's things ──────────────────────────

    def receive(self, tenant_id: UUID, *, name: str, data: bytes, actor: str) -> StoredFile:
        """Keep inbound bytes and start the job that reads them."""
        return receive_file(
            self.units, self.raw, tenant_id=tenant_id, name=name, data=data, actor=actor
        )

    def seal(
        self, tenant_id: UUID, *, actor: str, claim_ids: Sequence[UUID] | None = None
    ) -> list[StoredBatch]:
        """Write ready claims into batches and start the jobs that ask about them and send them."""
        with self.units(tenant_id, actor=actor) as uow:
            return seal_batches(uow, self.raw, claim_ids=claim_ids).batches

    @cached_property
    def jobs(self) -> JobFlows:
        return JobFlows(self)

    def worker(self, *, executor_id: str | None = None) -> Worker:
        """A worker of this process, not started yet."""
        return Worker(
            engine=self.engine, flows=self.jobs, clock=self.clock, executor_id=executor_id
        )

    def wait(self, timeout_seconds: float) -> None:
        """Until no job is waiting or running; raises TimeoutError when that takes too long."""
        if not finish_all(self.engine, timeout_seconds=timeout_seconds):
            raise TimeoutError(f"jobs are still running after {timeout_seconds:.0f} seconds")

    def finish_files(self, files: Sequence[StoredFile]) -> None:
        """Until these files are done: by a live worker, or by this process where there is none."""
        ids = sorted({file.duplicate_of or file.id for file in files})
        self._finish([f"file-{id}" for id in ids])
        self._finish([f"answer-{id}" for id in ids])

    def finish_answers(self, answers: Sequence[StoredAnswer]) -> None:
        """The same for what is sent back."""
        self._finish([f"transmit-answer-{answer.id}" for answer in answers])

    def _finish(self, jobs: Sequence[str]) -> None:
        """Jobs that were never promised are at their end."""
        if jobs:
            finish(jobs, engine=self.engine, flows=self.jobs, clock=self.clock)


def http_app(app: Application) -> FastAPI:
    """The HTTP door to this application."""

    def ready() -> str | None:
        try:
            with app.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return "The database does not answer."
        return None

    return create_app(
        Needs(
            units=app.units,
            raw=app.raw,
            keys=app.keys,
            idempotency=app.idempotency,
            clock=app.clock,
            ready=ready,
        )
    )


class TenantDoors:
    """Logins of practice systems lead to the folder of their tenant."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def by_password(self, user: str, password: str) -> Door | None:
        return self._door(user, self._app.sftp_users.by_password(user, password))

    def by_key(self, user: str, public_key: str) -> Door | None:
        return self._door(user, self._app.sftp_users.by_key(user, public_key))

    def _door(self, user: str, tenant: Tenant | None) -> Door | None:
        return Door(user, self._app.folder(tenant).absolute()) if tenant else None


class JobFlows:
    """The flows as `jobs.workflows` calls them."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def process_file(self, tenant_id: UUID, file_id: UUID) -> FileState:
        state = process_file(self._app.units, self._app.raw, tenant_id=tenant_id, file_id=file_id)
        self._app.refuse(tenant_id, file_id)
        return state

    def transmit_batch(self, tenant_id: UUID, batch_id: UUID) -> BatchState:
        return transmit_batch(
            self._app.units,
            self._app.raw,
            self._app.transport,
            tenant_id=tenant_id,
            batch_id=batch_id,
        )

    def second_opinion(self, tenant_id: UUID, batch_id: UUID) -> BatchState:
        return second_opinion(
            self._app.units, self._app.raw, ask_apart, tenant_id=tenant_id, batch_id=batch_id
        )

    def answer_file(self, tenant_id: UUID, file_id: UUID) -> None:
        answer_file(self._app.units, self._app.raw, tenant_id=tenant_id, file_id=file_id)

    def transmit_answer(self, tenant_id: UUID, answer_id: UUID) -> AnswerState:
        return transmit_answer(
            self._app.units,
            self._app.raw,
            self._app.transport,
            tenant_id=tenant_id,
            answer_id=answer_id,
        )

    def pull(self, tenant_id: UUID, partner_id: UUID) -> Collected:
        return pull(
            self._app.units,
            self._app.raw,
            self._app.mailbox,
            tenant_id=tenant_id,
            partner_id=partner_id,
        )

    def cut_off(self, tenant_id: UUID, partner_id: UUID) -> None:
        cut_off(self._app.units, self._app.raw, tenant_id=tenant_id, partner_id=partner_id)

    def sweep(self, tenant_id: UUID, same: UUID) -> None:
        sweep(self._app.units, tenant_id=tenant_id)

    def promise_sweeps(self) -> None:
        """One sweep a tenant and hour, whichever worker asks first."""
        hour = self._app.clock.now().strftime("%Y%m%d%H")
        for tenant in self._app.tenants.list():
            with self._app.units(tenant.id, actor="system") as uow:
                uow.enqueue(
                    WORKFLOW_SWEEP,
                    queue=QUEUE_FILES,
                    workflow_id=f"sweep-{tenant.id}-{hour}",
                    args=[str(tenant.id), str(tenant.id)],
                )

    def promise_due(self) -> None:
        """Whatever has come due, for every tenant; another worker may be faster."""
        now = self._app.clock.now()
        if not any_due(self._app.engine, now=now):
            return
        with self._app.engine.begin() as connection:
            for due in take_due(connection, now=now, limit=_DUE_AT_ONCE):
                enqueue(
                    connection,
                    workflow=due.workflow,
                    queue=QUEUE_OF[due.workflow],
                    workflow_id=f"{due.workflow}-{due.subject_id}-{due.at:%Y%m%dT%H%M%S%f}",
                    args=[str(due.tenant_id), str(due.subject_id)],
                )

    def give_up(self, *, workflow: str, tenant_id: UUID, subject_id: UUID, fault: str) -> None:
        give_up(
            self._app.units,
            workflow=workflow,
            tenant_id=tenant_id,
            subject_id=subject_id,
            fault=fault,
        )
        if workflow == WORKFLOW_PROCESS_FILE:
            self._app.refuse(tenant_id, subject_id)
