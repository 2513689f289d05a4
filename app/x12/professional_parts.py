"""What only an 837P says of a claim, both ways: disability, manipulation, vision, screening
(domain/837.md section 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.claim_details import ClaimDates
from app.domain.professional import EpsdtReferral, SpinalManipulation, VisionCondition
from app.x12.parts_837 import day, day_of, yes_no
from edi.guides import x222_professional as guide
from edi.segments import CR2, CRC, DTP, QTY

_HOMEBOUND, _SCREENING = "75", "ZZ"  # CRC01
_VISION = frozenset({"E1", "E2", "E3"})
# DTP01 of LineDates.
LINE_DATES = {
    "prescription_date": "471",
    "last_seen_date": "304",
    "hemoglobin_or_hematocrit_date": "738",
    "serum_creatinine_date": "739",
    "shipped_date": "011",
    "last_x_ray_date": "455",
    "initial_treatment_date": "454",
}


# ── Disability ─────────────────────────────────────────────────────────────


def disability(dates: ClaimDates) -> DTP | None:
    """314 with both ends, 360 where it goes on, 361 where only its end is known."""
    begin, end = dates.disability_begin_date, dates.disability_end_date
    if begin and end:
        return DTP.between("314", begin, end)
    return day("360", begin) or day("361", end)


def disability_of(loop: guide.Claim2300) -> dict[str, Any]:
    both, begin, end = (loop.date(code) for code in ("314", "360", "361"))
    if both is not None:
        return {"disability_begin_date": both.first, "disability_end_date": both.last}
    return {"disability_begin_date": day_of(begin), "disability_end_date": day_of(end)}


# ── Conditions ─────────────────────────────────────────────────────────────


def manipulation(m: SpinalManipulation | None) -> CR2 | None:
    if m is None:
        return None
    return CR2(condition=m.condition, description_1=m.description, description_2=m.description_2)


def manipulation_of(cr2: CR2 | None) -> SpinalManipulation | None:
    if cr2 is None:
        return None
    return SpinalManipulation(cr2.condition, cr2.description_1, cr2.description_2)


def conditions_by(
    vision: Iterable[VisionCondition], *, homebound: bool, screening: EpsdtReferral | None
) -> list[CRC]:
    """CRC*E1 to E3, 75 and ZZ."""
    found = [
        CRC(category=v.category, applies=_yes(v.certified), conditions=list(v.conditions))
        for v in vision
    ]
    if homebound:
        found.append(CRC(category=_HOMEBOUND, applies="Y", conditions=["IH"]))
    if screening is not None:
        given, told = _yes(screening.given), list(screening.conditions)
        found.append(CRC(category=_SCREENING, applies=given, conditions=told))
    return found


def vision_of(segments: Iterable[CRC]) -> tuple[VisionCondition, ...]:
    return tuple(
        VisionCondition(c.category, c.applies == "Y", tuple(c.conditions))
        for c in segments
        if c.category in _VISION
    )


def homebound_of(segments: Iterable[CRC]) -> bool:
    return any(c.category == _HOMEBOUND for c in segments)


def screening_of(segments: Iterable[CRC]) -> EpsdtReferral | None:
    crc = next((c for c in segments if c.category == _SCREENING), None)
    return EpsdtReferral(crc.applies == "Y", tuple(crc.conditions)) if crc else None


def quantity_of(segments: Iterable[QTY], qualifier: str) -> Any:
    return next((q.quantity for q in segments if q.qualifier == qualifier), None)


def _yes(value: bool) -> str:
    return yes_no(value) or ""
