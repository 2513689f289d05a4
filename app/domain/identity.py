"""Names of rows: time-ordered 16-byte ids, shown outside as prefixed ULIDs (`clm_01K...`)."""

from __future__ import annotations

from enum import StrEnum
from random import SystemRandom
from threading import Lock
from uuid import UUID

from ulid import ULID

from app.domain.clock import Clock


class Prefix(StrEnum):
    """What kind of row a public id names."""

    TENANT = "ten"
    API_KEY = "key"
    ENCOUNTER = "enc"
    CLAIM = "clm"
    SUBMISSION = "sub"
    BATCH = "bat"
    FILE = "fil"
    ANSWER = "ack"
    REMITTANCE = "era"
    CLAIM_PAYMENT = "rcl"
    JOURNAL_ENTRY = "jrn"
    PAYER = "pay"
    PARTNER = "con"
    EVENT = "evt"
    DEPOSIT = "dep"
    PROVIDER_ADJUSTMENT = "plb"
    PATIENT_PAYMENT = "ppt"
    DENIAL = "den"
    APPEAL = "apl"
    TASK = "tsk"
    UNDERPAYMENT = "und"


def new_id(clock: Clock) -> UUID:
    """A new id whose first 48 bits are the clock's milliseconds, so that later rows sort later."""
    return new_ids(clock, 1)[0]


def new_ids(clock: Clock, count: int) -> list[UUID]:
    """Ids of one moment, in order: rows that are written together lie together in their indexes."""
    at = int(clock.now().timestamp() * 1000)
    with _taking:
        first = at << 80 | _random.getrandbits(79)  # half of the room is left for those behind it
        if _last and _last[0] >> 80 == at:
            first = _last[0] + 1
        _last[:] = [first + count - 1]
    return [UUID(int=number) for number in range(first, first + count)]


_random = SystemRandom()
_taking = Lock()
_last: list[int] = []  # the last id that was given


def public_id(prefix: Prefix, id: UUID) -> str:
    """`clm_01K...` for a claim's id."""
    return f"{prefix}_{ULID.from_bytes(id.bytes)}"


def parse_id(prefix: Prefix, text: str) -> UUID | None:
    """The id behind a public id; None when the text is not one of this kind."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != 26:
        return None
    try:
        return ULID.from_str(tail).to_uuid()
    except ValueError:
        return None
