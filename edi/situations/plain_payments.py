"""Whether a claim payment is plain: one pass that adds it up and looks for whatever a rule could
find. Most are; only the others are shown to `edi.balance` and to the rules, who say what is wrong.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edi.situations import forms
from edi.situations.remittance import OF_CLAIMS_ONLY, WITH_REMARK, goes_with
from edi.situations.rule import Context, Plain
from edi.validate import npi_is_valid

_ZERO = Decimal(0)
_STATUS = frozenset({"1", "2", "3", "19", "20", "21"})
_LOOKED_AT = 1  # no plain pair has this bit


class _Pairs(dict[str, int]):
    """For one group code, a bit for each reason that is right beside anything but itself; all bits
    differ, over all groups. What has none is looked at by the rules.
    """

    def __init__(self, group: str) -> None:
        self.group = group

    def __missing__(self, reason: str) -> int:
        odd = (
            reason in WITH_REMARK
            or reason in OF_CLAIMS_ONLY
            or not forms.is_reason(reason)
            or not goes_with(self.group, reason)
        )
        if odd or len(_given) >= _MOST:
            return _LOOKED_AT
        _given.append(reason)
        self[reason] = bit = _LOOKED_AT << len(_given)
        return bit


_MOST = 200
_given: list[str] = []
_PAIRS = {group: _Pairs(group) for group in ("CO", "OA", "PI", "PR")}


def odd_payment(o: Any, c: Context) -> bool:
    """Whether the balance or a rule of `PAYMENT` may find anything in a claim payment (2100)."""
    clp = o.clp
    charge = clp.charge
    if (
        (clp.status not in _STATUS and (clp.status != "4" or clp.paid))
        or charge < _ZERO
        or o.adjustments
        or (len(o.dates) > 1 and _odd_span(o.dates))
    ):
        return True
    charged = paid = share = _ZERO
    for s in o.services:
        svc = s.svc
        due = price = svc.charge
        seen = _LOOKED_AT
        for cas in s.adjustments:
            group = cas.group
            pairs = _PAIRS.get(group)
            if pairs is None:
                return True
            for a in cas.adjustments:
                bit = pairs[a.reason]
                if seen & bit:
                    return True
                seen |= bit
                amount = a.amount
                due -= amount
                if group == "PR":
                    share += amount
        if svc.paid != due or (not due and _all_of_it(s)):
            return True
        if svc.submitted_procedure is not None or svc.units_submitted is not None:
            return True
        if len(s.dates) != 1 and _odd_days(s.dates, o):
            return True
        for r in s.references:
            if r.qualifier == "HPI" and not npi_is_valid(r.value):
                return True
        charged += price
        paid += due
    if (clp.patient_responsibility or _ZERO) != share:
        return True
    return bool(charged != charge or clp.paid != paid if o.services else clp.paid != charge)


def _all_of_it(service: Any) -> bool:
    """Whether the whole charge is over the fee schedule."""
    charge = service.svc.charge
    return any(
        a.amount == charge and a.reason == "45"
        for cas in service.adjustments
        for a in cas.adjustments
    )


def _odd_days(dates: list[Any], claim: Any) -> bool:
    """Whether a line without one day has no day at all, or more than the ends of a span."""
    if not dates:
        return not any(d.qualifier in ("232", "233") for d in claim.dates)
    ends = [d.qualifier for d in dates]
    return ends != ["150", "151"] or bool(dates[1].on < dates[0].on)


def _odd_span(dates: list[Any]) -> bool:
    """Whether a claim may end before it begins."""
    days = {d.qualifier: d.on for d in dates}
    return "232" in days and "233" in days and bool(days["233"] < days["232"])


PAYMENT = Plain(
    "2100", odd_payment,
    forms.words(
        "SHARE REVERSAL-SIGN REMIT-NEGATIVE PRICED-ONLY DENIED-PAID STATEMENT-REVERSED"
        " SERVICE-REVERSED SERVICE-NO-DAY DAY-AND-SPAN SUBMITTED-SAME UNITS-SAME REASON"
        " REASON-GROUP REASON-CLAIMS REASON-TWICE REASON-ALL REASON-REMARK NPI-CHECK-REF"
    ),
)  # fmt: skip
