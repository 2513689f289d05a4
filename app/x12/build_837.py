"""Domain claims to an 837 of any kind: the loops above the claims, alike in the three guides.

Claims come in wire form and grouped, all of one kind. What is constant here is fixed by the guides;
all else is in the claim or in the partner's profile (domain/837.md section 2). The claims
themselves, 2300 and below, are built by their kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.batch import BatchHeader, OutboundClaim
from app.domain.encounter import SELF, Patient
from app.domain.party import Address, Contact, Provider
from app.x12.charset import transliterate
from app.x12.grouping import PatientGroup, ProviderGroup, SubscriberGroup
from app.x12.kinds import Kind
from app.x12.other_payers import add_other_payers
from app.x12.parts_837 import (
    AT_ANY_PAYER,
    OF_PROVIDERS,
    ORGANIZATION,
    MissingMember,
    contact_lines,
    located,
    other_ids_by,
    person_name,
    present,
    provider_name,
    reference,
    street,
    taxonomy,
    town,
)
from edi.envelope import Transaction
from edi.guides import claim_parties as parties
from edi.segments import BHT, DMG, NM1, PAT, SBR


def transaction_set(
    kind: Kind, header: BatchHeader, groups: Sequence[ProviderGroup], *, reference: str
) -> Transaction:
    """One ST: the claims of one payer."""
    partner = header.partner
    return kind.transaction(
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
        billing_providers=[_billing_provider(kind, group) for group in groups],
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


def _billing_provider(kind: Kind, group: ProviderGroup) -> Any:
    provider = group.billing_provider
    tax_id = reference("EI", provider.employer_id) or reference("SY", provider.ssn)
    return kind.guide.BillingProvider2000A(
        taxonomy=taxonomy("BI", provider),
        billing_provider=kind.guide.BillingProviderName2010AA(
            name=provider_name("85", provider),
            street=street(located(provider)),
            city=town(located(provider)),
            references=[
                *present(tax_id),
                *other_ids_by(provider.other_ids, among=AT_ANY_PAYER),
            ],
            contacts=[contact_lines(provider.contact)] if provider.contact else [],
        ),
        pay_to=_pay_to(kind, provider, group.pay_to_address),
        subscribers=[_subscriber(kind, provider, own) for own in group.subscribers],
    )


def _pay_to(kind: Kind, provider: Provider, address: Address | None) -> Any:
    if address is None:
        return None
    return kind.guide.PayToAddress2010AB(
        name=NM1(entity="87", entity_type="1" if provider.is_person else ORGANIZATION),
        street=street(address),
        city=town(address),
    )


def _subscriber(kind: Kind, provider: Provider, group: SubscriberGroup) -> Any:
    coverage = group.coverage
    return kind.guide.Subscriber2000B(
        sbr=SBR(
            responsibility=coverage.responsibility,
            relationship=SELF if coverage.patient_is_subscriber else None,
            group_number=coverage.group_number,
            group_name=coverage.group_name,
            insurance_type=coverage.insurance_type_code,
            filing_indicator=coverage.claim_filing_code,
        ),
        **_own_facts(group),
        subscriber=_subscriber_name(kind, group),
        payer=kind.guide.PayerName2010BB(
            name=NM1(
                entity="PR",
                entity_type=ORGANIZATION,
                last_name=coverage.payer_name,
                id_qualifier="PI",
                id=coverage.payer_id,
            ),
            references=[
                *other_ids_by(coverage.payer_other_ids),
                *other_ids_by(provider.other_ids, among=OF_PROVIDERS - AT_ANY_PAYER),
            ],
        ),
        claims=[_claim(kind, claim) for claim in group.claims],
        patients=[_patient(kind, patient) for patient in group.patients],
    )


def _subscriber_name(kind: Kind, group: SubscriberGroup) -> Any:
    """Address, birth date and sex stand here only when the subscriber is the patient."""
    person, coverage = group.subscriber, group.coverage
    if person is None:
        raise MissingMember("/coverages/0/subscriber")
    is_patient = coverage.patient_is_subscriber
    casualty = group.patient.casualty_claim_number if group.patient else None
    return kind.guide.SubscriberName2010BA(
        name=person_name("IL", person, member_id=coverage.member_id),
        street=street(person.address) if is_patient and person.address else None,
        city=town(person.address) if is_patient and person.address else None,
        demographics=DMG(format_qualifier="D8", birth_date=person.date_of_birth, sex=person.gender)
        if is_patient and person.date_of_birth
        else None,
        references=present(reference("SY", coverage.subscriber_ssn), reference("Y4", casualty)),
    )


def _own_facts(group: SubscriberGroup) -> dict[str, PAT]:
    """PAT of a subscriber: 837P alone has it, and in wire form no other kind has its facts."""
    facts = _facts(group.patient) if group.patient else {}
    return {"pat": PAT(**facts)} if facts else {}


def _facts(patient: Patient) -> dict[str, Any]:
    """PAT05 to PAT09."""
    facts: dict[str, Any] = {}
    if patient.date_of_death is not None:
        facts |= {"death_format": "D8", "death_date": patient.date_of_death}
    if patient.weight is not None:
        facts |= {"weight_unit": "01", "weight": patient.weight}
    if patient.pregnant:
        facts |= {"pregnant": "Y"}
    return facts


def _patient(kind: Kind, group: PatientGroup) -> Any:
    person = group.patient.person
    if person.address is None or person.date_of_birth is None:
        raise MissingMember("/patient")
    return kind.guide.Patient2000C(
        pat=PAT(relationship=group.relationship, **_facts(group.patient)),
        patient=kind.guide.PatientName2010CA(
            name=person_name("QC", person),
            street=street(person.address),
            city=town(person.address),
            demographics=DMG(
                format_qualifier="D8", birth_date=person.date_of_birth, sex=person.gender
            ),
            references=present(reference("Y4", group.patient.casualty_claim_number)),
        ),
        claims=[_claim(kind, claim) for claim in group.claims],
    )


def _claim(kind: Kind, outbound: OutboundClaim) -> Any:
    """2300 as its kind builds it, and the other payers, alike in every kind."""
    loop = kind.claim_loop(outbound)
    add_other_payers(loop, outbound.claim.encounter, kind.guide)
    return loop
