"""Transport by ambulance: AMB01."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType, ServiceLine
from app.domain.professional import Ambulance

# HCPCS level II of a transport on the ground or by air, and of its miles.
TRANSPORT = re.compile("A0225|A042[5-9]|A043[0-6]")
MILEAGE = frozenset({"A0425", "A0435", "A0436"})
# Where from and where to: a letter each. Nobody begins at X, a stop on the way to the hospital.
_ORIGIN_AND_DESTINATION = re.compile("[DEGHIJNPRS][DEGHIJNPRSX]")


@edit(
    "AMB01",
    snip=6,
    place=Place("2300", "CR1", "04"),
    rule="A transport tells its reason and miles, what makes it necessary, where it began and "
    "ended, origin and destination on each line, and bills the miles it went. A weight is more "
    "than nothing, and no condition is there and absent at once.",
    claim_types=[ClaimType.PROFESSIONAL],
)
def ambulance(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    transports = [
        (index, line)
        for index, line in enumerate(claim.lines)
        if TRANSPORT.fullmatch(line.billed.code.upper())
    ]
    told = claim.encounter.ambulance
    if transports or (told is not None and (told.reason is None or told.distance is None)):
        yield from _transport(told or Ambulance())
    for index, line in transports:
        if not any(map(_ORIGIN_AND_DESTINATION.fullmatch, _modifiers(line))):
            yield Fault(
                f"/serviceLines/{index}/procedure/modifiers",
                f"Line {index + 1} is a transport without the modifier of origin and destination.",
                "Enter its two letters, such as RH from a residence to a hospital.",
                Place("2400", "SV1", "01-3", "24D"),
            )
    yield from _miles(transports, told)


def _transport(told: Ambulance) -> Iterator[Fault]:
    necessary = told.conditions or told.conditions_absent
    for member, value, words, place in (
        ("reason", told.reason, "its reason", Place("2300", "CR1", "04")),
        ("distance", told.distance, "its miles", Place("2300", "CR1", "06")),
        ("conditions", necessary, "what makes it necessary", Place("2300", "CRC", "03")),
        ("pickUp", told.pick_up, "where it began", Place("2310E", "N3", "01")),
        ("dropOff", told.drop_off, "where it ended", Place("2310F", "N3", "01")),
    ):
        if not value:
            yield Fault(
                f"/ambulance/{member}",
                f"The transport does not tell {words}.",
                "Enter it from the report of the crew.",
                place,
            )
    if told.patient_weight is not None and told.patient_weight <= 0:
        yield Fault(
            "/ambulance/patientWeight",
            "The patient of a transport weighs more than nothing.",
            "Enter the weight in pounds, or leave it out.",
            Place("2300", "CR1", "02"),
            value=f"{told.patient_weight:f}",
        )
    for position, condition in enumerate(told.conditions_absent):
        if condition in told.conditions:
            yield Fault(
                f"/ambulance/conditionsAbsent/{position}",
                f"Condition {condition} is said to be there and to be absent.",
                "Leave it in one of the two lists.",
                Place("2300", "CRC", "03"),
                value=condition,
            )


def _miles(transports: list[tuple[int, ServiceLine]], told: Ambulance | None) -> Iterator[Fault]:
    miles = [(i, line) for i, line in transports if line.billed.code.upper() in MILEAGE]
    if len(miles) != 1 or told is None or told.distance is None:
        return
    ((index, line),) = miles
    distance = (line.ambulance and line.ambulance.distance) or told.distance
    if line.units != distance:
        yield Fault(
            f"/serviceLines/{index}/units",
            f"Line {index + 1} bills other miles than the transport went.",
            "Count the miles with the patient on board, on the line as in the transport.",
            Place("2400", "SV1", "04", "24G"),
            value=f"{line.units:f}",
            expected=f"{distance:f}",
        )


def _modifiers(line: ServiceLine) -> list[str]:
    return [modifier.upper() for modifier in line.billed.modifiers]


EDITS = (ambulance,)
