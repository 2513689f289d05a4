"""What of a claim travels in an 837P, and how it is spelled there.

`wire_form` gives the claim reduced to what one payer is told: its coverage first, no ids of the
source system, nothing said twice. The builder writes exactly this and the reader of our own bytes
gives exactly this back, so that "read back and compared" is one `==` on domain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any
from uuid import UUID

from app.domain.batch import OutboundClaim
from app.domain.claim import Claim
from app.domain.encounter import SELF, Coverage, Encounter, Patient, ServiceLine
from app.domain.finding import Finding, Severity
from app.domain.guide_places import with_a_place
from app.domain.institutional import InstitutionalStay
from app.domain.money import ZERO
from app.domain.partner import PartnerProfile
from app.domain.party import Contact, Provider
from app.x12.charset import is_carried, transliterate
from app.x12.details_837 import individual
from app.x12.kinds import KINDS
from app.x12.other_payers_told import decisions_told, in_order
from app.x12.parts_837 import AT_ANY_PAYER

CHARSET_EDIT = "ENV04"
_MEDICARE = frozenset({"MA", "MB", "16"})  # takes no social security numbers (837.md section 2)


@dataclass(frozen=True, slots=True)
class RefusedClaim:
    """A claim that stays out of the batch while the others go, and why."""

    submission_id: UUID
    findings: tuple[Finding, ...]


def wire_form(outbound: OutboundClaim, *, partner: PartnerProfile) -> OutboundClaim | RefusedClaim:
    """The claim as this partner is sent it, or ENV04 findings for what cannot be spelled."""
    spelling = _Spelling(delimiters_of(partner))
    claim = outbound.claim
    places = in_order(claim.coverage, claim.encounter.coverages)
    moved = {f"/coverages/{now}": f"/coverages/{was}" for now, was in enumerate(places)}
    encounter = spelling.of(_for_others(claim.encounter, places), moved)
    if spelling.findings:
        return RefusedClaim(outbound.submission_id, tuple(spelling.findings))
    contact = spelling.of(partner.submitter_contact, {})
    return replace(outbound, claim=_reduced(claim, encounter, contact))


def delimiters_of(partner: PartnerProfile) -> frozenset[str]:
    """The four characters that this partner's data may not hold."""
    return frozenset(
        partner.element_separator
        + partner.component_separator
        + partner.repetition_separator
        + partner.segment_terminator
    )


# ── Saying nothing twice ───────────────────────────────────────────────────


def _for_others(e: Encounter, coverages: Sequence[int]) -> Encounter:
    """Without the ids of the source system; the payer that is asked stands first."""
    return replace(
        e,
        coverages=tuple(e.coverages[place] for place in coverages),
        source_system="",
        external_id="",
        patient=replace(e.patient, external_id=None),
    )


def _reduced(claim: Claim, e: Encounter, submitter_contact: Contact) -> Claim:
    billing = _billing_provider(e.billing_provider, submitter_contact)
    rendering = individual(e.rendering_provider, taxonomy=True)
    if rendering is not None and _is_known(rendering, billing):
        rendering = None  # 2310B only where it differs from the billing provider
    # Whatever is not named here travels as it stands, so that a new member cannot be forgotten:
    # a builder that does not write it fails the comparison of what was read back.
    asked, *others = e.coverages
    told = decisions_told(
        replace(e, coverages=(_coverage(asked), *(_other_coverage(c) for c in others)))
    )
    encounter = replace(
        told,
        patient=_patient(e),
        billing_provider=billing,
        service_lines=tuple(_line(line, e, rendering) for line in told.service_lines),
        rendering_provider=rendering,
        referring_provider=individual(e.referring_provider, taxonomy=False),
        primary_care_provider=individual(e.primary_care_provider, taxonomy=False),
        supervising_provider=individual(e.supervising_provider, taxonomy=False),
        service_facility=_facility(e.service_facility, e),
        pay_to_address=None if e.pay_to_address == billing.address else e.pay_to_address,
        patient_paid=e.patient_paid if e.patient_paid > 0 else ZERO,
        claim_frequency_code=str(claim.frequency),
        claim_control_number=claim.payer_claim_control_number or e.claim_control_number,
    )
    encounter = KINDS[e.claim_type].wire_members(e, with_a_place(encounter))
    return Claim(
        encounter=encounter,
        responsibility=claim.responsibility,
        frequency=encounter.claim_frequency_code,
        payer_claim_control_number=encounter.claim_control_number,
    )


def _patient(e: Encounter) -> Patient:
    """Death, weight and pregnancy have a place in the professional guide alone."""
    if KINDS[e.claim_type].tells_of_the_patient:
        return e.patient
    return replace(e.patient, date_of_death=None, weight=None, pregnant=False)


def _coverage(c: Coverage) -> Coverage:
    """837.md section 2: a subscriber who is not the patient travels with name and id alone."""
    other = _other_coverage(c)
    named = replace(other.subscriber, address=None) if other.subscriber else None
    return replace(
        other, subscriber=named, prior_authorization=None, referral_number=None, providers=()
    )


