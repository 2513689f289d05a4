"""Bytes to JSON values, refusing what other readers let pass and understand differently.

Python's own reader keeps the last of two equal names and takes NaN; PostgreSQL refuses the NUL
character that JSON allows; half a surrogate pair cannot be written as UTF-8. Each would lose or
change something later, so each is a problem here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from app.documents.problem import Problem, plain_path, pointer

MAX_DEPTH = 32  # the encounter's own depth is 5
_MAX_DIGITS = 30  # of one number; int() of more than 4300 digits raises, and none here needs more


def read_json(raw: bytes) -> tuple[object, list[Problem]]:
    """The value behind the bytes, and what is wrong with it; with problems the value is None.

    A number with a fraction comes back as Decimal.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        place = _place(raw[: fault.start].decode("utf-8", "replace"))
        return None, [Problem("", "encoding", "The text is not UTF-8 here.", *place)]
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_Members,
            parse_constant=_number,
            parse_int=_number,
            parse_float=_fraction,
        )
    except json.JSONDecodeError as fault:
        return None, [Problem("", "malformed_json", _sentence(fault), fault.lineno, fault.colno)]
    except RecursionError:
        return None, [
            Problem("", "too_deep", f"The document nests deeper than {MAX_DEPTH} levels.")
        ]
    problems = list(_faults(value, ()))
    return (None, problems) if problems else (value, [])


class _Members(dict[str, object]):
    """A JSON object that remembers which names came twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: list[str] = []
        if len(self) != len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self.repeated.append(name)
                seen.add(name)


class _Unfit:
    """A number that JSON does not know or nobody needs (NaN, Infinity, thousands of digits)."""


def _number(text: str) -> int | _Unfit:
    if not text.lstrip("-").isdigit() or len(text) > _MAX_DIGITS:
        return _Unfit()
    return int(text)


def _fraction(text: str) -> Decimal | _Unfit:
    # Not float: it would round. An exponent can ask for more digits than there is memory.
    return Decimal(text) if len(text) <= _MAX_DIGITS and "e" not in text.lower() else _Unfit()


def _faults(value: object, path: tuple[str | int, ...]) -> Iterator[Problem]:
    at = pointer(plain_path(path))
    if len(path) > MAX_DEPTH:
        yield Problem(at, "too_deep", f"The document nests deeper than {MAX_DEPTH} levels.")
    elif isinstance(value, _Members):
        for name in value.repeated:
            where = pointer(plain_path((*path, name)))
            yield Problem(where, "duplicate_member", "This member is given twice; give it once.")
        for name, member in value.items():
            if not _storable(name):
                yield Problem(at, "character", "A member's name holds a control character.")
            yield from _faults(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, (*path, index))
    elif isinstance(value, _Unfit):
        yield Problem(at, "number", "This is not a number of JSON, or one with too many digits.")
    elif isinstance(value, str) and not _storable(value):
        yield Problem(
            at, "character", "The text holds a control character or half a character; remove it."
        )


def _storable(text: str) -> bool:
    return not any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in text)


def _sentence(fault: json.JSONDecodeError) -> str:
    # The reader's own sentences name the grammar, never the text.
    return f"The text is not JSON: {fault.msg[:1].lower()}{fault.msg[1:]}."


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
