"""Which members of an encounter a guide has no place for: one table, by kind of claim.

The wire form leaves them out, because no segment could carry them. What stands here is known to
stay with us; a member that stands neither here nor in a builder fails the read-back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from typing import Any

from app.domain.encounter import ClaimType, Encounter

# Paths of attributes from the encounter; a path through a list means each of its items.
NO_PLACE: Mapping[ClaimType, tuple[str, ...]] = {
    ClaimType.PROFESSIONAL: ("diagnoses.present_on_admission",),
    ClaimType.INSTITUTIONAL: (
        "place_of_service",
        "primary_care_provider",
        "supervising_provider",
        "signature_on_file",
        "patient_signature_source",
        "patient_paid",  # what is still due is told, as AMT*F3
        "clia_number",
        "related_causes",  # occurrence codes tell of accidents
        "special_program",  # condition codes
        "dates",  # the stay has its own
        "numbers.mandatory_medicare_crossover",
        "numbers.mammography_certification",
        "numbers.care_plan_oversight",
        "numbers.predetermination",
        "anesthesia_procedures",
        "ambulance",
        "spinal_manipulation",
        "vision_conditions",
        "homebound",
        "patient.date_of_death",
        "patient.weight",
        "patient.pregnant",
        "coverages.insurance_type_code",
        "service_lines.diagnosis_pointers",
        "service_lines.place_of_service",
        "service_lines.emergency",
        "service_lines.epsdt",
        "service_lines.family_planning",
        "service_lines.copay_exempt",
        "service_lines.ordering_provider",
        "service_lines.supervising_provider",
        "service_lines.service_facility",
        "service_lines.note",
        "service_lines.fixed_format",
        "service_lines.contract",
        "service_lines.dates",
        "service_lines.numbers",
        "service_lines.sales_tax",
        "service_lines.postage",
        "service_lines.obstetric_units",
        "service_lines.test_results",
        "service_lines.ambulance",
        "service_lines.equipment",
        "service_lines.certificate",
        "service_lines.hospice_employee",
        "service_lines.forms",
        "service_lines.purchased_service",
    ),
    ClaimType.DENTAL: (),
}


def with_a_place(encounter: Encounter) -> Encounter:
    """The encounter without what its guide has no place for."""
    for path in NO_PLACE[encounter.claim_type]:
        encounter = _without(encounter, path.split("."))
    return encounter


def _without(value: Any, path: list[str]) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(_without(item, path) for item in value)
    name, *rest = path
    member = getattr(value, name)
    absent = _without(member, rest) if rest else _members(value.__class__)[name]
    return value if absent == member else replace(value, **{name: absent})


@cache
def _members(owner: Any) -> dict[str, Any]:
    """What each member of a domain value is when nothing is said; None where it must be said."""
    found: dict[str, Any] = {}
    for f in fields(owner):
        if f.default_factory is not MISSING:
            found[f.name] = f.default_factory()
        else:
            found[f.name] = None if f.default is MISSING else f.default
    return found
