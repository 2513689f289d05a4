"""What is wrong with the shape of a JSON document, said without repeating what it held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A member's name comes from outside too: one that could be a patient's data is not repeated.
_PLAIN_NAME = re.compile(r"[A-Za-z_]{1,40}[0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of shape: where (a JSON pointer), which (a code), what to do (a sentence).

    The sentence never carries the rejected value, which may be a patient's. `line` and `column`
    (from 1) are there when the text is no JSON, so that no pointer exists.
    """

    pointer: str
    code: str
    message: str
    line: int | None = None
    column: int | None = None


def pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path of member names and positions."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def plain_path(path: Iterable[str | int]) -> tuple[str | int, ...]:
    """The path as far as it may be shown: it ends before a name that looks like data."""
    shown: list[str | int] = []
    for step in path:
        if isinstance(step, str) and not _PLAIN_NAME.fullmatch(step):
            break
        shown.append(step)
    return tuple(shown)
