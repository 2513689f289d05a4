"""Rules on the codes, pointers and numbers of service lines of every kind (837.md 4.3)."""

from __future__ import annotations

from typing import Any

from edi.segments import LineProcedure
from edi.situations import forms
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule

_MOST = 20_000


def procedure_of(line: Any) -> LineProcedure | None:
    """The billed procedure."""
    found: LineProcedure | None = line.service.procedure
    return found


def procedure_element(line: Any) -> str:
    """SV101, SV202 or SV301."""
    return {"SV1": "SV101", "SV2": "SV202", "SV3": "SV301"}[line.service.tag]


def odd_line(o: Any, c: Context) -> bool:
    """Whether the codes or the pointers of a line need a closer look."""
    p = o.service.procedure
    if p is not None:
        if (p.qualifier != "HC" or p.code not in _GOOD) and not _good(p.qualifier, p.code):
            return True
        if p.modifiers and odd_modifiers(p.modifiers):
            return True
    pointers = o.pointers
    if len(pointers) == 1:
        return not 0 < pointers[0] <= c.diagnoses
    return len(set(pointers)) < len(pointers) or any(not 0 < n <= c.diagnoses for n in pointers)


_GOOD: set[str] = set()  # codes of HCPCS that were looked at and are in order


def _good(qualifier: str, code: str) -> bool:
    if not forms.is_procedure(qualifier, code):
        return False
    if qualifier == "HC" and len(_GOOD) < _MOST:
        _GOOD.add(code)
    return True


def odd_modifiers(modifiers: list[str]) -> bool:
    """Whether a modifier is misspelled or stands twice."""
    for m in modifiers:
        if m not in _MODIFIERS:
            if not forms.MODIFIER(m):
                return True
            if len(_MODIFIERS) < _MOST:
                _MODIFIERS.add(m)
    return len(modifiers) > 1 and len(set(modifiers)) < len(modifiers)


_MODIFIERS: set[str] = set()


def _absent_diagnosis(o: Any, c: Context) -> Found:
    known = c.diagnoses
    s = o.service
    return [
        Hit(s, f"{o.pointer_element}-{n}")
        for n, pointer in enumerate(o.pointers, 1)
        if not 1 <= pointer <= known
    ]


def _repeated_pointer(o: Any, c: Context) -> Found:
    s, seen = o.service, set()
    found = []
    for n, pointer in enumerate(o.pointers, 1):
        if pointer in seen:
            found.append(Hit(s, f"{o.pointer_element}-{n}"))
        seen.add(pointer)
    return found


def _misspelled_procedure(o: Any, c: Context) -> Found:
    p = procedure_of(o)
    if p is None or forms.is_procedure(p.qualifier, p.code):
        return None
    return Hit(o.service, f"{procedure_element(o)}-2")


def _misspelled_modifier(o: Any, c: Context) -> Found:
    p = procedure_of(o)
    return [
        Hit(o.service, f"{procedure_element(o)}-{n}")
        for n, m in enumerate(p.modifiers if p is not None else [], 3)
        if not forms.MODIFIER(m)
    ]


def _modifier_twice(o: Any, c: Context) -> Found:
    p = procedure_of(o)
    modifiers = p.modifiers if p is not None else []
    return [
        Hit(o.service, f"{procedure_element(o)}-{n}")
        for n, m in enumerate(modifiers, 3)
        if m in modifiers[: n - 3]
    ]


def _ndc(o: Any, c: Context) -> Found:
    return o.lin if o.lin.qualifier == "N4" and not forms.NDC(o.lin.code) else None


def _no_drug(o: Any, c: Context) -> Found:
    return o.ctp if o.ctp.quantity <= 0 else None


RULES = (
    Rule(
        "DX-POINTER", "837P 837D", "2400", "SV107-1", _absent_diagnosis,
        "the line points to a diagnosis the claim does not have",
        "point to one of the codes of HI", "validation.md 6, DX03", when=odd_line,
    ),
    Rule(
        "DX-POINTER-TWICE", "837P 837D", "2400", "SV107-2", _repeated_pointer,
        "the line points to the same diagnosis twice",
        "send each pointer once", "validation.md 6, DX03", when=odd_line,
    ),
    Rule(
        "PROCEDURE-FORM", CLAIMS, "2400", "SV101-2", _misspelled_procedure,
        "no procedure of this kind is written like this",
        "look code and qualifier up", "validation.md 3, LIN01", when=odd_line,
    ),
    Rule(
        "MODIFIER-FORM", CLAIMS, "2400", "SV101-3", _misspelled_modifier,
        "a modifier is two capital letters or digits", "look the modifier up",
        "validation.md 3, LIN02", when=odd_line,
    ),
    Rule(
        "MODIFIER-TWICE", CLAIMS, "2400", "SV101-4", _modifier_twice,
        "the same modifier stands twice", "send it once", "validation.md 6, LIN02", "warning",
        when=odd_line,
    ),
    Rule(
        "NDC-FORM", CLAIMS, "2410", "LIN03", _ndc,
        "an NDC has eleven digits", "fill its parts with zeros to 5-4-2, without hyphens",
        "validation.md 3, LIN07",
    ),
    Rule(
        "DRUG-QUANTITY", CLAIMS, "2410", "CTP04", _no_drug,
        "the quantity of a drug is not more than 0", "send how much was given",
        "validation.md 3, LIN07",
    ),
)  # fmt: skip
