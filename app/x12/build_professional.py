"""The claims of an 837P: loops 2300 and 2400 of guide 005010X222A1 from a domain claim in wire form
(domain/837.md section 4).
"""

from __future__ import annotations

from decimal import Decimal

from app.domain.batch import OutboundClaim
from app.domain.encounter import Encounter, ServiceLine
from app.domain.party import Provider
from app.x12.ambulance_parts import stops, transport, transport_conditions
from app.x12.claim_parts import (
    CLAIM_DATES,
    CLAIM_NUMBERS,
    DEVICE_EXEMPTION,
    LINE_NUMBERS,
    dates_by,
    drug_by,
    notes_by,
    numbers_by,
    pricing_by,
)
from app.x12.code_lists import diagnoses_by
from app.x12.details_837 import (
    attachment,
    contract_terms,
    facility_loop,
    fixed_format,
    named_loop,
    related_causes,
    specialized_loop,
)
from app.x12.equipment_parts import (
    CERTIFICATE_DATES,
    certificate_papers,
    certification,
    equipment,
    forms_by,
    line_conditions,
    measurements,
)
from app.x12.parts_837 import (
    MissingMember,
    contact_lines,
    line_procedure,
    other_ids_by,
    present,
    provider_name,
    reference,
    street,
    town,
    yes_no,
)
from app.x12.professional_parts import LINE_DATES, conditions_by, disability, manipulation
from edi.guides import x222_professional as guide
from edi.segments import (
    AMT,
    CLM,
    DTP,
    HI,
    LX,
    NM1,
    PS1,
    QTY,
    SV1,
    DiagnosisPointers,
    Facility,
    HealthCode,
)

MOST_DIAGNOSES = 12
PLACE_OF_SERVICE = "B"  # CLM05-2: the code is of the place of service list
_CODES_OF_A_HI = 12


def claim_loop(outbound: OutboundClaim) -> guide.Claim2300:
    """One 2300 with its lines."""
    e = outbound.claim.encounter
    return guide.Claim2300(
        clm=CLM(
            patient_control_number=outbound.patient_control_number,
            charge=e.total_charge,
            facility=Facility(
                code=e.place_of_service or "",
                qualifier=PLACE_OF_SERVICE,
                frequency=e.claim_frequency_code,
            ),
            provider_signature=yes_no(e.signature_on_file),
            assignment=e.accept_assignment,
            benefits_assigned=e.benefits_assigned,
            release_of_information=e.release_of_information,
            patient_signature_source=e.patient_signature_source,
            related_causes=related_causes(e.related_causes, e.auto_accident_state),
            special_program=e.special_program,
            delay_reason=e.delay_reason,
        ),
        dates=[*dates_by(CLAIM_DATES, e.dates), *present(disability(e.dates))],
        attachments=[attachment(paper) for paper in e.attachments],
        contract=contract_terms(e.contract),
        amounts=[AMT(qualifier="F5", amount=e.patient_paid)] if e.patient_paid else [],
        references=present(
            reference("9F", e.referral_number),
            reference("G1", e.prior_authorization),
            reference("F8", e.claim_control_number),
            reference("X4", e.clia_number),
            *numbers_by(CLAIM_NUMBERS, e.numbers),
            *(reference(DEVICE_EXEMPTION, n) for n in e.numbers.investigational_device_exemption),
        ),
        fixed_format=fixed_format(e.fixed_format),
        notes=notes_by(e.claim_note, e.notes),
        ambulance=transport("", e.ambulance),
        spinal=manipulation(e.spinal_manipulation),
        conditions=[
            *transport_conditions(e.ambulance),
            *conditions_by(e.vision_conditions, homebound=e.homebound, screening=e.epsdt_referral),
        ],
        health_codes=[
            *diagnoses_by(e.diagnoses, most=MOST_DIAGNOSES),
            *_surgery(e),
            *_condition_codes(e),
        ],
        pricing=pricing_by(e.repricing),
        referring_providers=[
            loop
            for role, provider in (("DN", e.referring_provider), ("P3", e.primary_care_provider))
            if (loop := named_loop(guide.ReferringProvider2310A, role, provider))
        ],
        rendering_provider=specialized_loop(
            guide.RenderingProvider2310B, "82", e.rendering_provider, specialty="PE"
        ),
        service_facility=facility_loop(guide.ServiceFacility2310C, e.service_facility),
        supervising_provider=named_loop(
            guide.SupervisingProvider2310D, "DQ", e.supervising_provider
        ),
        **stops(e.ambulance, guide.AmbulancePickUp2310E, guide.AmbulanceDropOff2310F),
        lines=[_line(number, line) for number, line in enumerate(e.service_lines, start=1)],
    )


# ── HI ─────────────────────────────────────────────────────────────────────


