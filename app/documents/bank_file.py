"""Files of banks: which of three formats it is, and the deposits in it or every fault of it.

A file with one fault gives none of its deposits: what is missing from it may be a payment. Notes
tell what of a file in order is not taken, so that nothing goes by in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from app.documents.bank_bai2 import looks_like_bai2, read_bai2
from app.documents.bank_ccd import looks_like_ccd, read_ccd
from app.documents.bank_csv import looks_like_csv, read_csv
from app.documents.bank_reading import BankFile, at_line
from app.documents.problem import Problem
from app.domain.deposit import MOST_DAYS_AHEAD, Deposit, DepositSource, is_misdated

HEAD = 4096  # bytes that tell the format

_Reader = Callable[[str], BankFile | list[Problem]]
_READERS: dict[DepositSource, tuple[Callable[[str], bool], _Reader]] = {
    DepositSource.CCD: (looks_like_ccd, read_ccd),
    DepositSource.BAI2: (looks_like_bai2, read_bai2),
    DepositSource.CSV: (looks_like_csv, read_csv),
}


def bank_format(head: bytes) -> DepositSource | None:
    """The format of a file by its first bytes; None for what no bank sends."""
    first = next((line for line in _text(head).splitlines() if line.strip()), "")
    return next((kind for kind, (looks, _) in _READERS.items() if looks(first)), None)


def read_bank_file(content: bytes, kind: DepositSource) -> BankFile | list[Problem]:
    """The deposits of a file in that format, or what is wrong with it by line."""
    return _READERS[kind][1](_text(content))


def misdated(deposits: Iterable[Deposit], *, today: date) -> list[Problem]:
    """Those whose day lies too far ahead, by line."""
    message = f"This day lies more than {MOST_DAYS_AHEAD} days ahead."
    return [
        at_line(d.line or 1, "date", message) for d in deposits if is_misdated(d.date, today=today)
    ]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # only names can hold such letters
