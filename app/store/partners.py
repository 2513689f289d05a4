"""Trading partners: a profile is the one it began with and the changes in force on a day, folded;
and the control numbers they give out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, update

from app.domain.batch import ControlNumbers
from app.domain.clock import local_date
from app.domain.connection import Afterwards, HttpsConnection, Pickup, SftpConnection
from app.domain.encounter import ClaimType
from app.domain.opinion import OpinionPolicy
from app.domain.partner import AnswerKind, CutOff, PartnerChange, PartnerProfile
from app.domain.party import Contact
from app.store.session import Session
from app.store.tables import partner_change, payer, trading_partner

DEFAULT_PARTNER = "default"


class PartnerRepository:
    """The `Partners` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def for_payer(self, payer_row: UUID) -> PartnerProfile:
        partner_id = self._session.connection.execute(
            select(payer.c.partner_id).where(self._session.owns(payer), payer.c.id == payer_row)
        ).scalar_one()
        chosen = (
            trading_partner.c.name == DEFAULT_PARTNER
            if partner_id is None
            else trading_partner.c.id == partner_id
        )
        rows = self._session.connection.execute(self._session.rows(trading_partner, chosen)).all()
        (found,) = self._profiles(rows)
        return found

    def get(self, partner_id: UUID) -> PartnerProfile | None:
        rows = self._session.connection.execute(
            self._session.rows(trading_partner, trading_partner.c.id == partner_id)
        ).all()
        return next(iter(self._profiles(rows)), None)

    def hold(self, partner_id: UUID, *, on: date | None = None) -> PartnerProfile | None:
        query = self._session.rows(trading_partner, trading_partner.c.id == partner_id)
        rows = self._session.connection.execute(self._session.locked(query, trading_partner)).all()
        return next(iter(self._profiles(rows, on=on)), None)

    def all(self) -> list[PartnerProfile]:
        query = self._session.rows(trading_partner).order_by(trading_partner.c.name)
        return self._profiles(self._session.connection.execute(query).all())

    def add(self, profile: PartnerProfile) -> None:
        t = trading_partner
        self._session.lock_name("trading_partner", "number")
        last = self._session.connection.execute(
            select(func.max(t.c.number)).where(self._session.owns(t))
        ).scalar_one()
        row = partner_row(profile, number=(last or 0) + 1)
        self._session.insert(t, [{**row, "created_at": self._session.clock.now()}])

    def change(self, before: PartnerProfile, after: PartnerProfile, *, valid_from: date) -> None:
        was, now = profile_members(before), profile_members(after)
        row = {
            "partner_id": after.id,
            "revision": self._last_revision(after.id) + 1,
            "valid_from": valid_from,
            "members": {name: kept for name, kept in now.items() if kept != was[name]},
            "changed_by": self._session.actor,
            "changed_at": self._session.clock.now(),
        }
        self._session.insert(partner_change, [row])

    def changes(self, partner_id: UUID) -> list[PartnerChange]:
        query = self._session.rows(
            partner_change, partner_change.c.partner_id == partner_id
        ).order_by(partner_change.c.valid_from, partner_change.c.revision)
        return [
            PartnerChange(
                row.revision,
                row.valid_from,
                tuple(sorted(row.members)),
                row.changed_by,
                row.changed_at,
            )
            for row in self._session.connection.execute(query)
        ]

    def take_control_numbers(self, partner_id: UUID) -> ControlNumbers:
        t = trading_partner
        row = self._session.connection.execute(
            update(t)
            .where(self._session.owns(t), t.c.id == partner_id)
            .values(
                interchange_number=t.c.interchange_number + 1, group_number=t.c.group_number + 1
            )
            .returning(t)
        ).one()
        (profile,) = self._profiles([row])
        digits = profile.control_number_digits
        # The counters go on; ISA13 and GS06 begin again at 1 behind the last that has the digits.
        return ControlNumbers(
            interchange=within(row.interchange_number, digits=digits),
            group=within(row.group_number, digits=digits),
            batch_reference=batch_reference(row.number, row.interchange_number),
        )

    def _last_revision(self, partner_id: UUID) -> int:
        c = partner_change
        last = self._session.connection.execute(
            select(func.max(c.c.revision)).where(
                self._session.owns(c), c.c.partner_id == partner_id
            )
        ).scalar_one()
        return last or 0

    def _profiles(self, rows: Iterable[Any], *, on: date | None = None) -> list[PartnerProfile]:
        """The rows' profiles as they are on that day, today by default."""
        day = on or local_date(self._session.clock, self._session.tenant.time_zone)
        rows = list(rows)
        c = partner_change
        query = (
            self._session.rows(c, c.c.partner_id.in_([row.id for row in rows]))
            .where(c.c.valid_from <= day)
            .order_by(c.c.valid_from, c.c.revision)
        )
        changed: dict[UUID, dict[str, Any]] = {}
        for change in self._session.connection.execute(query) if rows else ():
            changed.setdefault(change.partner_id, {}).update(change.members)
        return [read_profile(row, changed.get(row.id, {})) for row in rows]


