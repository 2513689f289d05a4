"""What the generated readers call when something is not right: look again, say everything, keep
what can be kept.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import dropwhile
from operator import attrgetter
from typing import Any

from edi.model.cursor import Cursor
from edi.model.explained import Explained
from edi.model.node import Composite, Loop, opener
from edi.model.place import CONTROL, END, Place
from edi.model.spec import Spec


def recover(place: Place, spec: Spec, loop: Loop, i: int, elements: list[str], c: Cursor) -> Any:
    """The object of a segment whose fast reading failed, or None; every fault of it becomes an
    issue.
    """
    found = Explained(place, spec, c, i)
    value = found.segment(elements)
    if value is None:
        c.failed.add((loop.at, spec.name))
    return value


def missing(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A required child is not there; the issue stands at the segment before which it was missed."""
    if (loop.at, spec.name) in c.failed:
        return  # it was there, and has its own issue
    if c.lines[i].startswith(END) and c.more:
        return  # the loop will be read again with what follows
    tag = opener(spec).type.tag
    c.add(
        "IK304:3", _passed(place, spec, loop, i, c), loop=place.cls.id, ref=tag,
        snip=1 if spec.required else 2,
        message=f"{_named(spec, tag)} is required in loop {place.cls.id} and is missing",
        severity="warning" if place.cls.tolerant and not spec.required else "error",
    )  # fmt: skip


