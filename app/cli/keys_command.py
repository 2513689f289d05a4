"""`claimloop keys create`: a tenant and a key to it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from app.cli.failing import Failure, application
from app.flows.access import Role
from app.flows.ports import Mode
from app.main import BadTenantName

keys = typer.Typer(help="API keys.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(keys, name="keys")


@keys.callback()
def _group() -> None:
    """API keys."""


@keys.command("create")
def create(
    tenant: Annotated[str, typer.Option(help="The tenant; made when it is new.")],
    mode: Annotated[Mode, typer.Option(help="Test or live, for a new tenant.")] = Mode.TEST,
    role: Annotated[Role, typer.Option(help="What the key may do.")] = Role.ADMIN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the key as JSON.")] = False,
) -> None:
    """Make a key. It is shown once; only its hash is kept."""
    with application() as app:
        try:
            owner = app.tenant(tenant, mode=mode)
        except BadTenantName as fault:
            raise Failure(str(fault)) from fault
        if owner.mode is not mode:
            raise Failure(f"tenant {tenant} is a {owner.mode} tenant; it cannot have a {mode} key")
        secret = app.keys.create(owner, role=role)
    if as_json:
        print(json.dumps({"tenant": owner.name, "mode": owner.mode, "key": secret}))
    else:
        print(f"Key of tenant {owner.name} ({owner.mode}), shown this once:\n{secret}")
