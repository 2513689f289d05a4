"""pyx12 4.0.0 as a referee over what we write: every error it finds, as short texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pyx12.params
import pyx12.x12n_document


def pyx12_errors(data: bytes) -> list[str]:
    """Errors as "SEGMENT code message", in the order of the file; empty when pyx12 is content."""
    report = StringIO()
    valid = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), StringIO(data.decode("ascii")), None, None, None, report
    )
    errors = list(_errors(json.loads(report.getvalue()), "ISA"))
    if not valid and not errors:
        errors.append("invalid without an error named")
    return errors


def _errors(node: Any, place: str) -> Iterator[str]:
    """Walks pyx12's error tree: interchange, group, transaction set, segment, element."""
    if isinstance(node, list):
        for item in node:
            yield from _errors(item, place)
    elif isinstance(node, dict):
        if "seg_id" in node:
            place = node["seg_id"]
        if node.get("ele_pos") is not None:
            place = f"{place}{int(node['ele_pos']):02d}"
        if "err_cde" in node:
            yield f"{place} {node['err_cde']} {node['err_str']}"
        for value in node.values():
            yield from _errors(value, place)
