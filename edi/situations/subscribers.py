"""Rules on the insured, the patient and the levels they stand in (837.md 1.4, 2, 3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from edi.segments import DMG, PAT, REF
from edi.situations import forms
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule, day

MEDICARE = frozenset({"MA", "MB"})
_OLDEST = 124  # years (validation.md 6, SUB03)


def odd_subscriber(o: Any, c: Context) -> bool:
    """Whether anything of SBR, or what it makes due, needs a closer look."""
    sbr, name = o.sbr, o.subscriber
    if sbr.filing_indicator in _LOOKED_AT or sbr.insurance_type:
        return True
    if sbr.group_number and (sbr.group_name or sbr.group_number == name.name.id):
        return True
    if sbr.relationship != "18":
        return False
    return not all((name.street, name.city, name.demographics))


def odd_level(o: Any, c: Context) -> bool:
    """Whether who has claims is not who SBR02 says."""
    own: bool = o.sbr.relationship == "18"
    return bool(c.dependents) == own or bool(c.claims_of_subscriber) != own


_LOOKED_AT = frozenset({None, "MA", "MB", "WC", "AM"})


def _not_self(o: Any, c: Context) -> Found:
    """Claims of the subscriber, who is not said to be the patient."""
    return o.sbr if c.claims_of_subscriber and o.sbr.relationship != "18" else None


def _nobody(o: Any, c: Context) -> Found:
    """Neither the subscriber nor a dependent is the patient."""
    return o.sbr if not c.dependents and not c.claims_of_subscriber else None


def _dependents_only(o: Any, c: Context) -> Found:
    alone = c.dependents and not c.claims_of_subscriber
    return o.sbr if alone and o.sbr.relationship == "18" else None


def _is_self(o: Any) -> bool:
    return bool(o.sbr.relationship == "18")


def _no_street(o: Any, c: Context) -> Found:
    missing = _is_self(o) and o.subscriber.street is None
    return Hit(loop=o.subscriber, by=None) if missing else None


def _no_city(o: Any, c: Context) -> Found:
    missing = _is_self(o) and o.subscriber.city is None
    return Hit(loop=o.subscriber) if missing else None


def _no_birth(o: Any, c: Context) -> Found:
    missing = _is_self(o) and o.subscriber.demographics is None
    return Hit(loop=o.subscriber) if missing else None


def _name_beside_number(o: Any, c: Context) -> Found:
    return o.sbr if o.sbr.group_number and o.sbr.group_name else None


def _group_is_member(o: Any, c: Context) -> Found:
    return o.sbr if o.sbr.group_number and o.sbr.group_number == o.subscriber.name.id else None


def _no_medicare_type(o: Any, c: Context) -> Found:
    sbr = o.sbr
    late = sbr.filing_indicator in MEDICARE and sbr.responsibility not in "PU"
    return sbr if late and not sbr.insurance_type else None


def _type_of_no_medicare(o: Any, c: Context) -> Found:
    sbr = o.sbr
    if not sbr.insurance_type:
        return None
    late = sbr.filing_indicator in MEDICARE and sbr.responsibility != "P"
    return None if late or sbr.filing_indicator is None else sbr


def _no_filing_indicator(o: Any, c: Context) -> Found:
    return None if o.sbr.filing_indicator else o.sbr


def _medicare_part(wrong: str) -> Any:
    def part(o: Any, c: Context) -> Found:
        return o.sbr if o.sbr.filing_indicator == wrong else None

    return part


def _member_number(o: Any, c: Context) -> Found:
    name = o.subscriber.name
    if o.sbr.filing_indicator not in MEDICARE or not name.id or forms.MBI(name.id):
        return None
    return Hit(name, loop=o.subscriber)


def _number_of_medicare(o: Any, c: Context) -> Found:
    if o.sbr.filing_indicator not in MEDICARE:
        return None
    return [Hit(r, loop=o.subscriber) for r in o.subscriber.references if r.qualifier == "SY"]


def _case_number(o: Any, c: Context) -> Found:
    """Workers' compensation and car insurers know the case, not the member."""
    if o.sbr.filing_indicator not in ("WC", "AM"):
        return None
    references: list[REF] = o.subscriber.references
    return None if any(r.qualifier == "Y4" for r in references) else Hit(loop=o.subscriber)


def _born_later(o: Any, c: Context) -> Found:
    dmg: DMG = o.demographics
    return dmg if dmg.birth_date > c.made_on else None


def _too_old(o: Any, c: Context) -> Found:
    dmg: DMG = o.demographics
    return dmg if c.made_on.year - dmg.birth_date.year > _OLDEST else None


def _death(o: Any) -> tuple[PAT | None, date | None]:
    pat: PAT | None = o.pat
    return (pat, pat.death_date) if pat is not None else (None, None)


def _died_later(o: Any, c: Context) -> Found:
    pat, died = _death(o)
    return pat if died is not None and died > c.made_on else None


def _died_before_birth(o: Any, c: Context) -> Found:
    pat, died = _death(o)
    return pat if died is not None and day(died) < c.born else None


def _pregnant_man(o: Any, c: Context) -> Found:
    dmg = getattr(c.person, "demographics", None)
    male = dmg is not None and dmg.sex == "M"
    return o.pat if male and o.pat.pregnant == "Y" else None


