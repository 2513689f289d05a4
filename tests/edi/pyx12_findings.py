"""Everything pyx12 4.0.0 finds in a file, each with the segment it was reading.

The tree of errors it prints knows no segment for what stands in an envelope, hangs some errors on
the segment before, and loses the elements of ISA, GS and ST. So its own `x12n_document` is run with
a listener in the place of its error handler. Its maps hold no state (its counters live in the walk)
and are loaded once a process: half a second each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any
from unittest.mock import patch

import pyx12.error_handler  # type: ignore[import-untyped]
import pyx12.map_if  # type: ignore[import-untyped]
import pyx12.map_index  # type: ignore[import-untyped]
import pyx12.params  # type: ignore[import-untyped]
import pyx12.x12file  # type: ignore[import-untyped]
import pyx12.x12n_document  # type: ignore[import-untyped]

import app.x12.second_opinion  # noqa: F401  shuts its log


@dataclass(frozen=True, slots=True)
class Found:
    """One error of pyx12. `level` is isa, gs, st, seg or ele; `code` is its own for that level."""

    number: int  # of the segment it was reading, 1 = the first of the file
    level: str
    code: str
    ref: str  # "NM109", "CLM05-2"; the segment identifier when the whole segment is meant
    message: str

    @property
    def absent(self) -> bool:
        """Whether something is missed, so that no segment of the file is the one in error."""
        return "missing" in self.message and self.level != "ele" and self.code != "8"


@dataclass(slots=True)
class Opinion:
    """What pyx12 said. `crash` names the exception that ended it: then it has no opinion of what
    comes after. `refused`: it takes the file for no X12 at all, and looks no further.
    """

    found: list[Found]
    paths: dict[int, str]  # where it placed each segment; one it could not place is not in it
    crash: str = ""
    refused: bool = False


def opinion(text: str) -> Opinion:
    """Put a file through pyx12."""
    listener = _Listener()
    with (
        patch.object(pyx12.error_handler, "err_handler", lambda: listener),
        patch.object(pyx12.map_if, "load_map_file", _map),
        patch.object(pyx12.map_index, "map_index", _index),
        patch.object(pyx12.x12file, "X12Reader", _Reader),
    ):
        crash, valid = "", True
        try:
            valid = pyx12.x12n_document.x12n_document(_params(), StringIO(text), None, None)
        except Exception as stopped:
            crash = type(stopped).__name__
    refused = not valid and not listener.paths
    return Opinion(listener.found, listener.paths, crash, refused)


def fresh_opinion(text: str) -> Opinion:
    """The same, with maps that are loaded for this file alone."""
    for kept in (_params, _map, _index):
        kept.cache_clear()
    return opinion(text)


@cache
def _params() -> Any:
    return pyx12.params.params()


_load = pyx12.map_if.load_map_file
_indexed = pyx12.map_index.map_index


@cache
def _map(name: str, params: Any, path: str | None = None) -> Any:
    return _load(name, params, path)


@cache
def _index(path: str | None = None) -> Any:
    return _indexed(path)


class _Reader(pyx12.x12file.X12Reader):  # type: ignore[misc]
    """Its reader, which says at each error of its own what segment it was at."""

    at = 0

    def _parse_segment(self, seg_data: Any) -> None:
        self.at = self.cur_line + 1
        super()._parse_segment(seg_data)

    def cleanup(self) -> None:
        self.at = self.cur_line + 1
        super().cleanup()

    def pop_errors(self) -> list[Any]:
        return [(*error[:4], error[4] or self.at) for error in super().pop_errors()]

    def _isa_error(self, err_cde: str, err_str: str) -> None:
        self.err_list.append(("isa", err_cde, err_str, None, self.at))

    def _gs_error(self, err_cde: str, err_str: str) -> None:
        self.err_list.append(("gs", err_cde, err_str, None, self.at))

    def _st_error(self, err_cde: str, err_str: str) -> None:
        self.err_list.append(("st", err_cde, err_str, None, self.at))

    def _seg_error(
        self, err_cde: str, err_str: str, err_value: Any = None, src_line: int | None = None
    ) -> None:
        self.err_list.append(("seg", err_cde, err_str, err_value, src_line or self.at))


class _Listener:
    """Stands in for its error handler and keeps what it is told."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.paths: dict[int, str] = {}
        self._src: Any = None
        self._tag = "ISA"
        self._element: Any = None

    def _open(self, seg: Any, src: Any) -> None:
        self._src, self._tag = src, seg.get_seg_id()
        self.paths[src.get_cur_line()] = self._tag

    add_isa_loop = add_gs_loop = add_st_loop = _open

    def _close(self, node: Any, seg: Any, src: Any) -> None:
        self._tag = seg.get_seg_id()
        self.paths[src.get_cur_line()] = self._tag

    close_isa_loop = close_gs_loop = close_st_loop = _close

    def add_seg(self, node: Any, seg: Any, count: int, line: int, ls: Any) -> None:
        self._tag = seg.get_seg_id()
        self.paths[line] = node.get_path()

    def add_ele(self, node: Any) -> None:
        self._element = node

    def handle_errors(self, errors: list[Any]) -> None:
        for level, code, message, _, line in errors:
            tag = self._tag
            if level != "seg":
                tag = level.upper()
                if "Unterminated" in message:  # a trailer where another one was due
                    message = f"Mandatory segment missing: {message}"
                    tag = "SE" if level == "gs" or "Loop ST" in message else "GE"
                elif "missing" in message:
                    tag = {"st": "SE", "gs": "GE", "isa": "IEA"}[level]
            self.found.append(Found(line, level, code, tag, message))

    def seg_error(
        self, code: str, message: str, value: Any = None, line: int | None = None
    ) -> None:
        at = line or self._src.get_cur_line()
        self.found.append(Found(at, "seg", code, self._tag, message))
        if code == "1":
            self.paths.pop(at, None)

    def ele_error(self, code: str, message: str, value: Any, ref: str | None = None) -> None:
        name, _, part = (ref or "").partition("-")
        ref = f"{name}-{int(part)}" if part else name
        self.found.append(Found(self._src.get_cur_line(), "ele", code, ref, message))

    def get_error_count(self) -> int:
        return len(self.found)


def shown(found: list[Found]) -> Iterator[str]:
    """Each error as a line."""
    for f in found:
        yield f"{f.number:4} {f.level} {f.code} {f.ref}: {f.message}"
