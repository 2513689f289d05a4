"""An 837P back to domain claims, in wire form: what `build_837` writes, this reads.

What an encounter cannot hold (a foreign file's attachments, other payers ...) stays in the file and
in the edi report; the claims here are what our own builder can have said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import edi
from app.domain.claim import Claim
from app.domain.encounter import (
    SELF,
    ClaimDates,
    Coverage,
    Drug,
    Encounter,
    Patient,
    ServiceLine,
)
from app.domain.money import ZERO
from app.domain.party import Provider
from app.x12.parts_837 import (
    address_of,
    contact_of,
    day_of,
    exact,
    person_of,
    procedure_of,
    provider_of,
)
from edi.guides import claim_parties as parties
from edi.guides import x222_professional as guide
from edi.segments import REF, RelatedCauses

_YES_NO = {"Y": True, "N": False}


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """One claim of an 837P and where it stands; `claim` is None where it could not be read."""

    patient_control_number: str | None  # CLM01
    claim: Claim | None  # in wire form
    transaction_control_number: str  # ST02
    batch_reference: str  # BHT03
    first_segment: int  # of CLM, counted from ST = 1
    last_segment: int
    levels: tuple[int, ...]  # file-wide segment numbers of 2000A, 2000B and 2000C above it
    issues: tuple[edi.Issue, ...]


def read_claims(source: bytes | BinaryIO) -> Iterator[ReadClaim]:
    """The claims of every professional claim set in the file, one at a time."""
    return (item for item in read_with_issues(source) if isinstance(item, ReadClaim))


def read_with_issues(source: bytes | BinaryIO) -> Iterator[ReadClaim | edi.Issue]:
    """The claims, and between them the issues of everything around them."""
    opened: edi.TransactionOpened | None = None
    for event in edi.read(source):
        if isinstance(event, edi.TransactionOpened):
            opened = event
        elif isinstance(event, edi.Unit):
            professional = isinstance(event.transaction, guide.ProfessionalClaims)
            if opened is not None and professional and event.loop_id == guide.Claim2300.id:
                yield _read(event, opened)
        elif isinstance(event, edi.TransactionClosed | edi.GroupClosed | edi.InterchangeClosed):
            yield from event.issues


def _read(unit: edi.Unit, opened: edi.TransactionOpened) -> ReadClaim:
    first = unit.segment_number - opened.segment_number + 1
    number = unit.opening[1] if len(unit.opening) > 1 else None
    return ReadClaim(
        number if unit.loop is None else unit.loop.clm.patient_control_number,
        _claim_or_none(unit),
        opened.control_number,
        unit.transaction.bht.reference if unit.transaction else "",
        first,
        first + unit.segment_count - 1,
        tuple(parent.at for parent in unit.parents if parent is not None),
        tuple(unit.issues),
    )


def _claim_or_none(unit: edi.Unit) -> Claim | None:
    """None for a claim that could not be read; its issues say why."""
    if unit.loop is None:
        return None
    try:
        return _claim(unit)
    except ValueError:  # a DTP whose value is no date: the claim has the issue
        return None


def _claim(unit: edi.Unit) -> Claim:
    loop = unit.loop
    billing, subscriber, *below = unit.parents
    assert isinstance(loop, guide.Claim2300)
    assert isinstance(billing, guide.BillingProvider2000A)
    assert isinstance(subscriber, guide.Subscriber2000B)
    dependent = below[0] if below else None
    assert dependent is None or isinstance(dependent, guide.Patient2000C)
    clm = loop.clm
    coverage = _coverage(subscriber, dependent)
    encounter = Encounter(
        source_system="",
        external_id="",
        claim_type="professional",
        patient=_patient(subscriber, dependent),
        coverages=(coverage,),
        billing_provider=_billing_provider(billing),
        place_of_service=clm.facility.code,
        diagnoses=tuple(loop.diagnoses),
        service_lines=tuple(_line(line) for line in loop.lines),
        total_charge=clm.charge,
        rendering_provider=_provider(loop.rendering_provider),
        referring_provider=_provider(next(iter(loop.referring_providers), None)),
        service_facility=_facility(loop.service_facility),
        pay_to_address=address_of(billing.pay_to.street, billing.pay_to.city)
        if billing.pay_to
        else None,
        signature_on_file=_YES_NO.get(clm.provider_signature or ""),
        accept_assignment=clm.assignment,
        benefits_assigned=clm.benefits_assigned,
        release_of_information=clm.release_of_information,
        patient_paid=next((a.amount for a in loop.amounts if a.qualifier == "F5"), ZERO),
        prior_authorization=loop.reference("G1"),
        referral_number=loop.reference("9F"),
        claim_frequency_code=clm.facility.frequency,
        claim_control_number=loop.reference("F8"),
        clia_number=loop.reference("X4"),
        claim_note=next((n.text for n in loop.notes), None),
        related_causes=_related_causes(clm.related_causes),
        auto_accident_state=clm.related_causes.state if clm.related_causes else None,
        dates=ClaimDates(
            symptom_date=day_of(loop.date("431")),
            accident_date=day_of(loop.date("439")),
            admission_date=day_of(loop.date("435")),
            discharge_date=day_of(loop.date("096")),
        ),
    )
    return Claim(
        encounter,
        coverage.responsibility,
        encounter.claim_frequency_code,
        encounter.claim_control_number,
    )


# ── Who ────────────────────────────────────────────────────────────────────


def _coverage(level: guide.Subscriber2000B, dependent: guide.Patient2000C | None) -> Coverage:
    sbr, name, payer = level.sbr, level.subscriber.name, level.payer.name
    return Coverage(
        responsibility=sbr.responsibility,
        payer_id=payer.id,
        payer_name=payer.last_name,
        claim_filing_code=sbr.filing_indicator or "",
        member_id=name.id or "",
        relationship=(dependent.pat.relationship or "") if dependent else SELF,
        group_number=sbr.group_number,
        group_name=sbr.group_name,
        insurance_type_code=sbr.insurance_type,
        subscriber=person_of(name) if dependent else None,
        subscriber_ssn=_first(level.subscriber.references, "SY"),
    )


def _patient(level: guide.Subscriber2000B, dependent: guide.Patient2000C | None) -> Patient:
    who = dependent.patient if dependent else level.subscriber
    pat = dependent.pat if dependent else level.pat
    born = who.demographics
    person = person_of(
        who.name,
        address=address_of(who.street, who.city),
        born=born.birth_date if born else None,
        sex=born.sex if born else None,
    )
    return Patient(None, person, pat.death_date if pat else None)


def _billing_provider(level: guide.BillingProvider2000A) -> Provider:
    who = level.billing_provider
    named = provider_of(who.name, taxonomy=level.taxonomy, address=address_of(who.street, who.city))
    return Provider(
        npi=named.npi,
        organization_name=named.organization_name,
        first_name=named.first_name,
        last_name=named.last_name,
        middle_name=named.middle_name,
        taxonomy_code=named.taxonomy_code,
        employer_id=_first(who.references, "EI"),
        ssn=_first(who.references, "SY"),
        address=named.address,
        contact=contact_of(who.contacts[0]) if who.contacts else None,
    )


def _provider(loop: parties.Named | None) -> Provider | None:
    taxonomy = loop.taxonomy if isinstance(loop, parties.SpecializedProvider) else None
    return provider_of(loop.name, taxonomy=taxonomy) if loop else None


def _facility(loop: parties.Facility | None) -> Provider | None:
    return provider_of(loop.name, address=address_of(loop.street, loop.city)) if loop else None


# ── What ───────────────────────────────────────────────────────────────────


def _line(loop: guide.ServiceLine2400) -> ServiceLine:
    sv1, when = loop.sv1, loop.service_date
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
        drug=Drug(loop.drug.lin.code, loop.drug.ctp.quantity, loop.drug.ctp.unit.code)
        if loop.drug
        else None,
        rendering_provider=_provider(loop.rendering_provider),
    )


def _related_causes(causes: RelatedCauses | None) -> tuple[str, ...]:
    if causes is None:
        return ()
    return tuple(c for c in (causes.cause_1, causes.cause_2, causes.cause_3) if c)


def _first(references: list[REF], qualifier: str) -> str | None:
    return next((r.value for r in references if r.qualifier == qualifier), None)
