"""Where the classes of a guide stand: a `Place` for each loop, with what it accepts and what the
loops around it accept.

The same class may stand in several places. The reader generated for it is compiled once and bound
to each place and to each set of delimiters, which is cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edi.delimiters import Delimiters
from edi.model.node import Loop, opener, openers, streams
from edi.model.spec import Spec
from edi.record import Record

# What ends a transaction set whatever is open in it.
CONTROL = frozenset({"SE", "ST", "GE", "GS", "IEA", "ISA"})
END = "\u2403END"  # stands after the last segment at hand; no byte can make this character

Accepts = dict[str, tuple[Spec, ...]]
Read = Callable[..., Any]
# (lines, i, number of the first line) to (object or None, where it stopped)
Quick = Callable[[list[str], int, int], tuple[Any, int]]


class Words(Record):
    """The identifiers of a whole guide: all, and those that open a loop somewhere."""

    tags: frozenset[str]
    heads: frozenset[str]


class Place:
    """One loop at its place in a guide, for one set of delimiters."""

    __slots__ = (
        "_by_tag", "_openers", "cls", "delimiters", "leave", "limited", "outer", "own", "quick",
        "read", "spec", "streamed", "table", "tail_place", "words",
    )  # fmt: skip

    def __init__(
        self,
        cls: type[Loop],
        spec: Spec | None,
        outer: Accepts,
        delimiters: Delimiters,
        words: Words,
    ) -> None:
        self.cls = cls
        self.spec = spec
        self.delimiters = delimiters
        self.outer = outer
        self.words = words
        self.streamed: list[Place] = []
        self.limited: list[Place] = []  # those of them that must be counted
        self.tail_place: Place | None = None
        self.own: Accepts = {}
        self.leave: dict[str, Any] = {}
        self.read: Read = _unbound
        self.quick: Quick = self._quick  # reads what is right in all, and gives None for the rest
        self.table: Callable[[], Any] = _nothing  # for `_core`
        self._openers = openers(spec) if spec is not None else []
        self._by_tag: dict[str, list[tuple[int, frozenset[str], Place]]] = {}

    def accept(self, specs: list[Spec]) -> None:
        """Settle which tags are ours and which make us leave without a further look."""
        self.own = _table(specs)
        self.leave = {}
        for tag, found in self.outer.items():
            if tag in self.own:
                continue
            if not found or not all(s.qualifiers for s in found):  # not: a control segment
                self.leave[tag] = True
            elif len({s.at for s in found}) == 1:
                self.leave[tag] = (found[0].at, frozenset().union(*(s.qualifiers for s in found)))

    def _quick(self, lines: list[str], i: int, base: int) -> tuple[Any, int]:
        """Stands for the quick reader until it is first called."""
        table = self.table()
        self.quick = _refuse if table is None else table.read
        return self.quick(lines, i, base)

    def child_of(self, elements: list[str]) -> Place | None:
        """The streamed loop that a segment opens."""
        for at, qualifiers, child in self._by_tag.get(elements[0], ()):
            if not qualifiers or (len(elements) > at and elements[at] in qualifiers):
                return child
        return None

    def leaves(self, elements: list[str]) -> bool:
        """Whether a segment that opens no streamed loop certainly ends this one."""
        after = self.tail_place
        if after is None or after.own:
            return False
        w = after.leave.get(elements[0])
        return w is True or (w is not None and len(elements) > w[0] and elements[w[0]] in w[1])

    def stream(self, child: Place) -> None:
        """Take a loop that is handed out one at a time."""
        self.streamed.append(child)
        spec = child.spec
        if spec is not None and (spec.least or spec.most):
            self.limited.append(child)
        for o in child._openers:
            self._by_tag.setdefault(o.type.tag, []).append((o.at, o.qualifiers, child))


def split_streamed(cls: type[Loop]) -> tuple[list[Spec], list[Spec], list[Spec]]:
    """The children of a loop before, among and after those that are streamed."""
    before: list[Spec] = []
    among: list[Spec] = []
    after: list[Spec] = []
    for s in cls.specs:
        if issubclass(s.type, Loop) and (s.type.unit or streams(s.type)):
            among.append(s)
        else:
            (after if among else before).append(s)
    return before, among, after


def nested(outer: Accepts, specs: list[Spec]) -> Accepts:
    """What the loops around a child accept: theirs and ours."""
    table = {tag: list(found) for tag, found in outer.items()}
    for tag, found in _table(specs).items():
        table.setdefault(tag, []).extend(found)
    return {tag: tuple(found) for tag, found in table.items()}


def all_tags(cls: type[Loop]) -> frozenset[str]:
    """Every segment identifier in this loop or below it."""
    below = (
        all_tags(s.type) if issubclass(s.type, Loop) else frozenset({s.type.tag}) for s in cls.specs
    )
    return frozenset().union(*below)


def all_heads(cls: type[Loop]) -> frozenset[str]:
    """The identifiers that open a loop somewhere below."""
    heads = set()
    for s in cls.specs:
        if issubclass(s.type, Loop):
            heads |= {o.type.tag for o in openers(s)} | all_heads(s.type)
    return frozenset(heads)


def _table(specs: list[Spec]) -> Accepts:
    table: dict[str, list[Spec]] = {}
    for s in specs:
        for o in openers(s):
            table.setdefault(o.type.tag, []).append(_named(o, s))
    return {tag: tuple(found) for tag, found in table.items()}


def _named(o: Spec, s: Spec) -> Spec:
    """The opener's qualifier with the child's name and repeats."""
    return s.replaced(qualifiers=o.qualifiers, at=o.at)


def _nothing() -> Any:
    return None


def _refuse(lines: list[str], i: int, base: int) -> tuple[Any, int]:
    return None, i


def _unbound(*_: Any) -> Any:
    raise RuntimeError("this place has no reader yet")


__all__ = [
    "CONTROL",
    "END",
    "Accepts",
    "Place",
    "Read",
    "Words",
    "all_heads",
    "all_tags",
    "nested",
    "opener",
    "split_streamed",
]
