"""How numbers and codes are written, where the form alone says that one cannot be right.

Forms and short public lists only: whether a code exists, and on which day, is the business of
whoever has the code sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

Form = Callable[[str], re.Match[str] | None]


def form(pattern: str) -> Form:
    """Whether a whole text is of a form. Compiled when first asked: a file needs few of them."""
    return partial(re.fullmatch, pattern, flags=re.ASCII)


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


# 837.md 8. A street may be named after a box; a box that has a number is one.
PO_BOX: Form = partial(
    re.search,
    r"(?i)\b(P\.?\s*O\.?\s*BOX|POST\s+OFFICE\s+BOX|LOCK\s*BOX|BOX\s+\d+)\b",
)
NINE_DIGITS = form(r"\d{9}")
TEN_DIGITS = form(r"\d{10}")
NDC = form(r"\d{11}")
CLIA = form(r"\d{2}D\d{7}")
TAXONOMY = form(r"[0-9A-Z]{9}X")
MODIFIER = form(r"[0-9A-Z]{2}")
# Medicare's number of a person (837.md 8); no letter that looks like a digit.
MBI = form(
    r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]"
    r"[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)
ICD_10_CM = form(r"[A-Z][0-9A][0-9A-Z][0-9A-Z]{0,4}")
ICD_9_CM = form(r"(\d{3}|V\d\d|E\d{3})\d{0,2}")
ICD_10_PCS = form(r"[0-9A-HJ-NP-Z]{7}")
ICD_9_PROCEDURE = form(r"\d{2}\d{1,2}")
TWO_CHARACTERS = form(r"[0-9A-Z]{2}")
REVENUE_CODE = form(r"\d{4}")
BILL_TYPE = form(r"[1-9][0-9]")
DRG = form(r"\d{3,4}")
# Teeth: permanent, primary, and the supernumerary ones of both (validation.md 3).
TOOTH = form(r"[1-9]|[12]\d|3[0-2]|[A-T]|5[1-9]|[67]\d|8[0-2]|[A-T]S")
# A procedure code by its qualifier (validation.md 3); others have no form we know.
PROCEDURES = {
    "HC": form(r"\d{4}[0-9FTUM]|[A-V]\d{4}"),
    "AD": form(r"D\d{4}"),
    "HP": form(r"[0-9A-Z]{5}"),
}

# Two-letter names of states, territories and military post (USPS), and of Canada's provinces.
STATES = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM"
    " NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI FM MH PW AA AE AP"
    " AB BC MB NB NL NS NT NU ON PE QC SK YT NF PQ CZ UM"
)

# Claim adjustment reason codes: the numbers in use up to the middle of 2026, numbers that have been
# retired among them. Codes only; the texts are licensed.
_LAST_REASON = 320
_LETTERED_REASON = form(r"A[0-8]|B\d|B1\d|B2[0-3]|D\d|D1\d|D2[0-3]|P\d|P[12]\d|P3[0-4]|W\d|Y[1-3]")


def is_reason(code: str) -> bool:
    """Whether this may be a claim adjustment reason code."""
    if code.isascii() and code.isdigit():
        return code[0] != "0" and 1 <= int(code[:6]) <= _LAST_REASON
    return _LETTERED_REASON(code) is not None


@lru_cache(maxsize=16_384)
def is_procedure(qualifier: str, code: str) -> bool:
    """Whether a procedure code is written as codes of its kind are."""
    known = PROCEDURES.get(qualifier)
    return known is None or known(code) is not None


@lru_cache(maxsize=16_384)
def is_diagnosis(qualifier: str, code: str) -> bool:
    """Whether a diagnosis is written as codes of its version are, without a dot."""
    if qualifier in ICD_10:
        return ICD_10_CM(code) is not None
    if qualifier in ICD_9:
        return ICD_9_CM(code) is not None
    return True


@lru_cache(maxsize=4096)
def is_tax_number(number: str) -> bool:
    """Nine digits, as EIN and SSN have them without their hyphens."""
    return NINE_DIGITS(number) is not None


def is_invented(number: str) -> bool:
    """Nine digits that nobody was ever given."""
    return number == "123456789" or len(set(number)) == 1


# Qualifiers of HI by version: ICD-10-CM and ICD-9-CM diagnoses, and procedures of both.
ICD_10 = frozenset({"ABK", "ABF", "ABJ", "APR", "ABN"})
ICD_9 = frozenset({"BK", "BF", "BJ", "PR", "BN"})
PCS = frozenset({"BBR", "BBQ"})
ICD_9_PROCEDURES = frozenset({"BR", "BQ"})
DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF", "TQ"})
