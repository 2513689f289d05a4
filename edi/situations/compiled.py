"""The rules of a guide, compiled once: for each loop one function that asks every rule that can
apply, and goes down into the loops below.

A rule that cannot apply costs the test of an attribute; rules that share a condition share the
test (tests/bench: all of them together cost an 837P about a tenth of its validation).
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from edi.envelope import Transaction
from edi.model import Loop, Spec
from edi.model.node import streams
from edi.situations.rule import Context, Plain, Rule, Screen

# (rule, loop, found) is called for each rule that is broken.
Take = Callable[[Rule, Any, Any], None]
Look = Callable[[Any, Context, Take], None]
# What the context remembers while the loops below are looked at.
REMEMBERED = {"2300": "claim", "2400": "line", "2320": "other"}


class Rules:
    """The rules of one guide by loop: `opened` as soon as what stands before its units is read,
    `closed` when all of it is known. `plain` has the screens of whole units, each with what is
    asked of a plain one.
    """

    def __init__(
        self, guide: type[Transaction], rules: Iterable[Rule], plain: Plain | None
    ) -> None:
        own = [_within(guide.id, r) for r in rules]
        self.opened: dict[type[Loop], Look] = {}
        self.closed: dict[type[Loop], Look] = {}
        self.plain: dict[type[Loop], tuple[Screen, Look | None]] = {}
        for cls in _streamed(guide):
            if plain is not None and plain.loop == cls.id:
                rest = tuple(r for r in own if not r.at_end and r.id not in plain.covers)
                asked = _look(cls, rest) if _concerned(cls, rest) else None
                self.plain[cls] = plain.odd, asked
            for table, end in ((self.opened, False), (self.closed, True)):
                now = tuple(r for r in own if r.at_end == end)
                if _concerned(cls, now):
                    table[cls] = _look(cls, now)


def _within(guide: str, rule: Rule) -> Rule:
    """The rule with its loops of one guide: "837P:2310C 837I:2310E" names a loop by guide."""
    if ":" not in rule.loop:
        return rule
    named = (name.rpartition(":") for name in rule.loop.split())
    return rule.replaced(loop=" ".join(loop for of, _, loop in named if of in ("", guide)))


def _streamed(cls: type[Loop]) -> Iterator[type[Loop]]:
    """The loops a reader tells one at a time: units, and what holds them."""
    yield cls
    for s in cls.specs:
        if issubclass(s.type, Loop) and (s.type.unit or streams(s.type)):
            yield from _streamed(s.type)


@lru_cache(maxsize=4096)
def _concerned(cls: type[Loop], rules: tuple[Rule, ...]) -> bool:
    """Whether a rule can apply to a loop or to one below it that comes with it."""
    if _mine(cls, rules):
        return True
    for s in cls.specs:
        if not issubclass(s.type, Loop):
            if _asked(s, cls, rules):
                return True
        elif not (s.type.unit or streams(s.type)) and _concerned(s.type, rules):
            return True
    return False


def _mine(cls: type[Loop], rules: tuple[Rule, ...]) -> list[Rule]:
    """The rules on this loop; not those that look at a part this loop does not declare."""
    names = {s.name for s in cls.specs}
    return [
        r
        for r in rules
        if r.segment is None
        and cls.id in _ids(r.loop)
        and (callable(r.when) or all(_known(w, names) for w in r.when.split()))
    ]


@lru_cache(maxsize=1024)
def _ids(loops: str) -> frozenset[str]:
    return frozenset(loops.split())


def _known(alternatives: str, names: set[str]) -> bool:
    return all(name.partition(".")[0] in names for name in alternatives.split("|"))


def _asked(s: Spec, cls: type[Loop], rules: tuple[Rule, ...]) -> list[Rule]:
    """The rules on segments of this kind in this loop."""
    return [
        r
        for r in rules
        if r.segment is not None
        and issubclass(s.type, r.segment)
        and (not r.loop or cls.id in _ids(r.loop))
    ]


def _later(cls: type[Loop], rules: tuple[Rule, ...], scope: dict[str, Any], name: str) -> Look:
    """A function that compiles itself when it is first needed: most loops are seldom there."""

    def look(o: Any, c: Context, take: Take) -> None:
        scope[name] = made = _look(cls, rules)
        made(o, c, take)

    return look


@lru_cache(maxsize=4096)
def _look(cls: type[Loop], rules: tuple[Rule, ...]) -> Look:
    """The function of a loop."""
    scope: dict[str, Any] = {}
    lines: list[str] = []
    for when, some in groupby(sorted(_mine(cls, rules), key=_condition), key=_condition):
        pad = "    "
        each = list(some)
        if when:
            if callable(each[0].when):
                scope[when] = each[0].when
                lines.append(f"    if {when}(o, c):")
            else:
                lines.append(f"    if {_test(str(each[0].when))}:")
            pad += "    "
        lines += [line for r in each for line in _ask(r, "o", pad, scope)]
    for s in cls.specs:
        if issubclass(s.type, Loop):
            if s.type.unit or streams(s.type) or not _concerned(s.type, rules):
                continue
            call = f"look_{s.name}"
            scope[call] = _later(s.type, rules, scope, call)
            if s.repeats:
                lines.append(f"    for x in o.{s.name}: {call}(x, c, take)")
            else:
                lines.append(f"    if o.{s.name} is not None: {call}(o.{s.name}, c, take)")
            continue
        asked = _asked(s, cls, rules)
        if not asked:
            continue
        lines.append(f"    for x in o.{s.name}:" if s.repeats else f"    x = o.{s.name}")
        if not s.repeats:
            lines.append("    if x is not None:")
        lines += _each(asked, s.name, scope)
    head = ["def look(o, c, take):"]
    if name := REMEMBERED.get(cls.id):
        head.append(f"    c.{name} = o")
    if cls.id == "2300":
        head.append("    c.diagnoses = len(o.diagnoses)")
    text = "\n".join([*head, *lines])
    filename = f"<{cls.__module__}.{cls.__qualname__}.situations>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    exec(compile(text, filename, "exec"), scope)
    made: Look = scope["look"]
    return made


def _each(asked: list[Rule], name: str, scope: dict[str, Any]) -> list[str]:
    """The rules on one segment, after a test whether any of them looks at such a one."""
    lines, pad = [], " " * 8
    if all(r.only is not None for r in asked):
        attributes = {r.only[0] for r in asked if r.only}
        if len(attributes) == 1:
            scope[f"any_{name}"] = frozenset().union(*(r.only[1] for r in asked if r.only))
            lines.append(f"{pad}if x.{attributes.pop()} in any_{name}:")
            pad += "    "
    for r in asked:
        inner = pad
        if r.only is not None and (len(asked) > 1 or pad == " " * 8):
            scope[f"only_{_name(r)}"] = r.only[1]
            lines.append(f"{pad}if x.{r.only[0]} in only_{_name(r)}:")
            inner += "    "
        lines += _ask(r, "x", inner, scope)
    return lines


def _ask(r: Rule, subject: str, pad: str, scope: dict[str, Any]) -> list[str]:
    name = _name(r)
    scope[f"finds_{name}"], scope[f"rule_{name}"] = r.finds, r
    found = "r" if subject == "o" else "(r if r is not True else x)"
    return [
        f"{pad}r = finds_{name}({subject}, c)",
        f"{pad}if r: take(rule_{name}, o, {found})",
    ]


def _condition(r: Rule) -> str:
    return r.when.__name__ if callable(r.when) else r.when


def _test(when: str) -> str:
    return " and ".join(
        "(" + " or ".join(f"o.{name}" for name in alternatives.split("|")) + ")"
        for alternatives in when.split()
    )


def _name(r: Rule) -> str:
    return r.id.replace("-", "_")