PEOPLE = "2010BA 2010CA"

RULES = (
    Rule(
        "SBR-NOT-SELF", CLAIMS, "2000B", "SBR02", _not_self,
        "claims stand under the subscriber, who is not said to be the patient",
        "send 18, or put the claims under the patient (2000C)",
        "837.md 2, SUB02", at_end=True, fault="missing", because="CLM",
        when=odd_level,
    ),
    Rule(
        "SBR-NO-PATIENT", CLAIMS, "2000B", "SBR02", _nobody,
        "no claim and no patient (2000C) follows this subscriber",
        "send 18 with the claims of the subscriber, or the patient below",
        "837.md 2, SUB02", at_end=True,
        when=odd_level,
    ),
    Rule(
        "SBR-DEPENDENTS", CLAIMS, "2000B", "SBR02", _dependents_only,
        "the subscriber is said to be the patient, and only dependents have claims",
        "leave SBR02 empty", "837.md 2", "warning", at_end=True,
        when=odd_level,
    ),
    Rule(
        "SELF-STREET", CLAIMS, "2000B", "N3", _no_street,
        "the subscriber is the patient and has no street address",
        "send N3 in 2010BA", "837.md 2, SUB02", fault="missing", because="SBR02",
        when=odd_subscriber,
    ),
    Rule(
        "SELF-CITY", CLAIMS, "2000B", "N4", _no_city,
        "the subscriber is the patient and has no city and ZIP code",
        "send N4 in 2010BA", "837.md 2, SUB02", fault="missing", because="SBR02",
        when=odd_subscriber,
    ),
    Rule(
        "SELF-BIRTH", CLAIMS, "2000B", "DMG", _no_birth,
        "the subscriber is the patient and has no birth date and sex",
        "send DMG in 2010BA", "837.md 2, SUB02", fault="missing", because="SBR02",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-GROUP-NAME", CLAIMS, "2000B", "SBR04", _name_beside_number,
        "a group name stands beside a group number",
        "leave SBR04 empty where SBR03 is sent", "837.md 3", "warning",
        fault="unused", because="SBR03",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-GROUP-MEMBER", CLAIMS, "2000B", "SBR03", _group_is_member,
        "the group number repeats the number of the member",
        "send the number of the group or policy, or none", "837.md 3", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-MEDICARE-TYPE", "837P", "2000B", "SBR05", _no_medicare_type,
        "Medicare does not pay first, and why is not said",
        "send in SBR05 which insurance comes before it", "837.md 3, SUB05",
        fault="missing", because="SBR09",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-TYPE-ELSEWHERE", "837P", "2000B", "SBR05", _type_of_no_medicare,
        "an insurance type belongs only to Medicare after another payer",
        "leave SBR05 empty", "837.md 3", "warning", fault="unused", because="SBR09",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-FILING", CLAIMS, "2000B", "SBR09", _no_filing_indicator,
        "the kind of insurance is not said",
        "send the claim filing indicator; most receivers route by it", "837.md 3, SUB04", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-PART-A", "837P", "2000B", "SBR09", _medicare_part("MA"),
        "Medicare Part A pays no professional claims",
        "send MB, or an institutional claim", "837.md 3, SUB04", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "SBR-PART-B", "837I", "2000B", "SBR09", _medicare_part("MB"),
        "institutional claims to Medicare carry the indicator of Part A",
        "send MA", "837.md 3, SUB04", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "MEMBER-MEDICARE", CLAIMS, "2000B", "NM109", _member_number,
        "this is no Medicare number (MBI)",
        "send the eleven characters of the card without hyphens", "837.md 8, SUB01", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "MEDICARE-SSN", CLAIMS, "2000B", "REF02", _number_of_medicare,
        "Medicare takes no social security number", "leave REF*SY out", "837.md 2", "warning",
        when=odd_subscriber,
    ),
    Rule(
        "CASE-NUMBER", CLAIMS, "2000B", "REF", _case_number,
        "an accident insurer is billed and the number of its case is missing",
        "send REF*Y4", "837.md 2", "warning", fault="missing", because="SBR09",
        when=odd_subscriber,
    ),
    Rule(
        "BIRTH-LATER", CLAIMS, PEOPLE, "DMG02", _born_later,
        "the birth date lies after the day the file was made",
        "send the birth date", "validation.md 6, SUB03", when="demographics",
    ),
    Rule(
        "BIRTH-AGE", CLAIMS, PEOPLE, "DMG02", _too_old,
        f"nobody is older than {_OLDEST} years", "look the birth date up",
        "validation.md 6, SUB03", "warning", when="demographics",
    ),
    Rule(
        "DEATH-LATER", "837P", "2000B 2000C", "PAT06", _died_later,
        "the date of death lies after the day the file was made",
        "send the date of death", "837.md 8", when="pat",
    ),
    Rule(
        "DEATH-BEFORE-BIRTH", "837P", "2000B 2000C", "PAT06", _died_before_birth,
        "the date of death lies before the birth date", "look both up", "837.md 8", when="pat",
    ),
    Rule(
        "PREGNANT-MALE", "837P", "2000B 2000C", "PAT09", _pregnant_man,
        "the patient is said to be pregnant and male", "look DMG03 and PAT09 up",
        "837.md 2", "warning", when="pat",
    ),
)  # fmt: skip
