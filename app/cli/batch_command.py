"""`claimloop batch list`: the batches of a tenant, in the order they were made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli.failing import application, known_tenant
from app.domain.batch import StoredBatch
from app.domain.identity import Prefix, public_id
from app.flows.ports import UnitOfWork

PAGE = 500  # rows read at a time

batch = typer.Typer(help="Batches of claims.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(batch, name="batch")


@batch.callback()
def _group() -> None:
    """Batches of claims."""


@batch.command("list")
def show(
    tenant: Annotated[str, typer.Option(help="Whose batches they are.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the batches as JSON.")] = False,
) -> None:
    """State, partner, claims and file name of each batch."""
    with application() as app:
        owner = known_tenant(app, tenant)
        with app.units(owner.id, actor="batch") as uow:
            names = {partner.id: partner.name for partner in uow.partners.all()}
            rows = [_row(one, names.get(one.partner_id)) for one in _all(uow)]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    table = Table()
    for heading in ("Batch", "State", "Partner", "Claims", "File", "Why"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*(str(value if value is not None else "") for value in row.values()))
    Console(highlight=False).print(table)


def _all(uow: UnitOfWork) -> Iterator[StoredBatch]:
    after = None
    while page := uow.batches.page(limit=PAGE, after=after):
        yield from page
        after = page[-1].id


def _row(one: StoredBatch, partner: str | None) -> dict[str, Any]:
    return {
        "id": public_id(Prefix.BATCH, one.id),
        "state": one.state.value,
        "partner": partner,
        "claims": one.claims,
        "fileName": one.file_name,
        "reason": one.reason,
    }
