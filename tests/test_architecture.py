"""The house's rules a machine can check: who imports whom, who knows the time, where floats are.

Each lint below is a function from source text to the places that break it, so that it is tried on a
wrong example too: a check that cannot fail is no check.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("edi/**/*.py")])

CLOCK = "app/domain/clock.py"
NAMES_OF_NO_PURPOSE = {"service", "services", "util", "utils", "helper", "helpers", "common"}
NAMES_OF_NO_PURPOSE |= {"base", "misc", "manager"}
MOST_LINES = 400
# Tables are as long as what they list. Anything else needs its reason here.
TABLES = ("edi/guides/", "edi/segments/", "app/store/tables")
LONGER_FOR_A_REASON: dict[str, str] = {}
# What a float may measure: time that passes. Never money, units or rates.
FLOAT_NAMES = ("seconds", "timeout", "interval", "delay", "backoff")


def test_rooms_see_only_the_rooms_below_them() -> None:
    # In a process of its own: it shuts every logger that is there.
    lint = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports("
    lint += "config_filename='.importlinter', no_cache=True))"
    ran = subprocess.run(
        [sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def foreign_imports(source: str) -> Iterator[str]:
    """Imports of anything but the standard library and edi itself."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        for name in names:
            if name.split(".")[0] not in sys.stdlib_module_names | {"edi"}:
                yield f"line {node.lineno}: {name}"


def own_clocks(source: str) -> Iterator[str]:
    """Places that ask the machine for the time, called or handed on."""
    asked = {"datetime": {"now", "utcnow", "today"}, "date": {"today"}, "time": {"time", "time_ns"}}
    asked |= {"func": {"now", "current_timestamp", "current_date", "localtimestamp"}}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if node.attr in asked.get(name, set()):
                yield f"line {node.lineno}: {name}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if alias.name in asked["time"]:
                    yield f"line {node.lineno}: from time import {alias.name}"


def floats(source: str) -> Iterator[str]:
    """Calls of float, and names declared as float that do not measure passing time."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
            yield f"line {node.lineno}: float()"
        declared: tuple[str, ast.expr | None] | None = None
        if isinstance(node, ast.arg):
            declared = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            declared = node.target.id, node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            declared = node.name, node.returns
        if declared and declared[1] is not None:
            words = {getattr(part, "id", "") for part in ast.walk(declared[1])}
            if "float" in words and not any(name in declared[0] for name in FLOAT_NAMES):
                yield f"line {node.lineno}: {declared[0]} is declared float"


def test_edi_needs_the_standard_library_only() -> None:
    assert _broken("edi/", foreign_imports) == []


def test_only_the_clock_knows_the_time() -> None:
    places = _broken("", own_clocks)
    assert [place for place in places if not place.startswith(CLOCK)] == []
    assert any(place.startswith(CLOCK) for place in places)


def test_no_float_but_for_passing_time() -> None:
    assert _broken("", floats) == []


@pytest.mark.parametrize(
    ("lint", "wrong", "right"),
    [
        (foreign_imports, "import sqlalchemy.orm", "import csv, edi.model\nfrom . import lexer"),
        (foreign_imports, "def late():\n    from app import domain", "from edi import issues"),
        (own_clocks, "at = datetime.now(UTC)", "at = clock.now()"),
        (own_clocks, "make = dt.datetime.utcnow", "at = datetime.fromisoformat(text)"),
        (own_clocks, "day = datetime.date.today()", "day = local_date(clock, zone)"),
        (own_clocks, "from time import time", "from time import monotonic"),
        (own_clocks, "Column(server_default=func.now())", "func.max(table.c.at)"),
        (floats, "charge = float(text)", "charge = Decimal(text)"),
        (floats, "def pay(amount: float | None): ...", "def wait(timeout_seconds: float): ..."),
        (floats, "class Line:\n    units: float = 1", "class Line:\n    units: Decimal = D1"),
        (floats, "def total() -> float: ...", "def total() -> Decimal: ..."),
    ],
)
def test_each_lint_tells_wrong_from_right(
    lint: Callable[[str], Iterator[str]], wrong: str, right: str
) -> None:
    assert list(lint(wrong)) != []
    assert list(lint(right)) == []


def test_modules_are_named_for_their_purpose() -> None:
    places = [path.relative_to(ROOT).with_suffix("") for path in MODULES]
    assert [str(place) for place in places if NAMES_OF_NO_PURPOSE & set(place.parts)] == []


def test_modules_have_one_purpose_by_their_length() -> None:
    lengths = {_place(path): len(path.read_text().splitlines()) for path in MODULES}
    long = {
        place: lines
        for place, lines in lengths.items()
        if lines > MOST_LINES and not place.startswith(TABLES)
    }
    assert long.keys() == LONGER_FOR_A_REASON.keys(), f"look for the second purpose: {long}"


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _broken(folder: str, lint: Callable[[str], Iterator[str]]) -> list[str]:
    return [
        f"{_place(path)} {breach}"
        for path in MODULES
        if _place(path).startswith(folder)
        for breach in lint(path.read_text(encoding="utf-8"))
    ]
