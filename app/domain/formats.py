"""Formats of the field's identifiers, where a wrong one is worth a claim (validation.md 3)."""

from __future__ import annotations

import re

# 837.md section 8.
_PO_BOX = re.compile(
    r"\b(P\.?\s*O\.?\s*BOX|POST\s+OFFICE\s+BOX|LOCK\s*BOX|BOX\s+\d+)\b", re.IGNORECASE
)
_MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]"
    r"[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)
_NOT_A_TAX_ID = {"123456789"} | {digit * 9 for digit in "0123456789"}


def is_npi(text: str) -> bool:
    """Ten digits, the first 1 or 2, with the check digit of Luhn over 80840 and the number."""
    if not re.fullmatch("[12][0-9]{9}", text):
        return False
    total = 24  # what the prefix 80840 adds
    for position, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_employer_id(text: str) -> bool:
    """Nine digits without a dash that are not a placeholder."""
    return bool(re.fullmatch("[0-9]{9}", text)) and text not in _NOT_A_TAX_ID


def is_ssn(text: str) -> bool:
    """Nine digits without dashes whose area the administration gives out."""
    return is_employer_id(text) and not re.match("000|666|9", text)


def is_po_box(street: str) -> bool:
    """Whether the line names a box of the post office or a bank instead of a street."""
    return _PO_BOX.search(street) is not None


def is_zip_plus_four(code: str) -> bool:
    """Nine digits whose last four are not the filler 0000."""
    return bool(re.fullmatch("[0-9]{9}", code)) and not code.endswith("0000")


def is_mbi(text: str) -> bool:
    """A Medicare beneficiary identifier: eleven characters without the letters S L O I B Z."""
    return _MBI.fullmatch(text) is not None
