"""Rules of acknowledgments and status answers: 999, 277CA, 276, 277 (acks.md 2 to 4)."""

from __future__ import annotations

from typing import Any

from edi.situations.rule import Context, Found, Hit, Rule

_REJECTED = frozenset({"A3", "A6", "A7", "A8"})
_TAKEN = frozenset({"A0", "A1", "A2", "A5"})
# Status codes that say what only together with another (acks.md 3).
_WITH_ANOTHER = frozenset({"21"})


def _rejects(stc: Any) -> bool:
    return any(s.category in _REJECTED for s in stc.statuses)


def _taken_and_rejected(o: Any, c: Context) -> Found:
    """WQ with a reject, or U with none."""
    return [
        s
        for s in o.statuses
        if (s.action == "WQ" and _rejects(s))
        or (s.action == "U" and all(x.category in _TAKEN for x in s.statuses))
    ]


def _alone(o: Any, c: Context) -> Found:
    return [
        Hit(s, "STC01-2")
        for s in o.statuses
        if len(s.statuses) == 1 and s.status.code in _WITH_ANOTHER and len(o.statuses) == 1
    ]


def _set_with_faults(o: Any, c: Context) -> Found:
    return o.ik5 if o.segments and o.ik5.status == "A" else None


def _set_without_reason(o: Any, c: Context) -> Found:
    ik5 = o.ik5
    return Hit(ik5, by=ik5) if ik5.status in ("R", "M", "W", "X") and not ik5.codes else None


def _no_element(o: Any, c: Context) -> Found:
    """Code 8: the elements say what is wrong."""
    return [
        Hit(x.ik3, loop=x, by=x.ik3) for x in o.segments if x.ik3.code == "8" and not x.elements
    ]


def _more_accepted(o: Any, c: Context) -> Found:
    return o.ak9 if o.ak9.accepted > o.ak9.received else None


def _verdict(o: Any, c: Context) -> Found:
    ak9 = o.ak9
    rejected = ak9.received - ak9.accepted
    wrong = {
        "A": rejected > 0,
        "E": rejected > 0,
        "P": rejected == 0 or ak9.accepted == 0,
        "R": ak9.accepted > 0,
    }.get(ak9.status, False)
    return Hit(ak9, "AK901") if wrong else None


RULES = (
    Rule(
        "STATUS-ACTION", "277CA", "2200B 2200C 2200D 2220D", "STC03", _taken_and_rejected,
        "the action is not what the category says", "send U with a rejection, WQ with the others",
        "acks.md 3", "warning", when="statuses",
    ),
    Rule(
        "STATUS-ALONE", "277CA", "2200B 2200C 2200D 2220D", "STC01-2", _alone,
        "this status says what is wrong only together with another", "send STC10 or another STC",
        "acks.md 3", "warning", when="statuses",
    ),
    Rule(
        "SET-ACCEPTED", "999", "2000", "IK501", _set_with_faults,
        "a set is accepted without a word and has faults", "send E, or R", "acks.md 2", "warning",
        when="segments",
    ),
    Rule(
        "SET-REASON", "999", "2000", "IK502", _set_without_reason,
        "a set is rejected and why is not said", "send IK502", "acks.md 2", "warning",
        fault="missing", because="IK501",
    ),
    Rule(
        "SEGMENT-ELEMENTS", "999", "2000", "IK4", _no_element,
        "a segment has faults in elements and none is named", "send IK4", "acks.md 2", "warning",
        when="segments", fault="missing", because="IK304",
    ),
    Rule(
        "GROUP-ACCEPTED", "999", "999", "AK904", _more_accepted,
        "more sets are accepted than were received", "count again", "acks.md 2", at_end=True,
    ),
    Rule(
        "GROUP-VERDICT", "999", "999", "AK901", _verdict,
        "the verdict is not what the counts say",
        "send A or E where all are accepted, P where some are, R where none is",
        "acks.md 2", "warning", at_end=True,
    ),
)  # fmt: skip
