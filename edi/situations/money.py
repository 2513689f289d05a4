"""Rules on how amounts of claims are written (837.md 1.3); that they add up is `edi.balance`."""

from __future__ import annotations

from typing import Any

from edi.guides.claim_details import Claim
from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule


def _paid_too_much(o: Any, c: Context) -> Found:
    return [a for a in o.amounts if a.qualifier in ("F5", "F3") and a.amount > o.clm.charge]


def _paid_less_than_nothing(o: Any, c: Context) -> Found:
    return [a for a in o.amounts if a.qualifier in ("F5", "F3") and a.amount < 0]


_CHARGES = {"SV1": "SV102", "SV2": "SV203", "SV3": "SV302"}


def _negative_charges(o: Claim, c: Context) -> Found:
    return [Hit(x.service, _CHARGES[x.service.tag], x) for x in o.service_lines if x.charge < 0]


def _parts_of_cents(o: Claim, c: Context) -> Found:
    return [
        Hit(x.service, _CHARGES[x.service.tag], x)
        for x in o.service_lines
        if x.charge != round(x.charge, 2)
    ]


def _negative_claim(o: Claim, c: Context) -> Found:
    return o.clm if o.clm.charge < 0 else None


def _part_of_a_cent(o: Claim, c: Context) -> Found:
    return o.clm if o.clm.charge != round(o.clm.charge, 2) else None


def odd_money(o: Claim, c: Context) -> bool:
    """Whether a charge is negative, or has more behind its point than it needs."""
    for amount in (o.clm.charge, *[x.charge for x in o.service_lines]):
        text = str(amount)
        if text[0] == "-" or ("." in text and (text[-1] == "0" or len(text) - text.find(".") > 3)):
            return True
    return False


def _zeros(o: Claim, c: Context) -> Found:
    """Once a claim: whoever writes one amount so writes all of them so."""
    if _ends_in_zero(o.clm.charge):
        return Hit(o.clm, "CLM02")
    line = next((x for x in o.service_lines if _ends_in_zero(x.charge)), None)
    if line is None:
        return None
    s = line.service
    return Hit(s, _CHARGES[s.tag], line)


def _ends_in_zero(amount: Any) -> bool:
    text = str(amount)
    return "." in text and text[-1] == "0"


RULES = (
    Rule(
        "PAID-MORE", CLAIMS, "2300", "AMT02", _paid_too_much,
        "the patient's part is more than the whole claim",
        "send what the patient paid for these services", "validation.md 6, CLM15", when="amounts",
    ),
    Rule(
        "PAID-NEGATIVE", CLAIMS, "2300", "AMT02", _paid_less_than_nothing,
        "the patient's part is less than nothing", "send an amount of 0 or more",
        "validation.md 6, CLM15", when="amounts",
    ),
    Rule(
        "CHARGE-NEGATIVE", CLAIMS, "2300", "SV102", _negative_charges,
        "a charge is less than nothing", "send an amount of 0 or more",
        "validation.md 6, LIN04", when=odd_money,
    ),
    Rule(
        "CHARGE-CENTS", CLAIMS, "2300", "SV102", _parts_of_cents,
        "a charge is no whole number of cents", "send dollars and cents",
        "837.md 1.3", when=odd_money,
    ),
    Rule(
        "CLAIM-NEGATIVE", CLAIMS, "2300", "CLM02", _negative_claim,
        "the charge of the claim is less than nothing", "send an amount of 0 or more",
        "837.md 4, CLM02", when=odd_money,
    ),
    Rule(
        "CLAIM-CENTS", CLAIMS, "2300", "CLM02", _part_of_a_cent,
        "the charge of the claim is no whole number of cents", "send dollars and cents",
        "837.md 1.3", when=odd_money,
    ),
    Rule(
        "MONEY-ZEROS", CLAIMS, "2300", "CLM02", _zeros,
        "amounts end in zeros behind the point",
        "send 100.5 and 100, as X12 writes numbers", "837.md 1.3", "warning", when=odd_money,
    ),
)  # fmt: skip
