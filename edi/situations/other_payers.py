"""Rules on the other payers of a claim and on what they decided (837.md 3 and 7); that their sums
are right is `edi.balance`.
"""

from __future__ import annotations

from typing import Any

from edi.situations.parties import CLAIMS
from edi.situations.rule import Context, Found, Hit, Rule

_RANK = "PSTABCDEFGH"


def _position(sbr: Any) -> int:
    """0 = pays first; -1 = unknown."""
    return _RANK.find(sbr.responsibility)


def _positions(o: Any, c: Context) -> list[int]:
    ours = [] if c.subscriber is None else [_position(c.subscriber.sbr)]
    return ours + [_position(x.sbr) for x in o.other_insurances]


def _same_position(o: Any, c: Context) -> Found:
    seen = {_position(c.subscriber.sbr)} if c.subscriber is not None else set()
    found = []
    for x in o.other_insurances:
        if _position(x.sbr) in seen - {-1}:
            found.append(Hit(x.sbr, loop=x))
        seen.add(_position(x.sbr))
    return found


def _gap(o: Any, c: Context) -> Found:
    """A claim to the second payer names the first."""
    positions = _positions(o, c)
    if not positions or -1 in positions or c.subscriber is None:
        return None
    before = set(range(_position(c.subscriber.sbr)))
    return Hit(by=o.clm) if before - set(positions) else None


def is_later(o: Any, c: Context) -> bool:
    """Whether this payer does not pay first."""
    return c.subscriber is not None and c.subscriber.sbr.responsibility != "P"


def _same_payer(o: Any, c: Context) -> Found:
    seen, found = set[str | None](), []
    for x in o.other_insurances:
        if x.payer.name.id in seen:
            found.append(Hit(x.payer.name, loop=x.payer))
        seen.add(x.payer.name.id)
    return found


def _is_destination(o: Any, c: Context) -> Found:
    if c.subscriber is None:
        return None
    destination = c.subscriber.payer.name.id
    return [
        Hit(x.payer.name, loop=x.payer)
        for x in o.other_insurances
        if x.payer.name.id == destination
    ]


def _decisions(o: Any, c: Context) -> list[Any]:
    """Those of the lines that are this payer's."""
    payer = o.payer.name.id
    return [(x, d) for x in c.claim.service_lines for d in x.decisions if d.svd.payer == payer]


def _unknown_payer(o: Any, c: Context) -> Found:
    known = {x.payer.name.id for x in c.claim.other_payers}
    return [Hit(d.svd, loop=d) for d in o.adjudications if d.svd.payer not in known]


def _no_paid_amount(o: Any, c: Context) -> Found:
    if o.amount("D") is not None:
        return None
    decided = o.adjustments or o.payer.adjudicated is not None or _decisions(o, c)
    return Hit(by=o.sbr) if decided else None


def _no_day(o: Any, c: Context) -> Found:
    if o.amount("D") is None or o.payer.adjudicated is not None or _decisions(o, c):
        return None
    return Hit(loop=o.payer, by=o.payer.name)


def _two_days(o: Any, c: Context) -> Found:
    d = o.payer.adjudicated
    return Hit(d, loop=o.payer, by=o.payer.name) if d is not None and _decisions(o, c) else None


def _never_but(o: Any, c: Context) -> Found:
    if o.amount("A8") is None:
        return None
    decided = o.amount("D") is not None or o.adjustments or _decisions(o, c)
    return [a for a in o.amounts if a.qualifier == "A8"] if decided else None


def _liability_twice(o: Any, c: Context) -> Found:
    if o.amount("EAF") is None:
        return None
    if not any(d.remaining_patient_liability is not None for _, d in _decisions(o, c)):
        return None
    return [a for a in o.amounts if a.qualifier == "EAF"]


def _undecided(o: Any, c: Context) -> Found:
    """A payer before ours has paid, or said that it never will."""
    if c.subscriber is None or o.amount("D") is not None or o.amount("A8") is not None:
        return None
    here = _position(c.subscriber.sbr)
    if not 0 <= _position(o.sbr) < here or o.adjustments or _decisions(o, c):
        return None
    return Hit(by=o.sbr)


def _decided_later(o: Any, c: Context) -> Found:
    if c.subscriber is None or _position(c.subscriber.sbr) < 0:
        return None
    return o.sbr if _position(o.sbr) > _position(c.subscriber.sbr) and o.amount("D") else None


def _negative(o: Any, c: Context) -> Found:
    return [a for a in o.amounts if a.qualifier in ("D", "A8", "EAF") and a.amount < 0]


def _day_in_future(o: Any, c: Context) -> Found:
    d = o.adjudicated
    return d if d.format_qualifier == "D8" and d.value > c.made else None


def _before_service(o: Any, c: Context) -> Found:
    served, d = c.line.served, o.adjudicated
    return d if served is not None and d.value[:8] < served.value[:8] else None


def _reason_twice(o: Any, c: Context) -> Found:
    seen, found = set[tuple[str, str]](), []
    for cas in o.adjustments:
        for n, a in enumerate(cas.adjustments):
            if (cas.group, a.reason) in seen:
                found.append(Hit(cas, f"CAS{3 * n + 2:02d}"))
            seen.add((cas.group, a.reason))
    return found


def _bundled_into(o: Any, c: Context) -> Found:
    n = o.svd.bundled_line
    lines = c.claim.service_lines
    return o.svd if n is not None and (not 1 <= n <= len(lines) or n == c.line.lx.number) else None


