"""`claimloop simulator serve`: the simulated clearinghouse as an API, for integrators."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.http.simulator import create_simulator

TOKEN = "CLAIMLOOP_SIMULATOR_TOKEN"

simulator = typer.Typer(help="The simulated clearinghouse.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(simulator, name="simulator")


@simulator.callback()
def _group() -> None:
    """The simulated clearinghouse."""


@simulator.command("serve")
def serve(
    folder: Annotated[Path, typer.Option(help="What it was sent and what it answers.")] = Path(
        "./simulator"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8100,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
) -> None:
    """Takes raw X12 over HTTP and holds its answers; the token is CLAIMLOOP_SIMULATOR_TOKEN, or is
    made and shown."""
    token = os.environ.get(TOKEN)
    if not token:
        token = secrets.token_urlsafe(24)
        typer.echo(f"token {token}", err=True)
    application = create_simulator(folder, token=token)
    uvicorn.Server(
        uvicorn.Config(application, host=host, port=port, log_config=None, access_log=False)
    ).run()
