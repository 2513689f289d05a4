"""Who asks: the API key behind `Authorization: Bearer KEY`, and what its role allows."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.domain.identity import Prefix, public_id
from app.flows.access import ApiKeys, Caller, Role
from app.http.problems import ApiProblem, Kind

_MAY_WRITE = frozenset({Role.ADMIN, Role.BILLER})

# Only documents the scheme in /openapi.json; `authenticate` reads the header.
documented = HTTPBearer(auto_error=False, description="An API key of `claimloop keys create`.")


def authenticate(keys: ApiKeys, authorization: str | None) -> Caller:
    """The caller behind the header's value; raises ApiProblem when there is none."""
    scheme, _, secret = (authorization or "").partition(" ")
    caller = keys.authenticate(secret.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        raise ApiProblem(
            Kind.UNAUTHENTICATED,
            "Send a valid API key as `Authorization: Bearer KEY`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return caller


def reader(request: Request) -> Caller:
    """Any caller: every role may read."""
    caller: Caller = request.state.caller
    return caller


def writer(request: Request) -> Caller:
    """A caller whose role may change something; raises ApiProblem else."""
    caller = reader(request)
    if caller.role not in _MAY_WRITE:
        raise ApiProblem(Kind.FORBIDDEN, f"A key of role {caller.role} may only read.")
    return caller


def admin(request: Request) -> Caller:
    """A caller that may change settings; raises ApiProblem else."""
    caller = reader(request)
    if caller.role is not Role.ADMIN:
        raise ApiProblem(Kind.FORBIDDEN, "Only a key of role admin may change settings.")
    return caller


def actor(caller: Caller) -> str:
    """The caller's name in the audit chain."""
    return public_id(Prefix.API_KEY, caller.key_id)


Reader = Annotated[Caller, Depends(reader)]
Writer = Annotated[Caller, Depends(writer)]
Admin = Annotated[Caller, Depends(admin)]
