"""Rules on what a claim says of itself: frequency, accident, referral, attachments (837.md 4)."""

from __future__ import annotations

from typing import Any

from edi.guides.claim_details import Claim
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule

REPLACES = frozenset({"6", "7", "8"})
ACCIDENT = frozenset({"AA", "OA"})


def odd_claim(o: Any, c: Context) -> bool:
    """Whether the numbers of a claim or of its lines need a closer look."""
    clm = o.clm
    if clm.facility.frequency != "1" or len(clm.patient_control_number) > 20:
        return True
    for r in o.references:
        if r.qualifier in TELLING:
            return True
    lines = o.lines
    if len(lines) > 1:
        numbers = [r.value for x in lines for r in x.references if r.qualifier == "6R"]
        return len(set(numbers)) < len(numbers)
    return False


TELLING = frozenset({"F8", "9F"})


def _replaces(o: Claim, c: Context) -> Found:
    if o.clm.facility.frequency not in REPLACES or o.reference("F8") is not None:
        return None
    return Hit(by=o.clm)


def _original_with_number(o: Claim, c: Context) -> Found:
    if o.clm.facility.frequency != "1":
        return None
    return [Hit(r, by=o.clm) for r in o.references if r.qualifier == "F8"]


def _frequency(o: Claim, c: Context) -> Found:
    return o.clm if o.clm.facility.frequency not in "1678" else None


def _long_number(o: Claim, c: Context) -> Found:
    return o.clm if len(o.clm.patient_control_number) > 20 else None


def _causes(o: Claim) -> set[str | None]:
    r = o.clm.related_causes
    return {r.cause_1, r.cause_2, r.cause_3} - {None} if r is not None else set()


def _accident_day(o: Claim, c: Context) -> Found:
    due = not ACCIDENT.isdisjoint(_causes(o)) and o.date("439") is None
    return Hit(by=o.clm) if due else None


def _employment_day(o: Claim, c: Context) -> Found:
    due = _causes(o) == {"EM"} and o.date("439") is None
    return Hit(by=o.clm) if due else None


def _no_cause(o: Claim, c: Context) -> Found:
    day = o.date("439")
    return None if day is None or _causes(o) else Hit(day, by=o.clm)


def _no_state(o: Claim, c: Context) -> Found:
    r = o.clm.related_causes
    if r is None or "AA" not in _causes(o) or r.state or r.country not in (None, "US"):
        return None
    return o.clm


def _no_referrer(o: Any, c: Context) -> Found:
    number = next((r for r in o.references if r.qualifier == "9F"), None)
    if number is None or o.referring_providers:
        return None
    if any(getattr(line, "referring_providers", ()) for line in o.lines):
        return None
    return Hit(by=number)


def _primary_care_first(o: Any, c: Context) -> Found:
    roles = [p.name.entity for p in o.referring_providers]
    if roles == ["P3"]:
        return Hit(o.referring_providers[0].name, "NM101", o.referring_providers[0])
    if len(roles) == 2 and roles[0] == roles[1]:
        return Hit(o.referring_providers[1].name, "NM101", o.referring_providers[1])
    return None


def _rendering_is_biller(o: Any, c: Context) -> Found:
    biller = c.billing.billing_provider if c.billing is not None else None
    if biller is None or biller.npi is None or biller.npi != o.npi:
        return None
    return Hit(o.name)


def _no_control_number(o: Any, c: Context) -> Found:
    """What is sent apart from the claim is found by its control number."""
    return [p for p in o.attachments if p.transmission in _APART and not p.control_number]


_APART = frozenset({"BM", "EL", "EM", "FT", "FX"})


def _number_of_nothing(o: Any, c: Context) -> Found:
    return [Hit(p, "PWK06") for p in o.attachments if p.transmission == "AA" and p.control_number]


def _epsdt(o: Any, c: Context) -> Found:
    """NU says that no referral was given, and nothing else says so."""
    return [
        x
        for x in o.conditions
        if x.category == "ZZ" and (x.applies == "N") != (x.conditions[:1] == ["NU"])
    ]


def _line_number_twice(o: Claim, c: Context) -> Found:
    seen, found = set(), []
    for line in o.service_lines:
        for r in line.references:
            if r.qualifier == "6R":
                if r.value in seen:
                    found.append(Hit(r, loop=line))
                seen.add(r.value)
    return found