def payers_of_partner(session: Session, partner_id: UUID) -> Select[tuple[UUID]]:
    """The payers whose claims go to that partner; those that name none go to the default one."""
    t = trading_partner
    is_default = exists().where(session.owns(t), t.c.id == partner_id, t.c.name == DEFAULT_PARTNER)
    return select(payer.c.id).where(
        session.owns(payer),
        (payer.c.partner_id == partner_id) | (payer.c.partner_id.is_(None) & is_default),
    )


def within(count: int, *, digits: int) -> int:
    """A count as a control number: behind the last of so many digits comes 1; 0 is none."""
    return int((count - 1) % (10**digits - 1) + 1)


def batch_reference(partner_number: int, interchange: int) -> str:
    """BHT03, one in the tenant for ever: a 277CA names a batch by it alone."""
    return f"P{partner_number}B{interchange:09d}"


def profile_members(profile: PartnerProfile) -> dict[str, Any]:
    """The profile as JSON, without what has columns of its own."""
    members = asdict(profile)
    if profile.connection is not None:
        members["connection"]["kind"] = _KINDS[type(profile.connection)]
    return {name: members[name] for name in _MEMBERS}


def partner_row(profile: PartnerProfile, *, number: int) -> dict[str, Any]:
    """A new partner, no control number given out yet."""
    return {
        "id": profile.id,
        "name": profile.name,
        "number": number,
        "profile": profile_members(profile),
        "live": profile.live,
        "interchange_number": 0,
        "group_number": 0,
    }


def read_profile(row: Any, changed: Mapping[str, Any]) -> PartnerProfile:
    """What an older release kept lacks members; they have their defaults."""
    members = {
        name: _READ[name](kept) if name in _READ else kept
        for name, kept in {**row.profile, **changed}.items()
    }
    return PartnerProfile(id=row.id, name=row.name, live=row.live, **members)


# Members that JSON cannot hold as they are.
_READ: dict[str, Callable[[Any], Any]] = {
    "submitter_contact": lambda kept: Contact(**kept),
    "guides": lambda kept: {ClaimType(kind): guide for kind, guide in kept.items()},
    "second_opinion": OpinionPolicy,
    "answers": lambda kept: tuple(map(AnswerKind, kept)),
    "answers_to": tuple,
    "expects": tuple,
    "cut_offs": lambda kept: tuple(CutOff(one["time"], tuple(one["days"])) for one in kept),
    "connection": lambda kept: None if kept is None else _connection(kept),
}


_MEMBERS = [f.name for f in fields(PartnerProfile) if f.name not in ("id", "name", "live")]
_KINDS: Mapping[type, str] = {SftpConnection: "sftp", HttpsConnection: "https"}


def _connection(kept: Mapping[str, Any]) -> SftpConnection | HttpsConnection:
    members = {name: value for name, value in kept.items() if name != "kind"}
    if kept["kind"] == _KINDS[HttpsConnection]:
        return HttpsConnection(**members)
    pickups = tuple(
        Pickup(**{**pickup, "afterwards": Afterwards(pickup["afterwards"])})
        for pickup in members.pop("pickups")
    )
    return SftpConnection(
        **{**members, "host_keys": tuple(members["host_keys"]), "pickups": pickups}
    )
