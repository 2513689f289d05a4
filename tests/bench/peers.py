"""The libraries edi is measured against, each behind a plain function; None where it is absent.

They lie in .bench (tools/bench-peers), apart from our own dependencies: linuxforhealth-x12 needs
pydantic 1. Each function does what that library offers for the task, from bytes in memory, and
keeps its result until it returns.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / ".bench")]

try:
    import oxedi  # type: ignore[import-not-found]
    import pyarrow  # type: ignore[import-not-found]
except ImportError:
    oxedi = None
try:
    from openx12 import x837p  # type: ignore[import-not-found]
except ImportError:
    x837p = None
try:
    from linuxforhealth.x12.io import X12ModelReader  # type: ignore[import-not-found]
except (ImportError, TypeError, AttributeError):  # the last two: pydantic 2 is in its way
    X12ModelReader = None

Work = Callable[[bytes], Any]


def oxedi_arrow() -> Work | None:
    """835: Rust, to tables in Arrow's memory; no row is a Python object."""
    return oxedi.parse if oxedi else None


def oxedi_rows() -> Work | None:
    """835: the same, then every table to dicts of Decimal, date and str."""
    if not oxedi:
        return None

    def rows(data: bytes) -> Any:
        tables = oxedi.parse(data).tables
        return [pyarrow.table(tables[name]).to_pylist() for name in tables]

    return rows


def openx12_claims() -> Work | None:
    """837P: to dicts, nothing checked."""
    return (lambda data: x837p.parse(data.decode("latin-1")).claims) if x837p else None


def lfh_models() -> Work | None:
    """837P: to pydantic models, validated."""
    if not X12ModelReader:
        return None

    def models(data: bytes) -> Any:
        with X12ModelReader(data.decode("latin-1")) as reader:
            return list(reader.models())

    return models


def lfh_text(models: list[Any]) -> list[str]:
    """837P: models back to text."""
    return [model.x12() for model in models]


def pyx12_verdict(path: Path) -> bool:
    """Any kind: maps loaded, the file validated, errors kept; no report is written."""
    import pyx12.params  # type: ignore[import-untyped]
    import pyx12.x12n_document  # type: ignore[import-untyped]

    logging.getLogger("pyx12").addHandler(logging.NullHandler())
    logging.getLogger("pyx12").propagate = False
    text = io.StringIO(path.read_text("latin-1"))
    params = pyx12.params.params()
    return bool(pyx12.x12n_document.x12n_document(params, text, None, None, None))