def below_least(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A repeating child occurs fewer times than the guide asks for."""
    if (loop.at, spec.name) in c.failed or (c.lines[i].startswith(END) and c.more):
        return
    tag = opener(spec).type.tag
    c.add(
        "IK304:I7" if issubclass(spec.type, Loop) else "IK304:3", _passed(place, spec, loop, i, c),
        loop=place.cls.id, ref=tag, snip=2,
        message=f"{_named(spec, tag)} is required in loop {place.cls.id} and is missing",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


def too_many(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A child repeats more often than allowed; said once, at the first that is too many."""
    if (loop.at, f"{spec.name}+") in c.failed:
        return
    c.failed.add((loop.at, f"{spec.name}+"))
    values = getattr(loop, spec.name)
    assert spec.most is not None
    at, is_loop = i - (len(values) - spec.most), issubclass(spec.type, Loop)
    if is_loop:
        at = values[spec.most].at - c.base
    tag = opener(spec).type.tag
    c.add(
        "IK304:4" if is_loop else "IK304:5", at, loop=place.cls.id, ref=tag, snip=1,
        message=f"{_named(spec, tag)} may occur {spec.most} times in loop {place.cls.id}",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


def twice(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A loop that may occur once begins; the one before it was there and could not be read."""
    if (loop.at, spec.name) not in c.failed:
        return
    tag = opener(spec).type.tag
    c.add(
        "IK304:4", i, loop=place.cls.id, ref=tag,
        message=f"{_named(spec, tag)} may occur once in loop {place.cls.id}",
        severity="warning" if place.cls.tolerant else "error",
    )  # fmt: skip


class Tally:
    """How often each use of a mixed segment may occur, and which must; tells at once whether all
    is well.
    """

    def __init__(self, spec: Spec) -> None:
        s = next(s for s in spec.type.specs if s.pos == spec.at)
        plain = s.kind != "run" and not issubclass(s.type, Composite)
        self._qualifier = attrgetter(s.name) if plain else lambda value: _qualifier(value, s)
        self._judged = lru_cache(maxsize=1024)(self._judge)  # the same ones stand together often
        self._due = [kind.qualifiers for kind in spec.kinds if kind.due]
        self._kind = {q: n for n, kind in enumerate(spec.kinds) for q in kind.qualifiers}
        self._most = [kind.most or 1_000_000 for kind in spec.kinds]

    def kept(self, values: list[Any]) -> bool:
        """Whether no use occurs too often."""
        return self._judged(tuple(map(self._qualifier, values)))

    def complete(self, values: list[Any]) -> bool:
        """Whether each use that must be there is."""
        present = {*map(self._qualifier, values)}
        return not any(due.isdisjoint(present) for due in self._due)

    def _judge(self, qualifiers: tuple[str, ...]) -> bool:
        kinds = [kind for q in qualifiers if (kind := self._kind.get(q)) is not None]
        return all(kinds.count(kind) <= self._most[kind] for kind in set(kinds))


def kinds_counted(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A mixed segment stands more often than one of its uses allows."""
    values = getattr(loop, spec.name)
    s = next(s for s in spec.type.specs if s.pos == spec.at)
    qualifiers = [_qualifier(v, s) for v in values]
    for kind in spec.kinds:
        found = [n for n, q in enumerate(qualifiers) if q in kind.qualifiers]
        key = (loop.at, f"{spec.name}*{min(kind.qualifiers)}")
        if kind.most is None or len(found) <= kind.most or key in c.failed:
            continue
        c.failed.add(key)
        again = found[kind.most]
        tag = spec.type.tag
        times = "once" if kind.most == 1 else f"{kind.most} times"
        c.add(
            "IK304:5", i - len(values) + again, loop=place.cls.id, ref=tag, snip=2,
            value=qualifiers[again],
            message=f"{tag} may occur {times} with this qualifier in loop {place.cls.id}",
            severity="warning" if place.cls.tolerant else "error",
        )  # fmt: skip


def kinds_due(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> None:
    """A use of a mixed segment that the guide requires is not there."""
    if (loop.at, spec.name) in c.failed or (c.lines[i].startswith(END) and c.more):
        return
    s = next(s for s in spec.type.specs if s.pos == spec.at)
    present = {_qualifier(v, s) for v in getattr(loop, spec.name)}
    tag = spec.type.tag
    for kind in spec.kinds:
        if kind.due and not kind.qualifiers & present:
            which = " or ".join(sorted(kind.qualifiers))
            c.add(
                "IK304:3", _passed(place, spec, loop, i, c), loop=place.cls.id, ref=tag, snip=2,
                message=f"{tag} with {which} is required in loop {place.cls.id} and is missing",
                severity="warning" if place.cls.tolerant else "error",
            )  # fmt: skip


def _qualifier(value: Any, s: Spec) -> str:
    found = getattr(value, s.name)
    if s.kind == "run":
        found = found[0] if found else None
    if isinstance(found, Composite):
        found = getattr(found, found.specs[0].name)
    return found or ""


def stray(place: Place, loop: Any, lines: list[str], i: int, elements: list[str], c: Cursor) -> int:
    """What to do with a segment that fits no further position of a loop.

    -1: it is for a loop around us, or the end. `i` itself: it is ours but out of order, so go round
    again. A later index: it was reported and passed over.
    """
    tag = elements[0]
    if tag == END:
        return -1
    if not tag and len(elements) == 1:
        c.blank(i, place.cls.id)
        return i + 1
    ours = [s for s in place.own.get(tag, ()) if s.matches(elements)]
    for s in ours:
        if s.repeats or getattr(loop, s.name) is None:
            c.add(
                "IK304:7", i, loop=place.cls.id, ref=tag, snip=1,
                message=f"{_named(s, tag)} is not in its place in loop {place.cls.id}",
                severity="warning" if place.cls.tolerant else "error",
            )  # fmt: skip
            return i
    if tag in CONTROL or any(s.matches(elements) for s in place.outer.get(tag, ())):
        return -1
    if ours:
        is_loop = issubclass(ours[0].type, Loop)
        return _report(
            place, lines, i, tag, c, "IK304:4" if is_loop else "IK304:5",
            f"{_named(ours[0], tag)} may occur once in loop {place.cls.id}",
        )  # fmt: skip
    if tag in place.words.tags:
        code, why = (
            "IK304:2",
            f"{tag} with this qualifier is not expected in loop {place.cls.id} or around it",
        )
        if not place.own.get(tag) and not place.outer.get(tag):
            why = f"{tag} is not expected in loop {place.cls.id} or around it"
    else:
        code, why = (
            "IK304:1",
            f"{tag[:3] if tag[:3].isalnum() else 'this'} is no segment of this guide",
        )
    return _report(place, lines, i, tag, c, code, why)


def _report(
    place: Place, lines: list[str], i: int, tag: str, c: Cursor, code: str, why: str
) -> int:
    """Pass over a segment, and over all that hangs on it if it would have opened a loop."""
    j = i + 1
    if tag in place.words.heads:
        while not _stops(place, lines[j]):
            j += 1
        if lines[j] == END and c.more:
            return j  # it will be read again with what follows
    c.add(code, i, loop=place.cls.id, ref=tag[:3], snip=1, message=why, count=j - i)
    c.reported += j - i
    return j


def _stops(place: Place, line: str) -> bool:
    tag = line.partition(place.delimiters.element)[0]
    return tag == END or tag in place.words.heads or tag in CONTROL


def _named(spec: Spec, tag: str) -> str:
    words = spec.name.replace("_", " ")
    return f"{tag} ({words})" if words != tag.lower() else tag


def _passed(place: Place, spec: Spec, loop: Loop, i: int, c: Cursor) -> int:
    """Where a child was missed: the first segment of the loop that stands behind its position, else
    the one after the loop, `i`. Only loops care for their order among others of one identifier:
    segments of one identifier share a position.
    """
    specs = place.cls.specs
    behind = specs[specs.index(spec) + 1 :]
    tag = opener(spec).type.tag
    if not issubclass(spec.type, Loop):
        behind = tuple(dropwhile(lambda s: opener(s).type.tag == tag, behind))
    names = {s.name for s in behind}
    first = loop.at - c.base + (place.spec is not None)  # behind the segment that opens the loop
    for k in range(max(first, 0), i):
        elements = c.lines[k].split(c.delimiters.element)
        if any(s.name in names and s.matches(elements) for s in place.own.get(elements[0], ())):
            return k
    return i
