"""Elements between text and Python: Decimal for R, int for N0, date for D8 and DT, time for TM, str
for the rest.

Absence is handled by the generated code, so these functions never see an empty text. All of them
raise ValueError for what the type does not allow.

A value that a file spells otherwise than we would (150.00, 007, 093000) remembers how, and is
written as it was read. It equals, hashes and reckons as any other; what comes of reckoning, and
what a program makes, is spelled our way.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Memo(dict[str, T], Generic[T]):
    """Remembers what a text was converted to. Dates are few, and amounts come again more often than
    one thinks.
    """

    def __init__(self, convert: Callable[[str], T], limit: int = 16_384) -> None:
        self.convert = convert
        self.limit = limit

    def __missing__(self, text: str) -> T:
        value = self.convert(text)
        if len(text) < 24:
            if len(self) >= self.limit:
                self.clear()
            self[text] = value
        return value


class ClockTime(time):
    """A time that remembers how it was written: 0930 and 093000 are the same instant but not the
    same bytes.
    """

    text: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (_time, (self.text,))


class SpelledDecimal(Decimal):
    """A number with zeros, or a sign, that say nothing: 150.00, .5, 007, -0."""

    __slots__ = ("text",)
    text: str

    def __reduce__(self) -> Any:
        return (_decimal, (self.text,))


class SpelledInteger(int):
    """A whole number with leading zeros."""

    text: str

    def __reduce__(self) -> Any:
        return (_integer, (self.text,))


def _decimal(text: str) -> Decimal:
    # Decimal alone would also take NaN, 1_000, 1E5 and digits of other scripts.
    if _PLAIN_DECIMAL(text):
        return Decimal(text)
    if not _DECIMAL(text):
        raise ValueError("not a decimal number")
    value = SpelledDecimal(text)
    value.text = text
    return value


def _integer(text: str) -> int:
    digits = text.removeprefix("-")
    if len(digits) > 18 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("not a whole number")
    if str(number := int(text)) == text:
        return number
    value = SpelledInteger(number)
    value.text = text
    return value


def _date(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError("not a date CCYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _time(text: str) -> time:
    if len(text) not in (4, 6, 7, 8) or not (text.isascii() and text.isdigit()):
        raise ValueError("not a time HHMM[SS[dd]]")
    seconds = int(text[4:6] or 0)
    hundredths = int(text[6:].ljust(2, "0")) if len(text) > 6 else 0
    value = ClockTime(int(text[:2]), int(text[2:4]), seconds, hundredths * 10_000)
    value.text = text
    return value


_PLAIN_DECIMAL = re.compile(r"0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|0\.\d*[1-9])", re.ASCII).fullmatch
_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII).fullmatch


class _Decimals(Memo[Decimal]):
    """Numbers that were read lately. One that may be too long for an element of 15 or 18 digits, or
    has nothing behind its point, is refused, and looked at again.
    """

    def __missing__(self, text: str) -> Decimal:
        # A regular expression takes longer than `Decimal` itself.
        if len(text) < 16 and text.strip("0.") == text and not text.strip("0123456789."):
            try:
                value = Decimal(text)
            except InvalidOperation:  # two points, or nothing at all
                raise ValueError("not a decimal number") from None
        elif len(text) > 15 or text[-1:] == ".":
            raise ValueError("perhaps too long, or not spelled as X12 does")
        else:
            value = _decimal(text)
        if len(self) >= self.limit:
            self.clear()
        self[text] = value
        return value


_dates = Memo(_date)
_times = Memo(_time)
to_date = _dates.__getitem__
to_time = _times.__getitem__


def from_decimal(value: Decimal) -> str:
    """As type R wants it: no exponent, and no zeros that say nothing (837.md 1.3)."""
    if not isinstance(value, Decimal):
        raise TypeError  # money is never float
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def from_integer(value: int) -> str:
    return str(value)


def spelled_decimal(value: Decimal) -> str:
    """As it was read, else as type R wants it."""
    return value.text if type(value) is SpelledDecimal else from_decimal(value)


def spelled_integer(value: int) -> str:
    """As it was read, else without leading zeros."""
    return value.text if type(value) is SpelledInteger else from_integer(value)


def from_date(value: date) -> str:
    return value.isoformat()[:10].replace("-", "")


def from_time(value: time) -> str:
    if isinstance(value, ClockTime):
        return value.text
    if value.microsecond:
        return f"{value:%H%M%S}{value.microsecond // 10_000:02d}"
    return f"{value:%H%M%S}" if value.second else f"{value:%H%M}"


def _short(convert: Callable[[str], T]) -> Memo[T]:
    """Refuses numbers so long that an element limit of 15 or 18 digits may be passed."""

    def short(text: str) -> T:
        if len(text) > 15:
            raise ValueError("perhaps too long")
        return convert(text)

    return Memo(short)


# What is right at first sight, by its text: `FAST[date]["20260102"]`, without a call where it was
# read before. A text that is refused is looked at again with `SCALARS`.
FAST: dict[Any, Memo[Any]] = {
    Decimal: _Decimals(_decimal, 4096),  # more would not stay in the processor's cache
    int: _short(_integer),
    date: _dates,
    time: _times,
}

# Python type: (reader, writer, IK403 code of a text that is none, how to call it)
SCALARS: dict[Any, tuple[Callable[[str], Any], Callable[[Any], str], str, str]] = {
    Decimal: (_decimal, spelled_decimal, "IK403:6", "a decimal number"),
    int: (_integer, spelled_integer, "IK403:6", "a whole number"),
    date: (to_date, from_date, "IK403:8", "a date CCYYMMDD"),
    time: (_time, from_time, "IK403:9", "a time HHMM"),
}
