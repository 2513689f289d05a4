"""Rules of institutional claims alone: bill type, statement, stay, codes of HI, revenue lines
(837.md 5).
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from edi.segments import HealthCode
from edi.segments.control import is_dated
from edi.situations import forms
from edi.situations.days import span
from edi.situations.diagnoses import health_codes
from edi.situations.rule import Context, Found, Hit, Rule

INST = "837I"
# Bill types (CLM05-1) of stays; those of visits; others are either or neither.
STAYS = frozenset({"11", "18", "21"})
VISITS = frozenset({"13", "14", "71", "72", "73", "74", "75", "76", "77", "83", "85"})
EMERGENCY_VISITS = frozenset({"13", "85"})
_UNSCHEDULED = frozenset({"1", "2", "5"})
_STILL_THERE = "30"  # CL103


def is_stay(o: Any, c: Context) -> bool:
    """Whether the bill is for a stay."""
    return o.clm.facility.code in STAYS


def is_visit(o: Any, c: Context) -> bool:
    """Whether the bill is for a visit."""
    return o.clm.facility.code in VISITS


def _bill_type(o: Any, c: Context) -> Found:
    return None if forms.BILL_TYPE(o.clm.facility.code) else o.clm


def _no_admission(o: Any, c: Context) -> Found:
    return Hit(by=o.clm) if o.date("435") is None else None


def _no_hour(o: Any, c: Context) -> Found:
    d = o.date("435")
    return d if d is not None and d.format_qualifier != "DT" else None


def _admitted_after(o: Any, c: Context) -> Found:
    d, last = o.date("435"), span(o.date("434"))[1]
    return d if d is not None and last and span(d)[0] > last else None


def _no_discharge_hour(o: Any, c: Context) -> Found:
    final = o.clm.facility.frequency in "147" and o.stay.patient_status != _STILL_THERE
    return Hit(by=o.clm) if final and o.date("096") is None else None


def _discharged_but_there(o: Any, c: Context) -> Found:
    there = o.stay.patient_status == _STILL_THERE
    return Hit(o.date("096"), by=o.stay) if there and o.date("096") is not None else None


def _interim(o: Any, c: Context) -> Found:
    """Bills in between are sent while the patient stays; first ones and middle ones."""
    gone = o.clm.facility.frequency in "23" and o.stay.patient_status != _STILL_THERE
    return o.stay if gone else None


def _final(o: Any, c: Context) -> Found:
    there = o.clm.facility.frequency == "4" and o.stay.patient_status == _STILL_THERE
    return o.stay if there else None


def _no_source(o: Any, c: Context) -> Found:
    return o.stay if not o.stay.admission_source else None


def _admission_type(o: Any, c: Context) -> Found:
    kind = o.stay.admission_type
    return o.stay if kind is not None and kind not in "123459" else None


def _status(o: Any, c: Context) -> Found:
    status = o.stay.patient_status
    return o.stay if len(status) != 2 or not status.isdecimal() else None


def _has(o: Any, *qualifiers: str) -> bool:
    return any(x.qualifier in qualifiers for hi in o.health_codes for x in hi.codes)


def _no_admitting(o: Any, c: Context) -> Found:
    return None if _has(o, "ABJ", "BJ") else Hit(by=o.clm)


def _no_presence(o: Any, c: Context) -> Found:
    """Exempt codes have no indicator, so one is enough to show that they are sent."""
    if o.clm.facility.code != "11":
        return None
    codes = list(health_codes(o, frozenset({"ABK", "ABF", "BK", "BF"})))
    if not codes or any(x.present_on_admission for _, _, x in codes):
        return None
    return Hit(codes[0][0], "HI01-9")


def _presence_of_a_visit(o: Any, c: Context) -> Found:
    known = frozenset({"ABK", "ABF", "BK", "BF", "ABN", "BN"})
    return [
        Hit(hi, f"HI{n:02d}-9", by=o.clm)
        for hi, n, x in health_codes(o, known)
        if x.present_on_admission
    ][:1]


def _no_reason(o: Any, c: Context) -> Found:
    if o.clm.facility.code not in EMERGENCY_VISITS or o.stay.admission_type not in _UNSCHEDULED:
        return None
    urgent = [x for x in o.lines if _is_urgent(x.sv2.revenue_code)]
    return Hit(by=o.stay) if urgent and not _has(o, "APR", "PR") else None


def _is_urgent(code: str) -> bool:
    return code.startswith("045") or code in ("0516", "0526", "0762")


def _reason_of_a_stay(o: Any, c: Context) -> Found:
    found = next(health_codes(o, frozenset({"APR", "PR"})), None)
    return Hit(found[0], f"HI{found[1]:02d}-1", by=o.clm) if found else None


def _no_attending(o: Any, c: Context) -> Found:
    """Only transport needs none."""
    if o.attending_provider is not None:
        return None
    return None if all(x.sv2.revenue_code.startswith("054") for x in o.lines) else Hit(by=o.clm)


def _no_operating(o: Any, c: Context) -> Found:
    if o.operating_physician is not None:
        return None
    found = next(health_codes(o, frozenset({"BBR", "BR"})), None)
    return Hit(by=found[0]) if found else None


def _other_operating_alone(o: Any, c: Context) -> Found:
    if o.operating_physician is not None:
        return None
    other = o.other_operating_physician
    return Hit(other.name, "NM101", other)


def _other_operating_line(o: Any, c: Context) -> Found:
    claim: Any = c.claim
    if o.operating_physician is not None or claim.operating_physician is not None:
        return None
    other = o.other_operating_physician
    return Hit(other.name, "NM101", other)


def _rendering_attends(o: Any, c: Context) -> Found:
    same = o.rendering_provider.npi and o.rendering_provider.npi == o.attending_provider.npi
    return Hit(o.rendering_provider.name, loop=o.rendering_provider) if same else None


# ── codes of HI ────────────────────────────────────────────────────────────

_PROCEDURES = forms.PCS | forms.ICD_9_PROCEDURES
_SHORT = frozenset({"BI", "BH", "BE", "BG"})


def _procedure_of_a_visit(o: Any, c: Context) -> Found:
    found = next(health_codes(o, _PROCEDURES), None)
    return Hit(found[0], f"HI{found[1]:02d}-1", by=o.clm) if found else None


def _other_procedures_alone(o: Any, c: Context) -> Found:
    if _has(o, "BBR", "BR", "CAH"):
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
        "BILL-TYPE", INST, "2300", "CLM05-1", _bill_type,
        "no bill type is written like this",
        "send its second and third digit; the leading zero is left out", "validation.md 3, CLM03",
    ),
    Rule(
        "STAY-ADMISSION", INST, "2300", "DTP", _no_admission,
        "the bill is for a stay and the admission is missing", "send DTP*435",
        "837.md 5, INS03", when=is_stay, fault="missing", because="CLM05-1",
    ),
    Rule(
        "STAY-ADMISSION-HOUR", INST, "2300", "DTP02", _no_hour,
        "a stay begins at an hour", "send DTP*435*DT with the hour", "837.md 5", "warning",
        when=is_stay,
    ),
    Rule(
        "STAY-ADMISSION-LATE", INST, "2300", "DTP03", _admitted_after,
        "the admission lies after the last day of the statement", "look DTP*434 and DTP*435 up",
        "837.md 5, INS01", when=is_stay,
    ),
    Rule(
        "STAY-DISCHARGE-HOUR", INST, "2300", "DTP", _no_discharge_hour,
        "the stay has ended and the hour of discharge is missing", "send DTP*096",
        "837.md 5, INS02", "warning", when=is_stay, fault="missing", because="CL103",
    ),
    Rule(
        "STAY-DISCHARGED", INST, "2300", "DTP", _discharged_but_there,
        "an hour of discharge is told of a patient who is still there (CL103 30)",
        "leave DTP*096 out, or send the status at discharge", "validation.md 6, INS02",
        when=is_stay, fault="unused", because="CL103",
    ),
    Rule(
        "STAY-INTERIM", INST, "2300", "CL103", _interim,
        "a bill in between says that the patient has left", "send CL103 30",
        "837.md 5, INS02", "warning", when=is_stay,
    ),
    Rule(
        "STAY-FINAL", INST, "2300", "CL103", _final,
        "the last bill says that the patient is still there", "send the status at discharge",
        "837.md 5, INS02", "warning", when=is_stay,
    ),
    Rule(
        "STAY-SOURCE", INST, "2300", "CL102", _no_source,
        "the bill is for a stay and where the patient came from is missing", "send CL102",
        "837.md 5, INS02", when=is_stay, fault="missing", because="CLM05-1",
    ),
    Rule(
        "ADMISSION-TYPE", INST, "2300", "CL101", _admission_type,
        "this is no type of admission", "send 1 to 5, or 9", "validation.md 6, INS02",
    ),
    Rule(
        "PATIENT-STATUS", INST, "2300", "CL103", _status,
        "a patient status has two digits", "send the status with its leading zero",
        "validation.md 6, INS02",
    ),
    Rule(
        "STAY-DIAGNOSIS", INST, "2300", "HI", _no_admitting,
        "the bill is for a stay and the admitting diagnosis is missing", "send HI*ABJ",
        "837.md 5, INS03", when=is_stay, fault="missing", because="CLM05-1",
    ),
    Rule(
        "STAY-PRESENT", INST, "2300", "HI01-9", _no_presence,
        "no diagnosis says whether it was present on admission",
        "send Y, N, U or W with each code that is not exempt", "837.md 5, INS03", "warning",
        when=is_stay,
    ),
    Rule(
        "VISIT-PRESENT", INST, "2300", "HI01-9", _presence_of_a_visit,
        "nobody was admitted, and a diagnosis is said to be present on admission",
        "leave the indicator out", "837.md 5", "warning", when=is_visit,
        fault="unused", because="CLM05-1",
    ),
    Rule(
        "VISIT-REASON", INST, "2300", "HI", _no_reason,
        "an unplanned visit has no reason", "send the patient's reason in HI*APR",
        "837.md 5, INS04", when=is_visit, fault="missing", because="CL101",
    ),
    Rule(
        "STAY-REASON", INST, "2300", "HI01-1", _reason_of_a_stay,
        "a reason of a visit is told of a stay", "leave HI*APR out", "837.md 5", "warning",
        when=is_stay, fault="unused", because="CLM05-1",
    ),
    Rule(
        "ATTENDING", INST, "2300", "NM1", _no_attending,
        "nobody attended the patient", "send the attending provider (71)",
        "837.md 5, PRV05", fault="missing", because="SV201",
    ),
    Rule(
        "OPERATING", INST, "2300", "NM1", _no_operating,
        "a procedure was done and nobody operated", "send the operating physician (72)",
        "837.md 5", "warning", when="health_codes", fault="missing", because="HI01-1",
    ),
    Rule(
        "OPERATING-OTHER", INST, "2300", "NM101", _other_operating_alone,
        "another operating physician stands beside none", "send 72 first", "837.md 5",
        when="other_operating_physician",
    ),
    Rule(
        "OPERATING-OTHER-LINE", INST, "2400", "NM101", _other_operating_line,
        "another operating physician stands beside none", "send 72 first", "837.md 5",
        when="other_operating_physician", code="OPERATING-OTHER",
    ),
    Rule(
        "RENDERING-ATTENDS", INST, "2300", "NM109", _rendering_attends,
        "the rendering provider is the attending one", "leave 2310D out", "837.md 5", "warning",
        when="rendering_provider attending_provider", fault="unused", because="NM109",
    ),
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
