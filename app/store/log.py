"""Counters, the audit chain and the event outbox: what takes its turn within a tenant.

Audit and events are written as the last act of a unit of work: their sequences are rows that every
writer of the tenant has to take, and are held only for a moment that way, always in one order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.domain.audit import FIRST_LINK, AuditLink, link_hash
from app.store.session import Session
from app.store.tables import audit_entry, counter, event


@dataclass(frozen=True, slots=True)
class Act:
    """What was done to what."""

    action: str
    subject: str
    detail: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An event for those who listen: ids and codes only."""

    type: str
    resource: str
    data: Mapping[str, Any]
    at: datetime


def next_number(session: Session, name: str, *, count: int = 1) -> int:
    """Takes `count` numbers of a counter and gives the first; the counter is held until commit."""
    session.insert_once(counter, [{"name": name, "value": 0}])
    last: int = session.connection.execute(
        update(counter)
        .where(session.owns(counter), counter.c.name == name)
        .values(value=counter.c.value + count)
        .returning(counter.c.value)
    ).scalar_one()
    return last - count + 1


def write_audit(session: Session, acts: Sequence[Act]) -> None:
    """Adds one link for each act to the tenant's chain."""
    if not acts:
        return
    sequence = next_number(session, "audit", count=len(acts))
    previous = session.connection.execute(
        select(audit_entry.c.hash).where(
            session.owns(audit_entry), audit_entry.c.sequence == sequence - 1
        )
    ).scalar_one_or_none()
    previous = previous or FIRST_LINK
    rows = []
    for act in acts:
        detail = json.dumps(act.detail, sort_keys=True, separators=(",", ":"))
        link = AuditLink(sequence, act.at, session.actor, act.action, act.subject, detail, previous)
        previous = link_hash(link)
        rows.append({**asdict(link), "hash": previous})
        sequence += 1
    session.insert(audit_entry, rows)


def write_events(session: Session, events: Sequence[Told]) -> None:
    """Adds the events to the tenant's outbox, in the order they were told."""
    if not events:
        return
    first = next_number(session, "event", count=len(events))
    ids = session.new_ids(len(events))
    session.insert(
        event,
        [
            {
                "id": id,
                "sequence": sequence,
                "type": told.type,
                "resource": told.resource,
                "data": dict(told.data),
                "created_at": told.at,
            }
            for sequence, (id, told) in enumerate(zip(ids, events, strict=True), start=first)
        ],
    )
