"""A guide as flat facts, from our declarations and from pyx12's maps, to be compared.

A fact has a place (guide, loop, segment, element) and says one thing there: usage (R, S, N),
repeat, type, shortest and longest text, codes. Segments of one identifier in one loop are paired by
the qualifiers they share; loops by their number.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyx12  # type: ignore[import-untyped]

from edi.model import Composite, Group, Loop, Spec, Use
from edi.model.element_source import rules, unused_in

MAPS = Path(pyx12.__file__).parent / "map"
MANY = "many"
TYPES: dict[Any, str] = {Decimal: "R", int: "N0", date: "DT", time: "TM"}


@dataclass
class Part:
    """An element or a component."""

    usage: str = "N"
    type: str = ""
    shortest: int = 0
    longest: int = 0
    codes: frozenset[str] = frozenset()
    parts: dict[int, Part] = field(default_factory=dict)


@dataclass
class Use1:
    """A segment at one place."""

    tag: str
    usage: str
    most: str
    elements: dict[int, Part]
    at: int = 1
    known: frozenset[str] = frozenset()  # our qualifiers

    def qualifiers(self, at: int) -> frozenset[str]:
        """What element `at`, or its first component, may hold."""
        part = self.elements.get(at, Part())
        return part.parts[1].codes if part.parts else part.codes


@dataclass
class Flat:
    """A loop without the loops in it."""

    id: str
    segments: list[Use1] = field(default_factory=list)
    loops: dict[str, tuple[str, str]] = field(default_factory=dict)  # id: usage, repeat


# ── Ours ───────────────────────────────────────────────────────────────────


def ours(guide: type[Loop]) -> dict[str, Flat]:
    """Every loop of a guide by its number."""
    found: dict[str, Flat] = {}
    _our_loop(guide, None, found)
    return found


def _our_loop(cls: type[Loop], place: Spec | None, found: dict[str, Flat]) -> None:
    if cls.id in found:
        return
    flat = found[cls.id] = Flat(cls.id)
    for n, s in enumerate(cls.specs):
        if issubclass(s.type, Loop):
            flat.loops[s.type.id] = (_usage(s), str(s.most or MANY) if s.repeats else "1")
            _our_loop(s.type, s, found)
        elif s.kinds:
            for kind in s.kinds:
                most = str(kind.most or MANY)
                usage = "R" if kind.due else "S"
                flat.segments.append(_our_segment(s, kind.use, usage, most, kind.qualifiers, s.at))
        else:
            known = s.qualifiers
            if n == 0 and place is not None and place.qualifiers:
                known = place.qualifiers
            most = str(s.most or MANY) if s.repeats else "1"
            flat.segments.append(_our_segment(s, s.use, _usage(s), most, known, s.at))


def _usage(s: Spec) -> str:
    return "R" if s.required or s.due or s.least else "S"


def _our_segment(s: Spec, use: Use, usage: str, most: str, known: frozenset[str], at: int) -> Use1:
    cls: Any = s.type
    elements = {}
    unused = unused_in(cls, use)
    for p in cls.specs:
        width = p.type.width if issubclass(p.type, Group) else 1
        for k in range(p.times):
            for m in p.type.specs if issubclass(p.type, Group) else [None]:
                position = p.pos + k * width + (m.pos - 1 if m else 0)
                must = p.kind == "el" or position in use.required
                if m:
                    must = k == 0 and m.kind == "el" and p.pos in use.required
                if position not in unused:
                    elements[position] = _our_part(cls, m or p, use, position, must, known, at)
    return Use1(cls.tag, usage, most, elements, at, known)


def _our_part(
    cls: Any, p: Spec, use: Use, n: int, must: bool, known: frozenset[str], at: int
) -> Part:
    usage = "R" if must else "S"
    if issubclass(p.type, Composite):
        part = Part(usage, "composite")
        for c in p.type.specs:
            for k in range(c.times):
                part.parts[c.pos + k] = _our_component(cls, c, use, n, c.pos + k, k)
        part.parts = {k: v for k, v in part.parts.items() if v.usage != "N"}
        if n == at and known and 1 in part.parts and not _at(cls, use, n, 1):
            part.parts[1].codes = known
        return part
    codes = _at(cls, use, n, 0) or p.codes
    longest = dict(use.longest).get(n, p.most or 0)
    kind = TYPES.get(p.type, "text")
    return Part(usage, kind, p.shortest, longest, known if n == at and known else codes)


def _our_component(cls: Any, c: Spec, use: Use, n: int, position: int, k: int) -> Part:
    def said(places: tuple[tuple[int, int], ...]) -> bool:
        return any(
            part == position and n in rules(cls, list(places), e, part) for e, part in places
        )

    if said(use.unused_parts):
        return Part()
    must = c.kind == "el" or said(use.required_parts) or (c.kind == "run" and k == 0 and c.pos == 1)
    kind = TYPES.get(c.type, "text")
    codes = _at(cls, use, n, position) or c.codes
    return Part("R" if must else "S", kind, c.shortest, c.most or 0, codes)


def _at(cls: Any, use: Use, n: int, component: int) -> frozenset[str]:
    places = [(e, c) for e, c, _ in use.codes]
    for e, c, values in use.codes:
        if c == component and n in rules(cls, places, e, c):
            return values
    return frozenset()


# ── Theirs ─────────────────────────────────────────────────────────────────


@cache
def _data_elements() -> dict[str, tuple[str, int, int]]:
    root = ET.parse(MAPS / "dataele.xml").getroot()
    return {
        e.attrib["ele_num"]: (
            e.attrib["data_type"], int(e.attrib["min_len"]), int(e.attrib["max_len"])
        )
        for e in root
    }  # fmt: skip


def theirs(name: str, root: str, fold: Mapping[str, str]) -> dict[str, Flat]:
    """Every loop of a map by its number. `fold`: loops that stand as part of another with us."""
    found: dict[str, Flat] = {}
    body = next(
        e for e in ET.parse(MAPS / name).getroot().iter("loop") if e.attrib["xid"] == "ST_LOOP"
    )
    _their_loop(body, root, found, fold)
    return found


def _their_loop(node: ET.Element, id: str, found: dict[str, Flat], fold: Mapping[str, str]) -> None:
    flat = found.setdefault(id, Flat(id))
    for child in node:
        if child.tag == "segment" and child.attrib["xid"] not in ("ST", "SE"):
            flat.segments.append(_their_segment(child))
        elif child.tag == "loop":
            inner = child.attrib["xid"]
            if child.get("type") == "wrapper":
                if _said(child, "usage") != "N":
                    _their_loop(child, id, found, fold)
                continue
            inner = fold.get(inner, inner)
            if inner != id:
                flat.loops[inner] = (_said(child, "usage"), _repeat(_said(child, "repeat")))
            if inner not in found or inner == id:
                _their_loop(child, inner, found, fold)


def _their_segment(node: ET.Element) -> Use1:
    elements = {}
    for e in node:
        if e.tag in ("element", "composite"):
            part = _their_part(e)
            if part.usage != "N":
                elements[int(_said(e, "seq"))] = part
    most = _repeat(_said(node, "max_use"))
    return Use1(node.attrib["xid"], _said(node, "usage"), most, elements)


def _their_part(node: ET.Element) -> Part:
    usage = _said(node, "usage")
    if node.tag == "composite":
        parts = {int(_said(e, "seq")): _their_part(e) for e in node.findall("element")}
        return Part(usage, "composite", parts={n: p for n, p in parts.items() if p.usage != "N"})
    kind, shortest, longest = _data_elements()[_said(node, "data_ele")]
    valid = node.find("valid_codes")
    codes = frozenset[str]()
    if valid is not None and not valid.get("external"):
        codes = frozenset(c.text or "" for c in valid.findall("code"))
    kind = "text" if kind in ("AN", "ID") else kind
    return Part(usage, kind, shortest, longest, codes)


def _said(node: ET.Element, name: str) -> str:
    found = node.find(name)
    return (found.text or "").strip() if found is not None else ""


def _repeat(text: str) -> str:
    return MANY if text in (">1", "") else text


# ── Compared ───────────────────────────────────────────────────────────────

Difference = tuple[str, str, str, str, str, str]  # loop, segment, element, what, ours, theirs


def differences(mine: dict[str, Flat], other: dict[str, Flat]) -> Iterator[Difference]:
    """Where the two do not say the same."""
    for id in sorted(mine.keys() | other.keys()):
        if id not in mine or id not in other:
            yield id, "", "", "loop", *_either(id in mine, id in other)
            continue
        a, b = mine[id], other[id]
        for inner in sorted(a.loops.keys() & b.loops.keys()):
            for what, x, y in zip(("usage", "repeat"), a.loops[inner], b.loops[inner], strict=True):
                if x != y:
                    yield f"{id}/{inner}", "", "", what, x, y
        yield from _segments(id, a.segments, b.segments)


def _either(here: bool, there: bool) -> tuple[str, str]:
    return "there" if here else "-", "there" if there else "-"


def _segments(loop: str, mine: list[Use1], other: list[Use1]) -> Iterator[Difference]:
    left = list(other)
    pairs: list[tuple[Use1, Use1 | None]] = []
    for a in mine:
        same = [b for b in left if b.tag == a.tag]
        named = a.known or a.qualifiers(a.at)
        shared = [b for b in same if named & b.qualifiers(a.at)] if named else same
        b = max(shared, key=lambda b: len(named & b.qualifiers(a.at)), default=None)
        if b is not None:
            left.remove(b)
        pairs.append((a, b))
    for a, b in pairs:
        name = _name(a)
        if b is None:
            yield loop, name, "", "segment", "there", "-"
            continue
        for what, x, y in (("usage", a.usage, b.usage), ("repeat", a.most, b.most)):
            if x != y:
                yield loop, name, "", what, x, y
        for n in sorted(a.elements.keys() | b.elements.keys()):
            yield from _parts(
                loop, name, f"{n:02d}", a.elements.get(n, Part()), b.elements.get(n, Part())
            )
    for b in left:
        yield loop, _name(b), "", "segment", "-", "there"


def _name(use: Use1) -> str:
    known = sorted(use.known or use.qualifiers(use.at))
    if not known or len(known) > 6:
        return use.tag
    return f"{use.tag}{'*' * use.at}{' '.join(known)}"


def _parts(loop: str, segment: str, n: str, a: Part, b: Part) -> Iterator[Difference]:
    if a.usage != b.usage:
        yield loop, segment, n, "usage", a.usage, b.usage
    if "N" in (a.usage, b.usage):
        return
    if a.type != b.type and (a.type, b.type) != ("DT", "text"):  # a date told by its D8
        yield loop, segment, n, "type", a.type, b.type
        return
    if a.codes != b.codes:
        yield loop, segment, n, "codes", _codes(a.codes - b.codes), _codes(b.codes - a.codes)
    if not a.codes and not b.codes and a.type in ("text", "R", "N0"):
        if a.longest != b.longest:
            yield loop, segment, n, "longest", str(a.longest), str(b.longest)
        if a.type == "text" and max(a.shortest, 1) != b.shortest:
            yield loop, segment, n, "shortest", str(max(a.shortest, 1)), str(b.shortest)
    for k in sorted(a.parts.keys() | b.parts.keys()):
        yield from _parts(loop, segment, f"{n}-{k}", a.parts.get(k, Part()), b.parts.get(k, Part()))


def _codes(codes: frozenset[str]) -> str:
    return " ".join(sorted(codes)) or "-"
