"""Which members of an encounter each guide has a place for: one table, by kind of claim.

A member that is in no row is carried by all three (837.md sections 4 to 6). Edit ENV07 holds a
claim that tells what its guide has no place for. What every practice system sends whether the guide
has it or not is no fault and stays with us: `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.encounter import ClaimType, Encounter
from app.domain.unsaid import unsaid

_P, _I, _D = ClaimType.PROFESSIONAL, ClaimType.INSTITUTIONAL, ClaimType.DENTAL

# Paths of attributes from the encounter; * is each item of a list.
CARRIED_BY: Mapping[str, tuple[ClaimType, ...]] = {
    "primary_care_provider": (_P, _D),
    "supervising_provider": (_P, _D),
    "patient_signature_source": (_P,),
    "clia_number": (_P,),
    "related_causes": (_P, _D),
    "special_program": (_P, _D),
    "condition_codes": (_P, _I),
    "anesthesia_procedures": (_P,),
    "ambulance": (_P,),
    "ambulance/patient_count": (),  # QTY*PT is of a line
    "spinal_manipulation": (_P,),
    "vision_conditions": (_P,),
    "homebound": (_P,),
    "epsdt_referral": (_P, _I),
    "dates/symptom_date": (_P,),
    "dates/accident_date": (_P, _D),
    "dates/admission_date": (_P,),
    "dates/discharge_date": (_P,),
    "dates/initial_treatment_date": (_P,),
    "dates/last_seen_date": (_P,),
    "dates/acute_manifestation_date": (_P,),
    "dates/last_menstrual_period_date": (_P,),
    "dates/last_x_ray_date": (_P,),
    "dates/hearing_and_vision_prescription_date": (_P,),
    "dates/disability_begin_date": (_P,),
    "dates/disability_end_date": (_P,),
    "dates/last_worked_date": (_P,),
    "dates/authorized_return_to_work_date": (_P,),
    "dates/assumed_care_date": (_P,),
    "dates/relinquished_care_date": (_P,),
    "dates/first_contact_date": (_P,),
    "dates/appliance_placement_date": (_D,),
    "numbers/mandatory_medicare_crossover": (_P,),
    "numbers/mammography_certification": (_P,),
    "numbers/investigational_device_exemption": (_P, _I),
    "numbers/medical_record_number": (_P, _I),
    "numbers/demonstration_project": (_P, _I),
    "numbers/care_plan_oversight": (_P,),
    "numbers/peer_review_authorization": (_I,),
    "numbers/predetermination": (_D,),
    "diagnoses/*/present_on_admission": (_I,),
    "repricing/revenue_code": (_I,),
    "repricing/procedure_qualifier": (),
    "repricing/procedure": (),
    "repricing/unit": (_I,),
    "repricing/quantity": (_I,),
    "service_lines/*/epsdt": (_P,),
    "service_lines/*/family_planning": (_P,),
    "service_lines/*/copay_exempt": (_P,),
    "service_lines/*/emergency": (_P,),
    "service_lines/*/drug": (_P, _I),
    "service_lines/*/device": (_P,),
    "service_lines/*/referring_provider": (_P, _I),
    "service_lines/*/ordering_provider": (_P,),
    "service_lines/*/supervising_provider": (_P, _D),
    "service_lines/*/service_facility": (_P, _D),
    "service_lines/*/attachments": (_P, _I),
    "service_lines/*/note": (_P,),
    "service_lines/*/notes": (_P, _I),
    "service_lines/*/fixed_format": (_P, _D),
    "service_lines/*/contract": (_P, _D),
    "service_lines/*/dates": (_P,),
    "service_lines/*/numbers/prior_authorization": (_P, _D),
    "service_lines/*/numbers/referral_number": (_P, _D),
    "service_lines/*/numbers/clia_number": (_P,),
    "service_lines/*/numbers/referring_clia_number": (_P,),
    "service_lines/*/numbers/mammography_certification": (_P,),
    "service_lines/*/numbers/immunization_batch": (_P,),
    "service_lines/*/numbers/predetermination": (_D,),
    "service_lines/*/repricing/revenue_code": (_I,),
    "service_lines/*/sales_tax": (_P, _D),
    "service_lines/*/postage": (_P,),
    "service_lines/*/obstetric_units": (_P,),
    "service_lines/*/test_results": (_P,),
    "service_lines/*/ambulance": (_P,),
    "service_lines/*/equipment": (_P,),
    "service_lines/*/certificate": (_P,),
    "service_lines/*/hospice_employee": (_P,),
    "service_lines/*/forms": (_P,),
    "service_lines/*/purchased_service": (_P,),
}  # fmt: skip

_ANY = frozenset(("0B", "1G", "G2", "LU"))
_NO_SITE = frozenset(("0B", "1G", "G2"))
_NO_UPIN = frozenset(("0B", "G2", "LU"))
_EVERY = dict.fromkeys(ClaimType, _ANY)

# Which other ids (REF01) each guide lets a provider have; in 837I a bill tells the payer's alone.
OTHER_IDS: Mapping[str, Mapping[ClaimType, frozenset[str]]] = {
    "billing_provider": _EVERY | {_I: frozenset(("G2", "LU"))},
    "rendering_provider": _EVERY,
    "referring_provider": dict.fromkeys(ClaimType, _NO_SITE),
    "primary_care_provider": dict.fromkeys(ClaimType, _NO_SITE),
    "supervising_provider": _EVERY,
    "service_facility": dict.fromkeys(ClaimType, _NO_UPIN),
    "institutional/attending_provider": _EVERY,
    "institutional/operating_physician": _EVERY,
    "institutional/other_operating_physician": _EVERY,
    "dental/assistant_surgeon": _EVERY,
    "service_lines/*/rendering_provider": _EVERY,
    "service_lines/*/referring_provider": dict.fromkeys(ClaimType, _NO_SITE),
    "service_lines/*/ordering_provider": dict.fromkeys(ClaimType, _NO_SITE),
    "service_lines/*/supervising_provider": _EVERY,
    "service_lines/*/service_facility": {_P: frozenset(("G2", "LU")), _I: _NO_UPIN, _D: _NO_UPIN},
    "service_lines/*/institutional/operating_physician": _EVERY,
    "service_lines/*/institutional/other_operating_physician": _EVERY,
    "service_lines/*/dental/assistant_surgeon": _EVERY,
}

# Which providers (NM101) a guide names by another payer's numbers, in its order (2330C to 2330I).
ROLES_AT_PAYER: Mapping[ClaimType, tuple[str, ...]] = {
    _P: ("DN", "P3", "82", "77", "DQ", "85"),
    _I: ("71", "72", "ZZ", "77", "82", "DN", "85"),
    _D: ("DN", "P3", "82", "DQ", "85", "77", "DD"),
}

LEFT_OUT: Mapping[ClaimType, tuple[str, ...]] = {
    _P: (),
    _I: (
        "place_of_service",  # the type of bill says it
        "signature_on_file",
        "patient_paid",  # what is still due is told, as AMT*F3
        "patient/date_of_death",
        "patient/weight",
        "patient/pregnant",
        "coverages/*/insurance_type_code",
        "service_lines/*/diagnosis_pointers",
        "service_lines/*/place_of_service",
    ),
    _D: (),
}


def with_a_place(encounter: Encounter) -> Encounter:
    """The encounter without what its guide has no place for, whether an edit holds that or not."""
    kind = encounter.claim_type
    not_carried = [path for path, kinds in CARRIED_BY.items() if kind not in kinds]
    for path in (*LEFT_OUT[kind], *not_carried):
        encounter = _without(encounter, path.split("/"))
    return encounter


def _without(value: Any, path: list[str]) -> Any:
    if value is None:
        return None
    name, *rest = path
    if name == "*":
        return tuple(_without(item, rest) for item in value)
    member = getattr(value, name)
    absent = _without(member, rest) if rest else unsaid(value.__class__).get(name)
    return value if absent == member else replace(value, **{name: absent})
