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

from typing import Literal

from edi.record import Record

Severity = Literal["error", "warning"]


class Trigger(Record, frozen=True):
    """What makes a segment or element due, or makes it one that must not be there: for the
    situational trigger of a 999 (CTX).
    """

    fault: Literal["missing", "unused"]
    segment_number: int
    loop: str
    ref: str


class Issue(Record):
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

    @property
    def told(self) -> str:
        """The message, and what to do. A situational rule says it in its message already."""
        advice = ADVICE.get(self.code) or ADVICE.get(self.code.partition(":")[0])
        return f"{self.message}; {advice}" if advice else self.message


# What the sender of a file does about a fault, by its code or by the element that would report it.
ADVICE = {
    "IK304:1": "leave it out, or look up the guide the set says it follows",
    "IK304:2": "leave it out here, or move it to where the guide has it",
    "IK304:3": "send it, or leave out what requires it",
    "IK304:4": "send it fewer times, or close the loop and begin another",
    "IK304:5": "send it fewer times",
    "IK304:7": "put the segments into the order of the guide",
    "IK304:8": "mend its elements",
    "IK304:I7": "send one, or leave out the loop around it",
    "IK403": "mend the element and send the set again",
    "IK403:1": "send a value",
    "IK403:2": "send both or neither, as the guide pairs them",
    "IK403:3": "leave out what is too many; a separator in the data does this too",
    "IK403:4": "send the whole value, padded where the guide says so",
    "IK403:5": "shorten the value to what the guide allows",
    "IK403:6": "send only what this type may hold",
    "IK403:7": "send a code of the list, in capitals",
    "IK403:8": "send days of the calendar, in that form",
    "IK403:9": "send a time of day as HHMM",
    "IK403:10": "leave the element out, or the one that excludes it",
    "IK403:12": "say it once; a repetition separator in the data does this too",
    "IK403:I10": "leave the element out",
    "IK502": "send the transaction set again, whole and with its own numbers",
    "AK905": "send the functional group again, whole and with its own numbers",
    "TA105": "send the interchange again with a right envelope",
    "X12-UNREADABLE": "send X12 that begins with ISA",
    "X12-UNREAD": "look at what stands around the interchanges",
    "X12-GUIDE": "send a guide that is read here, or ask for this one",
    "X12-STRAY": "put it into a transaction set, or leave it out",
    "X12-BLANK": "leave out the second terminator",
    "X12-END": "make sure that the file was sent to its end",
    "X12-WRAP": "send it without line breaks inside segments",
    "X12-ISA": "pad the elements of ISA to their widths",
    "X12-LONG": "look for a missing terminator, or split the claim",
    "X12-ENVELOPE": "send what X12 allows there",
    "HL-NUMBER": "count the levels from 1 in each transaction set",
    "HL-PARENT": "name the level it belongs to",
    "HL-CHILD": "send 1 where levels follow below, else 0",
    "LX-NUMBER": "count the lines from 1 in each claim",
    "BAL-LINE": "find the adjustment that is missing or too much",
    "BAL-CLAIM": "find the adjustment that is missing or too much",
    "BAL-LINES": "look for a line that was left out",
    "BAL-REMITTANCE": "look for a claim payment or PLB that was left out",
    "BAL-TS3": "count the claims of this header again",
    "BAL-CLM02": "send the sum of the lines, or the line that is missing",
    "BAL-COB": "look up what that payer decided, claim and lines",
    "BAL-COB-LINE": "look up what that payer decided on the line",
    "BAL-COUNT": "count the claims of this level again",
    "BAL-AMOUNT": "add up the claims of this level again",
}


class EdiError(Exception):
    """What we were asked to write cannot be X12, or the input cannot be read at all."""
