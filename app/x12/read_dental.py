"""The claims of an 837D back to domain members, in wire form: what `build_dental` writes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.claim_details import ClaimDates, ClaimNumbers, Note
from app.domain.dental import DentalLine, DentalTreatment, Orthodontics, Tooth, ToothStatus
from app.domain.encounter import ServiceLine
from app.domain.money import ZERO
from app.domain.party import Provider
from app.domain.professional import LineNumbers
from app.x12.build_dental import PREDETERMINATION
from app.x12.claim_parts import CLAIM_NUMBERS, LINE_NUMBERS, numbers_of, pricing_of
from app.x12.code_lists import diagnoses_of
from app.x12.details_837 import attachment_of, causes_of, contract_of, days_of
from app.x12.parts_837 import day_of, facility_of, named_provider, procedure_of, truth
from edi.guides import x224_dental as guide
from edi.segments import DN1, DTP, TOO

ONCE = Decimal(1)  # SV306 is left out where the service was done once


def claim_members(loop: guide.Claim2300) -> dict[str, Any]:
    """What a 2300 says of its encounter. Raises ValueError for a DTP whose value is no date."""
    clm = loop.clm
    notes = [n.text for n in loop.notes]
    return {
        "place_of_service": clm.facility.code,
        "diagnoses": diagnoses_of(loop),
        "service_lines": tuple(map(_line, loop.lines)),
        "total_charge": clm.charge,
        "rendering_provider": named_provider(loop.rendering_provider),
        "referring_provider": _referring(loop, "DN"),
        "primary_care_provider": _referring(loop, "P3"),
        "supervising_provider": named_provider(loop.supervising_provider),
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
        "claim_note": next(iter(notes), None),
        "notes": tuple(Note("ADD", text) for text in notes[1:]),
        "fixed_format": tuple(k3.text for k3 in loop.fixed_format),
        "related_causes": causes_of(clm.related_causes),
        "auto_accident_state": clm.related_causes.state if clm.related_causes else None,
        "special_program": clm.special_program,
        "delay_reason": clm.delay_reason,
        "dates": ClaimDates(
            accident_date=day_of(loop.date("439")),
            appliance_placement_date=day_of(loop.date("452")),
        ),
        "numbers": ClaimNumbers(**numbers_of(CLAIM_NUMBERS, loop.references)),
        "attachments": tuple(map(attachment_of, loop.attachments)),
        "contract": contract_of(loop.contract),
        "repricing": pricing_of(loop.pricing),
        "dental": _treatment(loop),
    }


def _treatment(loop: guide.Claim2300) -> DentalTreatment:
    first, last = days_of(loop.date("472"))
    return DentalTreatment(
        predetermination=loop.clm.submission_reason == PREDETERMINATION,
        service_date=first,
        service_date_end=last,
        orthodontics=_orthodontics(loop.orthodontics),
        tooth_statuses=tuple(ToothStatus(dn2.tooth, dn2.status) for dn2 in loop.tooth_statuses),
        assistant_surgeon=named_provider(loop.assistant_surgeon),
    )


def _orthodontics(dn1: DN1 | None) -> Orthodontics | None:
    return Orthodontics(dn1.total_months, dn1.remaining_months, dn1.indicator) if dn1 else None


def _referring(loop: guide.Claim2300, role: str) -> Provider | None:
    found = (p for p in loop.referring_providers if p.name.entity == role)
    return named_provider(next(found, None))


def _line(loop: guide.ServiceLine2400) -> ServiceLine:
    sv3 = loop.sv3
    first, last = days_of(_date(loop, "472"))
    return ServiceLine(
        line_id=loop.line_control_number or "",
        service_date=first,
        service_date_end=last,
        procedure=procedure_of(sv3.procedure),
        charge=sv3.charge,
        units=ONCE if sv3.count is None else sv3.count,
        diagnosis_pointers=tuple(sv3.diagnoses.pointers) if sv3.diagnoses else (),
        place_of_service=sv3.place_of_service,
        rendering_provider=named_provider(loop.rendering_provider),
        supervising_provider=named_provider(loop.supervising_provider),
        service_facility=facility_of(loop.service_facility),
        contract=contract_of(loop.contract),
        fixed_format=tuple(k3.text for k3 in loop.fixed_format),
        numbers=LineNumbers(**numbers_of(LINE_NUMBERS, loop.references)),
        sales_tax=next((a.amount for a in loop.amounts if a.qualifier == "T"), None),
        repricing=pricing_of(loop.pricing),
        dental=_dental_line(loop),
    )


def _dental_line(loop: guide.ServiceLine2400) -> DentalLine:
    cavity, estimated = loop.sv3.oral_cavity, _date(loop, "139")
    return DentalLine(
        oral_cavity=tuple(cavity.areas) if cavity else (),
        prosthesis=loop.sv3.placement,
        teeth=tuple(map(_tooth, loop.teeth)),
        prior_placement_date=day_of(estimated or _date(loop, "441")),
        prior_placement_estimated=estimated is not None,
        appliance_placement_date=day_of(_date(loop, "452")),
        replacement_date=day_of(_date(loop, "446")),
        treatment_start_date=day_of(_date(loop, "196")),
        treatment_completion_date=day_of(_date(loop, "198")),
        assistant_surgeon=named_provider(loop.assistant_surgeon),
    )


def _tooth(too: TOO) -> Tooth:
    return Tooth(too.tooth or "", tuple(too.surfaces.surfaces) if too.surfaces else ())


def _date(loop: guide.ServiceLine2400, qualifier: str) -> DTP | None:
    return next((d for d in loop.dates if d.qualifier == qualifier), None)
