"""What routes read from a request: the raw body, ids in the path, the unit of work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request

from app.documents.encounter import read_encounter
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.query import PublicId
from app.documents.requests import read_body
from app.domain.clock import local_date
from app.domain.deposit import MOST_DAYS_AHEAD, is_misdated
from app.domain.encounter import Encounter
from app.domain.errors import NotFound
from app.domain.identity import Prefix, parse_id
from app.flows.access import Caller
from app.flows.ports import UnitOfWork
from app.http.callers import actor
from app.http.needs import Needs
from app.http.problems import refused

D = TypeVar("D", bound=Document)

# The claim whose rows of a list are asked for.
OfClaim = Annotated[PublicId, Query(alias="claimId")]


async def _raw(request: Request) -> bytes:
    return await request.body()


def _needs(request: Request) -> Needs:
    needs: Needs = request.app.state.needs
    return needs


RawBody = Annotated[bytes, Depends(_raw)]
Handed = Annotated[Needs, Depends(_needs)]

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_KINDS = {
    Prefix.ENCOUNTER: "encounter",
    Prefix.CLAIM: "claim",
    Prefix.BATCH: "batch",
    Prefix.FILE: "file",
    Prefix.ANSWER: "answer",
    Prefix.REMITTANCE: "remittance",
    Prefix.CLAIM_PAYMENT: "claim payment",
    Prefix.PARTNER: "trading partner",
    Prefix.DEPOSIT: "deposit",
    Prefix.PATIENT_PAYMENT: "patient payment",
    Prefix.DENIAL: "denial",
    Prefix.APPEAL: "appeal",
    Prefix.TASK: "task",
    Prefix.UNDERPAYMENT: "underpayment",
}


def must_be_dated(uow: UnitOfWork, day: date) -> None:
    """Refuses a body whose `date` no money can have."""
    if is_misdated(day, today=local_date(uow.clock, uow.tenant.time_zone)):
        message = f"This day lies more than {MOST_DAYS_AHEAD} days ahead."
        raise refused([Problem("/date", "date", message)])


def row_id(prefix: Prefix, text: str) -> UUID:
    """The row behind an id of the path; raises NotFound when it cannot be one."""
    found = parse_id(prefix, text)
    if found is None:
        raise missing(prefix)
    return found


def wanted_id(prefix: Prefix, text: str | None) -> UUID | None:
    """The row that a list is narrowed to, None for all; raises NotFound as row_id does."""
    return row_id(prefix, text) if text else None


def missing(prefix: Prefix) -> NotFound:
    """There is none of that id here; the id is not repeated, because it may be anything."""
    return NotFound(_KINDS[prefix], "of this id")


@contextmanager
def unit(needs: Needs, caller: Caller) -> Iterator[UnitOfWork]:
    """One transaction of the caller's tenant."""
    with needs.units(caller.tenant.id, actor=actor(caller)) as uow:
        yield uow


def body_of(kind: type[D], raw: bytes) -> D:
    """The document in a body; raises ApiProblem with every problem of its shape."""
    read = read_body(kind, raw)
    if isinstance(read, list):
        raise refused(read)
    return read


def file_name(request: Request, otherwise: str) -> str:
    """The name in X-File-Name, if it can be one."""
    name = request.headers.get("x-file-name", "")
    return name if _FILE_NAME.fullmatch(name) else otherwise


def encounter_of(raw: bytes) -> Encounter:
    """The encounter in a body; raises ApiProblem with every problem of its shape."""
    read = read_encounter(raw)
    if isinstance(read, list):
        raise refused(read)
    return read
