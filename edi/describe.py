"""A guide as its declarations tell it: `python -m edi guide 837P 2430` prints a loop with the
usage, repeats and qualifiers of its segments, and the line where each is declared.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from edi.envelope import Transaction
from edi.guides import GUIDES
from edi.issues import EdiError
from edi.model import Loop, Segment, Spec, Use
from edi.segments import TA1
from edi.segments.envelope import GE, GS, IEA, ISA, SE, ST

ROOT = Path(__file__).parents[1]


class UnknownLoop(EdiError):
    """No such guide, or no such loop in it."""

    def __init__(self, asked: str, kind: str, known: list[str]) -> None:
        self.asked = asked
        super().__init__(f"there is no {kind} {asked}; there are {', '.join(known)}")


def guide_named(name: str) -> type[Transaction]:
    """The guide by its short name: 837P, 837I, 837D, 835, 999, 277CA, 276, 277."""
    for guide in GUIDES:
        if guide.id.upper() == name.upper():
            return guide
    raise UnknownLoop(name, "guide", [*(guide.id for guide in GUIDES), *ENVELOPE])


def describe(guide: type[Transaction], loop: str = "") -> Iterator[str]:
    """The lines to print: the tree of a guide, or one of its loops wherever it stands."""
    if not loop:
        yield from _tree(guide)
        return
    asked = loop.upper()
    places = list(_places(guide, guide.parts.get(asked, asked)))
    if not places:
        known = sorted({cls.id for cls, _, _ in _all(guide)} | guide.parts.keys())
        raise UnknownLoop(loop, f"loop of {guide.id}", known)
    if asked in guide.parts:
        yield f"{asked} stands as part of {guide.parts[asked]} here."
    seen: list[tuple[type[Loop], str]] = []
    for cls, spec, parent in places:
        where = "the whole"
        if spec and parent:
            where = f"in {parent.id}, {_usage(spec)}, {_limit(spec)}"
        if (cls, where) in seen:
            continue  # in the claim of a subscriber and in that of a dependent
        yield f"{guide.id} {cls.id}  {_first_line(cls)}"
        yield f"  {where}    {_source(cls)}"
        told = any(cls is other for other, _ in seen)
        seen.append((cls, where))
        if told:
            continue
        head = spec.qualifiers if spec else frozenset()
        for n, child in enumerate(cls.specs):
            yield from _child(cls, child, head if n == 0 else frozenset())


ENVELOPE: dict[str, type[Segment]] = {
    cls.__name__: cls for cls in (ISA, TA1, GS, ST, SE, GE, IEA)
}  # fmt: skip


def describe_envelope(cls: type[Segment]) -> Iterator[str]:
    """The lines to print for a segment that stands in no guide: its elements."""
    yield f"{cls.__name__}  {_first_line(cls)}"
    yield f"  in the envelope    {_source(cls)}"
    for s in cls.specs:
        length = f"up to {s.most}" if s.most else ""
        name = f"{s.name.replace('_', ' ')}  {_codes(s.codes)}".rstrip()
        yield _row(f"{cls.__name__}{s.pos:02d}", _usage(s), length, name, _source(cls, s.name))


def _tree(guide: type[Transaction]) -> Iterator[str]:
    yield f"{guide.id}  {guide.guide}, also reads {', '.join(guide.reads[1:]) or 'nothing else'}"
    for cls, spec, depth in _all(guide):
        if spec is not None:
            yield f"{'  ' * depth}{cls.id}  {_usage(spec)}, {_limit(spec)}  {_first_line(cls)}"


def _all(cls: type[Loop], depth: int = 0, spec: Spec | None = None) -> Iterator[Any]:
    yield cls, spec, depth
    for s in cls.specs:
        if issubclass(s.type, Loop):
            yield from _all(s.type, depth + 1, s)


def _places(
    cls: type[Loop], id: str, spec: Spec | None = None, parent: type[Loop] | None = None
) -> Iterator[tuple[type[Loop], Spec | None, type[Loop] | None]]:
    if cls.id == id:
        yield cls, spec, parent
    for s in cls.specs:
        if issubclass(s.type, Loop):
            yield from _places(s.type, id, s, cls)


def _child(cls: type[Loop], s: Spec, head: frozenset[str]) -> Iterator[str]:
    where = _source(cls, s.name)
    if issubclass(s.type, Loop):
        yield _row(s.type.id, _usage(s), _limit(s), _codes(s.qualifiers), where)
        return
    tag = s.type.tag
    for kind in s.kinds:
        usage = "required" if kind.due else "situational"
        yield _row(
            tag, usage, _times(kind.most), _codes(kind.qualifiers) + _narrowed(kind.use), where
        )
    if not s.kinds:
        known = head or s.qualifiers
        yield _row(tag, _usage(s), _limit(s), _codes(known) + _narrowed(s.use), where)


def _row(name: str, usage: str, limit: str, what: str, where: str) -> str:
    return f"    {name:<7}{usage:<13}{limit:<12}{what:<40}  {where}".rstrip()


def _usage(s: Spec) -> str:
    return "required" if s.required or s.due or s.least else "situational"


def _limit(s: Spec) -> str:
    return _times(s.most) if s.repeats else "once"


def _times(most: int | None) -> str:
    return "once" if most == 1 else f"up to {most}" if most else "any number"


def _codes(codes: frozenset[str]) -> str:
    return " ".join(sorted(codes))


def _narrowed(use: Use) -> str:
    """What a use says of elements, in short: `05 required, 04 not used, 02 D8`."""
    said = [f"{n:02d} required" for n in use.required]
    said += [f"{n:02d}-{part} required" for n, part in use.required_parts]
    said += [f"{n:02d} not used" for n in use.unused]
    for n, part, values in use.codes:
        few = _codes(values) if len(values) <= 6 else f"{len(values)} codes"
        said.append(f"{n:02d}{f'-{part}' if part else ''} {few}")
    return f"  ({', '.join(said)})" if said else ""


def _first_line(cls: type) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]


def _source(cls: type, name: str = "") -> str:
    """File and line of a class, or of an attribute in the class that declares it."""
    for owner in cls.__mro__:
        if not name or name in vars(owner).get("__slots__", ()):
            path, lines, first = _text(owner)
            n = next((n for n, line in enumerate(lines) if name and _declares(line, name)), 0)
            return f"{path}:{first + n}"
    raise AssertionError(name)


def _declares(line: str, name: str) -> bool:
    return line.strip().startswith(f"{name}:")


@cache
def _text(cls: type) -> tuple[str, list[str], int]:
    lines, first = inspect.getsourcelines(cls)
    path = Path(inspect.getsourcefile(cls) or "")
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return shown.as_posix(), lines, first
