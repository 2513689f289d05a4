"""Rules on the diagnoses of a claim (837.md 4.1, validation.md 3)."""

from __future__ import annotations

from collections.abc import Iterator

from edi.guides.claim_details import Claim
from edi.segments import HI, HealthCode
from edi.situations import forms
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule


def odd_diagnoses(o: Claim, c: Context) -> bool:
    """Whether a diagnosis is not plainly right beside the others."""
    codes = [x for hi in o.health_codes for x in hi.codes]
    for x in codes:
        if odd_code(x):
            return True
    return len(codes) > 1 and len({x.code for x in codes}) < len(codes)


def odd_code(x: HealthCode) -> bool:
    """Whether this is more than a plain diagnosis of ICD-10."""
    return (x.code not in _PLAIN and not _plain(x.code)) or x.qualifier not in _ICD_10_ONLY


_ICD_10_ONLY = frozenset({"ABK", "ABF"})
_PLAIN: set[str] = set()  # codes that were looked at and are in order, as first ones too
_MOST_PLAIN = 20_000


def _plain(code: str) -> bool:
    if not forms.is_diagnosis("ABK", code) or code[0] in "VWXY":
        return False
    if len(_PLAIN) < _MOST_PLAIN:
        _PLAIN.add(code)
    return True


def health_codes(o: Claim, qualifiers: frozenset[str]) -> Iterator[tuple[HI, int, HealthCode]]:
    """The codes of some kinds, each with its segment and element."""
    for hi in o.health_codes:
        for n, code in enumerate(hi.codes, 1):
            if code.qualifier in qualifiers:
                yield hi, n, code


def _duplicates(o: Claim, c: Context) -> Found:
    seen, found = set(), []
    for hi, n, code in health_codes(o, forms.DIAGNOSES):
        if code.code in seen:
            found.append(Hit(hi, f"HI{n:02d}-2"))
        seen.add(code.code)
    return found


_SPELLED = (forms.ICD_10 | forms.ICD_9) - {"TQ"}


def _misspelled(o: Claim, c: Context) -> Found:
    return [
        Hit(hi, f"HI{n:02d}-2")
        for hi, n, code in health_codes(o, _SPELLED)
        if not forms.is_diagnosis(code.qualifier, code.code)
    ]


def _mixed(o: Claim, c: Context) -> Found:
    """Two versions of the classification on one claim."""
    ten = forms.ICD_10 | forms.PCS
    nine = forms.ICD_9 | forms.ICD_9_PROCEDURES
    versions = {q.qualifier in ten for _, _, q in health_codes(o, ten | nine)}
    if len(versions) < 2:
        return None
    hi, n, _ = next(health_codes(o, nine))
    return Hit(hi, f"HI{n:02d}-1")


def _external_cause_first(o: Claim, c: Context) -> Found:
    return [
        Hit(hi, f"HI{n:02d}-2")
        for hi, n, code in health_codes(o, frozenset({"ABK"}))
        if code.code[:1] in ("V", "W", "X", "Y")
    ]


def _ninth_after_2015(o: Claim, c: Context) -> Found:
    """From 1 October 2015 on claims are coded in ICD-10."""
    if c.made < "20151001":
        return None
    found = next(health_codes(o, forms.ICD_9), None)
    day = last_day(o)
    if found is None or day < "20151001":
        return None
    return Hit(found[0], f"HI{found[1]:02d}-1")


def last_day(o: Claim) -> str:
    """The last day of service, CCYYMMDD; empty where none is told."""
    days = [d.value[-8:] for line in o.service_lines if (d := line.served) is not None]
    days += [d.value[-8:] for d in o.dates if d.qualifier in ("434", "472")]
    return max(days, default="")


RULES = (
    Rule(
        "DX-DUPLICATE", CLAIMS, "2300", "HI01-2", _duplicates,
        "the diagnosis stands twice on the claim", "send each once",
        "validation.md 6, DX02", when=odd_diagnoses,
    ),
    Rule(
        "DX-FORM", CLAIMS, "2300", "HI01-2", _misspelled,
        "no diagnosis is written like this",
        "send the code in capitals without a dot", "validation.md 3, DX02", when=odd_diagnoses,
    ),
    Rule(
        "DX-VERSIONS", CLAIMS, "2300", "HI01-1", _mixed,
        "codes of ICD-9 and of ICD-10 stand on one claim",
        "code all of it in the version of its day", "837.md 4.1", when=odd_diagnoses,
    ),
    Rule(
        "DX-CAUSE-FIRST", CLAIMS, "2300", "HI01-2", _external_cause_first,
        "an external cause is no principal diagnosis",
        "put the injury first", "validation.md 6, DX04", when=odd_diagnoses,
    ),
    Rule(
        "DX-ICD-9", CLAIMS, "2300", "HI01-1", _ninth_after_2015,
        "services from 1 October 2015 on are coded in ICD-10",
        "send ICD-10 codes", "validation.md 3", "warning", when=odd_diagnoses,
    ),
)  # fmt: skip
