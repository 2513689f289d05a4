"""What an envelope must say, and where it does not: ISA, GS, ST and their trailers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edi.envelope import Transaction
from edi.model import Cursor
from edi.model.values import to_date, to_time

MOST_NUMBERS = 100_000  # control numbers compared with each other


def check_isa(c: Cursor, isa: list[str], seen: set[str]) -> None:
    """The elements of an ISA, each with its TA105 note; `seen` are the interchanges before it in
    the file, by sender, receiver and number. A delimiter in a value, a qualifier that is not in
    use and a number that comes again are warnings: all of the interchange can be read.
    """
    tests = [
        ("TA105:010", 1, len(isa[1]) == 2),
        ("TA105:011", 2, isa[2].isprintable()),
        ("TA105:012", 3, len(isa[3]) == 2),
        ("TA105:013", 4, isa[4].isprintable()),
        ("TA105:005", 5, len(isa[5]) == 2),
        ("TA105:006", 6, bool(isa[6].strip()) and isa[6].isprintable()),
        ("TA105:007", 7, len(isa[7]) == 2),
        ("TA105:008", 8, bool(isa[8].strip()) and isa[8].isprintable()),
        ("TA105:014", 9, len(isa[9]) == 6 and isa[9].isdigit()),
        ("TA105:015", 10, len(isa[10]) == 4 and isa[10].isdigit()),
        ("TA105:017", 12, len(isa[12]) == 5 and isa[12].isdigit()),
        ("TA105:018", 13, len(isa[13]) == 9 and isa[13].isdigit()),
        ("TA105:019", 14, isa[14] in ("0", "1")),
        ("TA105:020", 15, isa[15] in ("P", "T")),
    ]
    for code, n, good in tests:
        if not good:
            ref = f"ISA{n:02d}"
            why = f"{ref} has no value that X12 allows there"
            c.add(code, c.i, ref=ref, value=isa[n], message=why)
    reserved = {*c.delimiters.reserved}
    for code, n in (("TA105:011", 2), ("TA105:013", 4), ("TA105:006", 6), ("TA105:008", 8)):
        if not reserved.isdisjoint(isa[n]):
            ref = f"ISA{n:02d}"
            why = f"{ref} holds one of the delimiters this ISA brings"
            c.add(code, c.i, ref=ref, value=isa[n], message=why, severity="warning")
    for code, n, known in _QUALIFIERS:
        if len(isa[n]) == 2 and isa[n] not in known:
            ref = f"ISA{n:02d}"
            why = f"{ref} is no qualifier of release 5010"
            c.add(code, c.i, ref=ref, value=isa[n], message=why, severity="warning")
    interchange = "\0".join((*isa[5:9], isa[13]))
    if interchange in seen:
        why = "the control number occurs twice in this file, from this sender to this receiver"
        c.add("TA105:025", c.i, ref="ISA13", value=isa[13], message=why, severity="warning")
    _remember(c, interchange, seen)


# Elements I01, I03 and I05 of the ISA.
_SENT_BY = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
_QUALIFIERS = (
    ("TA105:010", 1, frozenset({"00", "03"})),
    ("TA105:012", 3, frozenset({"00", "01"})),
    ("TA105:005", 5, _SENT_BY),
    ("TA105:007", 7, _SENT_BY),
)


def check_gs(c: Cursor, gs: list[str], seen: set[str]) -> None:
    """The elements of a GS; `seen` are the control numbers of this interchange. Only that number
    and the version matter to what is in the group, so all else is a warning.
    """
    _envelope(c, 8)
    number = gs[6]
    tests = [
        (1, len(gs[1]) == 2),
        (2, 2 <= len(gs[2]) <= 15),
        (3, 2 <= len(gs[3]) <= 15),
        (4, _reads(to_date, gs[4])),
        (5, _reads(to_time, gs[5])),
        (7, gs[7] in ("T", "X")),
        (8, 1 <= len(gs[8]) <= 12),
    ]
    for n, good in tests:
        if not good:
            ref = f"GS{n:02d}"
            why = f"{ref} has no value that X12 allows there"
            c.add("X12-ENVELOPE", c.i, ref=ref, value=gs[n], message=why, severity="warning")
    if not number.isdigit() or len(number) > 9:
        why = "the group control number is no number of 1 to 9 digits"
        c.add("AK905:6", c.i, ref="GS06", value=number, message=why)
    elif number in seen:
        why = "the group control number occurs twice in this interchange"
        c.add("AK905:19", c.i, ref="GS06", value=number, message=why, severity="warning")
    _remember(c, number, seen)


def check_st(c: Cursor, number: str, seen: set[str]) -> None:
    """The control number of a transaction set; `seen` are those of this group."""
    _envelope(c, 3)
    if not number.strip():
        c.add("IK502:7", c.i, ref="ST02", message="the set has no control number")
    elif number in seen:
        why = "the control number occurs twice in this group"
        c.add("IK502:23", c.i, ref="ST02", value=number, message=why)
    elif not 4 <= len(number) <= 9:  # real files bring shorter ones (lessons.md 3.2)
        why = "the control number does not have 4 to 9 characters"
        c.add("IK502:7", c.i, ref="ST02", value=number, message=why, severity="warning")
    _remember(c, number, seen)


def check_guide(
    c: Cursor, guide: type[Transaction], *, functional_id: str, version: str, gs: str
) -> None:
    """GS01 and GS08 say the same as ST01 and ST03 (`version`, empty where it is left out)."""
    st = version or gs
    if functional_id != guide.functional_id:
        why = f"a transaction set {guide.st01} belongs into a group {guide.functional_id}"
        c.add("IK502:6", c.i, ref="ST01", value=guide.st01, message=why)
    if guide.writes_st03 and not version:
        why = "the set does not say by which guide it was made; send ST03"
        c.add("IK403:1", c.i, ref="ST03", message=why, severity="warning", snip=2)
    if st != gs:
        c.add("IK502:I6", c.i, ref="ST03", value=st, message="ST03 and GS08 differ")


def check_count(c: Cursor, code: str, e: list[str], counted: int, ref: str, what: str) -> None:
    """The first element of a trailer is a count."""
    _envelope(c, 2)
    said = e[1] if len(e) > 1 else ""
    if not (said.isascii() and said.isdigit()) or int(said) != counted:
        why = f"{ref} does not give the number of {what}, which is {counted}"
        c.add(code, c.i, ref=ref, value=said, message=why)


def check_echo(c: Cursor, code: str, e: list[str], expected: str, ref: str, other: str) -> None:
    """The second element of a trailer repeats a control number."""
    said = e[2] if len(e) > 2 else ""
    if said != expected:
        why = f"{ref} is not the control number of {other}"
        c.add(code, c.i, ref=ref, value=said, message=why)


def astray(c: Cursor, code: str, where: str) -> None:
    """A segment that has no place between the envelopes: reported and passed over."""
    tag = c.look()[0]
    if not tag:
        c.blank(c.i)
    else:
        c.reported += 1
        c.add(code, c.i, ref=tag[:3], message=f"a segment that does not belong to {where}")
    c.i += 1


def _remember(c: Cursor, number: str, seen: set[str]) -> None:
    """Keep a control number for comparison, unless they are too many: said once."""
    if len(seen) < MOST_NUMBERS:
        seen.add(number)
    elif len(seen) == MOST_NUMBERS:
        seen.add("\0")
        why = f"from here on, control numbers are compared with the first {MOST_NUMBERS} only"
        c.add("X12-LONG", c.i, message=why, severity="warning")


def _envelope(c: Cursor, most: int) -> None:
    """What is asked of any envelope segment: its characters, and no more elements than it has."""
    if c.suspect:
        c.odd_characters(c.i, c.i + 1, "")
    e = c.look()
    if len(e) > most + 1:
        ref = f"{e[0]}{most + 1:02d}"
        why = f"{e[0]} has {most} elements"
        c.add("X12-ENVELOPE", c.i, ref=ref, value=e[most + 1], message=why, severity="warning")
    component = c.delimiters.component
    if component in c.lines[c.i]:
        n = next(n for n, x in enumerate(e) if component in x)
        why = "a component separator, and no element of an envelope has components"
        c.add(
            "X12-ENVELOPE", c.i, ref=f"{e[0]}{n:02d}", value=e[n], message=why, severity="warning"
        )


def _reads(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
