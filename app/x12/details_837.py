"""What claims and lines of every kind carry beside their services, both ways: dates, attachments,
contracts, causes, and the loops of further providers.

As in `parts_837`, the two halves of a statement about the guide stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from app.domain.claim_details import Attachment, Contract
from app.domain.party import Provider
from app.x12.parts_837 import located, other_ids_by, provider_name, street, taxonomy, town
from edi.segments import CN1, DTP, K3, PWK, RelatedCauses

Loop = TypeVar("Loop")

# ── DTP ────────────────────────────────────────────────────────────────────


def days(qualifier: str, first: date | None, last: date | None) -> DTP | None:
    """One day as D8, a span as RD8."""
    if first is None:
        return None
    return DTP.between(qualifier, first, last) if last else DTP.on(qualifier, first)


def days_of(dtp: DTP | None) -> tuple[date | None, date | None]:
    """The first and, of a span, the last day."""
    if dtp is None:
        return None, None
    return dtp.first, dtp.last if dtp.format_qualifier == "RD8" else None


# ── PWK, CN1, K3, CLM11 ────────────────────────────────────────────────────


def attachment(paper: Attachment) -> PWK:
    """PWK05 says what the number is: there is one only where the paper is sent."""
    number = paper.control_number
    return PWK(
        report=paper.report_type,
        transmission=paper.transmission,
        qualifier="AC" if number else None,
        control_number=number,
    )


def attachment_of(pwk: PWK) -> Attachment:
    return Attachment(pwk.report, pwk.transmission, pwk.control_number)


def contract_terms(contract: Contract | None) -> CN1 | None:
    if contract is None:
        return None
    return CN1(
        type=contract.type,
        amount=contract.amount,
        percent=contract.percent,
        code=contract.code,
        terms_discount=contract.terms_discount_percent,
        version=contract.version,
    )


def contract_of(cn1: CN1 | None) -> Contract | None:
    if cn1 is None:
        return None
    return Contract(
        type=cn1.type,
        amount=cn1.amount,
        percent=cn1.percent,
        code=cn1.code,
        terms_discount_percent=cn1.terms_discount,
        version=cn1.version,
    )


def fixed_format(texts: Iterable[str]) -> list[K3]:
    return [K3(text=text) for text in texts]


def related_causes(causes: tuple[str, ...], state: str | None) -> RelatedCauses | None:
    if not causes:
        return None
    first, second, third = (*causes, None, None)[:3]
    return RelatedCauses(cause_1=first or "", cause_2=second, cause_3=third, state=state)


def causes_of(told: RelatedCauses | None) -> tuple[str, ...]:
    if told is None:
        return ()
    return tuple(c for c in (told.cause_1, told.cause_2, told.cause_3) if c)


# ── Loops of providers ─────────────────────────────────────────────────────


def individual(p: Provider | None, *, taxonomy: bool) -> Provider | None:
    """A provider as it travels: name, NPI, other ids and, where the loop has PRV, the taxonomy."""
    if p is None:
        return None
    return Provider(
        npi=p.npi,
        organization_name=p.organization_name,
        first_name=p.first_name,
        last_name=p.last_name,
        middle_name=p.middle_name,
        taxonomy_code=p.taxonomy_code if taxonomy else None,
        other_ids=p.other_ids,
    )


def named_loop(loop: Callable[..., Loop], role: str, provider: Provider | None) -> Loop | None:
    """A provider who has no taxonomy here."""
    if provider is None:
        return None
    return loop(name=provider_name(role, provider), references=other_ids_by(provider.other_ids))


def specialized_loop(
    loop: Callable[..., Loop], role: str, provider: Provider | None, *, specialty: str
) -> Loop | None:
    """A provider with a taxonomy; `specialty` is PRV01: PE, RF, AS."""
    if provider is None:
        return None
    return loop(
        name=provider_name(role, provider),
        taxonomy=taxonomy(specialty, provider),
        references=other_ids_by(provider.other_ids),
    )


def facility_loop(loop: Callable[..., Loop], provider: Provider | None) -> Loop | None:
    """The place of service, with its address."""
    if provider is None:
        return None
    where = located(provider)
    return loop(
        name=provider_name("77", provider),
        street=street(where),
        city=town(where),
        references=other_ids_by(provider.other_ids),
    )