def _surgery(e: Encounter) -> list[HI]:
    """The surgery behind an anesthesia: BP, then BO."""
    codes = [
        HealthCode(qualifier="BO" if position else "BP", code=code)
        for position, code in enumerate(e.anesthesia_procedures)
    ]
    return [HI(codes=codes)] if codes else []


def _condition_codes(e: Encounter) -> list[HI]:
    codes = [HealthCode(qualifier="BG", code=code) for code in e.condition_codes]
    return [
        HI(codes=codes[start : start + _CODES_OF_A_HI])
        for start in range(0, len(codes), _CODES_OF_A_HI)
    ]


# ── Providers ──────────────────────────────────────────────────────────────


def _ordering(provider: Provider | None) -> guide.OrderingProvider2420E | None:
    if provider is None:
        return None
    where = provider.address
    return guide.OrderingProvider2420E(
        name=provider_name("DK", provider),
        references=other_ids_by(provider.other_ids),
        street=street(where) if where else None,
        city=town(where) if where else None,
        contact=contact_lines(provider.contact) if provider.contact else None,
    )


# ── 2400 ───────────────────────────────────────────────────────────────────


def _line(number: int, line: ServiceLine) -> guide.ServiceLine2400:
    at = f"/serviceLines/{number - 1}"
    if line.procedure is None:
        raise MissingMember(f"{at}/procedure")
    if line.service_date is None:
        raise MissingMember(f"{at}/serviceDate")
    ambulance, certificate, bought = line.ambulance, line.certificate, line.purchased_service
    return guide.ServiceLine2400(
        lx=LX(number=number),
        sv1=SV1(
            procedure=line_procedure(line.procedure),
            charge=line.charge,
            unit=line.unit,
            units=line.units,
            place_of_service=line.place_of_service,
            diagnoses=DiagnosisPointers(pointers=list(line.diagnosis_pointers)),
            emergency=_flag(line.emergency),
            epsdt=_flag(line.epsdt),
            family_planning=_flag(line.family_planning),
            copay_exempt="0" if line.copay_exempt else None,
        ),
        sv5=equipment(line.equipment, line.procedure),
        attachments=[*map(attachment, line.attachments), *certificate_papers(certificate)],
        ambulance=transport(at, ambulance),
        dme_certification=certification(certificate),
        conditions=[
            *transport_conditions(ambulance),
            *line_conditions(certificate, line.hospice_employee),
        ],
        service_date=DTP.between("472", line.service_date, line.service_date_end)
        if line.service_date_end
        else DTP.on("472", line.service_date),
        dates=[
            *dates_by(LINE_DATES, line.dates),
            *(dates_by(CERTIFICATE_DATES, certificate) if certificate else []),
        ],
        quantities=_quantities(line),
        measurements=measurements(line.test_results),
        contract=contract_terms(line.contract),
        references=present(
            reference("6R", line.line_control_number), *numbers_by(LINE_NUMBERS, line.numbers)
        ),
        amounts=[
            AMT(qualifier=qualifier, amount=amount)
            for qualifier, amount in (("T", line.sales_tax), ("F4", line.postage))
            if amount is not None
        ],
        fixed_format=fixed_format(line.fixed_format),
        notes=notes_by(line.note, line.notes),
        purchased_service=PS1(provider=bought.provider_npi, amount=bought.amount)
        if bought
        else None,
        pricing=pricing_by(line.repricing),
        drug=drug_by(line.drug or line.device, guide),
        rendering_provider=specialized_loop(
            guide.RenderingProvider2420A, "82", line.rendering_provider, specialty="PE"
        ),
        purchased_service_provider=guide.PurchasedServiceProvider2420B(
            name=NM1(
                entity="QB",
                entity_type="1" if bought.provider_is_person else "2",
                id_qualifier="XX",
                id=bought.provider_npi,
            )
        )
        if bought
        else None,
        service_facility=facility_loop(guide.ServiceFacility2420C, line.service_facility),
        supervising_provider=named_loop(
            guide.SupervisingProvider2420D, "DQ", line.supervising_provider
        ),
        ordering_provider=_ordering(line.ordering_provider),
        referring_providers=present(
            named_loop(guide.ReferringProvider2420F, "DN", line.referring_provider)
        ),
        **stops(ambulance, guide.AmbulancePickUp2420G, guide.AmbulanceDropOff2420H),
        forms=forms_by(line.forms),
    )


def _quantities(line: ServiceLine) -> list[QTY]:
    count = line.ambulance.patient_count if line.ambulance else None
    patients = None if count is None else Decimal(count)
    return [
        QTY(qualifier=qualifier, quantity=quantity)
        for qualifier, quantity in (("PT", patients), ("FL", line.obstetric_units))
        if quantity is not None
    ]


def _flag(value: bool) -> str | None:
    return "Y" if value else None
