"""The other payers of a claim, both ways, for every kind of 837: loops 2320, 2330A, 2330B and 2430
(domain/837.md section 7).

In wire form the first coverage of an encounter is the payer that is asked; the others follow in
the order of responsibility, each as one 2320. A payer that has decided brings AMT*D and what it
adjusted, on the claim or on the lines; a later one stands there for information.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from types import ModuleType
from typing import Any

from app.domain.encounter import SELF, Coverage, Encounter, ServiceLine
from app.domain.other_payer import (
    LineDecision,
    PayerDecision,
    PriorAdjustment,
    ProviderAtPayer,
)
from app.x12.parts_837 import (
    OF_PAYERS,
    ORGANIZATION,
    PERSON,
    MissingMember,
    address_of,
    day,
    day_of,
    exact,
    line_procedure,
    other_ids_by,
    other_ids_of,
    person_name,
    person_of,
    present,
    procedure_of,
    reference,
    street,
    town,
)
from edi.guides.claim_other_payers import LineAdjudication, OtherInsurance
from edi.segments import AMT, CAS, DTP, MIA, MOA, NM1, OI, SBR, SVD, Adjustment

_TRIPLETS = 6  # adjustments in a CAS
# Of 2320 by NM101: the member of the loop, and how the guides name its class.
PROVIDERS_AT_PAYER: Mapping[str, tuple[str, str]] = {
    "71": ("attending_provider", "Attending"),
    "72": ("operating_physician", "Operating"),
    "ZZ": ("other_operating_physician", "OtherOperating"),
    "DN": ("referring_provider", "Referring"),
    "P3": ("referring_provider", "Referring"),
    "82": ("rendering_provider", "Rendering"),
    "77": ("service_facility", "Facility"),
    "DQ": ("supervising_provider", "Supervising"),
    "85": ("billing_provider", "Billing"),
    "DD": ("assistant_surgeon", "AssistantSurgeon"),
}
_INPATIENT = frozenset("1")  # the bill classification of an inpatient stay (837.md section 3)


# ── Writing ────────────────────────────────────────────────────────────────


def add_other_payers(loop: Any, e: Encounter, guide: ModuleType) -> None:
    """Put the 2320s and 2430s of an encounter in wire form into its built 2300."""
    loop.other_insurances = [
        _other_insurance(f"/coverages/{place}", coverage, e, guide)
        for place, coverage in enumerate(e.coverages[1:], start=1)
    ]
    for built, line in zip(loop.lines, e.service_lines, strict=True):
        built.adjudications = [_adjudication(decision, guide) for decision in line.decisions]


def _other_insurance(at: str, c: Coverage, e: Encounter, guide: ModuleType) -> OtherInsurance:
    decision = c.decision
    loop: OtherInsurance = guide.OtherInsurance2320(
        sbr=SBR(
            responsibility=c.responsibility,
            relationship=SELF if c.patient_is_subscriber else c.relationship,
            group_number=c.group_number,
            group_name=c.group_name,
            insurance_type=c.insurance_type_code,
            filing_indicator=c.claim_filing_code,
        ),
        adjustments=_adjustments(decision.adjustments) if decision else [],
        amounts=_amounts(c, e.total_charge),
        oi=OI(
            benefits_assigned=e.benefits_assigned,
            patient_signature_source=e.patient_signature_source,
            release_of_information=e.release_of_information,
        ),
        subscriber=_subscriber(at, c, e, guide),
        payer=guide.OtherPayer2330B(
            name=NM1(
                entity="PR",
                entity_type=ORGANIZATION,
                last_name=c.payer_name,
                id_qualifier="PI",
                id=c.payer_id,
            ),
            adjudicated=day("573", decision.decided_on) if decision else None,
            references=[
                *other_ids_by(c.payer_other_ids),
                *present(
                    reference("G1", c.prior_authorization),
                    reference("9F", c.referral_number),
                    reference("T4", "Y" if decision and decision.decided_again else None),
                    reference("F8", decision.payer_claim_control_number if decision else None),
                ),
            ],
        ),
    )
    for number, provider in enumerate(c.providers):
        _add_provider(f"{at}/providers/{number}", loop, provider, guide)
    if decision is not None and decision.remarks:
        _remark(loop, decision.remarks, inpatient=_is_inpatient(e))
    return loop


def _add_provider(at: str, loop: Any, provider: ProviderAtPayer, guide: ModuleType) -> None:
    """2330C to 2330I: whom the guide lets this payer's numbers name."""
    member, name = PROVIDERS_AT_PAYER[provider.role]
    several = f"{member}s"  # DN and P3 are a list where there may be both
    found = re.compile(rf"OtherPayer{name}2330[C-I]")
    of_guide = next((getattr(guide, n) for n in vars(guide) if found.fullmatch(n)), None)
    if of_guide is None or not (hasattr(loop, member) or hasattr(loop, several)):
        raise MissingMember(f"{at}/role")
    built = of_guide(
        name=NM1(entity=provider.role, entity_type=PERSON if provider.is_person else ORGANIZATION),
        references=other_ids_by(provider.ids),
    )
    if hasattr(loop, several):
        getattr(loop, several).append(built)
    else:
        setattr(loop, member, built)


