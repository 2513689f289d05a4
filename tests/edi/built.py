"""Strategies for anything a guide declares: objects made from the declarations, right by them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from edi.model import Composite, Group, Loop, Segment, Spec, Use
from edi.model.elements import syntax_notes
from edi.model.node import streams
from edi.segments import DTP, HL

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
    one = loops(s.type) if issubclass(s.type, Loop) else segments(s)
    if s.qualifiers and issubclass(s.type, Loop):
        one = one.flatmap(lambda loop: _qualified(loop, s))
    if s.kind == "one" or s.due:
        return one
    if s.kind == "maybe":  # a loop seldom, lest a file be all exceptions
        return st.one_of([st.none()] * (3 if issubclass(s.type, Loop) else 1) + [one])
    few = s.distinct or (issubclass(s.type, Loop) and not (s.type.unit or streams(s.type)))
    most = 1 if few else min(s.most or 2, 2)
    return st.lists(one, min_size=min(s.least, most), max_size=max(most, s.least))


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
        return st.builds(DTP.on, st.sampled_from(sorted(names)), DAYS)
    parts = {p.name: _element(p, s.use, fixed.get(p.pos, frozenset())) for p in cls.specs}
    return st.builds(lambda **given: _consistent(cls, given), **parts)


def _element(p: Spec, use: Use, fixed: frozenset[str]) -> st.SearchStrategy[Any]:
    if p.pos in use.unused:
        return st.just([]) if p.repeats else st.none()
    inner = {c: values for e, c, values in use.codes if e == p.pos and c}
    one = _value(p, fixed or _codes(use, p.pos), inner)
    if p.kind == "run":
        return st.lists(one, min_size=1, max_size=min(p.times, 3))
    return one if p.kind == "el" or p.pos in use.required else st.none() | one


def _value(
    p: Spec, codes: frozenset[str], inner: dict[int, frozenset[str]]
) -> st.SearchStrategy[Any]:
    if issubclass(p.type, (Composite, Group)):
        parts = {}
        for c in p.type.specs:
            one = _value(c, inner.get(c.pos, frozenset()), {})
            if c.kind == "run":
                least = 1 if len(p.type.specs) == 1 else 0
                one = st.lists(one, min_size=least, max_size=c.times)
            elif c.kind == "opt":
                one = st.none() | one
            parts[c.name] = one
        return st.builds(p.type, **parts)
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
    return cls(**given)
