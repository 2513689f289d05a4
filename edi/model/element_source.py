"""Writes the source of the readers of a segment; `edi.model.elements` compiles them."""

from __future__ import annotations

from typing import Any

from edi.model.node import Composite, Elements, Group, Segment, span
from edi.model.spec import Spec, Use
from edi.model.values import SCALARS

# What is known of a segment before it is read: the values that one of its elements may have.
Told = tuple[int, frozenset[str]]
NOTHING: Told = (0, frozenset())


def syntax_notes(cls: type[Segment]) -> list[tuple[str, list[int]]]:
    """`[("P", [3, 4])]` of "P0304"."""
    return [
        (note[0], [int(note[n : n + 2]) for n in range(1, len(note), 2)])
        for note in cls.notes.split()
    ]


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


class Source:
    """Writes the reader of a segment with n elements (its identifier is one) or n components.

    Each element has a name of its own, which costs less than an index at each use. No element can
    be too long in a text that is shorter than its limit and what must stand around it; so most
    limits are looked at only in long texts.
    """

    def __init__(self, cls: Any, use: Use, n: int, told: Told) -> None:
        self.cls, self.use, self.n = cls, use, n
        self.segment = issubclass(cls, Segment)
        self.first = 0 if self.segment else 1  # where position p stands: e[p - first]
        self.told = told
        self.required = set(use.required) | {s.pos for s in cls.specs if s.kind == "el"}
        self.unused = unused_in(cls, use)
        self.longest = dict(use.longest)
        places = [(element, component) for element, component, _ in use.codes]
        self.code_places = [
            (element, component, rules(cls, places, element, component))
            for element, component in places
        ]

    def text(self) -> str:
        empty = self.segment and self.n == 1
        if empty or any(p - self.first >= self.n for p in self.required):
            return "def parse(e, text): raise ValueError"
        names = [f"e{k + self.first}" for k in range(self.n)]
        lines = ["def parse(e, text):", f"    {', '.join(names)}, = e"]
        lines += [f"    {line}" for line in (*self.checks(), "o = new(cls)")]
        for s in self.cls.specs:
            lines += [f"    {line}" for line in self.value_lines(s)]
        if self.segment and self.cls.checked:
            lines.append("    if o.faults(): raise ValueError")
        return "\n".join([*lines, "    return o"])

    def at(self, pos: int) -> str:
        return f"e{pos}"

    def here(self, pos: int) -> bool:
        return 0 < pos < self.n + self.first

    # ── checks ──

    def checks(self) -> list[str]:
        tests = self.presence() + self.codes() + self.lengths() + self.notes() + self.simple()
        return [f"if {test}: raise ValueError" for test in tests]

    def presence(self) -> list[str]:
        """What must be there is; what is not used is not. Numbers and dates find out for
        themselves.
        """
        by_pos = {s.pos: s for s in self.cls.specs}
        tests = []
        must = [p for p in sorted(self.required) if not self.finds_out(by_pos.get(p), p)]
        if len(must) > 1:
            tests.append(f"not ({' and '.join(self.at(p) for p in must)})")
        elif must:
            tests.append(f"not {self.at(must[0])}")
        taken = {p for s in self.cls.specs for p in range(s.pos, s.pos + s.times * span(s))}
        never = sorted((set(range(1, self.cls.width + 1)) - taken) | self.unused)
        if never := [p for p in never if self.here(p)]:
            tests.append(" or ".join(self.at(p) for p in never))
        return tests

    def finds_out(self, s: Spec | None, pos: int) -> bool:
        if s is None or s.kind == "run":
            return False
        is_scalar = s.kind == "el" and s.type in SCALARS
        return pos == self.told[0] or bool(self.listed(pos)) or is_scalar

    def listed(self, pos: int) -> str:
        """The name of the list an element must be in."""
        for n, component, _ in self.code_places:
            if not component and n == pos:
                return f"use_{n}_0"
        s = next((s for s in self.cls.specs if s.pos == pos and s.kind != "run"), None)
        return f"codes_{s.name}" if s is not None and s.codes else ""

    def codes(self) -> list[str]:
        """Elements that must be there, and runs; the others are looked at where they are stored."""
        tests = []
        single = {s.pos for s in self.cls.specs if s.kind != "run"}
        for pos in sorted(single):
            if self.here(pos) and self.always(pos):
                tests += self.not_in(pos)
        for n, component, reach in self.code_places:
            if component or not self.here(n) or n in single:
                continue
            some = f"e[{n - self.first}:{min(reach.stop - self.first, self.n)}]"
            tests.append(f"any([v not in use_{n}_0 for v in {some} if v])")
        return tests

    def always(self, pos: int) -> bool:
        """Whether an element is looked at whether or not it is there."""
        return pos in self.required or not any(
            s.pos == pos and s.kind == "opt" and s.type is str for s in self.cls.specs
        )

    def not_in(self, pos: int) -> list[str]:
        """An element is not in its list; one that need not be there may be absent."""
        name, at = self.listed(pos), self.at(pos)
        if not name or (pos == self.told[0] and self.told[1] <= self.values(pos)):
            return []
        blank = "" if pos in self.required else f"{at} and "
        values = sorted(self.values(pos))
        if len(values) <= 3:
            return [blank + " and ".join(f"{at} != {value!r}" for value in values)]
        return [f"{blank}{at} not in {name}"]

    def values(self, pos: int) -> frozenset[str]:
        """The list an element must be in."""
        for n, component, values in self.use.codes:
            if not component and n == pos:
                return values
        return next(s.codes for s in self.cls.specs if s.pos == pos)

    def lengths(self) -> list[str]:
        """Elements that must be there, and long ones."""
        tests, floors = [], []
        for s in self.cls.specs:
            most = self.most(s)
            if most and self.seldom(s):
                tests.append(f"len({self.at(s.pos)}) > {most}")
                floors.append(self.floor(s.pos, most))
        found = [f"len(text) > {min(floors)} and ({' or '.join(tests)})"] if tests else []
        for s in self.cls.specs:
            if self.here(s.pos) and self.always(s.pos):
                blank = "" if s.pos in self.required else f"{self.at(s.pos)} and "
                found += [f"{blank}{test}" for test in self.wrong_length(s)]
        return found

    def most(self, s: Spec) -> int:
        """The limit of an element that has one to be looked at."""
        most = self.longest.get(s.pos, s.most) or 0
        if not self.here(s.pos) or s.kind == "run" or self.listed(s.pos):
            return 0
        if s.type in SCALARS and most >= 15:
            return 0  # the fast readers take no more
        if s.pos == self.told[0] and max(map(len, self.told[1])) <= most:
            return 0
        return most

    def floor(self, pos: int, most: int) -> int:
        """A text is longer than this if the element is too long: separators and what must be there
        besides.
        """
        others = sum(1 for p in self.required if p != pos)
        return (len(self.cls.tag) if self.segment else 0) + self.n - 1 + others + most

    def seldom(self, s: Spec) -> bool:
        """Whether few texts are so long that this element could be too long."""
        return self.most(s) >= 20

    def wrong_length(self, s: Spec) -> list[str]:
        """Tests of an element that is there."""
        size, most, least = f"len({self.at(s.pos)})", self.most(s), s.shortest
        if self.seldom(s):
            most = 0
        if s.pos == self.told[0] and min(map(len, self.told[1])) >= least:
            least = 0
        if most and most == least:
            return [f"{size} != {most}"]
        tests = [f"{size} > {most}"] if most else []
        if least > 1:
            tests.append(f"{size} < {least}")
        return [" or ".join(tests)] if tests else []

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

    def simple(self) -> list[str]:
        """No component separator stands in an element that has no components. Numbers and dates
        find out for themselves, and so do lists of codes.
        """
        if not self.segment:
            return []
        here = [s for s in self.cls.specs if self.here(s.pos)]
        if not any(_composed(s) for s in here):
            return ["COMPONENT in text"]
        return [
            f"COMPONENT in {self.at(p)}"
            for s in here
            if not _composed(s) and s.type is str and not self.listed(s.pos)
            for p in range(s.pos, min(s.pos + s.times, self.n + self.first))
            if p != self.told[0]
        ]

    # ── values ──

    def value_lines(self, s: Spec) -> list[str]:
        if s.kind == "run":
            return self.run(s)
        if not self.here(s.pos) or s.pos in self.unused:
            return [f"o.{s.name} = None"]
        if issubclass(s.type, Composite):
            return self.composite(s, f"o.{s.name}", self.at(s.pos), s.pos in self.required)
        tests = self.not_in(s.pos) + self.wrong_length(s)
        if self.always(s.pos) or not tests:
            return [f"o.{s.name} = {_scalar(s, self.at(s.pos), required=s.kind == 'el')}"]
        at = self.at(s.pos)
        return [
            f"if {at}:",
            *(f"    if {test.removeprefix(f'{at} and ')}: raise ValueError" for test in tests),
            f"    o.{s.name} = {at}",
            f"else: o.{s.name} = None",
        ]

    def composite(self, s: Spec, target: str, at: str, required: bool) -> list[str]:
        lines = [f"x = {at}.split(COMPONENT)"]
        lines += [f"if {test}: raise ValueError" for test in self.parts(s.pos, s.type)]
        lines.append(f"{target} = table_{s.type.__name__}[len(x)](x, {at})")
        if required:
            return lines
        return [f"if {at}:", *(f"    {line}" for line in lines), f"else: {target} = None"]

    def parts(self, n: int, cls: type[Composite]) -> list[str]:
        """What the guide says of the components of element n; `x` holds them."""
        width = cls.width
        by_itself = {s.pos for s in cls.specs if s.kind == "el"}  # the composite asks for these
        tests = []
        for element, part, reach in self.code_places:
            if part and n in reach:
                there = [f"len(x) > {part - 1}"] if part > 1 else []
                there += [] if part in by_itself else [f"x[{part - 1}]"]
                tests.append(" and ".join([*there, f"x[{part - 1}] not in use_{element}_{part}"]))
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
                inner = self.composite(s, "y", f"e{k + self.first}", True)
                inner[1:-1] = [
                    f"if {test}: raise ValueError" for test in self.parts(k + self.first, s.type)
                ]
                lines += [
                    f"if e{k + self.first}:",
                    *(f"    {line}" for line in inner),
                    "    some.append(y)",
                ]
            return lines
        lines = [f"{name} = some = []"]
        for k in range(start, stop):
            at = f"e{k + self.first}"
            tests = [f"{at} not in codes_{s.name}"] if s.codes else []
            if s.type is str and s.most and s.most == s.shortest:
                tests.append(f"len({at}) != {s.most}")
            elif s.type is str and (s.most or s.shortest > 1):
                tests.append(f"not {s.shortest} <= len({at}) <= {s.most or 1_000_000}")
            lines += [
                f"if {at}:",
                *(f"    if {test}: raise ValueError" for test in tests),
                f"    some.append({at if s.type is str else _convert(s, at)})",
            ]
        return lines

    def groups(self, s: Spec, start: int, stop: int) -> list[str]:
        """Elements that come in groups, one group after the other without a loop."""
        lines = [f"o.{s.name} = group = []"]
        for i in range(start, stop, span(s)):
            texts = [f"e{k + self.first}" for k in range(i, min(i + span(s), stop))]
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
                    text = texts[f.pos - 1]
                    if f.type is str and f.most and not f.codes:
                        lines.append(f"    if len({text}) > {f.most}: raise ValueError")
                    lines.append(f"    g.{f.name} = {_scalar(f, text, required=f.required)}")
            lines.append("    group.append(g)")
            if rest := texts[1:]:  # never lose an amount
                lines.append(f"elif {' or '.join(rest)}: raise ValueError")
        return lines


def _composed(s: Spec) -> bool:
    """Whether components may stand in this element, or in one of this group."""
    if issubclass(s.type, Group):
        return any(_composed(part) for part in s.type.specs)
    return issubclass(s.type, Composite)


def _scalar(s: Spec, at: str, *, required: bool) -> str:
    if s.type is str:
        return at if required else f"{at} or None"
    return _convert(s, at) if required else f"{_convert(s, at)} if {at} else None"


def _convert(s: Spec, at: str) -> str:
    """A number, date or time: `FAST` of its type, which most of the time has read it before."""
    return f"{s.type.__name__}s[{at}]"
