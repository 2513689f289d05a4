"""An 837 of any kind back to domain claims, in wire form: what `build_837` writes, this reads.

What an encounter cannot hold (a foreign file's pay-to plan, its currency ...)
stays in the file and in the edi report; the claims here are what our own builder can have said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import edi
from app.domain.claim import Claim
from app.domain.encounter import SELF, Coverage, Encounter, Patient
from app.domain.party import Provider
from app.x12.kinds import Kind, kind_of
from app.x12.other_payers import other_coverages, with_decisions
from app.x12.parts_837 import (
    OF_PAYERS,
    address_of,
    contact_of,
    other_ids_of,
    person_of,
    provider_of,
)
from edi.guides import claim_parties as parties
from edi.segments import REF

CLAIM = "2300"


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """One claim of an 837 and where it stands; `claim` is None where it could not be read."""

    patient_control_number: str | None  # CLM01
    claim: Claim | None  # in wire form
    transaction_control_number: str  # ST02
    batch_reference: str  # BHT03
    first_segment: int  # of CLM, counted from ST = 1
    last_segment: int
    levels: tuple[int, ...]  # file-wide segment numbers of 2000A, 2000B and 2000C above it
    issues: tuple[edi.Issue, ...]
    segment_number: int  # of CLM in the file
    submitter: parties.Submitter1000A | None = None
    set_key: tuple[str, str, str] = ("", "", "")  # ISA13, GS06, ST02


def read_claims(source: bytes | BinaryIO) -> Iterator[ReadClaim]:
    """The claims of every claim set in the file, one at a time."""
    return (item for item in read_with_issues(source) if isinstance(item, ReadClaim))


def read_with_issues(source: bytes | BinaryIO) -> Iterator[ReadClaim | edi.Issue]:
    """The claims, and between them the issues of everything around them."""
    return _items(edi.read(source))


def examine_written(source: bytes) -> Iterator[ReadClaim | edi.Issue]:
    """As `read_with_issues`, of a file we wrote.

    Sums, check digits and situational rules are looked at too, and what would be a warning in a
    file we received (an NPI that cannot be one, a ZIP code too short) is an error in one of ours.
    """
    return _items(edi.examine(source, side=edi.Side.WRITTEN))


def _items(events: Iterable[edi.Event]) -> Iterator[ReadClaim | edi.Issue]:
    opened: edi.TransactionOpened | None = None
    interchange = group = ""
    for event in events:
        if isinstance(event, edi.InterchangeOpened):
            interchange = event.control_number
        elif isinstance(event, edi.GroupOpened):
            group = event.control_number
        elif isinstance(event, edi.TransactionOpened):
            opened = event
        elif isinstance(event, edi.Unit):
            kind = kind_of(event.transaction)
            if opened is not None and kind is not None and event.loop_id == CLAIM:
                key = (interchange, group, opened.control_number)
                yield _read(event, opened, kind, key)
        elif isinstance(event, edi.TransactionClosed | edi.GroupClosed | edi.InterchangeClosed):
            yield from event.issues


def _read(
    unit: edi.Unit, opened: edi.TransactionOpened, kind: Kind, key: tuple[str, str, str]
) -> ReadClaim:
    first = unit.segment_number - opened.segment_number + 1
    number = unit.opening[1] if len(unit.opening) > 1 else None
    return ReadClaim(
        number if unit.loop is None else unit.loop.clm.patient_control_number,
        _claim_or_none(unit, kind),
        opened.control_number,
        unit.transaction.bht.reference if unit.transaction else "",
        first,
        first + unit.segment_count - 1,
        tuple(parent.at for parent in unit.parents if parent is not None),
        tuple(unit.issues),
        unit.segment_number,
        unit.transaction.submitter if unit.transaction else None,
        key,
    )


def _claim_or_none(unit: edi.Unit, kind: Kind) -> Claim | None:
    """None for a claim that could not be read; its issues say why."""
    if unit.loop is None:
        return None
    try:
        return _claim(unit, kind)
    except ValueError:  # a DTP whose value is no date: the claim has the issue
        return None


def _claim(unit: edi.Unit, kind: Kind) -> Claim:
    billing, subscriber, *below = unit.parents
    assert isinstance(billing, parties.BillingProvider)
    dependent = below[0] if below else None
    coverage = _coverage(subscriber, dependent)
    members = kind.claim_members(unit.loop)
    lines = zip(members.pop("service_lines"), unit.loop.lines, strict=True)
    encounter = Encounter(
        source_system="",
        external_id="",
        claim_type=kind.claim_type,
        patient=_patient(subscriber, dependent),
        coverages=(coverage, *other_coverages(unit.loop)),
        billing_provider=_billing_provider(billing, subscriber),
        pay_to_address=address_of(billing.pay_to.street, billing.pay_to.city)
        if billing.pay_to
        else None,
        service_lines=tuple(with_decisions(line, loop) for line, loop in lines),
        **members,
    )
    return Claim(
        encounter,
        coverage.responsibility,
        encounter.claim_frequency_code,
        encounter.claim_control_number,
    )


# ── Who ────────────────────────────────────────────────────────────────────


def _coverage(level: Any, dependent: Any) -> Coverage:
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
        payer_other_ids=other_ids_of(level.payer.references, OF_PAYERS),
    )


def _patient(level: Any, dependent: Any) -> Patient:
    who = dependent.patient if dependent else level.subscriber
    pat = dependent.pat if dependent else getattr(level, "pat", None)
    born = who.demographics
    person = person_of(
        who.name,
        address=address_of(who.street, who.city),
        born=born.birth_date if born else None,
        sex=born.sex if born else None,
    )
    return Patient(
        None,
        person,
        date_of_death=pat.death_date if pat else None,
        weight=pat.weight if pat else None,
        pregnant=pat is not None and pat.pregnant == "Y",
        casualty_claim_number=_first(who.references, "Y4"),
    )


def _billing_provider(level: parties.BillingProvider, subscriber: Any) -> Provider:
    """The numbers that the payer gave stand in the payer's loop, 2010BB."""
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
        other_ids=other_ids_of([*who.references, *subscriber.payer.references]),
    )


def _first(references: list[REF], qualifier: str) -> str | None:
    return next((r.value for r in references if r.qualifier == qualifier), None)
