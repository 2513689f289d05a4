"""Files without the people in them: consistent fake names and numbers, dates shifted, the rest as
it was.

What is replaced stands in `edi.scrub.rules`; how, in `edi.scrub.fakes`. The same key gives the same
fakes, so an 837, its 999, 277CA and 835 still belong together; without the key nobody gets back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from edi.delimiters import Delimiters
from edi.lexer import segments
from edi.scrub.fakes import Fakes
from edi.scrub.rules import (
    KEPT_PARTIES,
    KEPT_REFERENCES,
    KNOWN,
    RULES,
)

__all__ = ["scrub"]


def scrub(source: bytes | BinaryIO, *, key: bytes) -> Iterator[bytes]:
    """The segments of the scrubbed file, each with its terminator, in the file's own delimiters.

    Amounts, codes, counts and control numbers of the envelope stay. Bytes outside any interchange
    are left out. Segments nobody knows keep their shape and lose their letters and digits.
    """
    fakes = Fakes(key)
    for raw in segments(source):
        d = raw.delimiters
        e = raw.elements
        tag = e[0] if len(e[0]) <= 3 else fakes.shape(e[0])  # torn text is no identifier
        line = d.element.join([tag, *_elements(e, d, fakes)])
        yield (line + d.segment + d.line_end).encode("latin-1")


def _elements(e: list[str], d: Delimiters, fakes: Fakes) -> list[str]:
    tag = e[0]
    if tag == "ISA":
        return _isa(e, fakes)
    if tag in ("NM1", "N1"):
        return _party(e, fakes)
    if tag not in KNOWN:
        return [text if len(text) <= 2 else fakes.shape(text) for text in e[1:]]
    rules = RULES.get(tag, {})
    if tag == "REF" and e[1] in KEPT_REFERENCES:
        rules = {}
    return [_element(e, n, rules, d, fakes) for n in range(1, len(e))]


def _element(e: list[str], n: int, rules: dict[str, str], d: Delimiters, fakes: Fakes) -> str:
    text = e[n]
    if not text:
        return text
    how = rules.get(str(n))
    if how == "coded-date":  # the element before says what kind of date it is
        return fakes.period(text)
    if how == "health-code":
        parts = text.split(d.component)
        if len(parts) > 3 and parts[2] in ("D8", "RD8", "DT"):
            parts[3] = fakes.period(parts[3])
        return d.component.join(parts)
    if how:
        return fakes.of(how, text)
    parts = text.split(d.component)
    if len(parts) == 1 and f"{n}-1" not in rules:
        return text
    for k, part in enumerate(parts, 1):
        if part and (inner := rules.get(f"{n}-{k}")):
            parts[k - 1] = fakes.of(inner, part)
    return d.component.join(parts)


def _isa(e: list[str], fakes: Fakes) -> list[str]:
    """The passwords go, the date moves, the addresses stay: they say who trades with whom."""
    made = e[1:]
    for n in (2, 4):
        if len(e) > n:
            made[n - 1] = " " * len(e[n])
    if len(e) > 9:
        made[8] = fakes.of("short-date", e[9])
    return made


def _party(e: list[str], fakes: Fakes) -> list[str]:
    """Payers and clearinghouses keep their names and numbers; everybody else gets new ones."""
    made = e[1:]
    if len(e) > 1 and e[1] in KEPT_PARTIES:
        return made
    if e[0] == "N1":
        kinds = {2: "organisation", 4: "id"}
    else:
        last = "surname" if len(e) > 2 and e[2] == "1" else "organisation"
        kinds = {3: last, 4: "given", 5: "given", 9: "id", 12: last}
    for n, kind in kinds.items():
        if len(e) > n and e[n]:
            made[n - 1] = fakes.of(kind, e[n])
    return made