def _amounts(c: Coverage, charge: Decimal) -> list[AMT]:
    """D, A8 and EAF, which the guide lets stand in this order."""
    told = []
    if c.decision is not None:
        told.append(AMT(qualifier="D", amount=c.decision.paid))
    if c.never_covers:
        told.append(AMT(qualifier="A8", amount=charge))
    if c.decision is not None and c.decision.remaining_patient_liability is not None:
        told.append(AMT(qualifier="EAF", amount=c.decision.remaining_patient_liability))
    return told


def _subscriber(at: str, c: Coverage, e: Encounter, guide: ModuleType) -> Any:
    person = e.patient.person if c.patient_is_subscriber else c.subscriber
    if person is None:
        raise MissingMember(f"{at}/subscriber")
    return guide.OtherSubscriber2330A(
        name=person_name("IL", person, member_id=c.member_id),
        street=street(person.address) if person.address else None,
        city=town(person.address) if person.address else None,
        references=present(reference("SY", c.subscriber_ssn)),
    )


def _remark(loop: Any, remarks: Sequence[str], *, inpatient: bool) -> None:
    """MIA on an inpatient stay, whose covered days are told by value codes; else MOA."""
    if inpatient:
        loop.inpatient = MIA(covered_days=Decimal(0))
        for number, code in enumerate(remarks, start=1):
            setattr(loop.inpatient, f"remark_{number}", code)
    else:
        loop.outpatient = MOA(remarks=list(remarks))


def _is_inpatient(e: Encounter) -> bool:
    return e.institutional is not None and e.institutional.facility_type[-1:] in _INPATIENT


def _adjudication(d: LineDecision, guide: ModuleType) -> LineAdjudication:
    loop: LineAdjudication = guide.LineAdjudication2430(
        svd=SVD(
            payer=d.payer_id,
            paid=d.paid,
            procedure=line_procedure(d.procedure) if d.procedure else None,
            revenue_code=d.revenue_code,
            units=d.units,
            bundled_line=d.bundled_line,
        ),
        adjustments=_adjustments(d.adjustments),
        adjudicated=DTP.on("573", d.decided_on),
        remaining_patient_liability=AMT(qualifier="EAF", amount=d.remaining_patient_liability)
        if d.remaining_patient_liability is not None
        else None,
    )
    return loop


def _adjustments(adjustments: Iterable[PriorAdjustment]) -> list[CAS]:
    """One CAS a group, or several where a group has more than six reasons."""
    segments: list[CAS] = []
    for group, own in groupby(adjustments, key=lambda a: a.group):
        told = [Adjustment(reason=a.reason, amount=a.amount, quantity=a.quantity) for a in own]
        segments += [
            CAS(group=group, adjustments=told[start : start + _TRIPLETS])
            for start in range(0, len(told), _TRIPLETS)
        ]
    return segments


