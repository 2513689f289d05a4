"""`claimloop`: the commands of contracts.md.

Exit codes: 0 done, 1 done with errors found in the data, 2 could not be done. With `--json` a
command prints one JSON document on standard output and nothing else there.
"""

from __future__ import annotations

import sys

import typer

from app.cli import (
    batch_command,
    demo_command,
    encounters_command,
    files_command,
    keys_command,
    ledger_command,
    partner_command,
    serve_command,
    sftp_command,
    simulator_command,
    status_command,
)
from app.cli.failing import Failure
from app.store.crypto import CannotOpen

program = typer.Typer(
    name="claimloop",
    help="The open claims engine: coded encounters out as 837 claims, back as posted money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    batch_command,
    demo_command,
    encounters_command,
    files_command,
    keys_command,
    ledger_command,
    partner_command,
    serve_command,
    sftp_command,
    simulator_command,
    status_command,
):
    command.add_to(program)


def main() -> None:
    """The console script: what could not be done is said in one sentence, with exit code 2."""
    try:
        program()
    except Failure as failure:
        print(f"claimloop: {failure}", file=sys.stderr)
        sys.exit(2)
    except CannotOpen as sealed:
        print(f"claimloop: {sealed}. Set CLAIMLOOP_ENCRYPTION_KEY as it was.", file=sys.stderr)
        sys.exit(2)
