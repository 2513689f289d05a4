"""The wheel carries what the program needs and nothing else; no file names a package index."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_carries_the_program_its_migrations_and_the_demo(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        path.relative_to(ROOT).as_posix().replace(f"{data}/", f"app/{data}/", 1)
        for data in ("migrations", "fixtures")
        for path in [*ROOT.glob("migrations/**/*.py"), *ROOT.glob("fixtures/encounters/*.json")]
        if path.is_relative_to(ROOT / data)
    }
    assert expected, "the clone has migrations and encounters"
    assert expected <= names
    assert {"app/cli/__init__.py", "edi/__init__.py"} <= names
    foreign = [n for n in names if not re.match(r"app/|edi/|claimloop-[^/]+\.dist-info/", n)]
    assert foreign == []


def test_no_file_names_a_package_index() -> None:
    address = re.compile(r"--(extra-)?index-url|registry = .http|.resolved.: .http|/simple/?[\"' ]")
    pinned = [*ROOT.glob("requirements*.txt"), *ROOT.glob("*.toml"), ROOT / "Makefile"]
    pinned += [ROOT / "Dockerfile", ROOT / "tools" / "venv"]
    assert [path.name for path in pinned if address.search(path.read_text())] == []
