"""What of a professional claim travels beside what travels of any."""

from __future__ import annotations

from dataclasses import replace

from app.domain.encounter import Encounter
from app.domain.party import Provider
from app.domain.professional import Ambulance
from app.x12.details_837 import individual


def wire_members(told: Encounter, reduced: Encounter) -> Encounter:
    """The claim as an 837P says it; `reduced` is what the rules of every kind made of `told`."""
    return replace(
        reduced,
        ambulance=_ambulance(reduced.ambulance),
        service_lines=tuple(
            replace(
                line,
                ordering_provider=_ordering(line.ordering_provider),
                ambulance=_ambulance(line.ambulance),
            )
            for line in reduced.service_lines
        ),
    )


def _ordering(p: Provider | None) -> Provider | None:
    """2420E tells where the ordering provider is and whom to ask."""
    named = individual(p, taxonomy=False)
    return named and p and replace(named, address=p.address, contact=p.contact)


def _ambulance(a: Ambulance | None) -> Ambulance | None:
    """What is told of nothing is nothing; the name of a drop-off goes with its address."""
    if a is None or a == Ambulance():
        return None
    return a if a.drop_off else replace(a, drop_off_name=None)
