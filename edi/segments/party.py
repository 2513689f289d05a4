"""Segments that say who and where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.model import Segment, el, opt


class NM1(Segment):
    """A person or an organisation with an identifier."""

    notes = "P0809"

    entity: str = el(1, 3)
    entity_type: str = el(2, codes="1 2")  # 1 person, 2 organisation
    last_name: str | None = opt(3, 60)  # or the organisation's name
    first_name: str | None = opt(4, 35)
    middle_name: str | None = opt(5, 25)
    prefix: str | None = opt(6, 10)
    suffix: str | None = opt(7, 10)
    id_qualifier: str | None = opt(8, 2)
    id: str | None = opt(9, 80, shortest=2)


class N1(Segment):
    """A party by name and identifier."""

    notes = "P0304"

    entity: str = el(1, 3)
    name: str | None = opt(2, 60)
    id_qualifier: str | None = opt(3, 2)
    id: str | None = opt(4, 80, shortest=2)


class N3(Segment):
    """A street address."""

    line_1: str = el(1, 55)
    line_2: str | None = opt(2, 55)


class N4(Segment):
    """City, state, postal code."""

    notes = "E0207 C0704"

    city: str | None = opt(1, 30, shortest=2)
    state: str | None = opt(2, 2, shortest=2)
    postal_code: str | None = opt(3, 15, shortest=3)
    country: str | None = opt(4, 3, shortest=2)
    subdivision: str | None = opt(7, 3)


class PER(Segment):
    """A contact: a name and up to three ways to reach it."""

    notes = "P0304 P0506 P0708"

    function: str = el(1, 2)
    name: str | None = opt(2, 60)
    qualifier_1: str | None = opt(3, 2)  # TE EM FX EX UR
    number_1: str | None = opt(4, 256)
    qualifier_2: str | None = opt(5, 2)
    number_2: str | None = opt(6, 256)
    qualifier_3: str | None = opt(7, 2)
    number_3: str | None = opt(8, 256)


class PRV(Segment):
    """A provider's taxonomy."""

    role: str = el(1, 3)
    qualifier: str | None = opt(2, 3)
    taxonomy: str | None = opt(3, 50)


class DMG(Segment):
    """Date of birth and sex."""

    notes = "P0102"

    format_qualifier: str = el(1, codes="D8")
    birth_date: date = el(2)
    sex: str | None = opt(3, codes="F M U")


class SBR(Segment):
    """A subscriber's place among the payers (837.md 3)."""

    responsibility: str = el(1, codes="A B C D E F G H P S T U")
    relationship: str | None = opt(2, 2)
    group_number: str | None = opt(3, 50)
    group_name: str | None = opt(4, 60)
    insurance_type: str | None = opt(5, 3)
    filing_indicator: str | None = opt(9, 2)


class PAT(Segment):
    """What is particular to the patient."""

    notes = "P0506 P0708"

    relationship: str | None = opt(1, 2)
    death_format: str | None = opt(5, codes="D8")
    death_date: date | None = opt(6)
    weight_unit: str | None = opt(7, codes="01")
    weight: Decimal | None = opt(8, 10)
    pregnant: str | None = opt(9, codes="Y")


class RDM(Segment):
    """How the remittance was delivered."""

    method: str = el(1, codes="BM EM FT OL")
    name: str | None = opt(2, 60)
    number: str | None = opt(3, 256)
