"""What the readers of bank files share: their result, amounts, dates, and the TRN in an addenda."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.documents.problem import Problem
from app.domain.deposit import Deposit
from app.domain.money import from_cents

# TRN02 has up to 50 characters, TRN03 ten. A backslash or a tilde ends the segment; where a line
# ends in its place, only a whole TRN03 is one.
_TRN = re.compile(
    r"TRN\*1\*([^*\\~\n]{1,50})\*"
    r"([^*\\~\s]{9,10}(?=[*\\~\s]|$)|[^*\\~\s]{1,10}(?=[*\\~]))"
)


@dataclass(frozen=True, slots=True)
class BankFile:
    """What a file of a bank says; `notes` are lines that are in order and no deposit of ours."""

    deposits: tuple[Deposit, ...]
    notes: tuple[Problem, ...] = ()


def traced(pieces: Sequence[str]) -> tuple[str, str] | None:
    """TRN02 and TRN03 of an addenda that came in these pieces; None where there is no TRN*1.

    A piece mostly holds it whole. Where a line broke in its middle, the pieces are put together.
    """
    for text in ("\n".join(pieces), "".join(pieces)):
        found = _TRN.search(text)
        if found:
            return found.group(1).strip(), found.group(2).strip()
    return None


def cents(text: str) -> Decimal | None:
    """An amount in cents without a point, with a sign or none; None when it is no such thing."""
    return from_cents(int(text)) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else None


def short_date(text: str) -> date | None:
    """A day as YYMMDD, of this century; None when there is no such day."""
    if not re.fullmatch("[0-9]{6}", text):
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


def at_line(line: int, code: str, message: str) -> Problem:
    """A fault or note at a line of the file, from 1."""
    return Problem("", code, message, line, 1)


def is_number(text: str) -> bool:
    """Whether it is digits and nothing else; `str.isdigit` takes digits that `int` does not."""
    return re.fullmatch("[0-9]+", text) is not None
