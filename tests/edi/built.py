"""Strategies for anything a guide declares: objects made from the declarations, right by them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from edi.model import Composite, Group, Loop, Segment, Spec, Use
from edi.model.element_source import rules, syntax_notes, unused_in
from edi.model.node import streams
from edi.segments import DTP, HL, HealthCode

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/'"
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@lru_cache
def loops(cls: type[Loop]) -> st.SearchStrategy[Any]:
    """A loop of a guide with all that it must and some of what it may hold."""
    parts = {s.name: _child(s) for s in cls.specs}
    head = cls.specs[0]
    if head.kind == "maybe":  # left out, it could not be told from the loop before
        parts[head.name] = segments(head)
    return st.builds(cls, **parts)


def _child(s: Spec) -> st.SearchStrategy[Any]:
    if s.kinds:
        return _mixed(s)
    one = loops(s.type) if issubclass(s.type, Loop) else segments(s)
    if s.qualifiers and issubclass(s.type, Loop):
        one = one.flatmap(lambda loop: _qualified(loop, s))
    if s.kind == "one" or s.due:
        return one
    if s.kind == "maybe":  # a loop seldom, lest a file be all exceptions
        return st.one_of([st.none()] * (3 if issubclass(s.type, Loop) else 1) + [one])
    few = issubclass(s.type, Loop) and not (s.type.unit or streams(s.type))
    most = 1 if few else min(s.most or 2, 2)
    return st.lists(one, min_size=min(s.least, most), max_size=max(most, s.least))


def _mixed(s: Spec) -> st.SearchStrategy[Any]:
    """Some segments of some kinds, those that are due among them, in any order."""
    some = [
        st.lists(
            segments(s.replaced(kinds=(), qualifiers=kind.qualifiers, use=kind.use)),
            min_size=int(kind.due),
            max_size=1 if kind.due or len(s.kinds) < 3 else 1 - n % 2,
        )
        for n, kind in enumerate(s.kinds)
    ]
    together = st.tuples(*some).map(lambda lists: [x for each in lists for x in each])
    return together.flatmap(st.permutations).map(list)


def _qualified(loop: Any, s: Spec) -> st.SearchStrategy[Any]:
    """A shared loop takes the qualifier of its place."""
    head = getattr(loop, loop.specs[0].name)
    if isinstance(head, HL):
        return st.just(loop)
    return st.sampled_from(sorted(s.qualifiers)).map(lambda q: _entitled(loop, head, q))


def _entitled(loop: Any, head: Any, qualifier: str) -> Any:
    head.entity = qualifier
    return loop


@lru_cache
def segments(s: Spec) -> st.SearchStrategy[Any]:
    """A segment at one place of a guide."""
    cls: Any = s.type
    if cls is HL:
        return st.builds(HL, number=st.just("0"), level=st.just(min(s.qualifiers)))
    fixed = {s.at: s.qualifiers} if s.qualifiers else {}
    if cls is DTP:
        names = fixed.get(1) or _codes(s.use, 1) or frozenset({"472"})
        forms = _codes(s.use, 2) or frozenset({"D8"})
        return st.builds(
            _dated, st.sampled_from(sorted(names)), st.sampled_from(sorted(forms)), DAYS
        )
    parts = {p.name: _element(cls, p, s.use, fixed.get(p.pos, frozenset())) for p in cls.specs}
    made = st.builds(lambda **given: _consistent(cls, given), **parts)
    return made.filter(lambda x: any(getattr(x, p.name) for p in cls.specs))  # never an empty one


def _dated(qualifier: str, form: str, day: date) -> DTP:
    text = f"{day:%Y%m%d}"
    value = {"D8": text, "RD8": f"{text}-{text}", "DT": f"{text}0915", "TM": "0915"}[form]
    return DTP(qualifier=qualifier, format_qualifier=form, value=value)


def _element(cls: Any, p: Spec, use: Use, fixed: frozenset[str]) -> st.SearchStrategy[Any]:
    unused = unused_in(cls, use)
    if p.pos in unused:
        return st.just([]) if p.repeats else st.none()
    if p.kind == "run":
        most = min(p.times, 3)
        while p.pos + most - 1 in unused:
            most -= 1
        each = [_value(p, *_narrowed(cls, p, use, n, fixed)) for n in range(p.pos, p.pos + most)]
        return st.integers(1, most).flatmap(lambda n: st.tuples(*each[:n]).map(list))
    one = _value(p, *_narrowed(cls, p, use, p.pos, fixed))
    return one if p.kind == "el" or p.pos in use.required else st.none() | one


Inner = dict[int, tuple[frozenset[str], bool, bool]]  # component: codes, required, unused


def _narrowed(
    cls: Any, p: Spec, use: Use, n: int, fixed: frozenset[str]
) -> tuple[frozenset[str], Inner]:
    """What the guide says of element n: its codes, and its components."""
    places = [(e, c) for e, c, _ in use.codes]
    codes, inner = fixed, Inner()
    for e, c, values in use.codes:
        if n not in rules(cls, places, e, c):
            continue
        if c:
            inner[c] = (values, False, False)
        else:
            codes = fixed or values
    for pairs, required in ((use.required_parts, True), (use.unused_parts, False)):
        for e, c in pairs:
            if n in rules(cls, list(pairs), e, c):
                inner[c] = (inner[c][0] if c in inner else frozenset(), required, not required)
    if fixed and issubclass(p.type, Composite) and 1 not in inner:
        inner[1] = (fixed, True, False)
    return codes, inner


def _value(p: Spec, codes: frozenset[str], inner: Inner) -> st.SearchStrategy[Any]:
    if issubclass(p.type, (Composite, Group)):
        parts = {}
        for c in p.type.specs:
            known, required, unused = inner.get(c.pos, (frozenset(), False, False))
            one = _value(c, known, {})
            if unused:
                one = st.just([]) if c.kind == "run" else st.none()
            elif c.kind == "run":
                least = 1 if len(p.type.specs) == 1 else 0
                one = st.lists(one, min_size=least, max_size=c.times)
            elif c.kind == "opt" and not required:
                one = st.none() | one
            parts[c.name] = one
        return st.builds(lambda **given: _spelled(p.type, given), **parts)
    if p.type is Decimal:
        most = 10 ** min(p.most or 7, 7) - 1
        return st.integers(-most, most).map(lambda cents: Decimal(cents) / 100)
    if p.type is int:
        return st.integers(1, 99)
    if p.type is date:
        return DAYS
    if p.type is time:
        return st.times().map(lambda t: t.replace(second=0, microsecond=0))
    if codes or p.codes:
        return st.sampled_from(sorted(codes or p.codes))
    longest = min(p.most or 8, 12)
    return st.text(LETTERS, min_size=max(p.shortest, min(2, longest)), max_size=longest)


def _spelled(cls: Any, given: dict[str, Any]) -> Any:
    """A code of HI: its date as its form wants it, and neither without the other."""
    if cls is HealthCode:
        if given["format_qualifier"] not in ("D8", "RD8") or given["date"] is None:
            given["format_qualifier"] = given["date"] = None
        else:
            given["date"] = _dated("", given["format_qualifier"], date(2026, 1, 5)).value
    return cls(**given)


def _codes(use: Use, element: int) -> frozenset[str]:
    return next((values for e, c, values in use.codes if e == element and not c), frozenset())


def _consistent(cls: type[Segment], given: dict[str, Any]) -> Any:
    """Leave out what the syntax notes do not allow beside the rest."""
    names = {s.pos: s.name for s in cls.specs}
    for kind, numbers in syntax_notes(cls):
        have = [n for n in numbers if given[names[n]] is not None]
        if kind == "E" and len(have) > 1:
            given[names[have[-1]]] = None
        elif kind in "PC" and len(have) < len(numbers):
            for n in numbers if kind == "P" else numbers[:1]:
                given[names[n]] = None
        elif kind == "R" and not have:  # one of them: the first, which is a code wherever this is
            given[names[numbers[0]]] = min(next(s.codes for s in cls.specs if s.pos == numbers[0]))
    return cls(**given)
