"""The claims of an 837D: loops 2300 and 2400 of guide 005010X224A2 from a domain claim in wire form
(domain/837.md section 6).
"""

from __future__ import annotations

from app.domain.batch import OutboundClaim
from app.domain.dental import DentalLine, DentalTreatment, Orthodontics, Tooth, ToothStatus
from app.domain.encounter import Encounter, ServiceLine
from app.x12.claim_parts import CLAIM_NUMBERS, LINE_NUMBERS, numbers_by, pricing_by
from app.x12.code_lists import diagnoses_by
from app.x12.details_837 import (
    attachment,
    contract_terms,
    days,
    facility_loop,
    fixed_format,
    named_loop,
    related_causes,
    specialized_loop,
)
from app.x12.parts_837 import MissingMember, day, line_procedure, present, reference, yes_no
from edi.guides import x224_dental as guide
from edi.segments import (
    AMT,
    CLM,
    DN1,
    DN2,
    LX,
    NTE,
    REF,
    SV3,
    TOO,
    DiagnosisPointers,
    Facility,
    OralCavity,
    ToothSurfaces,
)

MOST_DIAGNOSES = 4
PLACE_OF_SERVICE = "B"  # CLM05-2: the code is of the place of service list
UNIVERSAL_NUMBERING = "JP"  # DN206, TOO01: teeth 1 to 32, A to T and the supernumerary ones
PREDETERMINATION = "PB"  # CLM19


def claim_loop(outbound: OutboundClaim) -> guide.Claim2300:
    """One 2300 with its lines."""
    e = outbound.claim.encounter
    treatment = e.dental or DentalTreatment()
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
            related_causes=related_causes(e.related_causes, e.auto_accident_state),
            special_program=e.special_program,
            submission_reason=PREDETERMINATION if treatment.predetermination else None,
            delay_reason=e.delay_reason,
        ),
        dates=present(
            day("439", e.dates.accident_date),
            day("452", e.dates.appliance_placement_date),
            days("472", treatment.service_date, treatment.service_date_end),
        ),
        orthodontics=_orthodontics(treatment.orthodontics),
        tooth_statuses=list(map(_tooth_status, treatment.tooth_statuses)),
        attachments=list(map(attachment, e.attachments)),
        contract=contract_terms(e.contract),
        amounts=[AMT(qualifier="F5", amount=e.patient_paid)] if e.patient_paid else [],
        references=_references(e),
        fixed_format=fixed_format(e.fixed_format),
        notes=_notes(e),
        health_codes=diagnoses_by(e.diagnoses, most=MOST_DIAGNOSES),
        pricing=pricing_by(e.repricing),
        referring_providers=_referring(e),
        rendering_provider=specialized_loop(
            guide.RenderingProvider2310B, "82", e.rendering_provider, specialty="PE"
        ),
        service_facility=facility_loop(guide.ServiceFacility2310C, e.service_facility),
        assistant_surgeon=specialized_loop(
            guide.AssistantSurgeon2310D, "DD", treatment.assistant_surgeon, specialty="AS"
        ),
        supervising_provider=named_loop(
            guide.SupervisingProvider2310E, "DQ", e.supervising_provider
        ),
        lines=[_line(number, line) for number, line in enumerate(e.service_lines, start=1)],
    )


def _orthodontics(told: Orthodontics | None) -> DN1 | None:
    if told is None:
        return None
    return DN1(
        total_months=told.total_months,
        remaining_months=told.remaining_months,
        indicator=told.indicator,
    )


def _tooth_status(told: ToothStatus) -> DN2:
    return DN2(tooth=told.number, status=told.status, code_list=UNIVERSAL_NUMBERING)


def _references(e: Encounter) -> list[REF]:
    """G3 names the payer's predetermination; it is no prior authorization (G1)."""
    return present(
        *numbers_by(CLAIM_NUMBERS, e.numbers),
        reference("F8", e.claim_control_number),
        reference("9F", e.referral_number),
        reference("G1", e.prior_authorization),
    )


def _notes(e: Encounter) -> list[NTE]:
    """The claim's note first, then its further ones; all are ADD here."""
    first = [NTE(qualifier="ADD", text=e.claim_note)] if e.claim_note else []
    return first + [NTE(qualifier=note.kind, text=note.text) for note in e.notes]


def _referring(e: Encounter) -> list[guide.ReferringProvider2310A]:
    """DN, then P3: the second is there only beside the first."""
    roles = (("DN", e.referring_provider), ("P3", e.primary_care_provider))
    return present(
        *(
            specialized_loop(guide.ReferringProvider2310A, role, provider, specialty="RF")
            for role, provider in roles
        )
    )


# ── Lines ──────────────────────────────────────────────────────────────────


def _line(number: int, line: ServiceLine) -> guide.ServiceLine2400:
    if line.procedure is None:
        raise MissingMember(f"/serviceLines/{number - 1}/procedure")
    told = line.dental or DentalLine()
    return guide.ServiceLine2400(
        lx=LX(number=number),
        sv3=SV3(
            procedure=line_procedure(line.procedure),
            charge=line.charge,
            place_of_service=line.place_of_service,
            oral_cavity=OralCavity(areas=list(told.oral_cavity)) if told.oral_cavity else None,
            placement=told.prosthesis,
            count=line.units,
            diagnoses=DiagnosisPointers(pointers=list(line.diagnosis_pointers))
            if line.diagnosis_pointers
            else None,
        ),
        teeth=list(map(_tooth, told.teeth)),
        dates=present(
            days("472", line.service_date, line.service_date_end),
            day("139" if told.prior_placement_estimated else "441", told.prior_placement_date),
            day("452", told.appliance_placement_date),
            day("446", told.replacement_date),
            day("196", told.treatment_start_date),
            day("198", told.treatment_completion_date),
        ),
        contract=contract_terms(line.contract),
        references=present(
            reference("6R", line.line_control_number), *numbers_by(LINE_NUMBERS, line.numbers)
        ),
        fixed_format=fixed_format(line.fixed_format),
        amounts=[AMT(qualifier="T", amount=line.sales_tax)] if line.sales_tax else [],
        pricing=pricing_by(line.repricing),
        rendering_provider=specialized_loop(
            guide.RenderingProvider2420A, "82", line.rendering_provider, specialty="PE"
        ),
        assistant_surgeon=specialized_loop(
            guide.AssistantSurgeon2420B, "DD", told.assistant_surgeon, specialty="AS"
        ),
        supervising_provider=named_loop(
            guide.SupervisingProvider2420C, "DQ", line.supervising_provider
        ),
        service_facility=facility_loop(guide.ServiceFacility2420D, line.service_facility),
    )


def _tooth(told: Tooth) -> TOO:
    return TOO(
        code_list=UNIVERSAL_NUMBERING,
        tooth=told.number,
        surfaces=ToothSurfaces(surfaces=list(told.surfaces)) if told.surfaces else None,
    )
