"""The claims of an 837I: loops 2300 and 2400 of guide 005010X223A2 from a domain claim in wire form
(domain/837.md section 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.batch import OutboundClaim
from app.domain.claim_details import Diagnosis
from app.domain.encounter import Encounter, ServiceLine
from app.domain.institutional import DatedCode, InstitutionalStay
from app.domain.professional import EpsdtReferral
from app.x12.claim_parts import (
    CLAIM_NUMBERS,
    DEVICE_EXEMPTION,
    LINE_NUMBERS,
    drug_by,
    numbers_by,
    pricing_by,
)
from app.x12.code_lists import (
    ADMITTING,
    CAUSES,
    OTHER,
    PRINCIPAL,
    PROCEDURE,
    PROCEDURES,
    REASONS,
    CodeLists,
    qualifier_of,
)
from app.x12.details_837 import (
    attachment,
    contract_terms,
    days,
    facility_loop,
    fixed_format,
    named_loop,
    specialized_loop,
)
from app.x12.parts_837 import MissingMember, line_procedure, present, reference
from edi.guides import x223_institutional as guide
from edi.segments import (
    AMT,
    CL1,
    CLM,
    CRC,
    DTP,
    HI,
    LX,
    NTE,
    SV2,
    Facility,
    HealthCode,
)

TYPE_OF_BILL = "A"  # CLM05-2: the code is of the uniform bill
CODES_PER_HI = 12
DAYS = "D8"


def claim_loop(outbound: OutboundClaim) -> guide.Claim2300:
    """One 2300 with its lines."""
    e = outbound.claim.encounter
    stay = e.institutional
    if stay is None:
        raise MissingMember("/institutional")
    return guide.Claim2300(
        clm=CLM(
            patient_control_number=outbound.patient_control_number,
            charge=e.total_charge,
            facility=Facility(
                code=stay.facility_type,
                qualifier=TYPE_OF_BILL,
                frequency=e.claim_frequency_code,
            ),
            assignment=e.accept_assignment,
            benefits_assigned=e.benefits_assigned,
            release_of_information=e.release_of_information,
            delay_reason=e.delay_reason,
        ),
        dates=present(
            DTP(qualifier="096", format_qualifier="TM", value=stay.discharge_hour)
            if stay.discharge_hour
            else None,
            DTP.between("434", stay.statement_from, stay.statement_through),
            _admission(stay),
        ),
        stay=CL1(
            admission_type=stay.admission_type,
            admission_source=stay.admission_source,
            patient_status=stay.patient_status,
        ),
        attachments=list(map(attachment, e.attachments)),
        contract=contract_terms(e.contract),
        amounts=[AMT(qualifier="F3", amount=stay.estimated_amount_due)]
        if stay.estimated_amount_due is not None
        else [],
        references=present(
            *numbers_by(CLAIM_NUMBERS, e.numbers),
            reference("9F", e.referral_number),
            reference("G1", e.prior_authorization),
            reference("F8", e.claim_control_number),
            *(
                reference(DEVICE_EXEMPTION, number)
                for number in e.numbers.investigational_device_exemption
            ),
            reference("LU", e.auto_accident_state),
        ),
        fixed_format=fixed_format(e.fixed_format),
        notes=[
            *(NTE(qualifier=note.kind, text=note.text) for note in e.notes),
            *([NTE(qualifier="ADD", text=e.claim_note)] if e.claim_note else []),
        ],
        conditions=[_epsdt(e.epsdt_referral)] if e.epsdt_referral else [],
        health_codes=_health_codes(e, stay),
        pricing=pricing_by(e.repricing),
        attending_provider=specialized_loop(
            guide.AttendingProvider2310A, "71", stay.attending_provider, specialty="AT"
        ),
        operating_physician=named_loop(
            guide.OperatingPhysician2310B, "72", stay.operating_physician
        ),
        other_operating_physician=named_loop(
            guide.OtherOperatingPhysician2310C, "ZZ", stay.other_operating_physician
        ),
        rendering_provider=named_loop(guide.RenderingProvider2310D, "82", e.rendering_provider),
        service_facility=facility_loop(guide.ServiceFacility2310E, e.service_facility),
        referring_provider=named_loop(guide.ReferringProvider2310F, "DN", e.referring_provider),
        lines=[_line(number, line) for number, line in enumerate(e.service_lines, start=1)],
    )


def _admission(stay: InstitutionalStay) -> DTP | None:
    if stay.admission_date is None:
        return None
    if stay.admission_hour is None:
        return DTP.on("435", stay.admission_date)
    moment = f"{stay.admission_date:%Y%m%d}{stay.admission_hour}"
    return DTP(qualifier="435", format_qualifier="DT", value=moment)


def _epsdt(referral: EpsdtReferral) -> CRC:
    conditions = list(referral.conditions)
    return CRC(category="ZZ", applies="Y" if referral.given else "N", conditions=conditions)


# ── HI ─────────────────────────────────────────────────────────────────────


def _health_codes(e: Encounter, stay: InstitutionalStay) -> list[HI]:
    """Every HI in the guide's order; of a kind with more than twelve codes, as many as it takes."""
    first = e.diagnoses[0].code_list if e.diagnoses else None
    at = "/institutional"
    lists = [
        [_diagnosis(PRINCIPAL, d, f"/diagnoses/{n}") for n, d in enumerate(e.diagnoses[:1])],
        [
            HealthCode(qualifier=qualifier_of(ADMITTING, first, at="/diagnoses/0"), code=code)
            for code in present(stay.admitting_diagnosis)
        ],
        [
            HealthCode(qualifier=qualifier_of(REASONS, first, at="/diagnoses/0"), code=code)
            for code in stay.reasons_for_visit
        ],
        [
            _diagnosis(CAUSES, d, f"{at}/externalCauses/{n}")
            for n, d in enumerate(stay.external_causes)
        ],
        [HealthCode(qualifier="DR", code=stay.drg)] if stay.drg else [],
        [_diagnosis(OTHER, d, f"/diagnoses/{n}") for n, d in enumerate(e.diagnoses[1:], 1)],
        [
            _procedure(PROCEDURE, procedure, f"{at}/principalProcedure")
            for procedure in present(stay.principal_procedure)
        ],
        [
            _procedure(PROCEDURES, procedure, f"{at}/otherProcedures/{n}")
            for n, procedure in enumerate(stay.other_procedures)
        ],
        [
            HealthCode(
                qualifier="BI",
                code=span.code,
                format_qualifier="RD8",
                date=f"{_day(span.first)}-{_day(span.last)}",
            )
            for span in stay.occurrence_spans
        ],
        [_dated("BH", occurrence) for occurrence in stay.occurrences],
        [HealthCode(qualifier="BE", code=v.code, amount=v.amount) for v in stay.values],
        [HealthCode(qualifier="BG", code=code) for code in e.condition_codes],
        [HealthCode(qualifier="TC", code=code) for code in stay.treatment_codes],
    ]
    return [HI(codes=list(part)) for codes in lists for part in _in_parts(codes)]


