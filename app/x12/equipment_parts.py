"""Durable medical equipment on a line of an 837P, both ways: its price, its certificate with the
forms and test results that go with it (domain/837.md section 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.procedure import Procedure
from app.domain.professional import (
    EquipmentCertificate,
    EquipmentPrice,
    Form,
    FormAnswer,
    TestResult,
)
from app.x12.parts_837 import yes_no
from edi.guides import x222_professional as guide
from edi.segments import CR3, CRC, FRM, LQ, MEA, PWK, SV5, LineProcedure

_HOSPICE, _EQUIPMENT = "70", "09"  # CRC01
_CERTIFICATE = "CT"  # PWK01
# DTP01 of the dates of an EquipmentCertificate.
CERTIFICATE_DATES = {
    "begin_therapy_date": "463",
    "certification_revision_date": "607",
    "last_certification_date": "461",
}


def equipment(price: EquipmentPrice | None, procedure: Procedure) -> SV5 | None:
    """SV5 repeats the code of SV1 without its modifiers."""
    if price is None:
        return None
    return SV5(
        procedure=LineProcedure(qualifier=procedure.qualifier, code=procedure.code),
        unit="DA",
        days=price.days,
        rental_price=price.rental_price,
        purchase_price=price.purchase_price,
        frequency=price.frequency,
    )


def equipment_of(sv5: SV5 | None) -> EquipmentPrice | None:
    """None also for an SV5 that leaves out what the guide requires; the issue tells."""
    if sv5 is None or sv5.rental_price is None or sv5.purchase_price is None or not sv5.frequency:
        return None
    return EquipmentPrice(sv5.days, sv5.rental_price, sv5.purchase_price, sv5.frequency)


def certificate_papers(c: EquipmentCertificate | None) -> list[PWK]:
    if c is None or c.transmission is None:
        return []
    return [PWK(report=_CERTIFICATE, transmission=c.transmission)]


def certification(c: EquipmentCertificate | None) -> CR3 | None:
    return CR3(type=c.type, unit="MO", duration=c.months) if c else None


def line_conditions(c: EquipmentCertificate | None, hospice_employee: bool | None) -> list[CRC]:
    """CRC*70 and CRC*09."""
    found = []
    if hospice_employee is not None:
        found.append(CRC(category=_HOSPICE, applies=_yes(hospice_employee), conditions=["65"]))
    if c is not None and c.conditions:
        applies = _yes(c.conditions_certified)
        found.append(CRC(category=_EQUIPMENT, applies=applies, conditions=list(c.conditions)))
    return found


def is_certificate(pwk: PWK) -> bool:
    """Whether this attachment is the certificate of equipment rather than another paper."""
    return pwk.report == _CERTIFICATE and pwk.transmission in ("AB", "AD", "AF", "AG", "NS")


def certificate_of(
    loop: guide.ServiceLine2400, dates: dict[str, Any]
) -> EquipmentCertificate | None:
    """The certificate of a line, which its CR3 makes; `dates` are those of its DTP segments."""
    cr3 = loop.dme_certification
    if cr3 is None:
        return None
    crc = next((c for c in loop.conditions if c.category == _EQUIPMENT), None)
    paper = next(filter(is_certificate, loop.attachments), None)
    return EquipmentCertificate(
        type=cr3.type,
        months=cr3.duration,
        transmission=paper.transmission if paper else None,
        conditions=tuple(crc.conditions) if crc else (),
        conditions_certified=crc is None or crc.applies == "Y",
        **dates,
    )


def hospice_employee_of(segments: Iterable[CRC]) -> bool | None:
    return next((c.applies == "Y" for c in segments if c.category == _HOSPICE), None)


# ── Test results and forms ─────────────────────────────────────────────────


def measurements(results: Iterable[TestResult]) -> list[MEA]:
    return [MEA(reference=r.kind, qualifier=r.measure, value=r.value) for r in results]


def results_of(segments: Iterable[MEA]) -> tuple[TestResult, ...]:
    return tuple(TestResult(m.reference, m.qualifier, m.value) for m in segments)


def forms_by(forms: Sequence[Form]) -> list[guide.Form2440]:
    return [
        guide.Form2440(
            lq=LQ(qualifier=form.list_qualifier, code=form.code),
            answers=[
                FRM(question=a.question, answer=a.answer, text=a.text, on=a.on, percent=a.percent)
                for a in form.answers
            ],
        )
        for form in forms
    ]


def forms_of(loops: Iterable[guide.Form2440]) -> tuple[Form, ...]:
    return tuple(
        Form(
            loop.lq.code,
            tuple(FormAnswer(a.question, a.answer, a.text, a.on, a.percent) for a in loop.answers),
            loop.lq.qualifier,
        )
        for loop in loops
    )


def _yes(value: bool) -> str:
    return yes_no(value) or ""
