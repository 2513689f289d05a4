"""Fake names, numbers and days, the same for the same key and value.

A number keeps its length and its shape: a digit becomes a digit, a letter a letter, the rest stays.
Each character is put through a permutation that depends on the key, on the shape and on all
characters before it, so two different numbers never become the same one (they would with a hash),
and what counts apart stays apart. An NPI stays an NPI, with its check digit.
"""

from __future__ import annotations

import hmac
import string
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from edi.situations import forms
from edi.validate import npi_is_valid

_DIGITS, _UPPER, _LOWER = string.digits, string.ascii_uppercase, string.ascii_lowercase
_CARD_LETTERS = "ACDEFGHJKMNPQRTUVWXY"
_SURNAMES = [
    "ALDER",
    "ASPEN",
    "BIRCH",
    "BRIAR",
    "CEDAR",
    "CLOVER",
    "ELDER",
    "FERN",
    "HAZEL",
    "HEATHER",
    "HOLLY",
    "IVY",
    "JUNIPER",
    "LAUREL",
    "LINDEN",
    "MAPLE",
    "MYRTLE",
    "OAKES",
    "PINE",
    "POPLAR",
    "REED",
    "ROWAN",
    "SAGE",
    "SORREL",
    "TANSY",
    "THORNE",
    "VERVAIN",
    "WILLOW",
    "YARROW",
    "YEW",
]
_GIVEN = [
    "ADA",
    "ALEX",
    "ARLO",
    "AVERY",
    "BLAIR",
    "CASEY",
    "CORA",
    "DANA",
    "DREW",
    "EDEN",
    "ELIS",
    "EMERY",
    "FINN",
    "GRAY",
    "HOLLIS",
    "IRA",
    "JODY",
    "KAI",
    "LANE",
    "LEE",
    "MARLO",
    "NOEL",
    "OAKLEY",
    "PERRY",
    "QUINN",
    "RAE",
    "REESE",
    "ROBIN",
    "SHAY",
    "TERRY",
]
_KINDS = ["CLINIC", "PRACTICE", "GROUP", "CARE", "HEALTH", "PARTNERS"]
_STREETS = ["CANAL ST", "HILL RD", "LAKE AVE", "MILL LN", "PARK ST", "RIVER RD"]
_CITIES = ["ASHFORD", "BRIDGETON", "FAIRVIEW", "LAKESIDE", "MILLTOWN", "OAKDALE", "RIVERTON"]
_WEEKS = 500


class Fakes:
    """All fakes of one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # Whole weeks back, so that week days stay; between one and ten years.
        self._back = timedelta(weeks=52 + self._number("days") % (_WEEKS - 52))
        self._permuted = lru_cache(maxsize=65536)(self._permutation)
        self._kinds: dict[str, Callable[[str], str]] = {
            "id": self.shape,
            "text": self.shape,
            "surname": lambda t: self._pick("surname", t, _SURNAMES),
            "given": self._given,
            "organisation": self._organisation,
            "address": self._address,
            "city": lambda t: self._pick("city", t, _CITIES),
            "date": self.day,
            "short-date": self._short_date,
        }

    def of(self, kind: str, text: str) -> str:
        """A fake of a kind of `edi.scrub.rules`, never longer than a field that held the text."""
        return self._kinds[kind](text)

    def shape(self, text: str) -> str:
        """A number or text of the same shape. An NPI becomes an NPI, right or wrong as it was; the
        number of a Medicare card and that of a laboratory (CLIA) stay such numbers too.
        """
        if len(text) == 10 and text.isascii() and text.isdigit() and text[0] in "12":
            return self._npi(text)
        if forms.MBI(text):
            return self._medicare(text)
        if forms.CLIA(text):
            return f"{self._same_shape(text[:2])}D{self._same_shape(text[3:])}"
        return self._same_shape(text)

    def day(self, text: str) -> str:
        """A date CCYYMMDD, moved; what is no date loses its digits."""
        try:
            if len(text) != 8 or not text.isascii() or not text.isdigit():
                return self._same_shape(text)
            moved = date(int(text[:4]), int(text[4:6]), int(text[6:])) - self._back
        except (ValueError, OverflowError):
            return self._same_shape(text)
        return f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"

    def period(self, text: str) -> str:
        """D8, RD8 or DT by its look: days move, times stay."""
        if len(text) == 17 and text[8] == "-":
            return f"{self.day(text[:8])}-{self.day(text[9:])}"
        if len(text) in (12, 14):
            return self.day(text[:8]) + text[8:]
        return self.day(text) if len(text) == 8 else text if len(text) < 8 else self.shape(text)

    # ── kinds ──

    def _short_date(self, text: str) -> str:
        """YYMMDD of this century."""
        moved = self.day(f"20{text}") if len(text) == 6 else ""
        return moved[2:] if moved else self._same_shape(text)

    def _given(self, text: str) -> str:
        if len(text) <= 2:  # an initial
            return self._same_shape(text)
        return self._pick("given", text, _GIVEN)

    def _organisation(self, text: str) -> str:
        first = self._pick("organisation", text, _SURNAMES)
        return self._fit(f"{first} {self._pick('kind', text, _KINDS)}", text)

    def _address(self, text: str) -> str:
        house = 100 + self._number("house", text) % 900
        return f"{house} {self._pick('street', text, _STREETS)}"

    def _pick(self, kind: str, text: str, choice: list[str]) -> str:
        return self._fit(choice[self._number(kind, text.upper()) % len(choice)], text)

    @staticmethod
    def _fit(made: str, text: str) -> str:
        """In the case it came in."""
        return made.title() if text != text.upper() else made

    # ── numbers ──

    def _npi(self, text: str) -> str:
        body = text[0] + self._same_shape(text[1:9])
        off = (int(text[9]) - _check_digit(text[:9])) % 10
        return f"{body}{(_check_digit(body) + off) % 10}"

    def _medicare(self, text: str) -> str:
        """Its letters are those that look like no digit, and its first digit is no zero."""
        made = []
        for n, c in enumerate(text):
            alphabet = _CARD_LETTERS if c.isalpha() else _DIGITS if n else _DIGITS[1:]
            made.append(self._permuted(alphabet, "MBI", text[:n])[alphabet.index(c)])
        return "".join(made)

    def _same_shape(self, text: str) -> str:
        """A digit for a digit, a letter for a letter, X for a letter outside ASCII."""
        shape = "".join(
            "9" if c in _DIGITS else "A" if c in _UPPER else "a" if c in _LOWER else c for c in text
        )
        made = []
        for n, c in enumerate(text):
            alphabet = {"9": _DIGITS, "A": _UPPER, "a": _LOWER}.get(shape[n])
            if alphabet is None:
                made.append("X" if c.isalnum() else c)
            else:
                made.append(self._permuted(alphabet, shape, text[:n])[alphabet.index(c)])
        return "".join(made)

    def _permutation(self, alphabet: str, shape: str, before: str) -> str:
        letters = list(alphabet)
        number = self._number("permutation", f"{shape}\0{before}")
        for n in range(len(letters) - 1, 0, -1):
            number, k = divmod(number, n + 1)
            letters[n], letters[k] = letters[k], letters[n]
        return "".join(letters)

    def _number(self, kind: str, text: str = "") -> int:
        message = f"{kind}\0{text}".encode()
        return int.from_bytes(hmac.digest(self._key, message, "sha256"), "big")


def _check_digit(body: str) -> int:
    """The one last digit that makes an NPI of nine digits."""
    return next(n for n in range(10) if npi_is_valid(f"{body}{n}"))
