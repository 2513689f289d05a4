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
from edi.model.element_source import NOTHING, Source, Told, part_of
from edi.model.node import Composite, Elements, Group, Segment
from edi.model.spec import ANYHOW, Spec, Use
from edi.model.values import FAST

# A table of readers, by the number of elements: `table[len(e)](e, text)`. IndexError: too many.
Table = list[Callable[[list[str], str], Any]]
BAD = (ValueError, IndexError)


@lru_cache(maxsize=4096)
def parser(
    cls: type[Elements], use: Use = ANYHOW, told: Told = NOTHING, *, delimiters: Delimiters
) -> Table:
    """The readers of a segment at one place, or of a composite."""
    table: Table = []
    for n in range(cls.width + (2 if issubclass(cls, Segment) else 1)):
        table.append(partial(_compile, table, n, cls, use, told, delimiters))
    return table


def source(cls: type[Elements], use: Use, n: int, told: Told = NOTHING) -> str:
    """The text of the reader for n elements, for anyone who wants to read it."""
    return Source(cls, use, n, told).text()


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


def _compile(
    table: Table,
    n: int,
    cls: type[Elements],
    use: Use,
    told: Told,
    delimiters: Delimiters,
    e: list[str],
    text: str,
) -> Any:
    """Stands in the table until a segment of this length comes."""
    scope = _scope(cls, use, delimiters)
    exec(_code(cls, use, n, told), scope)
    table[n] = scope["parse"]
    return table[n](e, text)


@lru_cache(maxsize=4096)
def _code(cls: type[Elements], use: Use, n: int, told: Told) -> CodeType:
    text = source(cls, use, n, told)
    name = f"<{cls.__module__}.{cls.__qualname__} of {n}, {id(use):x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    return compile(text, name, "exec")


def _scope(cls: Any, use: Use, delimiters: Delimiters) -> dict[str, Any]:
    scope: dict[str, Any] = {
        "cls": cls,
        "new": object.__new__,
        "COMPONENT": delimiters.component,
    }
    scope |= {f"{t.__name__}s": read for t, read in FAST.items()}
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