RULES = (
    Rule(
        "FREQUENCY-NUMBER", CLAIMS, "2300", "REF", _replaces,
        "the claim replaces or voids another and does not name it",
        "send the payer's claim control number in REF*F8",
        "837.md 4, CLM04", fault="missing", because="CLM05-3",
        when=odd_claim,
    ),
    Rule(
        "FREQUENCY-ORIGINAL", CLAIMS, "2300", "REF02", _original_with_number,
        "an original claim names the payer's number of a claim before it",
        "send frequency 7 or 8, or leave REF*F8 out",
        "validation.md 6, CLM04", "warning", when=odd_claim, fault="unused", because="CLM05-3",
    ),
    Rule(
        "FREQUENCY-CODE", "837P 837D", "2300", "CLM05-3", _frequency,
        "the claim is neither original nor a replacement nor a void",
        "send 1, 7 or 8", "837.md 4",
        when=odd_claim,
    ),
    Rule(
        "CLAIM-NUMBER-LONG", CLAIMS, "2300", "CLM01", _long_number,
        "a receiver need give back no more than 20 characters of CLM01",
        "number claims with at most 20", "837.md 1.3", "warning",
        when=odd_claim,
    ),
    Rule(
        "ACCIDENT-DATE", "837P 837D", "2300", "DTP", _accident_day,
        "the claim comes of an accident whose day is missing",
        "send DTP*439", "837.md 4, CLM06", when="clm.related_causes",
        fault="missing", because="CLM11-1",
    ),
    Rule(
        "EMPLOYMENT-DATE", "837P 837D", "2300", "DTP", _employment_day,
        "the claim comes of work, and whether of an accident is not told",
        "send DTP*439 if it does", "837.md 4", "warning", when="clm.related_causes",
        fault="missing", because="CLM11-1",
    ),
    Rule(
        "ACCIDENT-CAUSE", "837P 837D", "2300", "DTP", _no_cause,
        "an accident is dated and CLM11 tells of none",
        "send CLM11, or leave DTP*439 out", "837.md 4.1", "warning", when="dates",
        fault="unused", because="CLM11",
    ),
    Rule(
        "ACCIDENT-STATE", "837P 837D", "2300", "CLM11-4", _no_state,
        "the claim comes of a car accident and its state is missing",
        "send the state in CLM11-4", "837.md 4, CLM06", when="clm.related_causes",
        fault="missing", because="CLM11-1",
    ),
    Rule(
        "REFERRAL-PROVIDER", "837P 837D", "2300", "NM1", _no_referrer,
        "a referral has a number and nobody who referred",
        "send NM1*DN", "validation.md 6, CLM14", "warning", when=odd_claim,
        fault="missing", because="REF01",
    ),
    Rule(
        "REFERRING-ROLES", "837P 837D", "2300", "NM101", _primary_care_first,
        "the one who referred is DN, and P3 comes only after it",
        "send DN first", "837.md 4.2", when="referring_providers",
    ),
    Rule(
        "RENDERING-BILLS", "837P 837D", "2310B", "NM109", _rendering_is_biller,
        "the rendering provider is the billing provider",
        "leave 2310B out", "837.md 4.2, PRV01", "warning", fault="unused", because="NM109",
    ),
    Rule(
        "ATTACHMENT-NUMBER", CLAIMS, "2300 2400", "PWK06", _no_control_number,
        "an attachment is sent apart and cannot be found without its number",
        "send PWK05 AC and the number in PWK06", "837.md 4.1", when="attachments",
        fault="missing", because="PWK02",
    ),
    Rule(
        "ATTACHMENT-AVAILABLE", CLAIMS, "2300 2400", "PWK06", _number_of_nothing,
        "an attachment that is not sent has a number",
        "leave PWK05 and PWK06 empty with AA", "837.md 4.1", "warning", when="attachments",
        fault="unused", because="PWK02",
    ),
    Rule(
        "EPSDT-REFERRAL", "837P 837I", "2300", "CRC03", _epsdt,
        "NU and N go together: no referral was given",
        "send NU with N, and another condition with Y", "837.md 4.1", when="conditions",
    ),
    Rule(
        "LINE-NUMBER-TWICE", CLAIMS, "2300", "REF02", _line_number_twice,
        "two lines have the same line item control number",
        "number each line by itself", "validation.md 6, LIN15",
        when=odd_claim,
    ),
)  # fmt: skip
