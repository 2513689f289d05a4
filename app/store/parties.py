"""Payers by their identifiers, and trading partners with the control numbers they give out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.domain.batch import ControlNumbers
from app.domain.encounter import ClaimType
from app.domain.opinion import OpinionPolicy
from app.domain.partner import AnswerKind, PartnerProfile
from app.domain.party import Contact
from app.flows.ports import StoredPayer
from app.store.session import Session
from app.store.tables import payer, payer_identifier, trading_partner

DEFAULT_PARTNER = "default"
_SCHEME = "PI"
_ALWAYS = date(1, 1, 1)


LAST_CONTROL_NUMBER = 999_999_999  # ISA13 has nine digits


class PayerRepository:
    """The `Payers` of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, payer_id: str) -> StoredPayer | None:
        query = (
            select(payer, payer_identifier.c.value)
            .join_from(
                payer_identifier,
                payer,
                (payer.c.tenant_id == payer_identifier.c.tenant_id)
                & (payer.c.id == payer_identifier.c.payer_id),
            )
            .where(
                self._session.owns(payer_identifier),
                payer_identifier.c.scheme == _SCHEME,
                payer_identifier.c.value == payer_id,
                payer_identifier.c.valid_to.is_(None),
            )
        )
        row = self._session.connection.execute(query).one_or_none()
        return None if row is None else StoredPayer(row.id, row.value, row.name, row.served)

    def ensure(self, *, payer_id: str, name: str) -> StoredPayer:
        found = self.find(payer_id)
        if found is None:
            self._session.lock_name("payer", payer_id)
            found = self.find(payer_id) or self._add(payer_id, name)
        return found

    def set_served(self, payer_id: str, *, served: bool) -> None:
        found = self.find(payer_id)
        if found is None:
            raise LookupError("a payer is known by an encounter that names it")
        self._session.connection.execute(
            update(payer)
            .where(self._session.owns(payer), payer.c.id == found.id)
            .values(served=served)
        )

    def _add(self, payer_id: str, name: str) -> StoredPayer:
        id = self._session.new_id()
        row = {"id": id, "name": name, "served": True, "created_at": self._session.clock.now()}
        self._session.insert(payer, [row])
        identifier = {
            "scheme": _SCHEME,
            "value": payer_id,
            "valid_from": _ALWAYS,
            "payer_id": id,
        }
        self._session.insert(payer_identifier, [identifier])
        return StoredPayer(id, payer_id, name, served=True)


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
        row = self._session.connection.execute(self._session.rows(trading_partner, chosen)).one()
        return read_profile(row)

    def get(self, partner_id: UUID) -> PartnerProfile | None:
        row = self._session.connection.execute(
            self._session.rows(trading_partner, trading_partner.c.id == partner_id)
        ).one_or_none()
        return None if row is None else read_profile(row)

    def hold(self, partner_id: UUID) -> PartnerProfile | None:
        query = self._session.rows(trading_partner, trading_partner.c.id == partner_id)
        row = self._session.connection.execute(
            self._session.locked(query, trading_partner)
        ).one_or_none()
        return None if row is None else read_profile(row)

    def all(self) -> list[PartnerProfile]:
        query = self._session.rows(trading_partner).order_by(trading_partner.c.name)
        return [read_profile(row) for row in self._session.connection.execute(query)]

    def change(self, profile: PartnerProfile) -> None:
        self._session.connection.execute(
            update(trading_partner)
            .where(self._session.owns(trading_partner), trading_partner.c.id == profile.id)
            .values(profile=profile_members(profile))
        )

    def take_control_numbers(self, partner_id: UUID) -> ControlNumbers:
        t = trading_partner
        row = self._session.connection.execute(
            update(t)
            .where(self._session.owns(t), t.c.id == partner_id)
            .values(
                interchange_number=t.c.interchange_number + 1, group_number=t.c.group_number + 1
            )
            .returning(t.c.number, t.c.interchange_number, t.c.group_number)
        ).one()
        # The counters go on; ISA13 and GS06 are nine digits and begin again at 1.
        return ControlNumbers(
            interchange=nine_digits(row.interchange_number),
            group=nine_digits(row.group_number),
            batch_reference=batch_reference(row.number, row.interchange_number),
        )


def nine_digits(count: int) -> int:
    """A count as a control number: behind 999999999 comes 1; 0 is none."""
    return (count - 1) % LAST_CONTROL_NUMBER + 1


def batch_reference(partner_number: int, interchange: int) -> str:
    """BHT03, one in the tenant for ever: a 277CA names a batch by it alone."""
    return f"P{partner_number}B{interchange:09d}"


def profile_members(profile: PartnerProfile) -> dict[str, Any]:
    """The profile as JSON, without what has columns of its own."""
    members = asdict(profile)
    return {name: members[name] for name in _MEMBERS}


def read_profile(row: Any) -> PartnerProfile:
    """What an older release kept lacks members; they have their defaults."""
    members = {
        name: _READ[name](kept) if name in _READ else kept for name, kept in row.profile.items()
    }
    return PartnerProfile(id=row.id, name=row.name, live=row.live, **members)


# Members that JSON cannot hold as they are.
_READ: dict[str, Callable[[Any], Any]] = {
    "submitter_contact": lambda kept: Contact(**kept),
    "guides": lambda kept: {ClaimType(kind): guide for kind, guide in kept.items()},
    "second_opinion": OpinionPolicy,
    "answers": lambda kept: tuple(map(AnswerKind, kept)),
    "answers_to": tuple,
}


_MEMBERS = [f.name for f in fields(PartnerProfile) if f.name not in ("id", "name", "live")]
