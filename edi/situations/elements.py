"""The value of an element of a segment by its reference."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from edi.model import Composite, Group
from edi.model.values import from_decimal

_REF = re.compile(r"[A-Z][A-Z0-9]{1,2}?(\d\d)(?:-(\d+))?")


def value_at(segment: Any, ref: str) -> str:
    """Such as "7" for "CLM05-3"; empty for a whole segment or what is absent."""
    found = _REF.fullmatch(ref)
    if found is None or not ref.startswith(segment.tag):
        return ""
    value = _element(segment, int(found[1]))
    if found[2] and isinstance(value, Composite):
        value = _element(value, int(found[2]))
    return _text(value)


def _element(node: Any, position: int) -> Any:
    for s in node.specs:
        width = s.type.width if issubclass(s.type, Group) else 1
        if not s.pos <= position < s.pos + s.times * width:
            continue
        value = getattr(node, s.name)
        if not s.repeats:
            return value
        n, inner = divmod(position - s.pos, width)
        if n >= len(value):
            return None
        return _element(value[n], inner + 1) if issubclass(s.type, Group) else value[n]
    return None


def _text(value: Any) -> str:
    if value is None or isinstance(value, (Composite, list)):
        return ""
    if isinstance(value, Decimal):
        return from_decimal(value)
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)
