"""The claims of an 837I back to domain members, in wire form: what `build_institutional` writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.claim_details import ClaimNumbers, Diagnosis, Note
from app.domain.encounter import ServiceLine
from app.domain.institutional import (
    DatedCode,
    InstitutionalLine,
    InstitutionalStay,
    Span,
    ValueCode,
)
from app.domain.professional import EpsdtReferral, LineNumbers
from app.x12.claim_parts import (
    CLAIM_NUMBERS,
    DEVICE_EXEMPTION,
    LINE_NUMBERS,
    drug_of,
    numbers_of,
    pricing_of,
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
    codes_of,
    list_of,
)
from app.x12.details_837 import attachment_of, contract_of, days_of
from app.x12.parts_837 import exact, facility_of, named_provider, procedure_of
from edi.guides import x223_institutional as guide
from edi.segments import AMT, CRC, DTP, HealthCode


def claim_members(loop: guide.Claim2300) -> dict[str, Any]:
    """What a 2300 says of its encounter. Raises ValueError for a date that is none."""
    clm = loop.clm
    return {
        "place_of_service": None,
        "diagnoses": _diagnoses(loop, PRINCIPAL) + _diagnoses(loop, OTHER),
        "service_lines": tuple(map(_line, loop.lines)),
        "total_charge": clm.charge,
        "rendering_provider": named_provider(loop.rendering_provider),
        "referring_provider": named_provider(loop.referring_provider),
        "service_facility": facility_of(loop.service_facility),
        "accept_assignment": clm.assignment,
        "benefits_assigned": clm.benefits_assigned,
        "release_of_information": clm.release_of_information,
        "delay_reason": clm.delay_reason,
        "prior_authorization": loop.reference("G1"),
        "referral_number": loop.reference("9F"),
        "claim_frequency_code": clm.facility.frequency,
        "claim_control_number": loop.reference("F8"),
        "auto_accident_state": loop.reference("LU"),
        "claim_note": next((n.text for n in loop.notes if n.qualifier == "ADD"), None),
        "notes": tuple(Note(n.qualifier, n.text) for n in loop.notes if n.qualifier != "ADD"),
        "fixed_format": tuple(k3.text for k3 in loop.fixed_format),
        "numbers": ClaimNumbers(
            **numbers_of(CLAIM_NUMBERS, loop.references),
            investigational_device_exemption=tuple(
                r.value for r in loop.references if r.qualifier == DEVICE_EXEMPTION
            ),
        ),
        "attachments": tuple(map(attachment_of, loop.attachments)),
        "contract": contract_of(loop.contract),
        "repricing": pricing_of(loop.pricing),
        "condition_codes": tuple(c.code for c in _codes(loop, "BG")),
        "epsdt_referral": next(map(_epsdt, loop.conditions), None),
        "institutional": _stay(loop),
    }


def _stay(loop: guide.Claim2300) -> InstitutionalStay:
    statement, admitted, discharged = loop.date("434"), loop.date("435"), loop.date("096")
    if statement is None:
        raise ValueError("the statement dates are missing")
    procedures = _procedures(loop, PROCEDURE)
    first = next((c.qualifier for c in codes_of(loop, PRINCIPAL)), PRINCIPAL[None])
    own_list = list_of(PRINCIPAL, first)
    return InstitutionalStay(
        facility_type=loop.clm.facility.code,
        statement_from=statement.first,
        statement_through=statement.last,
        patient_status=loop.stay.patient_status,
        admission_type=loop.stay.admission_type or "",
        admission_source=loop.stay.admission_source,
        admission_date=admitted.first if admitted else None,
        admission_hour=_hour(admitted),
        discharge_hour=discharged.value if discharged else None,
        admitting_diagnosis=next(iter(_of_list(loop, ADMITTING, own_list)), None),
        reasons_for_visit=_of_list(loop, REASONS, own_list),
        external_causes=_diagnoses(loop, CAUSES),
        drg=next((c.code for c in _codes(loop, "DR")), None),
        principal_procedure=next(iter(procedures), None),
        other_procedures=_procedures(loop, PROCEDURES),
        occurrences=tuple(map(_dated, _codes(loop, "BH"))),
        occurrence_spans=tuple(map(_span, _codes(loop, "BI"))),
        values=tuple(ValueCode(c.code, exact(c.amount)) for c in _codes(loop, "BE")),
        treatment_codes=tuple(c.code for c in _codes(loop, "TC")),
        estimated_amount_due=_amount(loop.amounts, "F3"),
        attending_provider=named_provider(loop.attending_provider),
        operating_physician=named_provider(loop.operating_physician),
        other_operating_physician=named_provider(loop.other_operating_physician),
    )


def _epsdt(crc: CRC) -> EpsdtReferral:
    return EpsdtReferral(crc.applies == "Y", tuple(crc.conditions))


def _hour(admitted: DTP | None) -> str | None:
    return admitted.value[8:] if admitted and admitted.format_qualifier == "DT" else None


# ── HI ─────────────────────────────────────────────────────────────────────


def _codes(loop: guide.Claim2300, *qualifiers: str) -> list[HealthCode]:
    return [c for hi in loop.health_codes for c in hi.codes if c.qualifier in qualifiers]


def _of_list(loop: guide.Claim2300, part: CodeLists, own_list: str | None) -> tuple[str, ...]:
    """Codes that are of the first diagnosis' list. Raises ValueError for one of another: a claim
    has ICD-10 or ICD-9, and to write it again would change the code's list."""
    found = codes_of(loop, part)
    if any(list_of(part, code.qualifier) != own_list for code in found):
        raise ValueError("the claim mixes lists of diagnoses")
    return tuple(code.code for code in found)


