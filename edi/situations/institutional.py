"""Rules of institutional claims alone: bill type, stay or visit, who attended and operated
(837.md 5); the codes and lines are in `revenue`.
"""

from __future__ import annotations

from typing import Any

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


def has_code(o: Any, *qualifiers: str) -> bool:
    """Whether HI has a code of one of these kinds."""
    return any(x.qualifier in qualifiers for hi in o.health_codes for x in hi.codes)


def _no_admitting(o: Any, c: Context) -> Found:
    return None if has_code(o, "ABJ", "BJ") else Hit(by=o.clm)


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
    return Hit(by=o.stay) if urgent and not has_code(o, "APR", "PR") else None


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
)  # fmt: skip
