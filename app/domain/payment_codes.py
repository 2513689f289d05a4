"""Which codes of an 835 we know: CARC, RARC and CLP02.

A code that nobody here knows never holds a payment back: it is posted, nothing is written off for
it (app/domain/treatment.py), and it is listed for a person (worklist codes.unknown). Code lists
change three times a year; a practice loads what has come since as dated rows of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.carc import CarcClass, carc_class
from app.domain.remittance import ClaimPayment

EDITION = "2026-11"


class CodeList(StrEnum):
    """A list whose codes an 835 names."""

    CARC = "CARC"  # CAS02, 05 ..: claim adjustment reason codes
    RARC = "RARC"  # LQ*HE, MIA, MOA: remittance advice remark codes
    STATUS = "CLP02"


@dataclass(frozen=True, slots=True)
class DatedCode:
    """A code that a practice has loaded, and the days it is in use."""

    code: str
    since: date = date.min
    until: date = date.max


def unknown_codes(payment: ClaimPayment) -> set[tuple[int, CodeList, str]]:
    """By service (0: the claim itself): the codes that are in none of our tables."""
    return {
        (level, kind, code) for level, kind, code in _codes(payment) if not is_known(kind, code)
    }


def is_known(kind: CodeList, code: str) -> bool:
    """Whether the tables that we ship, of EDITION, have the code."""
    if kind is CodeList.CARC:
        return carc_class(code) is not CarcClass.UNKNOWN
    if kind is CodeList.STATUS:
        return code in _STATUSES
    told = _RARC.fullmatch(code)
    return told is not None and 1 <= int(told[2]) <= _LAST_RARC[told[1]]


def _codes(payment: ClaimPayment) -> Iterator[tuple[int, CodeList, str]]:
    yield 0, CodeList.STATUS, payment.status
    for told in payment.adjustments:
        yield 0, CodeList.CARC, told.reason
    for code in payment.remarks:
        yield 0, CodeList.RARC, code
    for service in payment.services:
        for told in service.adjustments:
            yield service.ordinal, CodeList.CARC, told.reason
        for code in service.remarks:
            yield service.ordinal, CodeList.RARC, code


_STATUSES = frozenset(("1", "2", "3", "4", "19", "20", "21", "22", "23", "25"))
# How far the numbers of remark codes have been given out; the texts are licensed and not here.
_RARC = re.compile(r"(MA|M|N)([0-9]{1,3})")
_LAST_RARC = {"M": 144, "MA": 134, "N": 914}
