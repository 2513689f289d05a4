"""The claims of an 837P: loops 2300 and 2400 of guide 005010X222A1 from a domain claim in wire form
(domain/837.md section 4).
"""

from __future__ import annotations

from app.domain.batch import OutboundClaim
from app.domain.encounter import Encounter, ServiceLine
from app.x12.parts_837 import (
    MissingMember,
    day,
    line_procedure,
    located,
    present,
    provider_name,
    reference,
    street,
    taxonomy,
    town,
    yes_no,
)
from edi.guides import x222_professional as guide
from edi.segments import (
    AMT,
    CLM,
    CTP,
    DTP,
    HI,
    LIN,
    LX,
    NTE,
    SV1,
    DiagnosisPointers,
    Facility,
    HealthCode,
    RelatedCauses,
    UnitOfMeasure,
)

MOST_DIAGNOSES = 12
PLACE_OF_SERVICE = "B"  # CLM05-2: the code is of the place of service list


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
            related_causes=_related_causes(e),
        ),
        dates=present(
            day("431", e.dates.symptom_date),
            day("439", e.dates.accident_date),
            day("435", e.dates.admission_date),
            day("096", e.dates.discharge_date),
        ),
        amounts=[AMT(qualifier="F5", amount=e.patient_paid)] if e.patient_paid else [],
        references=present(
            reference("9F", e.referral_number),
            reference("G1", e.prior_authorization),
            reference("F8", e.claim_control_number),
            reference("X4", e.clia_number),
        ),
        notes=[NTE(qualifier="ADD", text=e.claim_note)] if e.claim_note else [],
        health_codes=_diagnoses(e),
        referring_providers=[
            guide.ReferringProvider2310A(name=provider_name("DN", e.referring_provider))
        ]
        if e.referring_provider
        else [],
        rendering_provider=guide.RenderingProvider2310B(
            name=provider_name("82", e.rendering_provider),
            taxonomy=taxonomy("PE", e.rendering_provider),
        )
        if e.rendering_provider
        else None,
        service_facility=guide.ServiceFacility2310C(
            name=provider_name("77", e.service_facility),
            street=street(located(e.service_facility)),
            city=town(located(e.service_facility)),
        )
        if e.service_facility
        else None,
        lines=[_line(number, line) for number, line in enumerate(e.service_lines, start=1)],
    )


def _related_causes(e: Encounter) -> RelatedCauses | None:
    if not e.related_causes:
        return None
    first, second, third = (*e.related_causes, None, None)[:3]
    return RelatedCauses(
        cause_1=first or "", cause_2=second, cause_3=third, state=e.auto_accident_state
    )


def _diagnoses(e: Encounter) -> list[HI]:
    """ABK first, then ABF, twelve at most in their one HI; a thirteenth is a fault of the edits."""
    if len(e.diagnoses) > MOST_DIAGNOSES:
        raise MissingMember(f"/diagnoses/{MOST_DIAGNOSES}")
    codes = [
        HealthCode(qualifier="ABF" if position else "ABK", code=diagnosis.code)
        for position, diagnosis in enumerate(e.diagnoses)
    ]
    return [HI(codes=codes)] if codes else []


def _line(number: int, line: ServiceLine) -> guide.ServiceLine2400:
    at = f"/serviceLines/{number - 1}"
    if line.procedure is None:
        raise MissingMember(f"{at}/procedure")
    if line.service_date is None:
        raise MissingMember(f"{at}/serviceDate")
    return guide.ServiceLine2400(
        lx=LX(number=number),
        sv1=SV1(
            procedure=line_procedure(line.procedure),
            charge=line.charge,
            unit=line.unit,
            units=line.units,
            place_of_service=line.place_of_service,
            diagnoses=DiagnosisPointers(pointers=list(line.diagnosis_pointers)),
            emergency="Y" if line.emergency else None,
        ),
        service_date=DTP.between("472", line.service_date, line.service_date_end)
        if line.service_date_end
        else DTP.on("472", line.service_date),
        references=present(reference("6R", line.line_control_number)),
        drug=guide.Drug2410(
            lin=LIN(qualifier="N4", code=line.drug.ndc),
            ctp=CTP(quantity=line.drug.quantity, unit=UnitOfMeasure(code=line.drug.unit)),
        )
        if line.drug
        else None,
        rendering_provider=guide.RenderingProvider2420A(
            name=provider_name("82", line.rendering_provider),
            taxonomy=taxonomy("PE", line.rendering_provider),
        )
        if line.rendering_provider
        else None,
    )
