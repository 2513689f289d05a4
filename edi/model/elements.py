"""Generates the readers of a segment: from its elements to an object, with every check that costs
little when it passes.

There is one reader for each number of elements a segment may come with, compiled when it first
does: what lies behind the last element is absent, so nothing is asked about it. A reader raises
ValueError at the first thing that is not right; `edi.model.recover` then looks again, slowly, says
everything that is wrong, and keeps what can be kept.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import lru_cache, partial
from types import CodeType
from typing import Any

from edi.delimiters import Delimiters
from edi.model.node import Composite, Elements, Group, Segment, span
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import FAST, SCALARS

# A table of readers, by the number of elements: `table[len(e)](e, text)`. IndexError: too many.
Table = list[Callable[[list[str], str], Any]]
BAD = (ValueError, IndexError)


@lru_cache(maxsize=4096)
def parser(cls: type[Elements], use: Use = ANYHOW, *, delimiters: Delimiters) -> Table:
    """The readers of a segment at one place, or of a composite."""
    table: Table = []
    for n in range(cls.width + (2 if issubclass(cls, Segment) else 1)):
        table.append(partial(_compile, table, n, cls, use, delimiters))
    return table


def source(cls: type[Elements], use: Use, n: int) -> str:
    """The text of the reader for n elements, for anyone who wants to read it."""
    return _Source(cls, use, n).text()


def syntax_notes(cls: type[Segment]) -> list[tuple[str, list[int]]]:
    """`[("P", [3, 4])]` of "P0304"."""
    return [
        (note[0], [int(note[n : n + 2]) for n in range(1, len(note), 2)])
        for note in cls.notes.split()
    ]


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


def unused_in(cls: type[Elements], use: Use) -> set[int]:
    """The elements a guide does not use here though the segment has them."""
    beyond = range(use.last + 1, cls.width + 1) if use.last else ()
    return {*use.unused, *beyond}


def rules(cls: type[Elements], places: list[tuple[int, int]], n: int, component: int) -> range:
    """The elements a rule for element `n` holds for: those of its run, as far as no other rule."""
    s = next((s for s in cls.specs if s.kind == "run" and s.pos <= n < s.pos + s.times), None)
    if s is None or issubclass(s.type, Group):
        return range(n, n + 1)
    others = [m for m, part in places if m > n and part == component]
    return range(n, min([s.pos + s.times, *others]))


def part_of(cls: type[Elements], n: int) -> Spec:
    """The declaration of the composite at element n."""
    return next(s for s in cls.specs if s.pos <= n < s.pos + s.times)


def _compile(
    table: Table,
    n: int,
    cls: type[Elements],
    use: Use,
    delimiters: Delimiters,
    e: list[str],
    text: str,
) -> Any:
    """Stands in the table until a segment of this length comes."""
    scope = _scope(cls, use, delimiters)
    exec(_code(cls, use, n), scope)
    table[n] = scope["parse"]
    return table[n](e, text)


@lru_cache(maxsize=4096)
def _code(cls: type[Elements], use: Use, n: int) -> CodeType:
    text = source(cls, use, n)
    name = f"<{cls.__module__}.{cls.__qualname__} of {n}, {id(use):x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    return compile(text, name, "exec")


def _scope(cls: Any, use: Use, delimiters: Delimiters) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "cls": cls,
        "new": object.__new__,
        "COMPONENT": delimiters.component,
    }
    scope |= {f"to_{t.__name__}": read for t, read in FAST.items()}
    for s in cls.specs:
        scope[f"codes_{s.name}"] = s.codes
        _scope_type(scope, s, delimiters)
    for element, component, values in use.codes:
        scope[f"use_{element}_{component}"] = values
    return scope


def _scope_type(scope: dict[str, Any], s: Spec, delimiters: Delimiters) -> None:
    if issubclass(s.type, Composite):
        scope[f"table_{s.type.__name__}"] = parser(s.type, delimiters=delimiters)
    elif issubclass(s.type, Group):
        scope[s.type.__name__] = s.type
        for part in s.type.specs:
            _scope_type(scope, part, delimiters)


class _Source:
    """Writes the reader of a segment with n elements (its identifier is one) or n components."""

    def __init__(self, cls: Any, use: Use, n: int) -> None:
        self.cls, self.use, self.n = cls, use, n
        self.segment = issubclass(cls, Segment)
        self.first = 0 if self.segment else 1  # where position p stands: e[p - first]
        self.required = set(use.required) | {s.pos for s in cls.specs if s.kind == "el"}
        self.unused = unused_in(cls, use)
        places = [(element, component) for element, component, _ in use.codes]
        self.code_places = [
            (element, component, rules(cls, places, element, component))
            for element, component in places
        ]

    def text(self) -> str:
        if any(p - self.first >= self.n for p in self.required):
            return "def parse(e, text): raise ValueError"
        lines = ["def parse(e, text):"]
        lines += [f"    {line}" for line in (*self.checks(), "o = new(cls)")]
        for s in self.cls.specs:
            lines += [f"    {line}" for line in self.value_lines(s)]
        if self.segment and self.cls.checked:
            lines.append("    if o.faults(): raise ValueError")
        return "\n".join([*lines, "    return o"])

    def at(self, pos: int) -> str:
        return f"e[{pos - self.first}]"

    def here(self, pos: int) -> bool:
        return 0 < pos < self.n + self.first

    # ── checks ──

    def checks(self) -> list[str]:
        tests = self.presence() + self.codes() + self.lengths() + self.notes()
        return [f"if {test}: raise ValueError" for test in tests]

    def presence(self) -> list[str]:
        """What must be there is; what is not used is not. Numbers and dates find out for
        themselves.
        """
        by_pos = {s.pos: s for s in self.cls.specs}
        tests = []
        must = [p for p in sorted(self.required) if not self.finds_out(by_pos.get(p))]
        if must:
            tests.append(f"not ({' and '.join(self.at(p) for p in must)})")
        taken = {p for s in self.cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
        never = sorted((set(range(1, self.cls.width + 1)) - taken) | self.unused)
        if never := [p for p in never if self.here(p)]:
            tests.append(" or ".join(self.at(p) for p in never))
        return tests

    def finds_out(self, s: Spec | None) -> bool:
        return s is not None and s.kind == "el" and s.type in SCALARS

    def codes(self) -> list[str]:
        narrowed = {element for element, component, _ in self.code_places if not component}
        lists = [
            (range(s.pos, s.pos + 1), f"codes_{s.name}")
            for s in self.cls.specs
            if s.codes and s.kind != "run" and s.pos not in narrowed
        ]
        lists += [
            (reach, f"use_{n}_0") for n, component, reach in self.code_places if not component
        ]
        tests = []
        for reach, name in lists:
            p = reach.start
            if not self.here(p):
                continue
            if len(reach) > 1:
                some = f"e[{p - self.first}:{min(reach.stop - self.first, self.n)}]"
                tests.append(f"any([v not in {name} for v in {some} if v])")
            else:
                blank = "" if p in self.required else f"{self.at(p)} and "
                tests.append(f"{blank}{self.at(p)} not in {name}")
        return tests

    def lengths(self) -> list[str]:
        """No element can be too long in a text that is shorter than the shortest limit."""
        narrowed = dict(self.use.longest)
        listed = {element for element, component, _ in self.code_places if not component}
        tests, floors = [], []
        for s in self.cls.specs:
            most = narrowed.get(s.pos, s.most)
            if not most or not self.here(s.pos) or s.codes or s.pos in listed or s.kind == "run":
                continue
            if s.type in SCALARS and most >= 15:
                continue  # the fast readers take no more
            tests.append(f"len({self.at(s.pos)}) > {most}")
            floors.append(most + (len(self.cls.tag) + s.pos if self.segment else 0))
        found = []
        if tests and self.segment:
            found.append(f"len(text) > {min(floors)} and ({' or '.join(tests)})")
        elif tests:
            found.append(" or ".join(tests))
        for s in self.cls.specs:
            if s.shortest > 1 and self.here(s.pos):
                found.append(f"{self.at(s.pos)} and len({self.at(s.pos)}) < {s.shortest}")
        return found

    def notes(self) -> list[str]:
        tests = []
        for kind, numbers in syntax_notes(self.cls) if self.segment else []:
            here = [p for p in numbers if self.here(p)]
            first, rest = numbers[0], [self.at(p) for p in here if p != numbers[0]]
            gone = len(here) < len(numbers)
            if not here:
                if kind == "R":
                    tests.append("True")
                continue
            has_first = self.here(first)
            if kind == "P" and gone:
                tests.append(" or ".join(self.at(p) for p in here))
            elif kind == "P":
                tests.append(" or ".join(f"(not {self.at(first)}) != (not {x})" for x in rest))
            elif kind == "C" and has_first:
                tests.append(
                    self.at(first) if gone else f"{self.at(first)} and not ({' and '.join(rest)})"
                )
            elif kind == "L" and has_first:
                tests.append(f"{self.at(first)} and not ({' or '.join(rest) or 'False'})")
            elif kind == "R":
                tests.append(f"not ({' or '.join(self.at(p) for p in here)})")
            elif kind == "E" and has_first and rest:
                tests.append(" or ".join(f"{self.at(first)} and {x}" for x in rest))
        return tests

    # ── values ──

    def value_lines(self, s: Spec) -> list[str]:
        if s.kind == "run":
            return self.run(s)
        if not self.here(s.pos):
            return [f"o.{s.name} = None"]
        if issubclass(s.type, Composite):
            return self.composite(s, f"o.{s.name}", self.at(s.pos), s.pos in self.required)
        return [f"o.{s.name} = {_scalar(s, self.at(s.pos), required=s.kind == 'el')}"]

    def composite(self, s: Spec, target: str, at: str, required: bool) -> list[str]:
        lines = [f"x = {at}.split(COMPONENT)"]
        lines += [f"if {test}: raise ValueError" for test in self.parts(s.pos, s.type.width)]
        lines.append(f"{target} = table_{s.type.__name__}[len(x)](x, {at})")
        if required:
            return lines
        return [f"if {at}:", *(f"    {line}" for line in lines), f"else: {target} = None"]

    def parts(self, n: int, width: int) -> list[str]:
        """What the guide says of the components of element n; `x` holds them."""
        tests = [
            f"len(x) > {part - 1} and x[{part - 1}] and x[{part - 1}] not in use_{element}_{part}"
            for element, part, reach in self.code_places
            if part and n in reach
        ]
        tests += [
            f"len(x) < {part} or not x[{part - 1}]"
            for part in self.named(self.use.required_parts, n)
        ]
        unused = self.named(self.use.unused_parts, n)
        tail = width + 1
        while tail - 1 in unused:
            tail -= 1
        tests += [f"len(x) > {p - 1} and x[{p - 1}]" for p in sorted(unused) if p < tail]
        if tail <= width:
            tests.append(f"len(x) > {tail - 1} and any(x[{tail - 1}:])")
        return tests

    def named(self, places: tuple[tuple[int, int], ...], n: int) -> set[int]:
        every = list(places)
        return {part for m, part in every if n in rules(self.cls, every, m, part)}

    def run(self, s: Spec) -> list[str]:
        start, stop = s.pos - self.first, min(s.pos - self.first + s.times * span(s), self.n)
        name = f"o.{s.name}"
        if stop <= start:
            return [f"{name} = []"]
        if issubclass(s.type, Group):
            return self.groups(s, start, stop)
        if issubclass(s.type, Composite):
            lines = [f"{name} = some = []"]
            for k in range(start, stop):
                inner = self.composite(s, "y", f"e[{k}]", True)
                inner[1:-1] = [
                    f"if {test}: raise ValueError"
                    for test in self.parts(k + self.first, s.type.width)
                ]
                lines += [f"if e[{k}]:", *(f"    {line}" for line in inner), "    some.append(y)"]
            return lines
        convert = "v" if s.type is str else f"to_{s.type.__name__}(v)"
        lines = [f"{name} = [{convert} for v in e[{start}:{stop}] if v]"]
        if s.codes:
            lines.append(f"if any([v not in codes_{s.name} for v in {name}]): raise ValueError")
        if s.type is str and (s.most or s.shortest > 1):
            test = f"not {s.shortest} <= len(v) <= {s.most or 1_000_000}"
            lines.append(f"if any([{test} for v in {name}]): raise ValueError")
        return lines

    def groups(self, s: Spec, start: int, stop: int) -> list[str]:
        """Elements that come in groups, one group after the other without a loop."""
        lines = [f"o.{s.name} = group = []"]
        for i in range(start, stop, span(s)):
            texts = [f"e[{k}]" for k in range(i, min(i + span(s), stop))]
            need = max(f.pos for f in s.type.specs if f.required)
            if len(texts) < need:
                lines.append(f"if {' or '.join(texts)}: raise ValueError")
                continue
            lines += [f"if {texts[0]}:", f"    g = new({s.type.__name__})"]
            for f in s.type.specs:
                if f.pos > len(texts):
                    lines.append(f"    g.{f.name} = None")
                elif issubclass(f.type, Composite):
                    inner = self.composite(f, f"g.{f.name}", texts[f.pos - 1], True)
                    lines += [f"    {line}" for line in inner]
                else:
                    value = _scalar(f, texts[f.pos - 1], required=f.required)
                    lines.append(f"    g.{f.name} = {value}")
            lines.append("    group.append(g)")
            if rest := texts[1:]:  # never lose an amount
                lines.append(f"elif {' or '.join(rest)}: raise ValueError")
        return lines


def _scalar(s: Spec, at: str, *, required: bool) -> str:
    if s.type is str:
        return at if required else f"{at} or None"
    return f"to_{s.type.__name__}({at})" + ("" if required else f" if {at} else None")