def _diagnosis(part: CodeLists, diagnosis: Diagnosis, at: str) -> HealthCode:
    return HealthCode(
        qualifier=qualifier_of(part, diagnosis.code_list, at=at),
        code=diagnosis.code,
        present_on_admission=diagnosis.present_on_admission,
    )


def _procedure(part: CodeLists, procedure: DatedCode, at: str) -> HealthCode:
    return _dated(qualifier_of(part, procedure.code_list, at=at), procedure)


def _dated(qualifier: str, found: DatedCode) -> HealthCode:
    return HealthCode(
        qualifier=qualifier, code=found.code, format_qualifier=DAYS, date=_day(found.on)
    )


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _in_parts(codes: Sequence[HealthCode]) -> list[Sequence[HealthCode]]:
    return [codes[start : start + CODES_PER_HI] for start in range(0, len(codes), CODES_PER_HI)]


# ── 2400 ───────────────────────────────────────────────────────────────────


def _line(number: int, line: ServiceLine) -> guide.ServiceLine2400:
    own = line.institutional
    if own is None:
        raise MissingMember(f"/serviceLines/{number - 1}/institutional")
    taxes = (("GT", own.service_tax), ("N8", own.facility_tax))
    return guide.ServiceLine2400(
        lx=LX(number=number),
        sv2=SV2(
            revenue_code=own.revenue_code,
            procedure=line_procedure(line.procedure) if line.procedure else None,
            charge=line.charge,
            unit=line.unit,
            units=line.units,
            non_covered=own.non_covered_charge,
        ),
        attachments=list(map(attachment, line.attachments)),
        service_date=days("472", line.service_date, line.service_date_end),
        references=present(
            reference("6R", line.line_control_number), *numbers_by(LINE_NUMBERS, line.numbers)
        ),
        amounts=[AMT(qualifier=q, amount=amount) for q, amount in taxes if amount is not None],
        notes=[NTE(qualifier=note.kind, text=note.text) for note in line.notes],
        pricing=pricing_by(line.repricing),
        drug=drug_by(line.drug, guide),
        operating_physician=named_loop(
            guide.OperatingPhysician2420A, "72", own.operating_physician
        ),
        other_operating_physician=named_loop(
            guide.OtherOperatingPhysician2420B, "ZZ", own.other_operating_physician
        ),
        rendering_provider=named_loop(guide.RenderingProvider2420C, "82", line.rendering_provider),
        referring_provider=named_loop(guide.ReferringProvider2420D, "DN", line.referring_provider),
    )