# ── Reading ────────────────────────────────────────────────────────────────


def other_coverages(loop: Any) -> tuple[Coverage, ...]:
    """The coverages behind the 2320s of a 2300, in their order."""
    return tuple(map(_coverage, loop.other_payers))


def with_decisions(line: ServiceLine, loop: Any) -> ServiceLine:
    """The line with what other payers decided on it, from its 2400."""
    decisions = tuple(map(_line_decision, loop.decisions))
    return replace(line, decisions=decisions) if decisions else line


def _coverage(loop: Any) -> Coverage:
    sbr, insured, payer = loop.sbr, loop.subscriber, loop.payer
    relationship = sbr.relationship or ""
    return Coverage(
        responsibility=sbr.responsibility,
        payer_id=payer.name.id,
        payer_name=payer.name.last_name,
        claim_filing_code=sbr.filing_indicator or "",
        member_id=insured.name.id or "",
        relationship=relationship,
        group_number=sbr.group_number,
        group_name=sbr.group_name,
        insurance_type_code=sbr.insurance_type,
        # Whoever is the patient is not named again.
        subscriber=None
        if relationship == SELF
        else person_of(insured.name, address=address_of(insured.street, insured.city)),
        subscriber_ssn=_reference(insured, "SY"),
        prior_authorization=_reference(payer, "G1"),
        referral_number=_reference(payer, "9F"),
        decision=_decision(loop),
        never_covers=loop.amount("A8") is not None,
        payer_other_ids=other_ids_of(payer.references, OF_PAYERS),
        providers=tuple(_providers(loop)),
    )


def _providers(loop: Any) -> Iterator[ProviderAtPayer]:
    """Whom the loops 2330C to 2330I name, in the order of `PROVIDERS_AT_PAYER`."""
    members = dict.fromkeys(member for member, _ in PROVIDERS_AT_PAYER.values())
    found = [
        own
        for member in members
        for own in (*getattr(loop, f"{member}s", ()), getattr(loop, member, None))
        if own is not None
    ]
    for own in found:
        yield ProviderAtPayer(
            own.name.entity, other_ids_of(own.references), own.name.entity_type == PERSON
        )


def _decision(loop: Any) -> PayerDecision | None:
    """None where nothing says that this payer has decided."""
    paid, owed = loop.amount("D"), loop.amount("EAF")
    adjustments = _prior_adjustments(loop.adjustments)
    decided_on = day_of(loop.payer.adjudicated)
    number = _reference(loop.payer, "F8")
    told = [seen for seen in (getattr(loop, "inpatient", None), loop.outpatient) if seen]
    remarks = tuple(code for segment in told for code in segment.remarks)
    if paid is None and owed is None and not (adjustments or decided_on or number or remarks):
        return None
    return PayerDecision(
        paid=exact(paid),
        adjustments=adjustments,
        remaining_patient_liability=owed,
        decided_on=decided_on,
        payer_claim_control_number=number,
        decided_again=_reference(loop.payer, "T4") == "Y",
        remarks=remarks,
    )


def _line_decision(loop: LineAdjudication) -> LineDecision:
    svd, owed = loop.svd, loop.remaining_patient_liability
    return LineDecision(
        payer_id=svd.payer,
        paid=svd.paid,
        units=exact(svd.units),
        decided_on=loop.adjudicated.first,
        procedure=procedure_of(svd.procedure) if svd.procedure else None,
        revenue_code=svd.revenue_code,
        bundled_line=svd.bundled_line,
        adjustments=_prior_adjustments(loop.adjustments),
        remaining_patient_liability=owed.amount if owed else None,
    )


def _prior_adjustments(segments: Iterable[CAS]) -> tuple[PriorAdjustment, ...]:
    return tuple(
        PriorAdjustment(cas.group, a.reason, a.amount, a.quantity)
        for cas in segments
        for a in cas.adjustments
    )


def _reference(loop: Any, qualifier: str) -> str | None:
    return next((r.value for r in loop.references if r.qualifier == qualifier), None)