def _diagnoses(loop: guide.Claim2300, part: CodeLists) -> tuple[Diagnosis, ...]:
    return tuple(
        Diagnosis(sent.code, sent.present_on_admission, list_of(part, sent.qualifier))
        for sent in codes_of(loop, part)
    )


def _procedures(loop: guide.Claim2300, part: CodeLists) -> tuple[DatedCode, ...]:
    return tuple(
        DatedCode(sent.code, _day(sent.date or ""), list_of(part, sent.qualifier))
        for sent in codes_of(loop, part)
    )


def _dated(sent: HealthCode) -> DatedCode:
    return DatedCode(sent.code, _day(sent.date or ""))


def _span(sent: HealthCode) -> Span:
    first, _, last = (sent.date or "").partition("-")
    return Span(sent.code, _day(first), _day(last))


def _day(text: str) -> date:
    if len(text) != 8:
        raise ValueError("a date of eight digits is expected")
    return date.fromisoformat(text)


# ── 2400 ───────────────────────────────────────────────────────────────────


def _line(loop: guide.ServiceLine2400) -> ServiceLine:
    sv2, (first, last) = loop.sv2, days_of(loop.service_date)
    return ServiceLine(
        line_id=loop.line_control_number or "",
        service_date=first,
        procedure=procedure_of(sv2.procedure) if sv2.procedure else None,
        charge=sv2.charge,
        units=exact(sv2.units),
        unit=sv2.unit or "",
        service_date_end=last,
        drug=drug_of(loop.drug),
        rendering_provider=named_provider(loop.rendering_provider),
        referring_provider=named_provider(loop.referring_provider),
        attachments=tuple(map(attachment_of, loop.attachments)),
        notes=tuple(Note(n.qualifier, n.text) for n in loop.notes),
        numbers=LineNumbers(**numbers_of(LINE_NUMBERS, loop.references)),
        repricing=pricing_of(loop.pricing),
        institutional=InstitutionalLine(
            revenue_code=sv2.revenue_code,
            non_covered_charge=sv2.non_covered,
            service_tax=_amount(loop.amounts, "GT"),
            facility_tax=_amount(loop.amounts, "N8"),
            operating_physician=named_provider(loop.operating_physician),
            other_operating_physician=named_provider(loop.other_operating_physician),
        ),
    )


def _amount(amounts: list[AMT], qualifier: str) -> Decimal | None:
    return next((a.amount for a in amounts if a.qualifier == qualifier), None)
