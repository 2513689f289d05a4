"""Tables of the declarations for `_core`, which reads in C what is right in every segment.

The module is optional: where it was not built, `reader` gives None and all is read by the generated
Python. It never finds an issue. What it refuses Python reads anew, so nothing but time depends on
it (tests/edi/test_core.py compares the two).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from edi.model.element_source import rules, syntax_notes, unused_in
from edi.model.node import Composite, Elements, Group, Loop, Segment, opener, span
from edi.model.place import Place
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import SCALARS

VERSION = 1  # of the tables

try:
    from edi.model import _core  # type: ignore[attr-defined]
except ImportError:
    _core = None
engine: Any = None


def use(module: Any) -> None:
    """Read with this module from here on; None: with Python alone. For places made later."""
    global engine
    engine = module
    for made in (program, _part, _group):
        made.cache_clear()
    if engine is not None:
        engine.convert(Decimal, *(SCALARS[t][0] for t in (Decimal, int, date, time)))


_TYPES = {str: 0, Decimal: 1, int: 2, date: 3, time: 4}
_ONE, _PARTS, _RUN, _RUN_OF_PARTS, _GROUPS = range(5)
_NONE, _ALWAYS, _MAYBE, _NESTED = range(4)
_BOTTOMLESS = 15  # digits of the longest number that needs no counting


def table(p: Place, specs: list[Spec], child: Callable[[Spec], Place], *, head: bool) -> Any:
    """The table of a loop at its place, which can `read`; None where there is no C."""
    d = p.delimiters
    if engine is None or len(d.element) != 1 or len(d.component) != 1:
        return None
    kind = _NONE
    if head:
        first = specs[0]
        kind = _MAYBE if first.kind == "maybe" else _ALWAYS
        kind = _NESTED if issubclass(first.type, Loop) else kind
    slots = tuple((s.name, s.repeats) for s in p.cls.specs)
    children = tuple(_child(s, child) for s in specs)
    return engine.Loop(p.cls, kind, d.element, d.component, slots, children, _leaves(p.leave))


def _leaves(leave: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        (tag, 0, ()) if where is True else (tag, where[0], tuple(where[1]))
        for tag, where in leave.items()
    )


def _child(s: Spec, child: Callable[[Spec], Place]) -> tuple[Any, ...]:
    """A segment or loop in a loop; its own reader is made when one comes."""
    o = opener(s)
    loop = issubclass(s.type, Loop)
    make: Any = partial(_below, s, child) if loop else partial(program, s.type, s.use)
    kinds = tuple((partial(program, s.type, k.use), k.most or 0, k.due) for k in s.kinds)
    qualifiers = tuple((q, n) for n, kind in enumerate(s.kinds) for q in kind.qualifiers)
    most = s.most or 0 if s.kind == "many" else 0
    return (
        s.name, o.type.tag, o.at, tuple(o.qualifiers), s.repeats, loop, s.required or s.due,
        s.least, most, make, s.at if kinds else 0, kinds, qualifiers,
    )  # fmt: skip


def _below(s: Spec, child: Callable[[Spec], Place]) -> Any:
    return child(s).table()


# ── segments ──


@lru_cache(maxsize=4096)
def program(cls: type[Elements], use: Use = ANYHOW) -> Any:
    """The table of a segment at one place."""
    required = {*use.required, *(s.pos for s in cls.specs if s.kind == "el")}
    taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
    never = (set(range(1, cls.width + 1)) - taken) | unused_in(cls, use)
    notes = tuple(
        (kind, _bits(numbers[:1]), _bits(numbers))
        for kind, numbers in (syntax_notes(cls) if issubclass(cls, Segment) else [])
    )
    fields = tuple(_field(cls, use, s) for s in cls.specs)
    return _program(cls, required, never, notes, fields, _faults(cls))


@lru_cache(maxsize=4096)
def _part(cls: type[Composite], owner: type[Elements], use: Use, n: int) -> Any:
    """The table of a composite at element n of a segment."""

    def named(places: tuple[tuple[int, int], ...]) -> set[int]:
        return {part for m, part in places if n in rules(owner, list(places), m, part)}

    places = [(element, component) for element, component, _ in use.codes]
    codes: dict[int, frozenset[str]] = {}
    for element, component, known in use.codes:
        if component and n in rules(owner, places, element, component):
            codes[component] = codes.get(component, known) & known
    required = {*named(use.required_parts), *(s.pos for s in cls.specs if s.kind == "el")}
    taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times)}
    never = (set(range(1, cls.width + 1)) - taken) | named(use.unused_parts)
    fields = tuple(_field(cls, ANYHOW, s, codes) for s in cls.specs)
    return _program(cls, required, never, (), fields, 0)


@lru_cache(maxsize=256)
def _group(cls: type[Group], owner: type[Elements], use: Use) -> Any:
    """The table of elements that repeat together."""
    required = {s.pos for s in cls.specs if s.kind == "el"}
    fields = tuple(_field(cls, ANYHOW, s, within=(owner, use)) for s in cls.specs)
    return _program(cls, required, set(), (), fields, 0)


def _program(
    cls: type[Elements], required: set[int], never: set[int], notes: Any, fields: Any, faults: int
) -> Any:
    composed = [
        p for s in cls.specs if _composed(s) for p in range(s.pos, s.pos + s.times * span(s))
    ]
    form, value = cls.dated or (0, 0)
    return engine.Program(
        cls, cls.width, _bits(required), _bits(never), _bits(composed), form, value, faults, notes,
        fields,
    )  # fmt: skip


def _field(
    cls: type[Elements],
    use: Use,
    s: Spec,
    codes: dict[int, frozenset[str]] | None = None,
    within: tuple[type[Elements], Use] | None = None,
) -> tuple[Any, ...]:
    """One attribute. `codes`: what the guide says of the components of this composite; `within`:
    the segment that has this group.
    """
    parts: tuple[Any, ...]
    if issubclass(s.type, Group):
        shape, parts = _GROUPS, (_group(s.type, cls, use),)
    elif issubclass(s.type, Composite):
        shape = _RUN_OF_PARTS if s.kind == "run" else _PARTS
        parts = tuple(_part(s.type, *(within or (cls, use)), s.pos + k) for k in range(s.times))
    elif s.kind == "run":
        shape = _RUN
        parts = tuple(_atom(cls, use, s, s.pos + k, codes) for k in range(s.times))
    else:
        shape, parts = _ONE, (_atom(cls, use, s, s.pos, codes),)
    return s.name, shape, s.pos, s.times, span(s), parts


def _atom(
    cls: type[Elements], use: Use, s: Spec, n: int, codes: dict[int, frozenset[str]] | None
) -> tuple[Any, ...]:
    """What may stand in element n: (type, shortest, longest, codes)."""
    known = s.codes
    places = [(element, component) for element, component, _ in use.codes]
    for element, component, values_ in use.codes:
        if not component and n in rules(cls, places, element, 0):
            known = known & values_ if known and s.kind == "run" else values_
    if codes is not None and n in codes:
        known = known & codes[n] if known else codes[n]
    most = (s.most if s.kind == "run" else dict(use.longest).get(n, s.most)) or 0
    if known or (s.type is not str and (s.kind == "run" or most >= _BOTTOMLESS)):
        most = 0
    return _TYPES[s.type], s.shortest, most, tuple(sorted(known))


def _faults(cls: type[Elements]) -> int:
    """Whether a segment must be asked for faults of its own: never, where a date is no plain day,
    or always.
    """
    if not issubclass(cls, Segment) or not cls.checked:
        return 0
    within = (s.type for s in cls.specs if issubclass(s.type, Composite))
    return 1 if cls.dated or any(c.dated for c in within) else 2


def _composed(s: Spec) -> bool:
    if issubclass(s.type, Group):
        return any(_composed(part) for part in s.type.specs)
    return issubclass(s.type, Composite)


def _bits(positions: Any) -> int:
    return sum(1 << n for n in set(positions))


if _core is not None and _core.VERSION == VERSION:
    use(_core)

__all__ = ["engine", "program", "table", "use"]