def _other_coverage(c: Coverage) -> Coverage:
    """2330A has the subscriber's address too (837.md section 7)."""
    subscriber = c.subscriber
    patient_alone = c.patient_has_own_id and c.relationship != SELF  # the number is someone else's
    if c.patient_is_subscriber or subscriber is None:
        named = None
    else:
        named = replace(subscriber, date_of_birth=None, gender=None)
    return replace(
        c,
        relationship=SELF if c.patient_is_subscriber else c.relationship,
        patient_has_own_id=False,
        group_name=None if c.group_number else c.group_name,  # SBR04 only where 03 is absent
        subscriber=named,
        subscriber_ssn=None
        if patient_alone or c.claim_filing_code in _MEDICARE
        else c.subscriber_ssn,
    )


def _billing_provider(p: Provider, submitter_contact: Contact) -> Provider:
    """REF*SY is for people without an employer's number; PER only where it is not the submitter."""
    return replace(
        p,
        ssn=None if p.employer_id else p.ssn,
        contact=None if p.contact == submitter_contact else p.contact,
        other_ids=tuple(sorted(p.other_ids, key=lambda own: own.qualifier not in AT_ANY_PAYER)),
    )


def _facility(facility: Provider | None, e: Encounter) -> Provider | None:
    """2310C where the place is not the billing provider's own; its NPI only if it is another's."""
    billing = e.billing_provider
    if facility is None or facility.address == billing.address:
        return None
    return Provider(
        npi=None if facility.npi == billing.npi else facility.npi,
        organization_name=facility.organization_name or facility.last_name,
        address=facility.address,
        other_ids=facility.other_ids,
    )


def _is_known(p: Provider, other: Provider) -> bool:
    """Who has no NPI is known by the other ids."""
    return p.npi == other.npi and (p.npi is not None or p.other_ids == other.other_ids)


def _line(line: ServiceLine, e: Encounter, claim_rendering: Provider | None) -> ServiceLine:
    rendering = individual(line.rendering_provider, taxonomy=True)
    rendering_of_claim = claim_rendering or e.billing_provider
    if rendering is not None and _is_known(rendering, rendering_of_claim):
        rendering = None
    return replace(
        line,
        service_date_end=None
        if line.service_date_end == line.service_date
        else line.service_date_end,
        place_of_service=None
        if line.place_of_service == e.place_of_service
        else line.place_of_service,
        rendering_provider=rendering,
        referring_provider=individual(line.referring_provider, taxonomy=False),
        supervising_provider=individual(line.supervising_provider, taxonomy=False),
        service_facility=_facility(line.service_facility, e),
    )


# ── Spelling ───────────────────────────────────────────────────────────────

# Where a member's JSON name is not its own in camelCase (design/encounter.json, api.md 2.3).
_JSON_NAMES = {
    (Coverage, "subscriber_ssn"): "subscriber/ssn",
    (Encounter, "auto_accident_state"): "autoAccidentStateCode",
    (Encounter, "related_causes"): "relatedCausesCode",
    (Encounter, "special_program"): "specialProgramCode",
    (Encounter, "delay_reason"): "delayReasonCode",
    (Encounter, "dates"): "claimDateInformation",
    (InstitutionalStay, "facility_type"): "typeOfBill",
}
_INLINE = frozenset({"person"})  # a person's members stand directly in the patient


class _Spelling:
    """Walks domain values, spells every text in them, and notes what cannot be spelled."""

    def __init__(self, delimiters: frozenset[str]) -> None:
        self._delimiters = delimiters
        self.findings: list[Finding] = []

    def of(self, value: Any, moved: dict[str, str], pointer: str = "") -> Any:
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value, pointer)
        if isinstance(value, tuple):
            return tuple(
                self.of(item, moved, _item(pointer, i, moved)) for i, item in enumerate(value)
            )
        if is_dataclass(value) and not isinstance(value, type):
            changes = {}
            for f in fields(value):
                member = self.of(
                    getattr(value, f.name), moved, _member(pointer, type(value), f.name)
                )
                # Blanks alone say nothing. Where a text is required, writing refuses an empty one.
                changes[f.name] = None if member == "" and "None" in str(f.type) else member
            return replace(value, **changes)
        return value

    def _text(self, text: str, pointer: str) -> str:
        plain = transliterate(text)
        if not is_carried(plain, delimiters=self._delimiters):
            self.findings.append(_not_carried(pointer))
        return plain


def _item(pointer: str, position: int, moved: dict[str, str]) -> str:
    item = f"{pointer}/{position}"
    return moved.get(item, item)


def _member(pointer: str, owner: type, name: str) -> str:
    if name in _INLINE:
        return pointer
    head, *rest = name.split("_")
    return (
        f"{pointer}/{_JSON_NAMES.get((owner, name)) or head + ''.join(map(str.capitalize, rest))}"
    )


def _not_carried(pointer: str) -> Finding:
    return Finding(
        rule_id=CHARSET_EDIT,
        severity=Severity.ERROR,
        snip_type=1,
        pointer=pointer,
        message="This text holds a character that the trading partner's files cannot carry.",
        fix="Spell it with plain letters, digits and signs, and without the partner's delimiters.",
    )
