"""The small parts of an 837P, both ways: a domain value beside its segment.

Each pair of functions is one statement about the guide; `build_837` and `read_837` use the two
halves of it, so what is written and what is read cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.domain.party import Address, Contact, OtherId, Person, Provider
from app.domain.procedure import Procedure
from edi.guides import claim_parties as parties
from edi.segments import DTP, N3, N4, NM1, PER, PRV, REF, LineProcedure, ReferenceOwner

T = TypeVar("T")

NPI = "XX"
PERSON, ORGANIZATION = "1", "2"  # NM102


# ── NM1 ────────────────────────────────────────────────────────────────────


def person_name(entity: str, person: Person, *, member_id: str | None = None) -> NM1:
    """NM1*IL with the member id, NM1*QC without any."""
    return NM1(
        entity=entity,
        entity_type=PERSON,
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        suffix=person.suffix,
        id_qualifier="MI" if member_id else None,
        id=member_id or None,
    )


def person_of(
    name: NM1,
    *,
    address: Address | None = None,
    born: date | None = None,
    sex: str | None = None,
) -> Person:
    """The person behind NM1*IL or NM1*QC."""
    return Person(
        first_name=name.first_name,
        last_name=name.last_name or "",
        date_of_birth=born,
        gender=sex,
        address=address,
        middle_name=name.middle_name,
        suffix=name.suffix,
    )


def provider_name(entity: str, provider: Provider) -> NM1:
    """A provider in any role, with the NPI where there is one."""
    return NM1(
        entity=entity,
        entity_type=PERSON if provider.is_person else ORGANIZATION,
        last_name=provider.last_name if provider.is_person else provider.organization_name,
        first_name=provider.first_name if provider.is_person else None,
        middle_name=provider.middle_name if provider.is_person else None,
        id_qualifier=NPI if provider.npi else None,
        id=provider.npi or None,
    )


def provider_of(
    name: NM1,
    *,
    taxonomy: PRV | None = None,
    address: Address | None = None,
    contact: Contact | None = None,
    references: Iterable[REF] = (),
) -> Provider:
    """The provider behind an NM1 and, where the loop has them, PRV, address, PER and REFs."""
    person = name.entity_type == PERSON
    return Provider(
        npi=name.id if name.id_qualifier == NPI else None,
        organization_name=None if person else name.last_name,
        first_name=name.first_name if person else None,
        last_name=name.last_name if person else None,
        middle_name=name.middle_name if person else None,
        taxonomy_code=taxonomy.taxonomy if taxonomy else None,
        address=address,
        contact=contact,
        other_ids=other_ids_of(references),
    )


def named_provider(loop: parties.Named | None) -> Provider | None:
    """The provider of a loop with a name, and maybe a taxonomy."""
    told = getattr(loop, "taxonomy", None)
    if loop is None:
        return None
    return provider_of(loop.name, taxonomy=told, references=getattr(loop, "references", ()))


def facility_of(loop: parties.Facility | None) -> Provider | None:
    """The place of a loop with an address."""
    if loop is None:
        return None
    where = address_of(loop.street, loop.city)
    return provider_of(loop.name, address=where, references=loop.references)


def taxonomy(role: str, provider: Provider) -> PRV | None:
    """PRV: BI in 2000A, PE in 2310B and 2420A."""
    if not provider.taxonomy_code:
        return None
    return PRV(role=role, qualifier="PXC", taxonomy=provider.taxonomy_code)


# ── Other ids ──────────────────────────────────────────────────────────────

AT_ANY_PAYER = frozenset(("0B", "1G"))  # licence and UPIN are no payer's
OF_PROVIDERS = AT_ANY_PAYER | {"G2", "LU"}
OF_PAYERS = frozenset(("2U", "EI", "FY", "NF"))


def other_ids_by(ids: Iterable[OtherId], *, among: frozenset[str] | None = None) -> list[REF]:
    """A REF for each; REF04 names the other payer whose number it is."""
    return [
        REF(
            qualifier=other.qualifier,
            value=other.id,
            owner=ReferenceOwner(qualifier="2U", value=other.payer_id) if other.payer_id else None,
        )
        for other in ids
        if among is None or other.qualifier in among
    ]


def other_ids_of(
    references: Iterable[REF], among: frozenset[str] = OF_PROVIDERS
) -> tuple[OtherId, ...]:
    return tuple(
        OtherId(ref.qualifier, ref.value, ref.owner.value if ref.owner else None)
        for ref in references
        if ref.qualifier in among
    )


# ── N3, N4 ─────────────────────────────────────────────────────────────────


def street(address: Address) -> N3:
    return N3(line_1=address.address1, line_2=address.address2)


def town(address: Address) -> N4:
    return N4(
        city=address.city,
        state=address.state or None,
        postal_code=address.postal_code or None,
        country=address.country,
    )


def address_of(street: N3 | None, town: N4 | None) -> Address | None:
    if street is None or town is None:
        return None
    return Address(
        address1=street.line_1,
        city=town.city or "",
        state=town.state or "",
        postal_code=town.postal_code or "",
        address2=street.line_2,
        country=town.country,
    )


# ── PER ────────────────────────────────────────────────────────────────────


def contact_lines(contact: Contact) -> PER:
    """PER*IC: telephone first, then e-mail."""
    ways = [
        way for way in (("TE", contact.phone_number), ("EM", contact.email)) if way[1] is not None
    ]
    first, second = (*ways, (None, None), (None, None))[:2]
    return PER(
        function="IC",
        name=contact.name,
        qualifier_1=first[0],
        number_1=first[1],
        qualifier_2=second[0],
        number_2=second[1],
    )


def contact_of(per: PER) -> Contact:
    ways = {
        per.qualifier_1: per.number_1,
        per.qualifier_2: per.number_2,
        per.qualifier_3: per.number_3,
    }
    return Contact(per.name or "", ways.get("TE"), ways.get("EM"))


# ── REF, DTP, SV101 ────────────────────────────────────────────────────────


def reference(qualifier: str, value: str | None) -> REF | None:
    return REF(qualifier=qualifier, value=value) if value else None


def day(qualifier: str, on: date | None) -> DTP | None:
    return DTP.on(qualifier, on) if on else None


def day_of(dtp: DTP | None) -> date | None:
    return dtp.first if dtp else None


def line_procedure(procedure: Procedure) -> LineProcedure:
    return LineProcedure(
        qualifier=procedure.qualifier,
        code=procedure.code,
        modifiers=list(procedure.modifiers),
        description=procedure.description,
    )


def procedure_of(sent: LineProcedure) -> Procedure:
    return Procedure(
        code=sent.code,
        modifiers=tuple(sent.modifiers),
        description=sent.description,
        qualifier=sent.qualifier,
    )


def exact(value: Decimal | None) -> Decimal:
    """Absent amounts and units are nought."""
    return value if value is not None else Decimal(0)


# ── Small things ───────────────────────────────────────────────────────────


class MissingMember(Exception):
    """The claim lacks, or has too many of, what the guide asks for: edits should have held it."""

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        super().__init__(f"the guide's demands on {pointer} are not met")


def located(provider: Provider) -> Address:
    """The address that this provider must have here."""
    if provider.address is None:
        raise MissingMember("/billingProvider/address")
    return provider.address


def present(*values: T | None) -> list[T]:
    return [value for value in values if value is not None]


def yes_no(value: bool | None) -> str | None:
    return None if value is None else ("Y" if value else "N")


def truth(text: str | None) -> bool | None:
    """Y, N, or not said."""
    return {"Y": True, "N": False}.get(text or "")


def segment_and_element(ref: str) -> tuple[str | None, str | None]:
    """`CLM` and `05-1` of `CLM05-1`, `N4` and `03` of `N403`, `HI` and None of `HI`."""
    named = _REF.fullmatch(ref)
    return (named[1], named[2]) if named else (None, None)


_REF = re.compile(r"([A-Z][A-Z0-9]{1,2}?)(\d{2}(?:-\d+)?)?")
