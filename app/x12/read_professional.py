"""The claims of an 837P back to domain members, in wire form: what `build_professional` writes."""

from __future__ import annotations

from typing import Any

from app.domain.claim_details import ClaimDates, ClaimNumbers
from app.domain.encounter import ServiceLine
from app.domain.money import ZERO
from app.domain.party import Provider
from app.domain.professional import LineDates, LineNumbers, PurchasedService
from app.x12.ambulance_parts import ambulance_of
from app.x12.claim_parts import (
    CLAIM_DATES,
    CLAIM_NUMBERS,
    DEVICE_EXEMPTION,
    LINE_NUMBERS,
    dates_of,
    device_of,
    drug_of,
    note_of,
    notes_of,
    numbers_of,
    pricing_of,
)
from app.x12.code_lists import diagnoses_of
from app.x12.details_837 import attachment_of, causes_of, contract_of
from app.x12.equipment_parts import (
    CERTIFICATE_DATES,
    certificate_of,
    equipment_of,
    forms_of,
    hospice_employee_of,
    is_certificate,
    results_of,
)
from app.x12.parts_837 import (
    address_of,
    contact_of,
    exact,
    facility_of,
    named_provider,
    procedure_of,
    provider_of,
    truth,
)
from app.x12.professional_parts import (
    LINE_DATES,
    disability_of,
    homebound_of,
    manipulation_of,
    quantity_of,
    screening_of,
    vision_of,
)
from edi.guides import x222_professional as guide
from edi.segments import AMT

_SURGERY = frozenset({"BP", "BO"})


def claim_members(loop: guide.Claim2300) -> dict[str, Any]:
    """What a 2300 says of its encounter. Raises ValueError for a DTP whose value is no date."""
    clm = loop.clm
    return {
        "place_of_service": clm.facility.code,
        "diagnoses": diagnoses_of(loop),
        "service_lines": tuple(_line(line) for line in loop.lines),
        "total_charge": clm.charge,
        "rendering_provider": named_provider(loop.rendering_provider),
        "referring_provider": _referring(loop.referring_providers, "DN"),
        "primary_care_provider": _referring(loop.referring_providers, "P3"),
        "supervising_provider": named_provider(loop.supervising_provider),
        "service_facility": facility_of(loop.service_facility),
        "signature_on_file": truth(clm.provider_signature),
        "accept_assignment": clm.assignment,
        "benefits_assigned": clm.benefits_assigned,
        "release_of_information": clm.release_of_information,
        "patient_signature_source": clm.patient_signature_source,
        "patient_paid": _amount(loop.amounts, "F5") or ZERO,
        "prior_authorization": loop.reference("G1"),
        "referral_number": loop.reference("9F"),
        "claim_frequency_code": clm.facility.frequency,
        "claim_control_number": loop.reference("F8"),
        "clia_number": loop.reference("X4"),
        "claim_note": note_of(loop.notes),
        "notes": notes_of(loop.notes),
        "fixed_format": tuple(k3.text for k3 in loop.fixed_format),
        "related_causes": causes_of(clm.related_causes),
        "auto_accident_state": clm.related_causes.state if clm.related_causes else None,
        "special_program": clm.special_program,
        "delay_reason": clm.delay_reason,
        "dates": ClaimDates(**dates_of(CLAIM_DATES, loop.dates), **disability_of(loop)),
        "numbers": ClaimNumbers(
            **numbers_of(CLAIM_NUMBERS, loop.references),
            investigational_device_exemption=tuple(
                ref.value for ref in loop.references if ref.qualifier == DEVICE_EXEMPTION
            ),
        ),
        "attachments": tuple(map(attachment_of, loop.attachments)),
        "contract": contract_of(loop.contract),
        "repricing": pricing_of(loop.pricing),
        "condition_codes": _codes(loop, {"BG"}),
        "anesthesia_procedures": _codes(loop, _SURGERY),
        "ambulance": ambulance_of(loop),
        "spinal_manipulation": manipulation_of(loop.spinal),
        "vision_conditions": vision_of(loop.conditions),
        "homebound": homebound_of(loop.conditions),
        "epsdt_referral": screening_of(loop.conditions),
    }


def _line(loop: guide.ServiceLine2400) -> ServiceLine:
    sv1, when = loop.sv1, loop.service_date
    patients = quantity_of(loop.quantities, "PT")
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
        epsdt=sv1.epsdt == "Y",
        family_planning=sv1.family_planning == "Y",
        copay_exempt=sv1.copay_exempt == "0",
        drug=drug_of(loop.drug),
        device=device_of(loop.drug),
        rendering_provider=named_provider(loop.rendering_provider),
        referring_provider=_referring(loop.referring_providers, "DN"),
        ordering_provider=_ordering(loop.ordering_provider),
        supervising_provider=named_provider(loop.supervising_provider),
        service_facility=facility_of(loop.service_facility),
        attachments=tuple(attachment_of(p) for p in loop.attachments if not is_certificate(p)),
        note=note_of(loop.notes),
        notes=notes_of(loop.notes),
        fixed_format=tuple(k3.text for k3 in loop.fixed_format),
        contract=contract_of(loop.contract),
        dates=LineDates(**dates_of(LINE_DATES, loop.dates)),
        numbers=LineNumbers(**numbers_of(LINE_NUMBERS, loop.references)),
        sales_tax=_amount(loop.amounts, "T"),
        postage=_amount(loop.amounts, "F4"),
        repricing=pricing_of(loop.pricing),
        obstetric_units=quantity_of(loop.quantities, "FL"),
        test_results=results_of(loop.measurements),
        ambulance=ambulance_of(loop, patients=None if patients is None else int(patients)),
        equipment=equipment_of(loop.sv5),
        certificate=certificate_of(loop, dates_of(CERTIFICATE_DATES, loop.dates)),
        hospice_employee=hospice_employee_of(loop.conditions),
        forms=forms_of(loop.forms),
        purchased_service=_purchased(loop),
    )


def _purchased(loop: guide.ServiceLine2400) -> PurchasedService | None:
    ps1, provider = loop.purchased_service, loop.purchased_service_provider
    if ps1 is None:
        return None
    return PurchasedService(
        provider_npi=ps1.provider,
        amount=ps1.amount,
        provider_is_person=provider is not None and provider.name.entity_type == "1",
    )


def _referring(loops: list[Any], entity: str) -> Provider | None:
    return named_provider(next((p for p in loops if p.name.entity == entity), None))


def _ordering(loop: guide.OrderingProvider2420E | None) -> Provider | None:
    if loop is None:
        return None
    return provider_of(
        loop.name,
        address=address_of(loop.street, loop.city),
        contact=contact_of(loop.contact) if loop.contact else None,
        references=loop.references,
    )


def _codes(loop: guide.Claim2300, qualifiers: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(
        code.code for hi in loop.health_codes for code in hi.codes if code.qualifier in qualifiers
    )


def _amount(amounts: list[AMT], qualifier: str) -> Any:
    return next((a.amount for a in amounts if a.qualifier == qualifier), None)
