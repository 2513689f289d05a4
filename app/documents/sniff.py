"""What a file of encounters is by its beginning: JSON, lines of JSON, a table, or a zip of any."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import BinaryIO

from app.documents.archive import MAGIC
from app.documents.encounter_csv import looks_like_encounter_csv

_FIRST_LINE = 1 << 20  # an encounter of a thousand lines is a fifth of it


class Sniffed(StrEnum):
    """The forms that a file of encounters has, as its `kind` names them."""

    ZIP = "zip"
    CSV = "encounter CSV"
    NDJSON = "encounter NDJSON"


def sniff(source: BinaryIO) -> Sniffed | None:
    """None for what is read elsewhere; the stream is at its beginning again."""
    first = source.readline(_FIRST_LINE)
    while first and not first.strip(b" \t\r\n\xef\xbb\xbf"):
        first = source.readline(_FIRST_LINE)
    found = _by_first_line(first, source)
    source.seek(0)
    return found


def _by_first_line(first: bytes, source: BinaryIO) -> Sniffed | None:
    if first.startswith(MAGIC):
        return Sniffed.ZIP
    line = first.decode("utf-8-sig", "replace").strip()
    if looks_like_encounter_csv(line):
        return Sniffed.CSV
    if not line.startswith("{"):
        return None
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return None  # the first line of one encounter in many lines, or no JSON at all
    return Sniffed.NDJSON if source.read(_FIRST_LINE).strip() else None
