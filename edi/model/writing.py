"""Generates the writers: an object to the text of a segment, a loop to its lines.

A value that holds a delimiter or a control character would change the shape of the file, so it is
refused, and the error names segment and element but never the value.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from edi.delimiters import Delimiters
from edi.issues import EdiError
from edi.model.node import Composite, Group, Loop, Node, Segment, span
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import SCALARS

# What a reader reports as no data. Others that Python calls unprintable, such as the no-break space
# of latin-1, are let in and so are let out.
control = re.compile(r"[\x00-\x1f\x7f]").search


class UnwritableValue(EdiError):
    """A value that cannot stand in this file."""

    def __init__(self, ref: str, reason: str, loop: str = "") -> None:
        self.ref = ref
        self.reason = reason
        self.loop = loop
        super().__init__(f"{ref}{f' in loop {loop}' if loop else ''} {reason}")


def lines_of(loop: Loop, delimiters: Delimiters) -> list[str]:
    """Every segment of a loop, without terminators."""
    out: list[str] = []
    loop_writer(type(loop), delimiters)(loop, out)
    return out


@lru_cache(maxsize=4096)
def formatter(
    cls: type[Segment], use: Use = ANYHOW, loop: str = "", *, delimiters: Delimiters
) -> Callable[[Any], str]:
    """The writer of a segment at one place."""
    scope = _scope(cls, delimiters)
    scope |= {"refuse": lambda o: refuse(o, use, loop, delimiters)}
    made: Callable[[Any], str] = _made(cls, "format", _segment_source(cls, use, delimiters), scope)
    return made


@lru_cache(maxsize=1024)
def composite_formatter(cls: type[Composite], delimiters: Delimiters) -> Callable[[Any], str]:
    """The writer of a composite."""
    made: Callable[[Any], str] = _made(
        cls, "format", _composite_source(cls, delimiters), _scope(cls, delimiters)
    )
    return made


@lru_cache(maxsize=1024)
def loop_writer(cls: type[Loop], delimiters: Delimiters) -> Callable[[Any, list[str]], None]:
    """The writer of a loop: appends its lines to a list."""
    scope: dict[str, Any] = {}
    lines = ["def write(o, out):"]
    for n, s in enumerate(cls.specs):
        if issubclass(s.type, Loop):
            scope[f"w{n}"] = loop_writer(s.type, delimiters)
            put = f"w{n}({{}}, out)"
        else:
            scope[f"w{n}"] = formatter(s.type, s.use, cls.id, delimiters=delimiters)
            put = f"out.append(w{n}({{}}))"
        if s.repeats:
            lines.append(f"    for x in o.{s.name}: {put.format('x')}")
        elif s.required:
            scope["missing"] = _missing
            lines.append(f"    if o.{s.name} is None: missing({s.type.__name__!r}, {cls.id!r})")
            lines.append(f"    {put.format(f'o.{s.name}')}")
        else:
            lines.append(f"    if o.{s.name} is not None: {put.format(f'o.{s.name}')}")
    made: Callable[[Any, list[str]], None] = _made(cls, "write", "\n".join(lines), scope)
    return made


def refuse(o: Any, use: Use, loop: str, delimiters: Delimiters) -> None:
    """Say which element of a segment cannot be written. Slow; called only after the fast way
    failed.
    """
    cls = type(o)
    for s in cls.specs:
        ref = f"{cls.tag}{s.pos:02d}"
        value = getattr(o, s.name)
        blank = value is None or value == "" or value == []
        if not blank and issubclass(s.type, Composite) and not s.repeats:
            blank = all(getattr(value, p.name) in (None, "", []) for p in s.type.specs)
        if blank and (s.kind == "el" or s.pos in use.required):
            raise UnwritableValue(ref, "is required and has no value", loop)
        if s.repeats and len(value) > s.times:
            raise UnwritableValue(ref, f"has more than {s.times} values", loop)
        for part in value if s.repeats else [value]:
            _refuse_value(part, s, ref, loop, delimiters)
    raise UnwritableValue(cls.tag, "cannot be written", loop)


def _refuse_value(value: Any, s: Spec, ref: str, loop: str, delimiters: Delimiters) -> None:
    if value is None:
        return
    if issubclass(s.type, (Composite, Group)):
        mark = "-" if issubclass(s.type, Composite) else "+"
        for p in s.type.specs:
            part = getattr(value, p.name)
            where = f"{ref}{mark}{p.pos}"
            if p.kind == "el" and (part is None or part == ""):
                raise UnwritableValue(where, "is required and has no value", loop)
            for each in part if p.repeats else [part]:
                _refuse_value(each, p, where, loop, delimiters)
        return
    if s.type in SCALARS:
        if not isinstance(value, s.type):
            raise UnwritableValue(ref, f"is no {s.type.__name__}", loop)
        return
    if not isinstance(value, str):
        raise UnwritableValue(ref, "is no text", loop)
    if any(c in delimiters.reserved for c in value):
        raise UnwritableValue(ref, "holds a delimiter", loop)
    if control(value):
        raise UnwritableValue(ref, "holds a control character", loop)


def _missing(segment: str, loop: str) -> None:
    raise UnwritableValue(segment, "is required", loop)


def _segment_source(cls: Any, use: Use, delimiters: Delimiters) -> str:
    sep = delimiters.element
    lines = ["def format(o):", "    try:"]
    parts, composites, spare = [repr(cls.tag)], [], 0
    slots: dict[int, str] = dict.fromkeys(range(1, cls.width + 1), "''")
    for s in cls.specs:
        if s.kind == "run":
            lines.append(f"        run = {_run(s, sep)}")
            for n in range(s.pos, s.pos + s.times * span(s)):
                slots.pop(n)
            slots[s.pos] = "*run"
            lines.append(f"        if len(run) > {s.times * span(s)}: refuse(o)")
            spare = s.times * span(s)
            if s.pos + spare - 1 < cls.width:  # what follows must keep its place
                lines.append(f"        run += [''] * ({spare} - len(run))")
            composites += _run_composites(s)
        elif issubclass(s.type, Composite):
            lines.append(f"        c{s.pos} = {_text(s, f'o.{s.name}')}")
            slots[s.pos] = f"c{s.pos}"
            composites.append(f"c{s.pos}.count({delimiters.component!r})")
        else:
            slots[s.pos] = _text(s, f"o.{s.name}")
    # a required number, date or composite that is None fails by itself
    must = [
        slots[s.pos]
        for s in cls.specs
        if (s.kind == "el" and s.type is str) or (s.kind == "opt" and s.pos in use.required)
    ]
    parts += [slots[n] for n in sorted(slots)]
    width = f"{len(parts) - 1 - bool(spare)} + len(run)" if spare else str(len(parts) - 1)
    lines += [f"        text = {sep!r}.join([{', '.join(parts)}])"]
    if must:
        lines.append(f"        if not ({' and '.join(must)}): refuse(o)")
    lines += [
        "    except (TypeError, AttributeError, ValueError): refuse(o)",
        f"    if text.count({sep!r}) != {width}: refuse(o)",
        f"    if text.count({delimiters.component!r}) != {' + '.join(composites) or 0}: refuse(o)",
        f"    if {delimiters.segment!r} in text: refuse(o)",
    ]
    if delimiters.repetition:
        lines.append(f"    if {delimiters.repetition!r} in text: refuse(o)")
    if sep.isprintable() and delimiters.component.isprintable():
        lines.append("    if not text.isprintable() and control(text): refuse(o)")
    else:  # separators that are themselves control characters
        clean = f"text.replace({sep!r}, '').replace({delimiters.component!r}, '')"
        lines.append(f"    if not {clean}.isprintable() and control({clean}): refuse(o)")
    return "\n".join([*lines, f"    return text.rstrip({sep!r})"])


def _composite_source(cls: Any, delimiters: Delimiters) -> str:
    sep = delimiters.component
    lines = ["def format(o):"]
    slots: dict[int, str] = dict.fromkeys(range(1, cls.width + 1), "''")
    for s in cls.specs:
        if s.kind == "run":
            lines.append(f"    if len(o.{s.name}) > {s.times}: raise ValueError")
            value = (
                "*o." + s.name
                if s.type is str
                else f"*[{_text(s, 'v', given=True)} for v in o.{s.name}]"
            )
            for n in range(s.pos, s.pos + s.times):
                slots.pop(n)
            lines.append(f"    pad = [''] * ({s.times} - len(o.{s.name}))")
            slots[s.pos] = f"{value}, *pad"
        else:
            slots[s.pos] = _text(s, f"o.{s.name}")
    must = [slots[s.pos] for s in cls.specs if s.kind == "el" and s.type is str]
    lines.append(f"    text = {sep!r}.join([{', '.join(slots[n] for n in sorted(slots))}])")
    if must:
        lines.append(f"    if not ({' and '.join(must)}): raise ValueError")
    lines.append(f"    if text.count({sep!r}) != {cls.width - 1}: raise ValueError")
    return "\n".join([*lines, f"    return text.rstrip({sep!r})"])


def _run(s: Spec, sep: str) -> str:
    """The list of element texts of a run."""
    if not issubclass(s.type, Group):
        return f"[{_text(s, 'v', given=True)} for v in o.{s.name}]"
    parts = ["''"] * span(s)
    for f in s.type.specs:
        parts[f.pos - 1] = _text(f, f"g.{f.name}")
    return f"[t for g in o.{s.name} for t in ({', '.join(parts)},)]"


def _run_composites(s: Spec) -> list[str]:
    """How many component separators a run is entitled to."""
    if issubclass(s.type, Composite):
        return [f"sum([format_{s.type.__name__}(v).count(COMPONENT) for v in o.{s.name}])"]
    if issubclass(s.type, Group):
        return [
            f"sum([format_{f.type.__name__}(g.{f.name}).count(COMPONENT)"
            f" for g in o.{s.name} if g.{f.name} is not None])"
            for f in s.type.specs
            if issubclass(f.type, Composite)
        ]
    return []


def _text(s: Spec, value: str, *, given: bool = False) -> str:
    if s.type is str:
        return value if s.required or given else f"({value} or '')"
    name = f"from_{s.type.__name__}" if s.type in SCALARS else f"format_{s.type.__name__}"
    return (
        f"{name}({value})"
        if s.required or given
        else f"({name}({value}) if {value} is not None else '')"
    )


def _scope(cls: Any, delimiters: Delimiters) -> dict[str, Any]:
    scope: dict[str, Any] = {"cls": cls, "COMPONENT": delimiters.component, "control": control}
    scope |= {f"from_{t.__name__}": functions[1] for t, functions in SCALARS.items()}

    def add(s: Spec) -> None:
        if issubclass(s.type, Composite):
            scope[f"format_{s.type.__name__}"] = composite_formatter(s.type, delimiters)
        elif issubclass(s.type, Group):
            for f in s.type.specs:
                add(f)

    for s in cls.specs:
        add(s)
    return scope


def _made(cls: type[Node], name: str, text: str, scope: dict[str, Any]) -> Any:
    filename = f"<{cls.__module__}.{cls.__qualname__}.{name}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    exec(compile(text, filename, "exec"), scope)
    return scope[name]
