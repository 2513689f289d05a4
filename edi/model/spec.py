"""The words of a declaration.

`el`, `opt` and `run` say which elements a segment or composite has; `one`, `maybe` and `many` say
which segments and loops a loop has. `Use` narrows a shared segment where one guide uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edi.record import Record


class Use(Record, frozen=True):
    """How one guide uses a segment at one place; element numbers as keys ("5-2" = component 2 of
    element 5).

    `required` elements are missed with an issue but do not void the object: its class says which it
    cannot do without. In a run of composites (HI) what is said of a component holds for the
    elements that follow too, until something else is said of them.
    """

    required: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()
    codes: tuple[tuple[int, int, frozenset[str]], ...] = ()  # element, component (0 = none), values
    longest: tuple[tuple[int, int], ...] = ()
    required_parts: tuple[tuple[int, int], ...] = ()  # element, component
    unused_parts: tuple[tuple[int, int], ...] = ()
    last: int = 0  # the last element used here; 0 = the last the segment has


def use(
    *,
    required: str = "",
    unused: str = "",
    codes: Mapping[int | str, str] | None = None,
    longest: Mapping[int, int] | None = None,
    last: int = 0,
) -> Use:
    """`use(required="3 9 5-1", unused="6", codes={2: "1 2", "5-2": "B"}, longest={2: 20})`."""
    pairs = [(*_place(str(key)), frozenset(v.split())) for key, v in (codes or {}).items()]
    must, never = [[_place(key) for key in text.split()] for text in (required, unused)]
    return Use(
        required=tuple(element for element, component in must if not component),
        unused=tuple(element for element, component in never if not component),
        codes=tuple(pairs),
        longest=tuple((longest or {}).items()),
        required_parts=tuple(place for place in must if place[1]),
        unused_parts=tuple(place for place in never if place[1]),
        last=last,
    )


def _place(key: str) -> tuple[int, int]:
    element, _, component = key.partition("-")
    return int(element), int(component or 0)


ANYHOW = Use()


class Kind(Record, frozen=True):
    """One use of a segment among others that stand at the same position, told by its qualifier."""

    qualifiers: frozenset[str]
    most: int | None = 1
    due: bool = False
    use: Use = ANYHOW


def each(
    qualifiers: str, *, most: int | None = 1, due: bool = False, use: Use = ANYHOW
) -> list[Kind]:
    """Every one of these qualifiers is a use of its own, with its own limit."""
    return [Kind(frozenset([q]), most, due, use) for q in qualifiers.split()]


def any_of(
    qualifiers: str, *, most: int | None = 1, due: bool = False, use: Use = ANYHOW
) -> list[Kind]:
    """One use that takes any of these qualifiers; the limit is that of all together."""
    return [Kind(frozenset(qualifiers.split()), most, due, use)]


class Spec(Record):
    """One attribute of a declaration; its class adds `name` and `type`, and nothing changes it from
    then on.
    """

    kind: str
    pos: int = 0
    times: int = 1
    least: int = 0
    most: int | None = None  # longest text of an element, or most repeats of a segment or loop
    shortest: int = 0
    codes: frozenset[str] = frozenset()
    qualifiers: frozenset[str] = frozenset()
    at: int = 1  # the element that holds the qualifier
    due: bool = False
    use: Use = ANYHOW
    kinds: tuple[Kind, ...] = ()
    factory: Callable[[], Any] | None = None
    name: str = ""
    type: Any = str

    def __hash__(self) -> int:  # not frozen: 900 are made by `import edi`
        return hash((self.kind, self.pos, self.name, self.type, self.qualifiers))

    @property
    def required(self) -> bool:
        return self.kind in ("el", "one")

    @property
    def repeats(self) -> bool:
        return self.kind in ("run", "many")

    def matches(self, elements: list[str]) -> bool:
        """Whether a segment with this tag is meant, by its qualifier."""
        if not self.qualifiers:
            return True
        return len(elements) > self.at and elements[self.at] in self.qualifiers

    def kind_of(self, qualifier: str) -> Kind | None:
        """The use this qualifier stands for."""
        return next((k for k in self.kinds if qualifier in k.qualifiers), None)


def el(pos: int, longest: int | None = None, *, shortest: int = 0, codes: str = "") -> Any:
    """A required element."""
    return Spec("el", pos, most=longest, shortest=shortest, codes=frozenset(codes.split()))


def opt(pos: int, longest: int | None = None, *, shortest: int = 0, codes: str = "") -> Any:
    """A situational element; None when absent."""
    return Spec("opt", pos, most=longest, shortest=shortest, codes=frozenset(codes.split()))


def run(
    pos: int, *, times: int, longest: int | None = None, shortest: int = 0, codes: str = ""
) -> Any:
    """Consecutive elements, or groups of them, from `pos` on; blank ones at the end are dropped."""
    known = frozenset(codes.split())
    return Spec("run", pos, times, most=longest, shortest=shortest, codes=known)


def one(
    *qualifiers: str, at: int = 1, use: Use = ANYHOW, factory: Callable[[], Any] | None = None
) -> Any:
    """A required segment or loop, told apart by element `at`. Without it its loop is rejected."""
    return Spec("one", qualifiers=frozenset(qualifiers), at=at, use=use, factory=factory)


def maybe(*qualifiers: str, at: int = 1, use: Use = ANYHOW, due: bool = False) -> Any:
    """A segment or loop that may be absent; `due`: the guide requires it, but its loop can be read
    without.
    """
    return Spec("maybe", qualifiers=frozenset(qualifiers), at=at, use=use, due=due)


def many(
    *qualifiers: str,
    at: int = 1,
    use: Use = ANYHOW,
    most: int | None = None,
    least: int = 0,
) -> Any:
    """A segment or loop that repeats."""
    named = frozenset(qualifiers)
    return Spec("many", qualifiers=named, at=at, use=use, most=most, least=least)


def mixed(*kinds: list[Kind], at: int = 1) -> Any:
    """Segments of one identifier at one position, each used as its qualifier says (element `at`,
    its first component if it is a composite): `mixed(each("431 454", use=DAY), each("050"))`.
    """
    return Spec("many", at=at, kinds=tuple(kind for some in kinds for kind in some))
