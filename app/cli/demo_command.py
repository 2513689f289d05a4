"""`claimloop demo`: run it, show it."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.demo import DemoResult, run_demo
from app.cli.failing import application
from app.config import Settings
from app.domain.money import ZERO, money_text


def add_to(program: typer.Typer) -> None:
    program.command("demo")(demo)


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    encounters: Annotated[
        int | None, typer.Option(min=1, help="How many encounters; all by default.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Work in this folder and go on where it stands.")
    ] = None,
) -> None:
    """The whole loop with a simulated payer, in a fresh database."""
    console = Console(stderr=as_json, highlight=False)
    with ExitStack() as stack:
        place = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="claimloop-")))
        place.mkdir(parents=True, exist_ok=True)
        settings = Settings(
            database_url=f"sqlite:///{place.absolute()}/claimloop.db",
            data_dir=place.absolute() / "data",
            log_level="WARNING",
        )
        app = stack.enter_context(application(settings))
        result = run_demo(
            app, encounters=encounters, tell=lambda line: console.print(f"  {line}", style="dim")
        )
        if as_json:
            print(json.dumps(result.as_json(), indent=2))
        else:
            _show(console, result)
            if keep:
                console.print(f"Everything is kept in {place}.")
    for line in result.differences:
        print(f"differs: {line}") if not as_json else typer.echo(f"differs: {line}", err=True)
    raise typer.Exit(1 if result.differences else 0)


def _show(console: Console, result: DemoResult) -> None:
    table = Table(title="What became of the claims", title_justify="left")
    table.add_column("Stage")
    for heading in ("Claims", "Charged", "Paid", "Adjusted", "Patient", "Open"):
        table.add_column(heading, justify="right")
    totals = dict.fromkeys(("charge", "paid", "adjusted", "patient", "open"), ZERO)
    for stage, sums in result.by_stage.items():
        table.add_row(stage, str(result.states[stage]), *map(money_text, sums.values()))
        for name, amount in sums.items():
            totals[name] += amount
    table.add_section()
    table.add_row("All", str(result.claims), *map(money_text, totals.values()))
    console.print(table)
    money = {name: money_text(amount) for name, amount in result.money.items()}
    console.print(
        f"charges {money['charges']} = paid {money['paid']} + adjusted {money['adjusted']}"
        f" + patient {money['patient']} + open {money['open']}",
        soft_wrap=True,
    )
    console.print(
        f"deposits {money['deposits']} = paid {money['paid']} + unapplied {money['unapplied']}"
        f" + provider adjustments {money['providerAdjustments']}",
        soft_wrap=True,
    )
    lists = ", ".join(f"{name} {n}" for name, n in result.worklists.items())
    taken_back = ", ".join(
        f"{r.kind} of {r.payer_name} {money_text(r.open)} after {r.pairs} PLB pair(s)"
        for r in result.recoupments
    )
    for what, told in (
        ("remittances on the books", _counted(result.remittances)),
        ("remittances at the bank", _counted(result.deposits)),
        ("taken back by payers", taken_back),
        ("next payers", _counted(result.next_payers)),
        ("to be worked", lists),
    ):
        if told:
            console.print(f"{what}: {told}", soft_wrap=True)
    console.print(
        f"ledger sum {money['ledgerSum']};"
        f" {result.encounters} encounters, {result.claims} claims, {result.batches} batch(es)"
        f" in {result.seconds:.1f} s"
    )


def _counted(numbers: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in numbers.items())
