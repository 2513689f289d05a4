"""What a declaration cannot say: check digits, the tree of levels, counters, pointers.

Usage, order, repeats, lengths, types and code lists are checked while reading, from the
declarations themselves (`edi.model`). The functions here take objects and return issues at the
loop's first segment.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from edi.guides import x223_institutional as institutional
from edi.guides.claim_details import Claim
from edi.issues import Issue
from edi.model import Loop
from edi.segments import HL, N1, NM1


@lru_cache(maxsize=16_384)
def npi_is_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, with the Luhn digit of 80840 and the number (837.md 8)."""
    if len(npi) != 10 or not npi.isascii() or not npi.isdigit() or npi[0] not in "12":
        return False
    digits = npi[1::2] + npi[::2].translate(_DOUBLED)
    return (24 + sum(digits.encode()) - 10 * ord("0")) % 10 == 0


# Twice a digit, its own digits added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")


def identifiers(loop: Loop) -> list[Issue]:
    """The check digits of the NPIs of a loop and of all below it. A warning: we received it, we did
    not write it.
    """
    issues: list[Issue] = []
    _npis(loop, issues)
    return issues


class Levels:
    """HL01 counts 1, 2, 3 ...; HL02 is the HL01 of the level above; HL04 says whether levels follow
    (837.md 1.4). Levels are told in the order of the file.
    """

    def __init__(self) -> None:
        self.lost = False  # a level could not be read, so none after it can be judged
        self._count = 0
        self._open: list[tuple[Loop, HL, list[Loop]]] = []

    def opened(self, loop: Loop) -> list[Issue]:
        """A level begins."""
        hl = getattr(loop, "hl", None)
        if not isinstance(hl, HL) or self.lost:
            return []
        issues = []
        self._count += 1
        if hl.number != str(self._count):
            why = f"HL01 does not count on; it should be {self._count}"
            issues.append(_issue("HL-NUMBER", loop, "HL01", hl.number, why))
            self._count = int(hl.number) if _is_count(hl.number) else self._count
        above = self._open[-1] if self._open else None
        expected = above[1].number if above else None
        if hl.parent != expected:
            why = f"HL02 is not the number of the level above, which is {expected or 'none'}"
            issues.append(_issue("HL-PARENT", loop, "HL02", hl.parent or "", why))
        if above:
            above[2][:] = [loop]
        self._open.append((loop, hl, []))
        return issues

    def closed(self, loop: Loop) -> list[Issue]:
        """A level ends."""
        if not self._open or self._open[-1][0] is not loop:
            return []
        _, hl, below = self._open.pop()
        if self.lost or hl.child is None or (hl.child == "1") == bool(below):
            return []
        why = "HL04 says that levels follow below, and none does"
        if below:
            why = "HL04 says that no level follows below, and one does"
        return [_issue("HL-CHILD", loop, "HL04", hl.child, why, "warning")]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def claim(claim: Claim) -> list[Issue]:
    """LX counts the lines from 1, each diagnosis pointer has its diagnosis, and each decision of
    another payer is that of a payer the claim names.
    """
    issues = []
    diagnoses = len(claim.diagnoses)
    payers = {other.payer.name.id for other in claim.other_payers}
    for n, line in enumerate(claim.service_lines, 1):
        if line.lx.number != n:
            why = f"LX01 does not count the lines; it should be {n}"
            issues.append(_issue("LX-NUMBER", line, "LX01", str(line.lx.number), why))
        for pointer in line.pointers:
            if not 1 <= pointer <= diagnoses:
                why = f"the line points to diagnosis {pointer}, and the claim has {diagnoses}"
                ref = line.pointer_element
                issues.append(_issue("DX-POINTER", line, ref, str(pointer), why, snip=4))
        for decision in line.decisions:
            if decision.svd.payer not in payers:
                why = "SVD01 is the id of no other payer of this claim (2330B)"
                issues.append(
                    _issue("COB-PAYER", decision, "SVD01", decision.svd.payer, why, snip=4)
                )
    return issues


def institution(level: institutional.BillingProvider2000A) -> list[Issue]:
    """The billing institution's ZIP code has nine digits, unless it lies abroad (837.md 2)."""
    name = level.billing_provider
    code, country = name.city.postal_code or "", name.city.country
    if country not in (None, "US") or (len(code) == 9 and code.isdecimal()):
        return []
    why = "the ZIP code of the billing provider does not have nine digits"
    issue = _issue("ZIP-NINE", name, "N403", code, why, snip=4)
    issue.segment_number += 2  # NM1, N3, N4
    return [issue]


def _npis(loop: Loop, issues: list[Issue]) -> None:
    for name, repeats, is_loop in _parties(type(loop)):
        value = getattr(loop, name)
        if not value:
            continue
        for each in value if repeats else (value,):
            if is_loop:
                _npis(each, issues)
            elif each.id_qualifier == "XX" and each.id and not npi_is_valid(each.id):
                ref = "NM109" if isinstance(each, NM1) else "N104"
                why = "the NPI is not ten digits with a right check digit"
                issues.append(_issue("NPI-CHECK", loop, ref, each.id, why, "warning", snip=4))


@lru_cache(maxsize=256)
def _parties(cls: type[Loop]) -> tuple[tuple[str, bool, bool], ...]:
    """The attributes that are parties, or loops with parties in them: name, repeats, is a loop.

    Loops that are streamed are looked at when they come.
    """
    found = []
    for s in cls.specs:
        if issubclass(s.type, (NM1, N1)):
            found.append((s.name, s.repeats, False))
        elif issubclass(s.type, Loop) and not s.type.unit and _parties(s.type):
            found.append((s.name, s.repeats, True))
    return tuple(found)


def _issue(
    code: str,
    loop: Loop,
    ref: str,
    value: str,
    why: str,
    severity: Literal["error", "warning"] = "error",
    snip: int = 1,
) -> Issue:
    return Issue(code, severity, snip, loop.at, 0, loop.id, ref, value, why)
