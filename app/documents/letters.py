"""Letters for the fonts that every PDF reader has, which hold Latin-1 and no more.

A letter beyond them is written by its base (ś as s, Ł as L, œ as oe), a typographic sign by the
plain one, as names travel in X12 too. What has no such spelling, as of another script, and what
shows nothing at all is marked `[?]`: a paper never leaves a letter out in silence.
"""

# ruff: noqa: RUF001 - look-alikes are what this table is about

from __future__ import annotations

import unicodedata

MARK = "[?]"

# What Unicode does not take apart.
_SPELLED = str.maketrans(
    {
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "ng", "Ŋ": "NG",
        "œ": "oe", "Œ": "OE", "ŧ": "t", "Ŧ": "T", "ſ": "s", "ə": "e", "Ə": "E", "ẞ": "SS",
        "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "ʹ": "'", "“": '"', "”": '"', "„": '"', "‟": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...", "•": "*",
        "€": "EUR", "™": "TM", "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip


def letters(text: str) -> str:
    """The text in Latin-1 letters that show."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, unicodedata.normalize("NFC", text).translate(_SPELLED)))


def _shown(letter: str) -> str:
    if letter <= "\xff":
        return letter if letter.isprintable() or letter == "\xa0" else MARK
    if unicodedata.combining(letter):
        return ""  # of a base that has no letter with it
    parts = unicodedata.normalize("NFKD", letter)
    base = "".join(c for c in parts if not unicodedata.combining(c)).translate(_SPELLED)
    return base if base and all(c <= "\xff" and c.isprintable() for c in base) else MARK
