"""Rules of the remittance (835.md): what payers send and should not. Almost all are warnings: a
payment is taken as it comes. That it adds up is `edi.balance`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edi.situations import forms
from edi.situations.rule import Context, Found, Hit, Rule

R = "835"
_ZERO = Decimal(0)
_BY_BANK = frozenset({"ACH", "BOP", "FWT"})
# Reasons that go with some group codes only (835.md 10). CO beside 18 is workers' compensation.
_GROUPS = {
    **dict.fromkeys(("23", "133", "136", "209", "257", "271", "277"), frozenset({"OA"})),
    **dict.fromkeys(("85", "201", "229", "238", "275"), frozenset({"PR"})),
    **dict.fromkeys(("139", "249"), frozenset({"CO"})),
    "18": frozenset({"OA", "CO"}),
    "45": frozenset({"CO", "PR"}),
    "278": frozenset({"CO", "PI"}),
}
WITH_REMARK = forms.words("16 96 129 148 201 226 227 234 237 250 251 252 267 A1")
OF_CLAIMS_ONLY = frozenset({"192", "225", "229"})  # they explain an 837, not an 835


def _negative_payment(o: Any, c: Context) -> Found:
    return o.bpr if o.bpr.amount < 0 else None


def _payer_differs(o: Any, c: Context) -> Found:
    other = o.trn.originator and o.bpr.originator and o.trn.originator != o.bpr.originator
    return o.trn if other else None


def _nothing_paid(o: Any, c: Context) -> Found:
    return o.bpr if o.bpr.amount == 0 and o.bpr.method != "NON" else None


def _paid_by_nothing(o: Any, c: Context) -> Found:
    return o.bpr if o.bpr.amount != 0 and o.bpr.method == "NON" else None


def _no_bank(o: Any, c: Context) -> Found:
    bpr = o.bpr
    if bpr.method not in _BY_BANK or (bpr.receiver_bank and bpr.receiver_account):
        return None
    return Hit(bpr, by=bpr)


# ── claim ──────────────────────────────────────────────────────────────────


def odd_claim(o: Any, c: Context) -> bool:
    """Whether status, amounts or reasons need a closer look; one pass over all adjustments."""
    clp = o.clp
    if clp.status not in _PLAIN_STATUS or clp.charge < 0:
        return True
    share = _ZERO
    for where in (o, *o.services):
        for cas in where.adjustments:
            for a in cas.adjustments:
                if a.reason in WITH_REMARK:
                    return True
                if cas.group == "PR":
                    share += a.amount
    return bool((clp.patient_responsibility or _ZERO) != share)


_PLAIN_STATUS = frozenset({"1", "2", "3", "19", "20", "21"})


def _patient_share(o: Any) -> Decimal:
    groups = [*o.adjustments, *[cas for s in o.services for cas in s.adjustments]]
    return sum([a.amount for cas in groups if cas.group == "PR" for a in cas.adjustments], _ZERO)


def _other_share(o: Any, c: Context) -> Found:
    said = o.clp.patient_responsibility
    if o.clp.status == "22" or (said or _ZERO) == _patient_share(o):
        return None
    return Hit(o.clp)


def _reversal_sign(o: Any, c: Context) -> Found:
    wrong = o.clp.status == "22" and (o.clp.charge > 0 or o.clp.paid > 0)
    return Hit(o.clp) if wrong else None


def _negative_charge(o: Any, c: Context) -> Found:
    return Hit(o.clp, "CLP03") if o.clp.status != "22" and o.clp.charge < 0 else None


def _priced_only(o: Any, c: Context) -> Found:
    return o.clp if o.clp.status in ("23", "25") and o.clp.paid != 0 else None


def _denied_and_paid(o: Any, c: Context) -> Found:
    return Hit(o.clp, "CLP04") if o.clp.status == "4" and o.clp.paid != 0 else None


def _span(first: str, last: str) -> Any:
    def reversed_(o: Any, c: Context) -> Found:
        days = {d.qualifier: d for d in o.dates}
        a, b = days.get(first), days.get(last)
        return Hit(b) if a is not None and b is not None and b.on < a.on else None

    return reversed_


def _no_day(o: Any, c: Context) -> Found:
    """A line without a day takes that of the claim."""
    if any(d.qualifier in ("232", "233") for d in o.dates):
        return None
    return [Hit(loop=s, by=s.svc) for s in o.services if not s.dates]


# ── line ───────────────────────────────────────────────────────────────────


def odd_service(o: Any, c: Context) -> bool:
    """Whether a line says twice what it says."""
    return o.svc.submitted_procedure is not None or o.svc.units_submitted is not None


def _same_procedure(o: Any, c: Context) -> Found:
    svc = o.svc
    same = svc.submitted_procedure is not None and svc.submitted_procedure == svc.procedure
    return Hit(svc, by=svc) if same else None


def _same_units(o: Any, c: Context) -> Found:
    svc = o.svc
    same = svc.units_submitted is not None and svc.units_submitted == (svc.units_paid or 1)
    return Hit(svc, by=svc) if same else None


def _day_and_span(o: Any, c: Context) -> Found:
    known = {d.qualifier for d in o.dates}
    return [d for d in o.dates if d.qualifier == "472"] if known & {"150", "151"} else None


# ── adjustments ────────────────────────────────────────────────────────────


def odd_adjustments(o: Any, c: Context) -> bool:
    """Whether a reason or a group needs a closer look."""
    seen = set()
    for cas in o.adjustments:
        for a in cas.adjustments:
            key = cas.group, a.reason
            if key in seen or key not in _PLAIN:
                return True
            seen.add(key)
    return False


# What payers send most, and what is right beside anything but itself.
_PLAIN = frozenset(
    {("CO", "45"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("CO", "253"), ("CO", "97"), ("OA", "23")}
)


def nothing_paid(o: Any, c: Context) -> bool:
    """Whether the line is paid nothing."""
    return not o.svc.paid


def _each(o: Any, wrong: Any) -> list[Hit]:
    return [
        Hit(cas, f"CAS{3 * n + 2:02d}")
        for cas in o.adjustments
        for n, a in enumerate(cas.adjustments)
        if wrong(cas, a)
    ]


def _unknown_reason(o: Any, c: Context) -> Found:
    return _each(o, lambda cas, a: not forms.is_reason(a.reason))


def goes_with(group: str, reason: str) -> bool:
    """Whether a reason may stand under this group code."""
    return group in _GROUPS.get(reason, group)


def _wrong_group(o: Any, c: Context) -> Found:
    return _each(o, lambda cas, a: not goes_with(cas.group, a.reason))


def _reason_of_claims(o: Any, c: Context) -> Found:
    return _each(o, lambda cas, a: a.reason in OF_CLAIMS_ONLY)


def _reason_twice(o: Any, c: Context) -> Found:
    seen, found = set[tuple[str, str]](), []
    for cas in o.adjustments:
        for n, a in enumerate(cas.adjustments):
            if (cas.group, a.reason) in seen:
                found.append(Hit(cas, f"CAS{3 * n + 2:02d}"))
            seen.add((cas.group, a.reason))
    return found


def _all_of_it(o: Any, c: Context) -> Found:
    """Over the fee schedule cannot be the whole charge."""
    charge = o.svc.charge
    return _each(o, lambda cas, a: a.reason == "45" and charge > 0 and a.amount == charge)


def _no_remark(o: Any, c: Context) -> Found:
    """Reasons that say nothing without a remark code, on the line or on the claim."""
    claim = o
    told = any(
        x is not None and x.remarks
        for x in (getattr(claim, "outpatient", None), getattr(claim, "inpatient", None))
    )
    if told:
        return None
    found = [] if any(s.remarks for s in o.services) else _each(o, _needs_remark)
    for s in o.services:
        if not s.remarks:
            found += [h._replace(loop=s) for h in _each(s, _needs_remark)]
    return found


def _needs_remark(cas: Any, a: Any) -> bool:
    return a.reason in WITH_REMARK


RULES = (
    Rule(
        "PAYMENT-NEGATIVE", R, "835", "BPR02", _negative_payment,
        "a payment is less than nothing", "send the debt as PLB FB", "835.md 4",
    ),
    Rule(
        "PAYMENT-PAYER", R, "835", "TRN03", _payer_differs,
        "the payer of the trace is not that of the payment", "send the same number in BPR10",
        "835.md 1", "warning",
    ),
    Rule(
        "PAYMENT-NOTHING", R, "835", "BPR04", _nothing_paid,
        "nothing is paid, by some means", "send NON", "835.md 1", "warning",
    ),
    Rule(
        "PAYMENT-NON", R, "835", "BPR04", _paid_by_nothing,
        "something is paid, by no means", "send how it is paid", "835.md 1", "warning",
    ),
    Rule(
        "PAYMENT-BANK", R, "835", "BPR13", _no_bank,
        "the bank pays into no account", "send BPR12 to BPR15", "835.md 1", "warning",
        fault="missing", because="BPR04",
    ),
    Rule(
        "SHARE", R, "2100", "CLP05", _other_share,
        "what the patient owes is not the sum of PR", "make both the same", "835.md 2", "warning",
        when=odd_claim,
    ),
    Rule(
        "REVERSAL-SIGN", R, "2100", "CLP04", _reversal_sign,
        "a reversal takes nothing back", "send the amounts of the payment with a minus",
        "835.md 4", "warning", when=odd_claim,
    ),
    Rule(
        "REMIT-NEGATIVE", R, "2100", "CLP03", _negative_charge,
        "a charge is negative and nothing is reversed", "send status 22 with what is taken back",
        "835.md 2", "warning", when=odd_claim,
    ),
    Rule(
        "PRICED-ONLY", R, "2100", "CLP04", _priced_only,
        "a claim that is only priced or passed on is paid", "send 0", "835.md 2", "warning",
        when=odd_claim,
    ),
    Rule(
        "DENIED-PAID", R, "2100", "CLP04", _denied_and_paid,
        "a denied claim is paid", "send the status that says who paid", "835.md 2", "warning",
        when=odd_claim,
    ),
    Rule(
        "STATEMENT-REVERSED", R, "2100", "DTM02", _span("232", "233"),
        "the statement ends before it begins", "look DTM*232 and DTM*233 up", "835.md 1", "warning",
        when="dates",
    ),
    Rule(
        "SERVICE-REVERSED", R, "2110", "DTM02", _span("150", "151"),
        "the service ends before it begins", "look DTM*150 and DTM*151 up", "835.md 1", "warning",
        when="dates",
    ),
    Rule(
        "SERVICE-NO-DAY", R, "2100", "DTM", _no_day,
        "neither the line nor the claim has a day of service", "send DTM*472", "835.md 1",
        "warning", when="services", fault="missing", because="SVC01",
    ),
    Rule(
        "DAY-AND-SPAN", R, "2110", "DTM01", _day_and_span,
        "a day stands beside a span", "send DTM*472, or DTM*150 and DTM*151", "835.md 1", "warning",
        when="dates",
    ),
    Rule(
        "SUBMITTED-SAME", R, "2110", "SVC06", _same_procedure,
        "the submitted procedure is the paid one", "leave SVC06 out", "835.md 3", "warning",
        when=odd_service, fault="unused", because="SVC01",
    ),
    Rule(
        "UNITS-SAME", R, "2110", "SVC07", _same_units,
        "the submitted units are the paid ones", "leave SVC07 out", "835.md 3", "warning",
        when=odd_service, fault="unused", because="SVC05",
    ),
    Rule(
        "REASON", R, "2100 2110", "CAS02", _unknown_reason,
        "no adjustment reason has this code", "look it up in the current list", "835.md 10",
        "warning", when=odd_adjustments,
    ),
    Rule(
        "REASON-GROUP", R, "2100 2110", "CAS02", _wrong_group,
        "the reason does not go with this group", "look the use of the code up", "835.md 10",
        "warning", when=odd_adjustments,
    ),
    Rule(
        "REASON-CLAIMS", R, "2100 2110", "CAS02", _reason_of_claims,
        "the reason belongs to claims, not to payments", "send the reason of the payment",
        "835.md 10", "warning", when=odd_adjustments,
    ),
    Rule(
        "REASON-TWICE", R, "2100 2110", "CAS02", _reason_twice,
        "the same reason stands twice in one group", "add the amounts up", "835.md 4",
        "warning", when=odd_adjustments,
    ),
    Rule(
        "REASON-ALL", R, "2110", "CAS02", _all_of_it,
        "the whole charge is said to be over the fee schedule", "send why nothing is paid",
        "835.md 10", "warning", when=nothing_paid,
    ),
    Rule(
        "REASON-REMARK", R, "2100", "CAS02", _no_remark,
        "the reason says nothing without a remark code", "send LQ*HE, MOA or MIA", "835.md 10",
        "warning", when=odd_claim,
    ),
)  # fmt: skip
