"""What an institutional claim does not say twice: people who are who another loop says they are."""

from __future__ import annotations

from dataclasses import replace

from app.domain.encounter import Encounter, ServiceLine
from app.domain.institutional import InstitutionalStay
from app.domain.party import Provider
from app.x12.details_837 import individual


def wire_members(told: Encounter, e: Encounter) -> Encounter:
    """The claim as an 837I says it; `e` is what the rules of every kind have made of `told`."""
    stay = e.institutional
    if stay is None:
        return e
    stay = replace(
        stay,
        attending_provider=individual(stay.attending_provider, taxonomy=True),
        operating_physician=individual(stay.operating_physician, taxonomy=False),
        other_operating_physician=individual(stay.other_operating_physician, taxonomy=False),
        admission_hour=stay.admission_hour if stay.admission_date else None,
    )
    rendering = _unless(e.rendering_provider, stay.attending_provider)
    return replace(
        e,
        institutional=stay,
        rendering_provider=rendering,
        referring_provider=_unless(e.referring_provider, stay.attending_provider),
        service_lines=tuple(
            _line(line, stay, rendering or stay.attending_provider, e.referring_provider)
            for line in e.service_lines
        ),
    )


def _line(
    line: ServiceLine,
    stay: InstitutionalStay,
    rendering: Provider | None,
    referring: Provider | None,
) -> ServiceLine:
    own = line.institutional
    if own is not None:
        own = replace(
            own,
            operating_physician=_unless(own.operating_physician, stay.operating_physician),
            other_operating_physician=_unless(
                own.other_operating_physician, stay.other_operating_physician
            ),
        )
    return replace(
        line,
        institutional=own,
        rendering_provider=_unless(line.rendering_provider, rendering),
        referring_provider=_unless(line.referring_provider, referring),
    )


def _unless(provider: Provider | None, known: Provider | None) -> Provider | None:
    """The provider, unless that is the one who is known here already."""
    if provider is None or (known is not None and provider.npi and provider.npi == known.npi):
        return None
    return individual(provider, taxonomy=False)
