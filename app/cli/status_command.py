"""`claimloop status`: workers, queues, partners, last files, failures and silences."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.failing import application, known_tenant
from app.documents.status import PartnerStatus, QueueStatus, StatusDocument, WorkerStatus
from app.flows.ports import QUEUE_BATCHES, QUEUE_FILES, QUEUE_OPINIONS, Tenant
from app.flows.status import DAY, needs_person, tenant_status
from app.main import Application
from app.store import outbox
from app.store.heartbeats import heartbeats
from app.store.outbox import JobState


def add_to(program: typer.Typer) -> None:
    program.command("status")(status)


def status(
    tenant: Annotated[str | None, typer.Option(help="One tenant; all of them by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """How the wire stands. Exit 1: something waits for a person."""
    with application() as app:
        owners = [known_tenant(app, tenant)] if tenant else app.tenants.list()
        found = gathered(app, owners)
    if as_json:
        print(found.model_dump_json(by_alias=True, indent=2))
    else:
        _show(found)
    if found.needs_person:
        raise typer.Exit(1)


def gathered(app: Application, owners: list[Tenant]) -> StatusDocument:
    """Everything of these tenants."""
    now = app.clock.now()
    lengths = outbox.queue_lengths(app.engine)
    tenants = []
    for owner in owners:
        with app.units(owner.id, actor="status") as uow:
            tenants.append(tenant_status(uow))
    with app.engine.connect() as connection:
        beats = heartbeats(connection)
    return StatusDocument(
        at=now,
        workers=[
            WorkerStatus(name=b.executor_id, seconds_ago=int((now - b.seen_at).total_seconds()))
            for b in beats
        ],
        queues=[
            QueueStatus(
                name=name,
                waiting=lengths.get((name, JobState.WAITING), 0),
                running=lengths.get((name, JobState.RUNNING), 0),
            )
            for name in (QUEUE_FILES, QUEUE_BATCHES, QUEUE_OPINIONS)
        ],
        jobs_failed_last_day=dict(outbox.failed_jobs(app.engine, since=now - DAY)),
        tenants=tenants,
        needs_person=sum(map(needs_person, tenants)),
    )


def _show(found: StatusDocument) -> None:
    console = Console(highlight=False, soft_wrap=True)
    live = [worker for worker in found.workers if worker.seconds_ago < 60]
    console.print(f"workers   {len(live)} alive" if live else "workers   none is alive")
    for queue in found.queues:
        console.print(f"{queue.name:9} {queue.waiting} waiting, {queue.running} running")
    for name, number in found.jobs_failed_last_day.items():
        console.print(f"gave up   {number} x {name} since yesterday")
    for tenant in found.tenants:
        console.rule(f"{tenant.name} ({tenant.mode})", align="left")
        day = ", ".join(f"{n} {state}" for state, n in sorted(tenant.files_last_day.items()))
        console.print(f"files     {tenant.files_unfinished} unfinished; last day: {day or 'none'}")
        for file in tenant.last_files:
            console.print(f"          {file.at:%m-%d %H:%M} {file.name} {file.kind}: {file.state}")
        for kind, number in sorted(tenant.silences.items()):
            console.print(f"silence   {number} x {kind}")
        for partner in tenant.partners:
            console.print(_partner(partner))


def _partner(partner: PartnerStatus) -> Table:
    table = Table(title=f"partner {partner.name} ({partner.connection})", title_justify="left")
    table.add_column("what")
    table.add_column("how it stands")
    counts = ", ".join(f"{n} {state}" for state, n in sorted(partner.batches.items()))
    table.add_row("batches", counts or "none yet")
    if partner.last_sent:
        table.add_row("last sent", f"{partner.last_sent.name} {partner.last_sent.at:%m-%d %H:%M}")
    for one in partner.unsent:
        next_at = f"next at {one.next_attempt_at:%H:%M:%S}" if one.next_attempt_at else "waits"
        reason = f"{one.fault}: {one.reason}" if one.fault else one.reason or ""
        table.add_row(one.file_name, f"{one.state} after {one.attempts}; {next_at}; {reason}")
    if partner.last_look:
        look = partner.last_look
        told = f"{look.fault}: {look.reason} ({look.failures} in a row)" if look.fault else "well"
        table.add_row("last look", f"{look.at:%m-%d %H:%M}, {look.files} files, {told}")
    for name, at in (("next look", partner.next_look_at), ("cut-off", partner.next_cut_off_at)):
        if at:
            table.add_row(name, f"{at:%m-%d %H:%M} UTC")
    return table
