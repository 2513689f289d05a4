"""What the members of a domain value are when nothing was said of them."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from typing import Any


@cache
def unsaid(owner: Any) -> dict[str, Any]:
    """The defaults of a dataclass, by member; a member that must be said is not among them."""
    found: dict[str, Any] = {}
    for member in fields(owner):
        if member.default is not MISSING:
            found[member.name] = member.default
        elif member.default_factory is not MISSING:
            found[member.name] = member.default_factory()
    return found
