"""What the joining module hands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.clock import Clock
from app.flows.access import ApiKeys, IdempotencyKeys
from app.flows.ports import RawFiles, UnitsOfWork

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may bring."""

    file_bytes: int = 256 * MEBIBYTE  # POST /v1/files
    json_bytes: int = 2 * MEBIBYTE  # any other body


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything behind the routes."""

    units: UnitsOfWork
    raw: RawFiles
    keys: ApiKeys
    idempotency: IdempotencyKeys
    clock: Clock
    ready: Callable[[], str | None]  # None when work can be done, else the reason why not
    limits: Limits = Limits()
