"""Generates the reader of a segment: from its elements to an object, with every check that costs
nothing when it passes.

The generated function raises ValueError at the first thing that is not right. `edi.model.recover`
then looks again, slowly, says everything that is wrong, and keeps what can be kept.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

from edi.delimiters import Delimiters
from edi.model.node import Composite, Group, Node, Segment, span
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import SCALARS

Parse = Callable[[list[str], str], Any]

BLANKS = [[""] * n for n in range(64)]


@lru_cache(maxsize=4096)
def parser(cls: type[Segment], use: Use = ANYHOW, *, delimiters: Delimiters) -> Parse:
    """The reader of a segment at one place: `parse(elements, whole text)`."""
    scope = _scope(cls, use, delimiters)
    exec(_code(cls, use), scope)
    parse: Parse = scope["parse"]
    return parse


@lru_cache(maxsize=1024)
def composite_parser(cls: type[Composite], delimiters: Delimiters) -> Callable[[str], Any]:
    """The reader of a composite: `parse(text)`."""
    scope = _scope(cls, ANYHOW, delimiters)
    exec(_code(cls, ANYHOW), scope)
    parse: Callable[[str], Any] = scope["parse"]
    return parse


def source(cls: type[Node], use: Use = ANYHOW) -> str:
    """The text of the generated reader, for anyone who wants to read it."""
    return _segment_source(cls, use) if issubclass(cls, Segment) else _composite_source(cls)


@lru_cache(maxsize=4096)
def _code(cls: type[Node], use: Use) -> CodeType:
    text = source(cls, use)
    name = f"<{cls.__module__}.{cls.__qualname__}.parse {id(use):x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    return compile(text, name, "exec")


def _scope(cls: Any, use: Use, delimiters: Delimiters) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "cls": cls, "new": object.__new__, "BLANKS": BLANKS, "COMPONENT": delimiters.component,
        "to_Decimal": SCALARS_BY_NAME["Decimal"], "to_int": SCALARS_BY_NAME["int"],
        "to_date": SCALARS_BY_NAME["date"], "to_time": SCALARS_BY_NAME["time"],
    }  # fmt: skip
    for s in cls.specs:
        scope[f"codes_{s.name}"] = s.codes
        _scope_type(scope, s, delimiters)
    for element, component, values in use.codes:
        scope[f"use_{element}_{component}"] = values
    return scope


def qualifier_text(
    cls: type[Segment], at: int, delimiters: Delimiters
) -> Callable[[list[str]], str]:
    """What tells a `mixed` segment apart: element `at`, or its first component."""
    composite = issubclass(part_of(cls, at).type, Composite)
    mark = delimiters.component

    def text(e: list[str]) -> str:
        found = e[at] if len(e) > at else ""
        return found.partition(mark)[0] if composite else found

    return text


def unused_in(cls: type[Segment], use: Use) -> set[int]:
    """The elements a guide does not use here though the segment has them."""
    beyond = range(use.last + 1, cls.width + 1) if use.last else ()
    return {*use.unused, *beyond}


def rules(cls: type[Segment], places: list[tuple[int, int]], n: int, component: int) -> range:
    """The elements a rule for element `n` holds for: those of its run, as far as no other rule."""
    s = next((s for s in cls.specs if s.kind == "run" and s.pos <= n < s.pos + s.times), None)
    if s is None or issubclass(s.type, Group):
        return range(n, n + 1)
    others = [m for m, part in places if m > n and part == component]
    return range(n, min([s.pos + s.times, *others]))


def _scope_type(scope: dict[str, Any], s: Spec, delimiters: Delimiters) -> None:
    if issubclass(s.type, Composite):
        scope[f"parse_{s.type.__name__}"] = composite_parser(s.type, delimiters)
    elif issubclass(s.type, Group):
        scope[s.type.__name__] = s.type
        for part in s.type.specs:
            _scope_type(scope, part, delimiters)


def _segment_source(cls: Any, use: Use) -> str:
    last = max(s.pos if s.kind == "run" else s.pos + 1 for s in cls.specs)
    last = max([last, *(n + 1 for n in use.required), *(n + 1 for n, _, _ in use.codes)])
    lines = [
        "def parse(e, text):",
        "    n = len(e)",
        f"    if n < {last}: e = e + BLANKS[{last} - n]",
        f"    elif n > {cls.width + 1}: raise ValueError",
    ]
    must = {s.pos for s in cls.specs if s.kind == "el" and s.type not in SCALARS} | set(
        use.required
    )
    if must:
        lines.append(
            f"    if not ({' and '.join(f'e[{n}]' for n in sorted(must))}): raise ValueError"
        )
    taken = {p for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
    unused = unused_in(cls, use)
    never = sorted(({*range(1, last)} - taken) | {n for n in unused if n < last})
    if never:
        lines.append(f"    if {' or '.join(f'e[{n}]' for n in never)}: raise ValueError")
    if use.last:
        lines.append(f"    if n > {use.last + 1} and any(e[{use.last + 1}:]): raise ValueError")
    elif late := sorted(n for n in unused if n >= last):
        lines += [f"    if n > {n} and e[{n}]: raise ValueError" for n in late]
    lines += _code_checks(cls, use, must) + _length_checks(cls, use) + _note_checks(cls)
    lines.append("    o = new(cls)")
    for s in cls.specs:
        lines += _take(s, s.pos)
    lines += _component_checks(cls, use) + _part_checks(cls, use)
    if cls.checked:
        lines.append("    if o.faults(): raise ValueError")
    return "\n".join([*lines, "    return o"])


def _composite_source(cls: Any) -> str:
    last = max(s.pos - 1 if s.kind == "run" else s.pos for s in cls.specs)
    lines = [
        "def parse(text):",
        "    e = text.split(COMPONENT)",
        "    n = len(e)",
        f"    if n < {last}: e = e + BLANKS[{last} - n]",
        f"    elif n > {cls.width}: raise ValueError",
    ]
    if must := [s.pos - 1 for s in cls.specs if s.kind == "el" and s.type not in SCALARS]:
        lines.append(f"    if not ({' and '.join(f'e[{n}]' for n in must)}): raise ValueError")
    taken = {p - 1 for s in cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
    if never := sorted({*range(last)} - taken):
        lines.append(f"    if {' or '.join(f'e[{n}]' for n in never)}: raise ValueError")
    for s in cls.specs:
        if s.codes and s.kind != "run":
            at = f"e[{s.pos - 1}]"
            blank = "" if s.required else f"{at} and "
            lines.append(f"    if {blank}{at} not in codes_{s.name}: raise ValueError")
    bounds = [f"len(e[{s.pos - 1}]) > {s.most}" for s in cls.specs if s.most and s.kind != "run"]
    if bounds:
        shortest = min(s.most for s in cls.specs if s.most and s.kind != "run")
        lines.append(f"    if len(text) > {shortest} and ({' or '.join(bounds)}): raise ValueError")
    for s in cls.specs:
        if s.kind == "run":
            lines += _run_lengths(s, f"e[{s.pos - 1}:{s.pos - 1 + s.times}]")
        elif s.shortest > 1:
            at = f"e[{s.pos - 1}]"
            lines.append(f"    if {at} and len({at}) < {s.shortest}: raise ValueError")
    lines.append("    o = new(cls)")
    for s in cls.specs:
        lines += _take(s, s.pos - 1)
    return "\n".join([*lines, "    return o"])


def _code_checks(cls: Any, use: Use, must: set[int]) -> list[str]:
    narrowed = {element for element, component, _ in use.codes if not component}
    tests = [
        (s.pos, f"codes_{s.name}")
        for s in cls.specs
        if s.codes and s.kind != "run" and s.pos not in narrowed
    ]
    tests += [(element, f"use_{element}_0") for element, component, _ in use.codes if not component]
    composites = {s.pos for s in cls.specs if issubclass(s.type, Composite)}
    lines = []
    places = [(element, component) for element, component, _ in use.codes]
    for n, name in tests:
        if n in composites:
            continue
        reach = rules(cls, places, n, 0)
        if len(reach) > 1:
            span_of = f"e[{n}:{reach.stop}]"
            lines.append(f"    if any([v not in {name} for v in {span_of} if v]): raise ValueError")
        else:
            blank = "" if n in must else f"e[{n}] and "
            lines.append(f"    if {blank}e[{n}] not in {name}: raise ValueError")
    return lines


def _component_checks(cls: Any, use: Use) -> list[str]:
    places = [(element, component) for element, component, _ in use.codes]
    lines = []
    for element, component, _ in use.codes:
        if component:
            test = f"{{x}} is not None and {{x}} not in use_{element}_{component}"
            lines += _part_check(cls, rules(cls, places, element, component), component, test)
    return lines


def _part_checks(cls: Any, use: Use) -> list[str]:
    lines = []
    for places, test in ((use.required_parts, "not {x} and {x} != 0"), (use.unused_parts, "{x}")):
        for element, component in places:
            lines += _part_check(cls, rules(cls, list(places), element, component), component, test)
    return lines


def _part_check(cls: Any, reach: range, component: int, test: str) -> list[str]:
    """A test of one component, where its composite is there; `{x}` in `test` is its value."""
    s = part_of(cls, reach.start)
    part = next(p.name for p in s.type.specs if p.pos <= component < p.pos + p.times)
    test = test.format(x=f"x.{part}")
    if s.kind == "run":
        some = f"o.{s.name}[{reach.start - s.pos}:{reach.stop - s.pos}]"
        return [f"    if any([{test} for x in {some}]): raise ValueError"]
    return [f"    x = o.{s.name}", f"    if x is not None and ({test}): raise ValueError"]


def part_of(cls: type[Segment], n: int) -> Spec:
    """The declaration of the composite at element n."""
    return next(s for s in cls.specs if s.pos <= n < s.pos + s.times)


def _length_checks(cls: Any, use: Use) -> list[str]:
    """No element can be too long in a segment that is shorter than the shortest limit."""
    narrowed = dict(use.longest)
    limits = {
        s.pos: narrowed.get(s.pos, s.most)
        for s in cls.specs
        if s.kind != "run" and (s.most or s.pos in narrowed) and not issubclass(s.type, Composite)
    }
    lines = []
    if limits:
        tests = " or ".join(f"len(e[{n}]) > {m}" for n, m in limits.items())
        lines.append(f"    if len(text) > {min(limits.values())} and ({tests}): raise ValueError")
    for s in cls.specs:
        if s.kind == "run":
            lines += _run_lengths(s, f"e[{s.pos}:{s.pos + s.times}]")
        elif s.shortest > 1:
            lines.append(f"    if e[{s.pos}] and len(e[{s.pos}]) < {s.shortest}: raise ValueError")
    return lines


def _run_lengths(s: Spec, some: str) -> list[str]:
    if s.type is not str or not (s.most or s.shortest > 1):
        return []
    test = f"not {s.shortest} <= len(v) <= {s.most or 1_000_000}"
    return [f"    if any([{test} for v in {some} if v]): raise ValueError"]


def syntax_notes(cls: type[Segment]) -> list[tuple[str, list[int]]]:
    """`[("P", [3, 4])]` of "P0304"."""
    return [
        (note[0], [int(note[n : n + 2]) for n in range(1, len(note), 2)])
        for note in cls.notes.split()
    ]


def _note_checks(cls: type[Segment]) -> list[str]:
    lines = []
    for kind, (first, *rest) in syntax_notes(cls):
        given = [f"e[{n}]" for n in rest]
        test = {
            "P": " or ".join(f"(not e[{first}]) != (not {x})" for x in given),
            "C": f"e[{first}] and not ({' and '.join(given)})",
            "L": f"e[{first}] and not ({' or '.join(given)})",
            "R": f"not (e[{first}] or {' or '.join(given)})",
            "E": " or ".join(f"e[{first}] and {x}" for x in given),
        }[kind]
        lines.append(f"    if {test}: raise ValueError")
    return lines


def _take(s: Spec, at: int) -> list[str]:
    if s.kind == "run":
        return _run(s, at)
    return [f"    o.{s.name} = {_value(s, f'e[{at}]')}"]


def _run(s: Spec, start: int) -> list[str]:
    width = span(s)
    stop = start + s.times * width
    if not issubclass(s.type, Group):
        value = "v" if s.type is str else f"{_convert(s)}(v)"
        check = f" if any([v not in codes_{s.name} for v in o.{s.name}]): raise ValueError"
        lines = [f"    o.{s.name} = [{value} for v in e[{start}:{stop}] if v]"]
        return lines + ([f"   {check}"] if s.codes else [])
    sets = [f"g.{f.name} = {_value(f, f'e[i + {f.pos - 1}]')}" for f in s.type.specs]
    first = [f"e[i + {f.pos - 1}]" for f in s.type.specs if f.required and f.type not in SCALARS]
    return [
        f"    o.{s.name} = group = []",
        f"    stop = min(len(e), {stop}); e = e + BLANKS[{width - 1}]",
        f"    for i in range({start}, stop, {width}):",
        f"        if {' and '.join(first)}:",
        f"            g = new({s.type.__name__}); {'; '.join(sets)}; group.append(g)",
        f"        elif any(e[i : i + {width}]): raise ValueError",  # never lose an amount
    ]


def _value(s: Spec, at: str) -> str:
    if s.type is str:
        return at if s.required else f"{at} or None"
    return f"{_convert(s)}({at})" if s.required else f"{_convert(s)}({at}) if {at} else None"


def _convert(s: Spec) -> str:
    return f"to_{s.type.__name__}" if s.type in SCALARS else f"parse_{s.type.__name__}"


SCALARS_BY_NAME = {t.__name__: functions[0] for t, functions in SCALARS.items()}
