"""`claimloop sftp`: our own SFTP endpoint, and who may log in to it."""

from __future__ import annotations

import json
import re
import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from app.cli.failing import Failure, application, known_tenant
from app.transport.sftp_server import public_key

sftp = typer.Typer(help="Our own SFTP endpoint for practice systems.", no_args_is_help=True)

OfTenant = Annotated[str, typer.Option(help="Whose login it is.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,3}( .*)?")


def add_to(program: typer.Typer) -> None:
    program.add_typer(sftp, name="sftp")


@sftp.callback()
def _group() -> None:
    """Our own SFTP endpoint for practice systems."""


@sftp.command("serve")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535)] = 2222,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
) -> None:
    """Listen until told to stop; what comes in is taken by the folder watcher of `serve`."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with application() as app:
        try:
            with app.sftp_server(host=host, port=port) as server:
                typer.echo(f"SFTP on {host}:{server.port}", err=True)
                stop.wait()
        except OSError as fault:
            raise Failure(f"cannot listen on {host}:{port}: {fault.strerror}") from fault


@sftp.command("add-user")
def add_user(
    name: Annotated[str, typer.Argument(help="Its login is TENANT.NAME.")],
    tenant: OfTenant,
    key: Annotated[
        list[Path] | None, typer.Option(help="A public key's file; then it has no password.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A login; its password is shown once. One that stands already is replaced."""
    if not _NAME.fullmatch(name):
        raise Failure("a login's name is 1 to 32 letters, digits, dashes or underscores")
    keys = tuple(_public_key(file) for file in key or ())
    with application() as app:
        owner = known_tenant(app, tenant)
        password = app.sftp_users.create(owner, name, public_keys=keys)
        server_key = public_key(app.settings.data_dir / "sftp_host_key")
    told = {"login": f"{tenant}.{name}", "password": password, "hostKey": server_key}
    if as_json:
        print(json.dumps(told))
        return
    print(f"login     {told['login']}")
    print(f"password  {password}" if password else f"keys      {len(keys)}")
    print(f"host key  {server_key}")


@sftp.command("users")
def users(tenant: OfTenant, as_json: AsJson = False) -> None:
    """The logins of a tenant."""
    with application() as app:
        owner = known_tenant(app, tenant)
        found = app.sftp_users.of(owner)
    told = [
        {"login": f"{tenant}.{u.name}", "password": u.has_password, "keys": len(u.public_keys)}
        for u in found
    ]
    if as_json:
        print(json.dumps(told, indent=2))
        return
    for one in found:
        print(f"{tenant}.{one.name}", "password" if one.has_password else "key")


@sftp.command("remove-user")
def remove_user(
    name: Annotated[str, typer.Argument(help="Without the tenant.")], tenant: OfTenant
) -> None:
    """Nobody logs in by it any more; who is in stays until the connection ends."""
    with application() as app:
        if not app.sftp_users.remove(known_tenant(app, tenant), name):
            raise Failure(f"tenant {tenant} has no login {name!r}")


def _public_key(file: Path) -> str:
    try:
        line = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Failure(f"{file} cannot be read") from fault
    if not _KEY.fullmatch(line):
        raise Failure(f"{file} is no public key of one line, such as ssh-ed25519 AAAA...")
    return " ".join(line.split()[:2])
