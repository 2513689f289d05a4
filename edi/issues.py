"""What is wrong with a file, as values: each `Issue` has a code and a place.

Codes carry the name of the element of the acknowledgment that would report them, so that a 999 or
TA1 can be made of them: "IK304:3" (segment), "IK403:7" (element), "IK502:4" (transaction set),
"AK905:5" (functional group), "TA105:021" (interchange). What has no such code has an id of ours:

X12-UNREADABLE  no interchange at all       X12-UNREAD  bytes outside of any interchange
X12-GUIDE       a set no guide reads        X12-STRAY   a segment between sets
X12-BLANK       an empty segment            X12-END     no terminator after the last segment
X12-WRAP        a line break in a segment   X12-ISA     an ISA without its fixed widths
X12-LONG        a segment or loop without end, cut off so that memory does not fill
X12-CASE        a small letter
X12-ENVELOPE    an element of GS, ST or a trailer is not as X12 allows
BAL-...         money or counts that do not add up (`edi.balance`)
HL-..., LX-...  levels and counters (`edi.validate`)
and the ids of the situational rules (`edi.situations`)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a segment or element due, or makes it one that must not be there: for the
    situational trigger of a 999 (CTX).
    """

    fault: Literal["missing", "unused"]
    segment_number: int
    loop: str
    ref: str


@dataclass(slots=True)
class Issue:
    """One fault and where it stands. `value` may be protected health information; `message` never
    holds it.
    """

    code: str
    severity: Severity
    snip: int  # SNIP type 1 to 7
    segment_number: int  # counted over the whole file, 1 = its first ISA
    byte_offset: int
    loop: str
    ref: str  # "CLP03", or "CLP" when the whole segment is meant
    value: str
    message: str
    segment_count: int = 1  # one issue may cover a run of segments
    trigger: Trigger | None = None


class EdiError(Exception):
    """What we were asked to write cannot be X12, or the input cannot be read at all."""
