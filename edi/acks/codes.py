"""Which code of which acknowledgment says an issue: a table for the codes that are ours, and the
prefix of all the others.

What one part of a claim makes of another, missing or not to be there (`Issue.trigger`), has codes
of its own in the 999, and a CTX that names what made it so; in an 837 it is noted and rejects no
set, as the 277CA rejects the claim.

A 999 speaks of syntax and of the implementation guide, for a transaction set as a whole; one claim
that does not add up is the business of the 277CA, which answers claim by claim. An 835 and a 277CA
get no 277CA, so there the 999 must say all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edi.issues import Issue

Level = Literal["interchange", "group", "set", "segment", "element", ""]


@dataclass(frozen=True, slots=True)
class Told:
    """An issue as an acknowledgment says it; level "" = not at all."""

    level: Level
    code: str = ""


LEFT_OUT = Told("")
_LEVELS: dict[str, Level] = {
    "TA105": "interchange",
    "AK905": "group",
    "IK502": "set",
    "IK304": "segment",
    "IK403": "element",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """What becomes of our codes that begin with `code`; `claims` says whether the set holds claims
    (837), None = whatever it holds.
    """

    code: str
    claims: bool | None
    told: Told
    reason: str


# The first rule that fits counts.
OURS = (
    _Rule("HL-", None, Told("element", "7"), "a miscounted level is a wrong value (acks.md 6)"),
    _Rule("LX-", None, Told("element", "7"), "a miscounted line is a wrong value (acks.md 6)"),
    _Rule("X12-GUIDE", None, Told("set", "1"), "no guide reads it; `unsupported` says 1 or I6"),
    _Rule("X12-STRAY", None, Told("interchange", "024"), "it stands in no transaction set"),
    _Rule("X12-BLANK", None, LEFT_OUT, "IK301 needs an identifier, a blank segment has none"),
    # Line breaks, padding, a terminator missing at the very end; bytes outside any interchange.
    _Rule("X12-", None, LEFT_OUT, "the segments say the same without it, or nobody sent it"),
    _Rule("BAL-", True, LEFT_OUT, "277CA: A8 with 400 or 672; it must not take the whole set"),
    _Rule("BAL-", False, Told("element", "I12"), "no 277CA answers it; it breaks a guide's rule"),
    _Rule("DX-", True, LEFT_OUT, "277CA: A8 with 477"),
    _Rule("COB-", True, LEFT_OUT, "277CA: A8 with 479"),
    _Rule("NPI-", True, LEFT_OUT, "277CA: A7 with 562"),
    _Rule("NPI-", False, Told("element", "I12"), "the check digit is a pattern of the guide"),
)  # fmt: skip


def told(issue: Issue, st01: str) -> Told:
    """How a 999 or TA1 says an issue of a transaction set `st01` ("" = outside of any).

    A code of ours that no rule names is told as a value against the guide (I12) up to SNIP type 2;
    beyond that it is left to the 277CA where there is one.
    """
    prefix, _, code = issue.code.partition(":")
    if level := _LEVELS.get(prefix):
        return Told(level, code)
    if issue.trigger is not None:
        return DEPENDENT[issue.trigger.fault, issue.ref[-1:].isdigit()]
    claims = st01 == "837"
    for rule in OURS:
        if issue.code.startswith(rule.code) and rule.claims in (None, claims):
            return rule.told
    return LEFT_OUT if claims and issue.snip > 2 else Told("element", "I12")


# What one part makes of another: missing or not to be there, a segment or an element.
DEPENDENT = {
    ("missing", False): Told("segment", "I6"),
    ("missing", True): Told("element", "I9"),
    ("unused", False): Told("segment", "I9"),
    ("unused", True): Told("element", "I13"),
}
# TA105 notes with which an interchange is refused, since its content, its addressees, its mode or
# its number is in doubt. With the others all of it could be read: accepted with errors.
REFUSED = frozenset(
    {"001", "004", "006", "008", "018", "020", "021", "022", "023", "024", "026", "027"}
)
# Data element errors that only a guide, not X12 itself, knows: IK502 I5 instead of 5.
OF_THE_GUIDE = frozenset({"I4", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13"})
# A set with one of these was not received whole or cannot be told from another, so no policy
# accepts it: unsupported, trailer, control numbers, count.
NEVER_ACCEPTED = frozenset({"1", "2", "3", "4", "6", "7", "23", "I6"})
