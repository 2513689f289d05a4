"""Generates the readers of loops: straight down the positions of the guide, one test a position.

A reader is `read(lines, i, e, c)`: `e` is line `i` already split, so that the loop that hands a
segment back does not make the loop above split it again; `c` is the `Cursor` that takes issues. It
returns the object (None when a required part failed), where it stopped, and that line split.
Segments that share an identifier and follow each other in the declaration share a position: their
order among themselves is free, as in X12. A segment that fits no further position goes to `stray`,
which knows whether it is out of order, the outer loop's, or nobody's.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import groupby
from types import CodeType, FunctionType
from typing import Any

from edi.delimiters import Delimiters
from edi.model import core
from edi.model.element_source import NOTHING, Told, part_of
from edi.model.elements import BAD, parser
from edi.model.node import Composite, Loop, opener, openers
from edi.model.place import (
    CONTROL,
    Accepts,
    Place,
    Read,
    Words,
    all_heads,
    all_tags,
    nested,
    split_streamed,
)  # fmt: skip
from edi.model.recover import (
    Tally,
    below_least,
    kinds_counted,
    kinds_due,
    missing,
    recover,
    stray,
    too_many,
    twice,
)  # fmt: skip
from edi.model.spec import Spec

__all__ = ["place", "source"]


@lru_cache(maxsize=64)
def place(root: type[Loop], delimiters: Delimiters) -> Place:
    """The places of a whole guide, from its transaction set down; those of loops that a file may
    lack are made when one comes.
    """
    words = Words(all_tags(root), all_heads(root) | CONTROL)
    return _place(root, None, dict.fromkeys(CONTROL, ()), delimiters, words)


def source(cls: type[Loop]) -> str:
    """The text of the generated reader, for anyone who wants to read it."""
    before, among, _ = split_streamed(cls)
    return _read_source(cls, before if among else list(cls.specs), head=True)


def _place(
    cls: type[Loop], spec: Spec | None, outer: Accepts, delimiters: Delimiters, words: Words
) -> Place:
    made = Place(cls, spec, outer, delimiters, words)
    before, among, after = split_streamed(cls)
    ours = before[1:] if spec is not None else before
    around = nested(outer, [*ours, *among, *after])
    for s in among:
        made.stream(_place(s.type, s, around, delimiters, words))
    if among:
        made.outer = nested(outer, [*among, *after])
    made.accept(ours)
    _bind(made, before, around, head=spec is not None)
    if among:
        rest = Place(cls, spec, nested(outer, among), delimiters, words)
        rest.accept(after)
        _bind(rest, after, around, head=False, into=True)
        made.tail_place = rest
    return made


def _bind(p: Place, specs: list[Spec], around: Accepts, *, head: bool, into: bool = False) -> None:
    """Give a place its readers, made when they are first called."""

    def child(s: Spec) -> Place:
        return _place(s.type, s, around, p.delimiters, p.words)

    def first(*given: Any) -> Any:
        p.read = _reader(p, specs, child, head=head, into=into)
        return p.read(*given)

    p.read = first
    if not into:
        p.table = partial(core.table, p, specs, child, head=head)


def _reader(
    p: Place, specs: list[Spec], child: Callable[[Spec], Place], *, head: bool, into: bool
) -> Read:
    """The generated code with the names of a place."""
    scope: dict[str, Any] = {
        "cls": p.cls, "new": object.__new__, "BAD": BAD, "SEP": p.delimiters.element, "PLACE": p,
        "COMPONENT": p.delimiters.component,
        "LEAVE": p.leave.get, "stray": stray, "recover": recover, "missing": missing,
        "too_many": too_many, "twice": twice, "below_least": below_least,
        "kinds_counted": kinds_counted, "kinds_due": kinds_due,
    }  # fmt: skip
    for s in specs:
        scope[f"S_{s.name}"] = s
        for n, o in enumerate(openers(s)):
            scope[f"Q_{s.name}_{n}"] = o.qualifiers
        if issubclass(s.type, Loop):
            scope[f"R_{s.name}"] = partial(_enter, scope, child, s)
        elif s.kinds:
            scope[f"K_{s.name}"] = _by_kind(s, p.delimiters)
            tally = Tally(s)
            scope[f"T_{s.name}"], scope[f"D_{s.name}"] = tally.kept, tally.complete
            scope[f"P_{s.name}"] = ()  # no use of it has this qualifier: IndexError
        else:
            known = p.spec if head and s is specs[0] else s
            told = _told(known) if known is not None else NOTHING
            scope[f"P_{s.name}"] = parser(s.type, s.use, told, delimiters=p.delimiters)
    made = _code(p.cls, tuple(s.name for s in specs), head, into)
    # A copy: the interpreter keeps in the code where it found a name, which differs between places.
    return FunctionType(made.replace(), scope)


def _enter(scope: dict[str, Any], child: Callable[[Spec], Place], s: Spec, *given: Any) -> Any:
    """Stands for the reader of a loop below until one comes."""
    made = child(s)
    found = made.read(*given)
    scope[f"R_{s.name}"] = made.read
    return found


def _told(s: Spec) -> Told:
    """What is known of the segment that opens a child before it is read."""
    o = opener(s)
    return _known(o, o.qualifiers) if len(openers(s)) == 1 else NOTHING


def _known(s: Spec, qualifiers: frozenset[str]) -> Told:
    """Its qualifier, where that is a whole element."""
    if not qualifiers or issubclass(part_of(s.type, s.at).type, Composite):
        return NOTHING
    return s.at, qualifiers


def _by_kind(s: Spec, delimiters: Delimiters) -> Any:
    """The readers of a mixed segment, by qualifier."""
    return {
        q: parser(s.type, kind.use, _known(s, kind.qualifiers), delimiters=delimiters)
        for kind in s.kinds
        for q in kind.qualifiers
    }.get


@lru_cache(maxsize=1024)
def _code(cls: type[Loop], names: tuple[str, ...], head: bool, into: bool) -> CodeType:
    specs = [s for s in cls.specs if s.name in names]
    text = _read_source(cls, specs, head=head, into=into)
    part = "tail" if into else "read"
    filename = f"<{cls.__module__}.{cls.__qualname__}.{part}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    module = compile(text, filename, "exec")
    return next(const for const in module.co_consts if isinstance(const, CodeType))


STEP = "i += 1; s = lines[i]; e = s.split(SEP); tag = e[0]"


def _read_source(cls: type[Loop], specs: list[Spec], *, head: bool, into: bool = False) -> str:
    lines = ["def read(lines, i, e, c, o):" if into else "def read(lines, i, e, c):"]
    rest = list(specs)
    if not into:
        lines += ["    o = new(cls); o.at = c.base + i"]
        for s in cls.specs:
            value = (
                f"v_{s.name} = []" if s.repeats and s in specs else "[]" if s.repeats else "None"
            )
            lines.append(f"    o.{s.name} = {value}")
    else:
        lines += [f"    v_{s.name} = o.{s.name}" for s in specs if s.repeats]
    lines += ["    ok = True", "    s = lines[i]; tag = e[0]"]
    if head:
        first = rest.pop(0)
        if issubclass(first.type, Loop):
            lines += [
                f"    o.{first.name}, i, e = R_{first.name}(lines, i, e, c)",
                "    s = lines[i]; tag = e[0]",
            ]
            lines.append(f"    if o.{first.name} is None: ok = False")
        elif (
            first.kind == "maybe"
        ):  # the head itself may be absent: its loop is opened by what follows it
            lines += [f"    if tag == {first.type.tag!r}:", *_segment(first, "        ")]
        else:
            lines += _segment(first, "    ")
            lines.append(f"    if o.{first.name} is None: ok = False")
    lines.append("    while True:")
    for _, group in groupby(rest, key=lambda s: opener(s).type.tag):
        lines += _position(list(group))
    lines += [
        "        w = LEAVE(tag)",
        "        if w is not None and (w is True or len(e) > w[0] and e[w[0]] in w[1]): break",
        "        j = stray(PLACE, o, lines, i, e, c)",
        "        if j < 0: break",
        "        if j != i: i = j; s = lines[i]; e = s.split(SEP); tag = e[0]",
    ]
    for s in rest:
        if s.kind == "one":
            lines.append(
                f"    if o.{s.name} is None: missing(PLACE, S_{s.name}, o, i, c); ok = False"
            )
        elif s.due:
            lines.append(f"    if o.{s.name} is None: missing(PLACE, S_{s.name}, o, i, c)")
        elif any(kind.due for kind in s.kinds):
            call = f"kinds_due(PLACE, S_{s.name}, o, i, c)"
            lines.append(f"    if not D_{s.name}(v_{s.name}): {call}")
        elif s.least:
            lines.append(
                f"    if len(v_{s.name}) < {s.least}: below_least(PLACE, S_{s.name}, o, i, c)"
            )
    return "\n".join([*lines, f"    return {'ok' if into else 'o if ok else None'}, i, e"])


def _position(group: list[Spec]) -> list[str]:
    """All the children that share an identifier, and so a place in the order."""
    tag = opener(group[0]).type.tag
    lines = [f"        if tag == {tag!r}:", "            while True:"]
    pad = " " * 16
    branches = []
    named = [opener(s).at for s in group if opener(s).qualifiers]
    if named:  # HL has its qualifier in element 3, and nothing else at its position
        assert len(set(named)) == 1
        lines.append(f"{pad}q = e[{named[0]}] if len(e) > {named[0]} else ''")
    for s in group:
        o = opener(s)
        tests = []
        if len(o.qualifiers) == 1:
            tests.append(f"q == {min(o.qualifiers)!r}")
        elif o.qualifiers:
            tests.append(f"q in Q_{s.name}_0")
        if not s.repeats:
            tests.append(f"o.{s.name} is None")
        branches.append((" and ".join(tests) or "True", s))
    if len(branches) == 1 and branches[0][0] == "True":
        lines += _child(group[0], pad)
    else:
        for n, (test, s) in enumerate(branches):
            lines.append(f"{pad}{'elif' if n else 'if'} {test}:")
            lines += _child(s, pad + "    ")
        lines.append(f"{pad}else: break")
    lines.append(f"{pad}if tag != {tag!r}: break")
    for s in group:
        if s.kinds and any(kind.most for kind in s.kinds):
            test = f"len(v_{s.name}) > 1 and not T_{s.name}(v_{s.name})"
            lines.append(f"            if {test}: kinds_counted(PLACE, S_{s.name}, o, i, c)")
        if s.kind == "many" and s.most:
            test = f"len(v_{s.name}) > {s.most}"
            lines.append(f"            if {test}: too_many(PLACE, S_{s.name}, o, i, c)")
    return lines


def _child(s: Spec, pad: str) -> list[str]:
    if not issubclass(s.type, Loop):
        return _segment(s, pad)
    keep = f"v_{s.name}.append(x)" if s.repeats else f"o.{s.name} = x"
    again = [] if s.repeats else [f"{pad}if c.failed: twice(PLACE, S_{s.name}, o, i, c)"]
    return [
        *again,
        f"{pad}x, i, e = R_{s.name}(lines, i, e, c)",
        f"{pad}s = lines[i]; tag = e[0]",
        f"{pad}if x is None: ok = False; c.failed.add((o.at, {s.name!r}))"
        + ("" if s.repeats else "; break"),
        f"{pad}else: {keep}",
    ]


def _segment(s: Spec, pad: str) -> list[str]:
    parse = f"P_{s.name}[len(e)](e, s)"
    if s.kinds:
        parse = f"K_{s.name}({_qualifier_source(s)}, P_{s.name})[len(e)](e, s)"
    if s.repeats:
        return [
            f"{pad}try: v_{s.name}.append({parse})",
            f"{pad}except BAD:",
            f"{pad}    x = recover(PLACE, S_{s.name}, o, i, e, c)",
            f"{pad}    if x is not None: v_{s.name}.append(x)",
            f"{pad}{STEP}",
        ]
    lines = [
        f"{pad}try: o.{s.name} = {parse}",
        f"{pad}except BAD: o.{s.name} = recover(PLACE, S_{s.name}, o, i, e, c)",
        f"{pad}{STEP}",
    ]
    return lines


def _qualifier_source(s: Spec) -> str:
    """What tells a mixed segment apart: its element, or the first component of it."""
    text = f"e[{s.at}]"  # an IndexError is as good as no use for it
    composite = issubclass(part_of(s.type, s.at).type, Composite)
    return f"{text}.partition(COMPONENT)[0]" if composite else text
