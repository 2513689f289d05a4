"""What routes read from a request: the raw body, ids in the path, the unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.documents.encounter import read_encounter
from app.domain.encounter import Encounter
from app.domain.errors import NotFound
from app.domain.identity import Prefix, parse_id
from app.flows.access import Caller
from app.flows.ports import UnitOfWork
from app.http.callers import actor
from app.http.needs import Needs
from app.http.problems import refused


async def _raw(request: Request) -> bytes:
    return await request.body()


def _needs(request: Request) -> Needs:
    needs: Needs = request.app.state.needs
    return needs


RawBody = Annotated[bytes, Depends(_raw)]
Handed = Annotated[Needs, Depends(_needs)]

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
}


def row_id(prefix: Prefix, text: str) -> UUID:
    """The row behind an id of the path; raises NotFound when it cannot be one."""
    found = parse_id(prefix, text)
    if found is None:
        raise missing(prefix)
    return found


def missing(prefix: Prefix) -> NotFound:
    """There is none of that id here; the id is not repeated, because it may be anything."""
    return NotFound(_KINDS[prefix], "of this id")


@contextmanager
def unit(needs: Needs, caller: Caller) -> Iterator[UnitOfWork]:
    """One transaction of the caller's tenant."""
    with needs.units(caller.tenant.id, actor=actor(caller)) as uow:
        yield uow


def encounter_of(raw: bytes) -> Encounter:
    """The encounter in a body; raises ApiProblem with every problem of its shape."""
    read = read_encounter(raw)
    if isinstance(read, list):
        raise refused(read)
    return read
