"""Rules on billing codes (HI), procedures and revenue lines of institutional claims (837.md 5)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from edi.segments import HealthCode
from edi.segments.control import is_dated
from edi.situations import forms
from edi.situations.days import span
from edi.situations.diagnoses import health_codes
from edi.situations.institutional import INST, VISITS, has_code, is_stay, is_visit
from edi.situations.rule import Context, Found, Hit, Rule

_PROCEDURES = forms.PCS | forms.ICD_9_PROCEDURES
_SHORT = frozenset({"BI", "BH", "BE", "BG"})


def _procedure_of_a_visit(o: Any, c: Context) -> Found:
    found = next(health_codes(o, _PROCEDURES), None)
    return Hit(found[0], f"HI{found[1]:02d}-1", by=o.clm) if found else None


def _other_procedures_alone(o: Any, c: Context) -> Found:
    if has_code(o, "BBR", "BR", "CAH"):
        return None
    found = next(health_codes(o, frozenset({"BBQ", "BQ"})), None)
    return Hit(found[0], f"HI{found[1]:02d}-1") if found else None


def _procedure_form(o: Any, c: Context) -> Found:
    return [
        Hit(hi, f"HI{n:02d}-2")
        for hi, n, x in health_codes(o, forms.PCS)
        if not forms.ICD_10_PCS(x.code)
    ]


def _short_form(o: Any, c: Context) -> Found:
    return [
        Hit(hi, f"HI{n:02d}-2")
        for hi, n, x in health_codes(o, _SHORT)
        if not forms.TWO_CHARACTERS(x.code)
    ]


def _drg(o: Any, c: Context) -> Found:
    return [
        Hit(hi, f"HI{n:02d}-2")
        for hi, n, x in health_codes(o, frozenset({"DR"}))
        if not forms.DRG(x.code)
    ]


def _days_of_hi_later(o: Any, c: Context) -> Found:
    """Procedures and occurrences have happened; the last characters of a span are its end."""
    return [
        Hit(hi, f"HI{n:02d}-4")
        for hi, n, x in health_codes(o, _PROCEDURES | {"BH"})
        if x.date and is_dated("D8", x.date) and x.date > c.made
    ]


def _value_twice(o: Any, c: Context) -> Found:
    seen, found = set[str](), []
    for hi, n, x in health_codes(o, frozenset({"BE", "BG"})):
        if x.qualifier + x.code in seen:
            found.append(Hit(hi, f"HI{n:02d}-2"))
        seen.add(x.qualifier + x.code)
    return found


# ── lines ──────────────────────────────────────────────────────────────────


def _values(o: Any) -> dict[str, HealthCode]:
    return {x.code: x for _, _, x in health_codes(o, frozenset({"BE"}))}


def _room_days(o: Any, c: Context) -> Found:
    """Days of rooms by revenue code (010x to 021x) against the covered and the other days."""
    values = _values(o)
    told = [values[code].amount for code in ("80", "81") if code in values]
    rooms = [x.sv2 for x in o.lines if "0100" <= x.sv2.revenue_code <= "0219"]
    if not told or None in told or not rooms or any(sv2.unit != "DA" for sv2 in rooms):
        return None
    if sum([sv2.units or Decimal(0) for sv2 in rooms]) == sum(
        [days or Decimal(0) for days in told]
    ):
        return None
    first = next(x for x in o.lines if x.sv2 is rooms[0])
    return Hit(first.sv2, "SV205", first)


def _no_days(o: Any, c: Context) -> Found:
    return None if {"80", "81"} & _values(o).keys() else Hit(by=o.clm)


def odd_revenue(o: Any, c: Context) -> bool:
    """Whether a revenue line needs a closer look."""
    sv2 = o.sv2
    code = sv2.revenue_code
    return bool(
        not forms.REVENUE_CODE(code)
        or code == "0001"
        or sv2.non_covered is not None
        or sv2.units is None
        or sv2.units < 0
        or (
            c.claim.clm.facility.code in VISITS
            and (sv2.procedure is None or o.service_date is None)
        )
    )


def _revenue_code(o: Any, c: Context) -> Found:
    return None if forms.REVENUE_CODE(o.sv2.revenue_code) else o.sv2


def _total(o: Any, c: Context) -> Found:
    return o.sv2 if o.sv2.revenue_code == "0001" else None


def _not_covered(o: Any, c: Context) -> Found:
    left = o.sv2.non_covered
    return o.sv2 if left is not None and not 0 <= left <= o.sv2.charge else None


def _negative_units(o: Any, c: Context) -> Found:
    return o.sv2 if o.sv2.units is not None and o.sv2.units < 0 else None


_WITH_PROCEDURE = ("030", "031", "032", "033", "034", "035", "036", "045", "048", "051", "061")


def _no_procedure(o: Any, c: Context) -> Found:
    code = o.sv2.revenue_code
    if c.claim.clm.facility.code not in VISITS or o.sv2.procedure is not None:
        return None
    return o.sv2 if code.startswith(_WITH_PROCEDURE) or code == "0636" else None


def _no_line_date(o: Any, c: Context) -> Found:
    if c.claim.clm.facility.code not in VISITS or o.service_date is not None:
        return None
    return Hit(by=o.sv2) if o.sv2.procedure is not None else None


def _outside(o: Any, c: Context) -> Found:
    first, last = span(o.date("434"))
    if not first:
        return None
    return [
        Hit(x.service_date, loop=x)
        for x in o.lines
        if x.service_date is not None
        and span(x.service_date)[0]
        and not first <= span(x.service_date)[0] <= span(x.service_date)[1] <= last
    ]


def _twice(o: Any, c: Context) -> Found:
    """One room on the same days twice is one line too many."""
    keys = Counter(_key(x) for x in o.lines if _key(x))
    return [
        Hit(x.sv2, "SV201", x)
        for n, x in enumerate(o.lines)
        if _key(x) and keys[_key(x)] > 1 and any(_key(y) == _key(x) for y in o.lines[:n])
    ]


def _key(line: Any) -> tuple[str, str] | None:
    code = line.sv2.revenue_code
    if not "0100" <= code <= "0219" or line.service_date is None:
        return None
    return code, line.service_date.value


RULES = (
    Rule(
        "PROCEDURE-VISIT", INST, "2300", "HI01-1", _procedure_of_a_visit,
        "inpatient procedure codes stand on the bill of a visit",
        "send the procedures with the lines", "837.md 5", when=is_visit,
        fault="unused", because="CLM05-1",
    ),
    Rule(
        "PROCEDURE-PRINCIPAL", INST, "2300", "HI01-1", _other_procedures_alone,
        "other procedures stand beside no principal one", "send HI*BBR", "837.md 5",
        when="health_codes",
    ),
    Rule(
        "PROCEDURE-PCS", INST, "2300", "HI01-2", _procedure_form,
        "no inpatient procedure is written like this",
        "send seven characters without I and O", "validation.md 3", when="health_codes",
    ),
    Rule(
        "BILLING-CODE", INST, "2300", "HI01-2", _short_form,
        "occurrence, span, value and condition codes have two characters",
        "send two capital letters or digits", "validation.md 6, INS06", when="health_codes",
    ),
    Rule(
        "DRG-FORM", INST, "2300", "HI01-2", _drg,
        "a DRG has three or four digits", "send the digits", "837.md 5", "warning",
        when="health_codes",
    ),
    Rule(
        "HI-FUTURE", INST, "2300", "HI01-4", _days_of_hi_later,
        "a procedure or occurrence is dated after the day the file was made", "look the day up",
        "validation.md 6, INS06", "warning", when="health_codes",
    ),
    Rule(
        "BILLING-CODE-TWICE", INST, "2300", "HI01-2", _value_twice,
        "a value or condition code stands twice", "send it once", "837.md 5", "warning",
        when="health_codes",
    ),
    Rule(
        "ROOM-DAYS", INST, "2300", "SV205", _room_days,
        "the days of the rooms are not the covered and other days (value codes 80, 81)",
        "make both say how long the stay was", "validation.md 6, INS05", when=is_stay,
    ),
    Rule(
        "STAY-DAYS", INST, "2300", "HI", _no_days,
        "the bill is for a stay and its covered days are missing", "send value code 80",
        "validation.md 6, INS05", "warning", when=is_stay, fault="missing", because="CLM05-1",
    ),
    Rule(
        "ROOM-TWICE", INST, "2300", "SV201", _twice,
        "the same room stands on the same days twice", "send one line", "837.md 5", "warning",
        when=is_stay,
    ),
    Rule(
        "REVENUE-CODE", INST, "2400", "SV201", _revenue_code,
        "a revenue code has four digits", "send it with its leading zero",
        "validation.md 3, INS05", when=odd_revenue,
    ),
    Rule(
        "REVENUE-TOTAL", INST, "2400", "SV201", _total,
        "a line of totals is sent", "leave 0001 out; CLM02 is the total", "837.md 5",
        when=odd_revenue,
    ),
    Rule(
        "NOT-COVERED", INST, "2400", "SV207", _not_covered,
        "more is not covered than is charged, or less than nothing", "look SV203 and SV207 up",
        "837.md 5", when=odd_revenue,
    ),
    Rule(
        "UNITS-NEGATIVE", INST, "2400", "SV205", _negative_units,
        "fewer units than none are billed", "send how many units were given",
        "validation.md 6, LIN03", when=odd_revenue,
    ),
    Rule(
        "VISIT-PROCEDURE", INST, "2400", "SV202", _no_procedure,
        "this revenue code of a visit goes with a procedure", "send SV202",
        "validation.md 3, INS05", "warning", when=odd_revenue, fault="missing", because="SV201",
    ),
    Rule(
        "VISIT-DATE", INST, "2400", "DTP", _no_line_date,
        "a procedure of a visit has no day", "send DTP*472 with the line",
        "837.md 5", "warning", when=odd_revenue, fault="missing", because="SV202-2",
    ),
    Rule(
        "LINE-OUTSIDE", INST, "2300", "DTP03", _outside,
        "a line lies outside the days of the statement", "look DTP*434 and DTP*472 up",
        "validation.md 6, INS01", when="dates",
    ),
)  # fmt: skip
