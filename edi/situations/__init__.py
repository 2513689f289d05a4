"""Situational rules, SNIP type 4: what one part of a file makes of another.

Each rule is a row of a table (`parties`, `subscribers`, `claims`, `professional`, `institutional`,
`dental`, `other_payers`, `remittance`, `answers`); `compiled` makes functions of the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from edi.envelope import Transaction
from edi.issues import Issue, Trigger
from edi.model import Loop, Segment
from edi.situations.compiled import Look, Rules
from edi.situations.elements import value_at
from edi.situations.rule import Context, Found, Hit, Rule, Screen, Side
from edi.situations.tables import every_rule, plain_of, rules_of

if TYPE_CHECKING:
    RULES: tuple[Rule, ...]

__all__ = ["RULES", "Rule", "Side", "Situations"]


class Situations:
    """The rules of one transaction set while it is read. `number_of` tells the file-wide number of
    a segment of a loop.
    """

    def __init__(self, number_of: Callable[[Loop, Segment], int], *, side: Side) -> None:
        self._number_of = number_of
        self._side = side
        self._context = Context()
        self._opened: dict[type[Loop], Look] = {}
        self._closed: dict[type[Loop], Look] = {}
        self._screens: dict[type[Loop], tuple[Screen, Look | None]] = {}
        self._issues: list[Issue] = []

    def opened(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        """A loop that holds units has been opened: what stands before them is read."""
        c = self._context
        if not around:
            rules = _rules_of(loop.__class__)
            self._opened, self._closed = rules.opened, rules.closed
            self._screens = rules.plain
        elif loop.id == "2000B":
            c.claims_of_subscriber = c.dependents = 0
        elif loop.id == "2000C":
            c.dependents += 1
        return self._ask(self._opened, loop, (*around, loop))

    def unit(self, loop: Any, around: tuple[Any, ...]) -> tuple[list[Issue], bool]:
        """A claim, a claim payment, an answer: what is wrong, and whether it is plain (`Plain`), so
        that it adds up as well. `around` is the same object for all units of one parent.
        """
        c = self._context
        if around[-1].id == "2000B":
            c.claims_of_subscriber += 1
        screen = self._screens.get(loop.__class__)
        if screen is None:
            return self._ask(self._opened, loop, around), False
        c.enter(around)
        odd, rest = screen
        if odd(loop, c):
            return self._ask(self._opened, loop, around), False
        if rest is not None:
            rest(loop, c, self._take)
        return self._found(), True

    def closed(self, loop: Any, around: tuple[Any, ...]) -> list[Issue]:
        """All of a loop that holds units is known."""
        return self._ask(self._closed, loop, (*around, loop))

    def _ask(
        self, rules: dict[type[Loop], Look], loop: Any, around: tuple[Any, ...]
    ) -> list[Issue]:
        look = rules.get(type(loop))
        if look is None:
            return []
        self._context.enter(around)
        look(loop, self._context, self._take)
        return self._found()

    def _found(self) -> list[Issue]:
        if not self._issues:
            return []
        issues, self._issues = self._issues, []
        return issues

    def _take(self, rule: Rule, loop: Loop, found: Found) -> None:
        if found is True:
            self._add(rule, loop, Hit())
        elif isinstance(found, Segment):
            self._add(rule, loop, Hit(found))
        elif isinstance(found, Hit):
            self._add(rule, loop, found)
        elif found:
            for each in found:
                self._add(rule, loop, each if isinstance(each, Hit) else Hit(each))

    def _add(self, rule: Rule, loop: Loop, hit: Hit) -> None:
        loop = hit.loop or loop
        ref = hit.ref or rule.ref
        number, value = loop.at, ""
        if hit.segment is not None:
            number = self._number_of(loop, hit.segment)
            value = value_at(hit.segment, ref)
        trigger = None
        if rule.fault != "value":
            at = loop.at if hit.by is None else self._number_of(loop, hit.by)
            trigger = Trigger(rule.fault, at, loop.id, rule.because)
        self._issues.append(
            Issue(
                rule.code or rule.id, rule.severity_for(self._side), 4, number, 0, loop.id, ref,
                value, rule.message, trigger=trigger,
            )
        )  # fmt: skip


@lru_cache(maxsize=32)
def _rules_of(guide: type[Transaction]) -> Rules:
    return Rules(guide, rules_of(guide.id), plain_of(guide.id))


def __getattr__(name: str) -> Any:
    """All rules at once are for whoever lists them."""
    if name == "RULES":
        return every_rule()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
