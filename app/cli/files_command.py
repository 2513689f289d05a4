"""`claimloop ingest`: take inbound files and finish them before it returns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from app.cli.failing import Failure, application, known_tenant
from app.domain.answer import StoredAnswer
from app.domain.identity import Prefix, public_id
from app.flows.ports import FileState, RemittanceState, StoredFile, StoredRemittance

_FAULTY = frozenset({FileState.FAILED, FileState.QUARANTINED})


def add_to(program: typer.Typer) -> None:
    program.command("ingest")(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    tenant: Annotated[str, typer.Option(help="Whose files they are.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Take 837, 835, 999, 277CA, TA1, encounters (JSON, NDJSON, CSV), bank deposits (ACH, BAI2,
    CSV) and zips of them."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise Failure(f"there is no {', '.join(missing)}")
    with application() as app:
        owner = known_tenant(app, tenant)
        taken = [
            (path, app.receive(owner.id, name=path.name, data=path.read_bytes(), actor="ingest"))
            for path in _files(paths)
        ]
        app.finish_files([file for _, file in taken])
        with app.units(owner.id, actor="ingest") as uow:
            inside = [(path / f.name, f) for path, zip in taken for f in uow.files.parts(zip.id)]
        app.finish_files([file for _, file in inside])
        taken += inside
        with app.units(owner.id, actor="ingest") as uow:
            sent = [uow.answers.of_file(file.duplicate_of or file.id) for _, file in taken]
        app.finish_answers([answer for of_file in sent for answer in of_file])
        with app.units(owner.id, actor="ingest") as uow:
            answers = {file.id: uow.answers.of_file(file.id) for _, file in taken}
            done = [(path, uow.files.get(file.id) or file) for path, file in taken]
            first = [uow.files.get(f.duplicate_of) for _, f in done if f.duplicate_of]
            paid = {f.id: uow.remittances.of_file(f.duplicate_of or f.id) for _, f in done}
    if as_json:
        told = [_json(path, file, answers[file.id], paid[file.id]) for path, file in done]
        print(json.dumps(told, indent=2))
    else:
        _show(done, paid)
    # The same bytes again are as faulty as they were the first time.
    judged = [file for _, file in done] + [file for file in first if file]
    faulty = any(file.state in _FAULTY for file in judged)
    waits = any(_waits(remittance) for of_file in paid.values() for remittance in of_file)
    raise typer.Exit(1 if faulty or waits else 0)


def _waits(remittance: StoredRemittance) -> bool:
    """All of it, or payments of it, wait for a person."""
    return remittance.state is RemittanceState.WAITING or remittance.waiting > 0


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and not p.name.startswith(".") and p.suffix != ".part"
            )
        else:
            yield path


def _json(
    path: Path,
    file: StoredFile,
    answers: Sequence[StoredAnswer],
    paid: Sequence[StoredRemittance],
) -> dict[str, Any]:
    return {
        "path": str(path),
        "fileId": public_id(Prefix.FILE, file.id),
        "kind": file.kind,
        "state": file.state,
        "reason": file.reason,
        "duplicateOf": public_id(Prefix.FILE, file.duplicate_of) if file.duplicate_of else None,
        "transactionSets": file.transaction_sets,
        "claims": file.claims,
        "issues": list(file.issues),
        "remittances": [
            {
                "id": public_id(Prefix.REMITTANCE, remittance.id),
                "state": remittance.state,
                "reason": remittance.reason,
                "posted": remittance.posted,
                "waiting": remittance.waiting,
            }
            for remittance in paid
        ],
        "answers": [
            {
                "id": public_id(Prefix.ANSWER, answer.id),
                "state": answer.state,
                "contents": answer.contents,
                "verdict": answer.verdict,
                "fileName": answer.file_name,
                "reason": answer.reason,
            }
            for answer in answers
        ],
    }


def _show(
    done: Sequence[tuple[Path, StoredFile]], paid: Mapping[UUID, Sequence[StoredRemittance]]
) -> None:
    table = Table()
    for heading in ("File", "Kind", "State", "Sets", "Claims", "Why"):
        table.add_column(heading)
    for path, file in done:
        table.add_row(
            path.name,
            file.kind or "",
            file.state,
            str(file.transaction_sets),
            str(file.claims),
            " ".join([file.reason or "", *_why(paid[file.id])]).strip(),
        )
    Console(highlight=False).print(table)


def _why(paid: Sequence[StoredRemittance]) -> Iterator[str]:
    for remittance in paid:
        if remittance.reason:
            yield remittance.reason
        elif _waits(remittance):
            yield f"{remittance.waiting} of its claim payments wait for a person."
