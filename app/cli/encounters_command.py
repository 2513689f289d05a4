"""`claimloop encounters template`: a table to fill in."""

from __future__ import annotations

import typer

from app.documents.encounter_csv import template

encounters = typer.Typer(help="Encounters.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(encounters, name="encounters")


@encounters.callback()
def _group() -> None:
    """Encounters."""


@encounters.command("template")
def print_template() -> None:
    """An encounter CSV with its heading and one row, which is taken as it stands."""
    print(template(), end="")
