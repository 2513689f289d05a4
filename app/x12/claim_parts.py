"""What claims of every kind carry beside their services, both ways: dates and numbers by their
qualifiers, notes, drugs. A table here serves the builder and the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import ModuleType
from typing import Any

from app.domain.claim_details import Note, Repricing
from app.domain.procedure import Device, Drug
from app.x12.parts_837 import day, day_of, present, reference
from edi.segments import CTP, DTP, HCP, LIN, NTE, REF, UnitOfMeasure

NDC = "N4"  # LIN02
PRESCRIPTION, LINK = "XZ", "VY"  # REF01 of 2410
ADDITIONAL = "ADD"  # NTE01 of the claim's or line's own note

# DTP01 of the members of ClaimDates that are one day each; disability is a span of its own.
CLAIM_DATES: Mapping[str, str] = {
    "symptom_date": "431",
    "initial_treatment_date": "454",
    "last_seen_date": "304",
    "acute_manifestation_date": "453",
    "accident_date": "439",
    "last_menstrual_period_date": "484",
    "last_x_ray_date": "455",
    "hearing_and_vision_prescription_date": "471",
    "last_worked_date": "297",
    "authorized_return_to_work_date": "296",
    "admission_date": "435",
    "discharge_date": "096",
    "assumed_care_date": "090",
    "relinquished_care_date": "091",
    "first_contact_date": "444",
    "appliance_placement_date": "452",
}

# REF01 of the members of ClaimNumbers that are one number each.
CLAIM_NUMBERS: Mapping[str, str] = {
    "service_authorization_exception": "4N",
    "mandatory_medicare_crossover": "F5",
    "mammography_certification": "EW",
    "medical_record_number": "EA",
    "demonstration_project": "P4",
    "care_plan_oversight": "1J",
    "peer_review_authorization": "G4",
    "predetermination": "G3",
    "repriced_claim": "9A",
    "adjusted_repriced_claim": "9C",
    "network_trace": "D9",
}
DEVICE_EXEMPTION = "LX"  # of which institutional claims have several

LINE_NUMBERS: Mapping[str, str] = {
    "prior_authorization": "G1",
    "referral_number": "9F",
    "clia_number": "X4",
    "referring_clia_number": "F4",
    "mammography_certification": "EW",
    "immunization_batch": "BT",
    "predetermination": "G3",
    "repriced_line": "9B",
    "adjusted_repriced_line": "9D",
}

# HCP of the members of Repricing, which are named alike but for these.
_PRICING = {
    "patient_group": "ambulatory_group",
    "patient_group_amount": "ambulatory_group_amount",
}


# ── DTP, REF ───────────────────────────────────────────────────────────────


def dates_by(table: Mapping[str, str], dates: Any) -> list[DTP]:
    """A DTP for each day that is told."""
    return present(*(day(code, getattr(dates, name)) for name, code in table.items()))


def dates_of(table: Mapping[str, str], segments: Iterable[DTP]) -> dict[str, Any]:
    """The days by member. Raises ValueError for a DTP whose value is no date."""
    found = {dtp.qualifier: dtp for dtp in segments}
    return {name: day_of(found[code]) for name, code in table.items() if code in found}


def numbers_by(table: Mapping[str, str], numbers: Any) -> list[REF]:
    """A REF for each number that is told."""
    return present(*(reference(code, getattr(numbers, name)) for name, code in table.items()))


def numbers_of(table: Mapping[str, str], segments: Iterable[REF]) -> dict[str, Any]:
    """The numbers by member; those that belong to another payer (REF04) are not ours to read."""
    found = {ref.qualifier: ref.value for ref in segments if ref.owner is None}
    return {name: found[code] for name, code in table.items() if code in found}


# ── HCP ────────────────────────────────────────────────────────────────────


def pricing_by(told: Repricing | None) -> HCP | None:
    if told is None:
        return None
    return HCP(**{_PRICING.get(f.name, f.name): getattr(told, f.name) for f in fields(told)})


def pricing_of(hcp: HCP | None) -> Repricing | None:
    """None also for an HCP that leaves out what the guide requires; the issue tells."""
    if hcp is None or hcp.method is None or hcp.allowed is None:
        return None
    named = {f.name: getattr(hcp, _PRICING.get(f.name, f.name)) for f in fields(Repricing)}
    return Repricing(**named)


# ── NTE ────────────────────────────────────────────────────────────────────


def notes_by(note: str | None, others: Iterable[Note]) -> list[NTE]:
    """NTE*ADD, then those of other kinds."""
    own = [NTE(qualifier=ADDITIONAL, text=note)] if note else []
    return [*own, *(NTE(qualifier=other.kind, text=other.text) for other in others)]


def note_of(segments: Iterable[NTE]) -> str | None:
    return next((nte.text for nte in segments if nte.qualifier == ADDITIONAL), None)


def notes_of(segments: Iterable[NTE]) -> tuple[Note, ...]:
    return tuple(Note(n.qualifier, n.text) for n in segments if n.qualifier != ADDITIONAL)


# ── 2410 ───────────────────────────────────────────────────────────────────


def drug_by(product: Drug | Device | None, guide: ModuleType) -> Any:
    """2410 of 837P and 837I, with the prescription's number or that of a compound's lines."""
    if product is None:
        return None
    told = (NDC, product.ndc) if isinstance(product, Drug) else (product.qualifier, product.code)
    numbers = present(
        reference(PRESCRIPTION, product.prescription_number),
        reference(LINK, product.link_number),
    )
    return guide.Drug2410(
        lin=LIN(qualifier=told[0], code=told[1]),
        ctp=CTP(quantity=product.quantity, unit=UnitOfMeasure(code=product.unit)),
        prescription=numbers[0] if numbers else None,
    )


def drug_of(loop: Any) -> Drug | None:
    """None also where the loop tells a device."""
    if loop is None or loop.lin.qualifier != NDC:
        return None
    return Drug(loop.lin.code, loop.ctp.quantity, loop.ctp.unit.code, **_product_number(loop))


def device_of(loop: Any) -> Device | None:
    """None also where the loop tells a drug, by its NDC."""
    if loop is None or loop.lin.qualifier == NDC:
        return None
    lin, ctp = loop.lin, loop.ctp
    return Device(lin.qualifier, lin.code, ctp.quantity, ctp.unit.code, **_product_number(loop))


def _product_number(loop: Any) -> dict[str, Any]:
    number: REF | None = loop.prescription
    told = {number.qualifier: number.value} if number else {}
    return {"prescription_number": told.get(PRESCRIPTION), "link_number": told.get(LINK)}
