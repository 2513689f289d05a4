"""The order of claims in an 837: the whole trick is sorting before writing (837.md section 1.4).

A transaction set holds one payer's claims; in it stand billing providers, under each its
subscribers, under a subscriber the patients who are not the subscriber. Whoever comes first in the
batch stands first in the file, so the same claims give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from app.domain.batch import OutboundClaim
from app.domain.encounter import Coverage, Patient
from app.domain.party import Address, Person, Provider

CLAIMS_PER_LEVEL = 100  # CLM under one 2000B or 2000C (guide limit)


@dataclass(slots=True)
class PatientGroup:
    """2000C: one patient who is not the subscriber."""

    relationship: str
    patient: Patient
    claims: list[OutboundClaim] = field(default_factory=list)


@dataclass(slots=True)
class SubscriberGroup:
    """2000B: one subscriber with one payer in one position; either `claims` or `patients`."""

    coverage: Coverage
    subscriber: Person | None  # None: a dependent's claim that names no subscriber
    patient: Patient | None = None  # where the subscriber is the patient
    claims: list[OutboundClaim] = field(default_factory=list)
    patients: list[PatientGroup] = field(default_factory=list)


@dataclass(slots=True)
class ProviderGroup:
    """2000A: one billing provider with its pay-to address."""

    billing_provider: Provider
    pay_to_address: Address | None
    subscribers: list[SubscriberGroup] = field(default_factory=list)


def transaction_sets(
    claims: Iterable[OutboundClaim], *, limit: int
) -> Iterator[list[OutboundClaim]]:
    """Claims of one payer each, at most `limit` of them: a 999 rejects a whole set."""
    by_payer: dict[str | None, list[OutboundClaim]] = {}
    for claim in claims:
        by_payer.setdefault(claim.claim.coverage.payer_id, []).append(claim)
    for of_payer in by_payer.values():
        yield from _chunks(of_payer, limit)


def provider_groups(claims: Iterable[OutboundClaim]) -> list[ProviderGroup]:
    """The hierarchy of one transaction set; claims are in wire form."""
    providers: dict[tuple[Provider, Address | None], ProviderGroup] = {}
    subscribers: dict[object, SubscriberGroup] = {}
    patients: dict[object, PatientGroup] = {}
    for outbound in claims:
        encounter, coverage = outbound.claim.encounter, outbound.claim.coverage
        provider_key = (encounter.billing_provider, encounter.pay_to_address)
        provider = providers.get(provider_key)
        if provider is None:
            provider = providers[provider_key] = ProviderGroup(*provider_key)
        own = coverage.patient_is_subscriber
        patient = encounter.patient
        subscriber_key = (
            provider_key,
            replace(coverage, relationship="", subscriber=None),
            patient if own else coverage.subscriber,
            own,
        )
        subscriber = subscribers.get(subscriber_key)
        if subscriber is None or len(subscriber.claims) == CLAIMS_PER_LEVEL:
            subscriber = subscribers[subscriber_key] = SubscriberGroup(
                coverage,
                patient.person if own else coverage.subscriber,
                patient if own else None,
            )
            provider.subscribers.append(subscriber)
        if own:
            subscriber.claims.append(outbound)
            continue
        patient_key = (subscriber_key, coverage.relationship, patient)
        dependent = patients.get(patient_key)
        if dependent is None or len(dependent.claims) == CLAIMS_PER_LEVEL:
            dependent = patients[patient_key] = PatientGroup(coverage.relationship, patient)
            subscriber.patients.append(dependent)
        dependent.claims.append(outbound)
    return list(providers.values())


def in_file_order(groups: Iterable[ProviderGroup]) -> Iterator[OutboundClaim]:
    """The claims as their CLM segments follow one another."""
    for provider in groups:
        for subscriber in provider.subscribers:
            yield from subscriber.claims
            for patient in subscriber.patients:
                yield from patient.claims


def _chunks(claims: Sequence[OutboundClaim], size: int) -> Iterator[list[OutboundClaim]]:
    rest = iter(claims)
    while chunk := list(islice(rest, size)):
        yield chunk
