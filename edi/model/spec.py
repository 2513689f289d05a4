"""The words of a declaration.

`el`, `opt` and `run` say which elements a segment or composite has; `one`, `maybe` and `many` say
which segments and loops a loop has. `Use` narrows a shared segment where one guide uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Use:
    """How one guide uses a segment at one place; element numbers as keys ("5-2" = component 2 of
    element 5).

    `required` elements are missed with an issue but do not void the object: its class says which it
    cannot do without.
    """

    required: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()
    codes: tuple[tuple[int, int, frozenset[str]], ...] = ()  # element, component (0 = none), values
    longest: tuple[tuple[int, int], ...] = ()


def use(
    *,
    required: str = "",
    unused: str = "",
    codes: Mapping[int | str, str] | None = None,
    longest: Mapping[int, int] | None = None,
) -> Use:
    """`use(required="3 9", unused="6", codes={2: "1 2", "5-2": "B"}, longest={2: 20})`."""
    pairs = []
    for key, values in (codes or {}).items():
        element, _, component = str(key).partition("-")
        pairs.append((int(element), int(component or 0), frozenset(values.split())))
    return Use(
        required=tuple(map(int, required.split())),
        unused=tuple(map(int, unused.split())),
        codes=tuple(pairs),
        longest=tuple((longest or {}).items()),
    )


ANYHOW = Use()


@dataclass(frozen=True, slots=True)
class Spec:
    """One attribute of a declaration; `name` and `type` are added by its class."""

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
    distinct: bool = False
    use: Use = ANYHOW
    factory: Callable[[], Any] | None = None
    name: str = ""
    type: Any = field(default=str)

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


def el(pos: int, longest: int | None = None, *, shortest: int = 0, codes: str = "") -> Any:
    """A required element."""
    return Spec("el", pos, most=longest, shortest=shortest, codes=frozenset(codes.split()))


def opt(pos: int, longest: int | None = None, *, shortest: int = 0, codes: str = "") -> Any:
    """A situational element; None when absent."""
    return Spec("opt", pos, most=longest, shortest=shortest, codes=frozenset(codes.split()))


def run(pos: int, *, times: int, longest: int | None = None, codes: str = "") -> Any:
    """Consecutive elements, or groups of them, from `pos` on; blank ones at the end are dropped."""
    return Spec("run", pos, times, most=longest, codes=frozenset(codes.split()))


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
    distinct: bool = False,
) -> Any:
    """A segment or loop that repeats; `distinct`: once for each value of its `qualifier`."""
    named = frozenset(qualifiers)
    return Spec("many", qualifiers=named, at=at, use=use, most=most, least=least, distinct=distinct)
