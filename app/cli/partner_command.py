"""`claimloop partner show` and `set`: the profiles of a tenant's trading partners."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.failing import Failure, application, known_tenant
from app.documents.partner import PartnerDocument
from app.documents.partner_requests import read_new_partner, read_partner_change
from app.documents.problem import Problem
from app.domain.errors import Conflict
from app.domain.identity import new_id
from app.domain.partner import PartnerProfile
from app.flows.partners import add_partner, change_partner, route_payers
from app.flows.ports import UnitOfWork

partner = typer.Typer(help="Trading partners.", no_args_is_help=True)

OfTenant = Annotated[str, typer.Option(help="Whose partners they are.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the profiles as JSON.")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(partner, name="partner")


@partner.callback()
def _group() -> None:
    """Trading partners."""


@partner.command("show")
def show(
    tenant: OfTenant,
    name: Annotated[str | None, typer.Argument(help="One of them; all by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """The profiles as they are."""
    with application() as app:
        owner = known_tenant(app, tenant)
        with app.units(owner.id, actor="partner") as uow:
            known = uow.partners.all()
            shown = [_document(uow, one) for one in ([_named(known, name)] if name else known)]
    _print(shown, as_json=as_json)


@partner.command("add")
def add(
    file: Annotated[
        Path, typer.Argument(help="Its settings: docs/schema/trading-partner-new.json.")
    ],
    tenant: OfTenant,
    as_json: AsJson = False,
) -> None:
    """A new trading partner from one file of settings; the same again changes nothing."""
    raw = _read(file)
    with application() as app:
        owner = known_tenant(app, tenant)
        new, problems = read_new_partner(raw, id=new_id(app.clock))
        if new is None:
            raise _refused(problems)
        try:
            with app.units(owner.id, actor="partner") as uow:
                stands = add_partner(uow, new.profile)
                route_payers(uow, stands, new.payers)
                document = _document(uow, stands)
        except Conflict as conflict:
            raise Failure(str(conflict)) from conflict
    _print([document], as_json=as_json)


@partner.command("change")
def change_by_file(
    name: Annotated[str, typer.Argument(help="Which partner.")],
    file: Annotated[Path, typer.Argument(help="docs/schema/trading-partner-change.json.")],
    tenant: OfTenant,
    as_json: AsJson = False,
) -> None:
    """Change what the file names, from its validFrom on; the rest stays."""
    _change(name, _read(file), tenant=tenant, as_json=as_json)


@partner.command("check")
def check(
    name: Annotated[str, typer.Argument(help="Which partner.")],
    tenant: OfTenant,
    as_json: AsJson = False,
) -> None:
    """Log in and look at its folders; nothing is sent and nothing taken. Exit 1: a fault."""
    with application() as app:
        owner = known_tenant(app, tenant)
        with app.units(owner.id, actor="partner") as uow:
            known = _named(uow.partners.all(), name)
        found = app.check_partner(owner, known)
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            print(f"{one.what}: {one.fault}" if one.fault else f"{one.what}: in order")
    if any(one.fault for one in found):
        raise typer.Exit(1)


@partner.command("set")
def change_by_options(
    name: Annotated[str, typer.Argument(help="Which partner.")],
    tenant: OfTenant,
    second_opinion: Annotated[
        str | None, typer.Option(help="off, warn or block: what pyx12 may do to a batch.")
    ] = None,
    answers: Annotated[
        str | None, typer.Option(help="TA1, 999, both with a comma, or none.")
    ] = None,
    answers_to: Annotated[
        str | None, typer.Option(help="The files answered: 837, 835, 277CA, with commas.")
    ] = None,
    sender_qualifier: Annotated[str | None, typer.Option(help="ISA05 of what we send.")] = None,
    sender: Annotated[str | None, typer.Option(help="ISA06 of what we send.")] = None,
    receiver_qualifier: Annotated[str | None, typer.Option(help="ISA07 of what we send.")] = None,
    receiver: Annotated[str | None, typer.Option(help="ISA08 of what we send.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is named; the rest stays."""
    given = {
        "secondOpinion": second_opinion,
        "answers": None if answers is None else _words(answers),
        "answersTo": None if answers_to is None else _words(answers_to),
        "senderQualifier": sender_qualifier,
        "sender": sender,
        "receiverQualifier": receiver_qualifier,
        "receiver": receiver,
    }
    _change(name, json.dumps(given).encode(), tenant=tenant, as_json=as_json)


def _change(name: str, raw: bytes, *, tenant: str, as_json: bool) -> None:
    change, problems = read_partner_change(raw)
    if problems:
        raise _refused(problems)
    with application() as app:
        owner = known_tenant(app, tenant)
        try:
            with app.units(owner.id, actor="partner") as uow:
                known = _named(uow.partners.all(), name)
                after = change_partner(uow, known.id, change.members, valid_from=change.valid_from)
                route_payers(uow, after, change.payers)
                document = _document(uow, after)
        except Conflict as conflict:
            raise Failure(str(conflict)) from conflict
    _print([document], as_json=as_json)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Failure(f"{file} cannot be read: {fault.strerror}") from fault


def _refused(problems: Sequence[Problem]) -> Failure:
    return Failure("; ".join(f"{problem.pointer[1:]}: {problem.message}" for problem in problems))


def _words(text: str) -> list[str]:
    """`ta1,999` as the words of the profile; `none` as no word."""
    words = [word.strip().upper() for word in text.split(",") if word.strip()]
    return [] if words == ["NONE"] else words


def _named(known: Sequence[PartnerProfile], name: str) -> PartnerProfile:
    found = next((one for one in known if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in known)
        raise Failure(f"there is no trading partner {name!r}; there are: {names}")
    return found


def _document(uow: UnitOfWork, partner: PartnerProfile) -> PartnerDocument:
    return PartnerDocument.of(partner, payers=uow.payers.of_partner(partner.id))


def _print(partners: Sequence[PartnerDocument], *, as_json: bool) -> None:
    documents = [one.model_dump(mode="json", by_alias=True) for one in partners]
    if as_json:
        print(json.dumps(documents, indent=2))
        return
    for document in documents:
        table = Table(show_header=False)
        for member, value in document.items():
            shown = value if isinstance(value, str) else json.dumps(value)
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                shown = ", ".join(value) or "none"
            table.add_row(member, shown)
        Console(highlight=False).print(table)
