"""Is the process alive, and can it work: for load balancers, without a key."""

from __future__ import annotations

from fastapi import APIRouter

from app.http.problems import ApiProblem, Kind
from app.http.requests import Handed

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(needs: Handed) -> dict[str, str]:
    """The process can do its work."""
    reason = needs.ready()
    if reason is not None:
        raise ApiProblem(Kind.UNAVAILABLE, reason)
    return {"status": "ready"}
