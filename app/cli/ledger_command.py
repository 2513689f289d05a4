"""`claimloop ledger` and `claimloop verify`: what the books say, and whether to believe it."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.failing import application, known_tenant
from app.domain.ledger import Account
from app.domain.money import ZERO, money_text
from app.flows.verify import verify as verify_books


def add_to(program: typer.Typer) -> None:
    program.command("ledger")(ledger)
    program.command("verify")(verify)


def ledger(
    tenant: Annotated[str | None, typer.Option(help="One tenant; all together by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """The trial balance; a debit is positive."""
    balances: dict[str, Decimal] = {str(account): ZERO for account in Account}
    with application() as app:
        tenants = [known_tenant(app, tenant)] if tenant else app.tenants.list()
        for owner in tenants:
            with app.units(owner.id, actor="ledger") as uow:
                for account, amount in uow.journal.trial_balance().items():
                    balances[account] += amount
    total = sum(balances.values(), ZERO)
    if as_json:
        accounts = {name: money_text(amount) for name, amount in balances.items()}
        print(json.dumps({"accounts": accounts, "sum": money_text(total)}, indent=2))
        return
    table = Table()
    table.add_column("Account")
    table.add_column("Balance", justify="right")
    for name, amount in balances.items():
        table.add_row(name, money_text(amount))
    table.add_section()
    table.add_row("Sum", money_text(total))
    Console(highlight=False).print(table)


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Compare what is kept twice: audit chain, hashes, journal, projections, stages."""
    with application() as app:
        tenants = app.tenants.list()
        found = [
            difference
            for owner in tenants
            for difference in verify_books(app.records, app.raw, owner)
        ]
    if as_json:
        differences = [asdict(difference) for difference in found]
        print(json.dumps({"tenants": len(tenants), "differences": differences}, indent=2))
    else:
        for difference in found:
            print(
                f"{difference.tenant}: {difference.check}: {difference.place}: {difference.message}"
            )
        print(f"{len(tenants)} tenants verified, {len(found)} differences")
    if found:
        raise typer.Exit(1)
