"""The audit chain: each link carries the hash of the one before it, so that a change shows.

Whoever can rewrite the whole chain is not caught by it; its head is worth keeping elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

FIRST_LINK = "0" * 64  # what the first link names as the hash before it


@dataclass(frozen=True, slots=True)
class AuditLink:
    """One act; `detail` is the very text that is hashed."""

    sequence: int  # from 1, without a gap
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous_hash: str


def link_hash(link: AuditLink) -> str:
    """The hash of a link: of everything it says and of the link before it."""
    parts = [
        link.sequence,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.actor,
        link.action,
        link.subject,
        link.detail,
        link.previous_hash,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def broken_links(chain: Iterable[tuple[AuditLink, str]], *, length: int) -> Iterator[str]:
    """What is wrong with a chain of links and their stored hashes that should be `length` long."""
    sequence, previous = 0, FIRST_LINK
    for link, stored in chain:
        if link.sequence != sequence + 1:
            yield f"entry {sequence + 1} is missing before entry {link.sequence}"
        elif link.previous_hash != previous:
            yield f"entry {link.sequence} does not follow from the one before it"
        if link_hash(link) != stored:
            yield f"entry {link.sequence} does not match its hash"
        sequence, previous = link.sequence, stored
    if sequence != length:
        yield f"it ends at entry {sequence}, but {length} were written"
