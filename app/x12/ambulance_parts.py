"""Transport by ambulance, of an 837P claim or line, both ways: CR1, CRC*07, loops PW and 45."""

from __future__ import annotations

from typing import Any

from app.domain.professional import Ambulance
from app.x12.parts_837 import MissingMember, address_of, street, town
from edi.segments import CR1, CRC, NM1

_TRANSPORT = "07"  # CRC01


def transport(at: str, a: Ambulance | None) -> CR1 | None:
    """CR1, where the transport itself is told."""
    if a is None or (a.reason is None and a.distance is None):
        return None
    if a.reason is None or a.distance is None:
        raise MissingMember(f"{at}/ambulance")
    return CR1(
        weight_unit="LB" if a.patient_weight is not None else None,
        weight=a.patient_weight,
        reason=a.reason,
        distance_unit="DH",
        distance=a.distance,
        round_trip_purpose=a.round_trip_purpose,
        stretcher_purpose=a.stretcher_purpose,
    )


def transport_conditions(a: Ambulance | None) -> list[CRC]:
    if a is None:
        return []
    return [
        CRC(category=_TRANSPORT, applies=applies, conditions=list(codes))
        for applies, codes in (("Y", a.conditions), ("N", a.conditions_absent))
        if codes
    ]


def stops(a: Ambulance | None, pick_up: type, drop_off: type) -> dict[str, Any]:
    """PW and 45, of a claim or of a line."""
    if a is None:
        return {}
    return {
        "pick_up": pick_up(
            name=NM1(entity="PW", entity_type="2"), street=street(a.pick_up), city=town(a.pick_up)
        )
        if a.pick_up
        else None,
        "drop_off": drop_off(
            name=NM1(entity="45", entity_type="2", last_name=a.drop_off_name),
            street=street(a.drop_off),
            city=town(a.drop_off),
        )
        if a.drop_off
        else None,
    }


def ambulance_of(loop: Any, *, patients: int | None = None) -> Ambulance | None:
    """Of a 2300 or a 2400; None where nothing of it is told."""
    cr1: CR1 | None = loop.ambulance
    pick_up, drop_off = loop.pick_up, loop.drop_off
    found = Ambulance(
        reason=cr1.reason if cr1 else None,
        distance=cr1.distance if cr1 else None,
        pick_up=address_of(pick_up.street, pick_up.city) if pick_up else None,
        drop_off=address_of(drop_off.street, drop_off.city) if drop_off else None,
        drop_off_name=drop_off.name.last_name if drop_off else None,
        patient_weight=cr1.weight if cr1 else None,
        round_trip_purpose=cr1.round_trip_purpose if cr1 else None,
        stretcher_purpose=cr1.stretcher_purpose if cr1 else None,
        conditions=_conditions(loop, "Y"),
        conditions_absent=_conditions(loop, "N"),
        patient_count=patients,
    )
    return None if found == Ambulance() else found


def _conditions(loop: Any, applies: str) -> tuple[str, ...]:
    return tuple(
        code
        for crc in loop.conditions
        if crc.category == _TRANSPORT and crc.applies == applies
        for code in crc.conditions
    )
