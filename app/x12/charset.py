# ruff: noqa: RUF001 - the signs that look alike are the subject here
"""Which characters leave in an 837, and what becomes of the others (domain/837.md section 1.3).

The policy: upper case; accents and typographic signs are spelled with plain letters and signs;
line breaks and tabs become a space; blanks at both ends go. What is then still outside the basic
and extended X12 sets, or is a delimiter of this partner, is not guessed at: the claim is held.
"""

from __future__ import annotations

import unicodedata

_SPELLED = str.maketrans(
    {
        # Letters that Unicode does not take apart into a plain letter and an accent.
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O",
        "Ł": "L", "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH",
        "ı": "I", "Ħ": "H", "ħ": "H",
        # Signs that word processors put in for plain ones.
        "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u2029": " ",
    }
)  # fmt: skip

# Basic and extended set without lower case: every printable ASCII sign survives upper-casing.
_CARRIED = frozenset(map(chr, range(0x20, 0x7F))) - frozenset("abcdefghijklmnopqrstuvwxyz")


def transliterate(text: str) -> str:
    """The text as it is sent; characters that cannot be spelled plainly stay what they are."""
    if text.isascii() and text.isprintable():
        return text.strip().upper()
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return "".join(c for c in plain if not unicodedata.combining(c)).strip().upper()


def is_carried(text: str, *, delimiters: frozenset[str]) -> bool:
    """Whether every character of a transliterated text may stand in the data of this partner."""
    return delimiters.isdisjoint(text) and _CARRIED.issuperset(text)
