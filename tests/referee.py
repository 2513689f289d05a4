"""pyx12 4.0.0 as a referee over what we write: every error it finds, as short texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.x12.second_opinion import error_tree


def pyx12_errors(data: bytes) -> list[str]:
    """Errors as "SEGMENT code message", in the order of the file; empty when pyx12 is content."""
    valid, tree = error_tree(data)
    errors = list(_errors(tree, "ISA"))
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
