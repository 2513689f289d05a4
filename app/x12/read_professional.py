"""The claims of an 837P back to domain members, in wire form: what `build_professional` writes."""

from __future__ import annotations

from typing import Any

from app.domain.claim_details import ClaimDates, Diagnosis
from app.domain.encounter import ServiceLine
from app.domain.money import ZERO
from app.domain.procedure import Drug
from app.x12.parts_837 import (
    day_of,
    exact,
    facility_of,
    named_provider,
    procedure_of,
    truth,
)
from edi.guides import x222_professional as guide
from edi.segments import RelatedCauses


def claim_members(loop: guide.Claim2300) -> dict[str, Any]:
    """What a 2300 says of its encounter. Raises ValueError for a DTP whose value is no date."""
    clm = loop.clm
    return {
        "place_of_service": clm.facility.code,
        "diagnoses": tuple(map(Diagnosis, loop.diagnoses)),
        "service_lines": tuple(_line(line) for line in loop.lines),
        "total_charge": clm.charge,
        "rendering_provider": named_provider(loop.rendering_provider),
        "referring_provider": named_provider(next(iter(loop.referring_providers), None)),
        "service_facility": facility_of(loop.service_facility),
        "signature_on_file": truth(clm.provider_signature),
        "accept_assignment": clm.assignment,
        "benefits_assigned": clm.benefits_assigned,
        "release_of_information": clm.release_of_information,
        "patient_paid": next((a.amount for a in loop.amounts if a.qualifier == "F5"), ZERO),
        "prior_authorization": loop.reference("G1"),
        "referral_number": loop.reference("9F"),
        "claim_frequency_code": clm.facility.frequency,
        "claim_control_number": loop.reference("F8"),
        "clia_number": loop.reference("X4"),
        "claim_note": next((n.text for n in loop.notes), None),
        "related_causes": _related_causes(clm.related_causes),
        "auto_accident_state": clm.related_causes.state if clm.related_causes else None,
        "dates": ClaimDates(
            symptom_date=day_of(loop.date("431")),
            accident_date=day_of(loop.date("439")),
            admission_date=day_of(loop.date("435")),
            discharge_date=day_of(loop.date("096")),
        ),
    }


def _line(loop: guide.ServiceLine2400) -> ServiceLine:
    sv1, when = loop.sv1, loop.service_date
    return ServiceLine(
        line_id=loop.line_control_number or "",
        service_date=when.first,
        procedure=procedure_of(sv1.procedure),
        charge=sv1.charge,
        units=exact(sv1.units),
        unit=sv1.unit or "",
        diagnosis_pointers=tuple(sv1.diagnoses.pointers) if sv1.diagnoses else (),
        service_date_end=when.last if when.format_qualifier == "RD8" else None,
        place_of_service=sv1.place_of_service,
        emergency=sv1.emergency == "Y",
        drug=Drug(loop.drug.lin.code, loop.drug.ctp.quantity, loop.drug.ctp.unit.code)
        if loop.drug
        else None,
        rendering_provider=named_provider(loop.rendering_provider),
    )


def _related_causes(causes: RelatedCauses | None) -> tuple[str, ...]:
    if causes is None:
        return ()
    return tuple(c for c in (causes.cause_1, causes.cause_2, causes.cause_3) if c)