def _name_beside_number(o: Any, c: Context) -> Found:
    return Hit(o.sbr, by=o.sbr) if o.sbr.group_number and o.sbr.group_name else None


def _owner_unknown(o: Any, c: Context) -> Found:
    """REF04 names the payer whose number it is."""
    known = {x.payer.name.id for x in c.claim.other_payers}
    return [
        Hit(r, "REF04-2")
        for r in o.references
        if r.owner is not None and r.owner.qualifier == "2U" and r.owner.value not in known
    ]


RULES = (
    Rule(
        "PAYER-POSITION", CLAIMS, "2300", "SBR01", _same_position,
        "two payers have the same position", "send P, S, T and on, each once",
        "837.md 3 and 7, SUB06", when="other_insurances",
    ),
    Rule(
        "PAYER-GAP", CLAIMS, "2300", "SBR", _gap,
        "a payer before this one is missing", "send 2320 for each payer that comes before",
        "validation.md 6, SUB06", when=is_later, fault="missing", because="CLM",
    ),
    Rule(
        "PAYER-TWICE", CLAIMS, "2300", "NM109", _same_payer,
        "two other payers have the same id", "give each its own: SVD01 tells them apart by it",
        "837.md 7", when="other_insurances",
    ),
    Rule(
        "PAYER-DESTINATION", CLAIMS, "2300", "NM109", _is_destination,
        "another payer has the id of the payer the claim goes to",
        "give each its own", "837.md 7", "warning", when="other_insurances",
    ),
    Rule(
        "COB-PAYER", CLAIMS, "2400", "SVD01", _unknown_payer,
        "SVD01 is the id of no other payer of this claim (2330B)",
        "send the id of the payer that decided", "837.md 7, COB02", when="adjudications",
    ),
    Rule(
        "COB-PAID", CLAIMS, "2320", "AMT", _no_paid_amount,
        "a payer has decided and what it paid is missing",
        "send AMT*D, with 0 where it paid nothing", "837.md 7, COB01",
        fault="missing", because="SBR01",
    ),
    Rule(
        "COB-DAY", CLAIMS, "2320", "DTP", _no_day,
        "a payer has decided and the day is missing", "send DTP*573 in 2330B or with each line",
        "837.md 7, COB02", fault="missing", because="NM101",
    ),
    Rule(
        "COB-DAY-TWICE", CLAIMS, "2320", "DTP", _two_days,
        "the day of a decision stands with the payer and with its lines",
        "send it with the lines alone", "837.md 7, COB02", "warning",
        fault="unused", because="NM101",
    ),
    Rule(
        "COB-NEVER", CLAIMS, "2320", "AMT02", _never_but,
        "a payer never covers this and has decided on it", "send AMT*A8 or the decision",
        "837.md 7", "warning", when="amounts",
    ),
    Rule(
        "COB-LIABILITY-TWICE", CLAIMS, "2320", "AMT02", _liability_twice,
        "what the patient still owes stands with the claim and with its lines",
        "send AMT*EAF with the lines alone", "837.md 7", when="amounts",
    ),
    Rule(
        "COB-UNDECIDED", CLAIMS, "2320", "AMT", _undecided,
        "a payer that comes before has not decided",
        "send what it paid (AMT*D), or AMT*A8 where it never covers this",
        "validation.md 6, COB01", "warning", fault="missing", because="SBR01",
    ),
    Rule(
        "COB-LATER", CLAIMS, "2320", "SBR01", _decided_later,
        "a payer that comes after this one has already paid", "look SBR01 of both up",
        "837.md 7", "warning", when="amounts",
    ),
    Rule(
        "COB-NEGATIVE", CLAIMS, "2320", "AMT02", _negative,
        "an amount of another payer is less than nothing", "send 0 or more", "837.md 7", "warning",
        when="amounts",
    ),
    Rule(
        "COB-FUTURE", CLAIMS, "2330B 2430", "DTP03", _day_in_future,
        "a payer has decided after the day the file was made", "look the day up",
        "837.md 7", when="adjudicated",
    ),
    Rule(
        "COB-BEFORE-SERVICE", CLAIMS, "2430", "DTP03", _before_service,
        "a payer has decided before the service was given", "look both days up",
        "837.md 7", "warning", when="adjudicated",
    ),
    Rule(
        "COB-REASON-TWICE", CLAIMS, "2320 2430", "CAS02", _reason_twice,
        "the same reason stands twice in one group", "add the amounts up",
        "835.md 4", "warning", when="adjustments",
    ),
    Rule(
        "COB-BUNDLED", CLAIMS, "2430", "SVD06", _bundled_into,
        "the line was bundled into one that is not there, or into itself",
        "send the number of the other line", "837.md 7", when="svd.bundled_line",
    ),
    Rule(
        "COB-GROUP-NAME", CLAIMS, "2320", "SBR04", _name_beside_number,
        "a group name stands beside a group number", "leave SBR04 empty where SBR03 is sent",
        "837.md 3", "warning", fault="unused", because="SBR03", code="SBR-GROUP-NAME",
    ),
    Rule(
        "REFERENCE-OWNER", CLAIMS, "2400", "REF04-2", _owner_unknown,
        "a number belongs to a payer the claim does not name", "send the id of 2330B",
        "837.md 4.3", "warning", when="references",
    ),
)  # fmt: skip
