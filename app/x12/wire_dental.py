"""What of a dental claim travels beside what travels of any: nothing said twice, and as absent what
an 837D has no way to say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.dental import DentalLine, DentalTreatment, Orthodontics
from app.domain.encounter import Encounter, ServiceLine
from app.domain.money import ZERO
from app.x12.details_837 import individual

UNIT = "UN"  # SV306 counts procedures and names no unit


def wire_members(told: Encounter, reduced: Encounter) -> Encounter:
    """The claim as an 837D says it; `reduced` is what the rules of every kind made of `told`."""
    treatment = _treatment(told.dental or DentalTreatment())
    return replace(
        reduced,
        referring_provider=individual(told.referring_provider, taxonomy=True),
        primary_care_provider=individual(told.primary_care_provider, taxonomy=True),
        dental=treatment,
        service_lines=tuple(_line(line, treatment) for line in reduced.service_lines),
    )


def _treatment(told: DentalTreatment) -> DentalTreatment:
    return replace(
        told,
        service_date_end=_other_than(told.service_date, told.service_date_end),
        orthodontics=None if told.orthodontics == Orthodontics() else told.orthodontics,
        assistant_surgeon=individual(told.assistant_surgeon, taxonomy=True),
    )


def _line(line: ServiceLine, treatment: DentalTreatment) -> ServiceLine:
    """The claim's day and its assistant surgeon are those of a line that names no others."""
    first, last = line.service_date, line.service_date_end
    if (first, last) == (treatment.service_date, treatment.service_date_end):
        first = last = None
    told = line.dental or DentalLine()
    assistant = individual(told.assistant_surgeon, taxonomy=True)
    return replace(
        line,
        service_date=first,
        service_date_end=last,
        unit=UNIT,
        sales_tax=None if line.sales_tax == ZERO else line.sales_tax,
        dental=replace(
            told,
            prior_placement_estimated=told.prior_placement_estimated
            and told.prior_placement_date is not None,
            assistant_surgeon=None if assistant == treatment.assistant_surgeon else assistant,
        ),
    )


def _other_than(first: date | None, last: date | None) -> date | None:
    return None if last == first else last
