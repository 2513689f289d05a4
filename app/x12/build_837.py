"""Domain claims to an 837P: the loops of guide 005010X222A1 and what stands in them.

Claims come in wire form and grouped. What is constant here is fixed by the guide; all else is in
the claim or in the partner's profile (domain/837.md sections 2 to 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from app.domain.batch import BatchHeader, OutboundClaim
from app.domain.encounter import SELF, Encounter, ServiceLine
from app.domain.party import Address, Contact, Provider
from app.x12.charset import transliterate
from app.x12.grouping import PatientGroup, ProviderGroup, SubscriberGroup
from app.x12.parts_837 import (
    ORGANIZATION,
    contact_lines,
    day,
    line_procedure,
    person_name,
    provider_name,
    reference,
    street,
    taxonomy,
    town,
)
from edi.guides import claim_parties as parties
from edi.guides import x222_professional as guide
from edi.segments import (
    AMT,
    BHT,
    CLM,
    CTP,
    DMG,
    DTP,
    HI,
    LIN,
    LX,
    NM1,
    NTE,
    PAT,
    SBR,
    SV1,
    DiagnosisPointers,
    Facility,
    HealthCode,
    RelatedCauses,
    UnitOfMeasure,
)

T = TypeVar("T")

MOST_DIAGNOSES = 12
PLACE_OF_SERVICE = "B"  # CLM05-2: the code is of the place of service list


def transaction_set(
    header: BatchHeader, groups: Sequence[ProviderGroup], *, reference: str
) -> guide.ProfessionalClaims:
    """One ST: the claims of one payer."""
    partner = header.partner
    return guide.ProfessionalClaims(
        bht=BHT(
            structure="0019",
            purpose="00",
            reference=reference,
            created_on=header.written.date(),
            created_at=header.written.time(),
            type="CH",
        ),
        submitter=parties.Submitter1000A(
            name=_party("41", partner.submitter_name, partner.submitter_identifier),
            contacts=[contact_lines(_spelled(partner.submitter_contact))],
        ),
        receiver=parties.Receiver1000B(
            name=_party("40", partner.receiver_name, partner.receiver_identifier)
        ),
        billing_providers=[_billing_provider(group) for group in groups],
    )


def _party(entity: str, name: str, identifier: str) -> NM1:
    return NM1(
        entity=entity,
        entity_type=ORGANIZATION,
        last_name=transliterate(name),
        id_qualifier="46",
        id=identifier,
    )


def _spelled(contact: Contact) -> Contact:
    return Contact(
        transliterate(contact.name),
        contact.phone_number,
        transliterate(contact.email) if contact.email else None,
    )


# ── 2000A to 2000C ─────────────────────────────────────────────────────────


def _billing_provider(group: ProviderGroup) -> guide.BillingProvider2000A:
    provider = group.billing_provider
    tax_id = reference("EI", provider.employer_id) or reference("SY", provider.ssn)
    return guide.BillingProvider2000A(
        taxonomy=taxonomy("BI", provider),
        billing_provider=guide.BillingProviderName2010AA(
            name=provider_name("85", provider),
            street=street(_located(provider)),
            city=town(_located(provider)),
            references=[tax_id] if tax_id else [],
            contacts=[contact_lines(provider.contact)] if provider.contact else [],
        ),
        pay_to=_pay_to(provider, group.pay_to_address),
        subscribers=[_subscriber(subscriber) for subscriber in group.subscribers],
    )


def _pay_to(provider: Provider, address: Address | None) -> guide.PayToAddress2010AB | None:
    if address is None:
        return None
    return guide.PayToAddress2010AB(
        name=NM1(entity="87", entity_type="1" if provider.is_person else ORGANIZATION),
        street=street(address),
        city=town(address),
    )


def _subscriber(group: SubscriberGroup) -> guide.Subscriber2000B:
    coverage = group.coverage
    return guide.Subscriber2000B(
        sbr=SBR(
            responsibility=coverage.responsibility,
            relationship=SELF if coverage.patient_is_subscriber else None,
            group_number=coverage.group_number,
            group_name=coverage.group_name,
            insurance_type=coverage.insurance_type_code,
            filing_indicator=coverage.claim_filing_code,
        ),
        pat=_death(group),
        subscriber=_subscriber_name(group),
        payer=guide.PayerName2010BB(
            name=NM1(
                entity="PR",
                entity_type=ORGANIZATION,
                last_name=coverage.payer_name,
                id_qualifier="PI",
                id=coverage.payer_id,
            )
        ),
        claims=[_claim(claim) for claim in group.claims],
        patients=[_patient(patient) for patient in group.patients],
    )


def _subscriber_name(group: SubscriberGroup) -> guide.SubscriberName2010BA:
    """Address, birth date and sex stand here only when the subscriber is the patient."""
    person, coverage = group.subscriber, group.coverage
    if person is None:
        raise MissingMember("/coverages/0/subscriber")
    is_patient = coverage.patient_is_subscriber
    ssn = reference("SY", coverage.subscriber_ssn)
    return guide.SubscriberName2010BA(
        name=person_name("IL", person, member_id=coverage.member_id),
        street=street(person.address) if is_patient and person.address else None,
        city=town(person.address) if is_patient and person.address else None,
        demographics=DMG(format_qualifier="D8", birth_date=person.date_of_birth, sex=person.gender)
        if is_patient and person.date_of_birth
        else None,
        references=[ssn] if ssn else [],
    )


def _death(group: SubscriberGroup) -> PAT | None:
    if group.date_of_death is None:
        return None
    return PAT(death_format="D8", death_date=group.date_of_death)


def _patient(group: PatientGroup) -> guide.Patient2000C:
    person, death = group.patient.person, group.patient.date_of_death
    if person.address is None or person.date_of_birth is None:
        raise MissingMember("/patient")
    return guide.Patient2000C(
        pat=PAT(
            relationship=group.relationship,
            death_format="D8" if death else None,
            death_date=death,
        ),
        patient=guide.PatientName2010CA(
            name=person_name("QC", person),
            street=street(person.address),
            city=town(person.address),
            demographics=DMG(
                format_qualifier="D8", birth_date=person.date_of_birth, sex=person.gender
            ),
        ),
        claims=[_claim(claim) for claim in group.claims],
    )


# ── 2300 ───────────────────────────────────────────────────────────────────


def _claim(outbound: OutboundClaim) -> guide.Claim2300:
    e = outbound.claim.encounter
    return guide.Claim2300(
        clm=CLM(
            patient_control_number=outbound.patient_control_number,
            charge=e.total_charge,
            facility=Facility(
                code=e.place_of_service,
                qualifier=PLACE_OF_SERVICE,
                frequency=e.claim_frequency_code,
            ),
            provider_signature=_yes_no(e.signature_on_file),
            assignment=e.accept_assignment,
            benefits_assigned=e.benefits_assigned,
            release_of_information=e.release_of_information,
            related_causes=_related_causes(e),
        ),
        dates=_present(
            day("431", e.dates.symptom_date),
            day("439", e.dates.accident_date),
            day("435", e.dates.admission_date),
            day("096", e.dates.discharge_date),
        ),
        amounts=[AMT(qualifier="F5", amount=e.patient_paid)] if e.patient_paid else [],
        references=_present(
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
            street=street(_located(e.service_facility)),
            city=town(_located(e.service_facility)),
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
        HealthCode(qualifier="ABF" if position else "ABK", code=code)
        for position, code in enumerate(e.diagnoses)
    ]
    return [HI(codes=codes)] if codes else []


# ── 2400 ───────────────────────────────────────────────────────────────────


def _line(number: int, line: ServiceLine) -> guide.ServiceLine2400:
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
        references=_present(reference("6R", line.line_control_number)),
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


# ── Small things ───────────────────────────────────────────────────────────


class MissingMember(Exception):
    """The claim lacks, or has too many of, what the guide asks for: edits should have held it."""

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        super().__init__(f"the guide's demands on {pointer} are not met")


def _located(provider: Provider) -> Address:
    if provider.address is None:
        raise MissingMember("/billingProvider/address")
    return provider.address


def _present(*values: T | None) -> list[T]:
    return [value for value in values if value is not None]


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else ("Y" if value else "N")
