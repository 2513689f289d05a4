"""Compiles edi/model/_core.c, which makes reading faster and nothing else: without a compiler the
package is built without it, and says so.

    python tools/build_core.py       into this tree, for the Python that runs it

Hatchling calls it for each wheel and for `pip install -e .` (pyproject.toml). CC names another
compiler; CC=false builds without.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    BuildHookInterface = object

SOURCE = Path(__file__).resolve().parents[1] / "edi" / "model" / "_core.c"


def build(folder: Path) -> Path | str:
    """The module, compiled into a folder; where it cannot be, the reason."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    if os.name != "posix" or sys.implementation.name != "cpython" or not suffix:
        return "the C core is compiled for CPython on Unix only"
    made = folder / f"_core{suffix}"
    new = made.with_name(f".{made.name}.{os.getpid()}")
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    flags = ["-O2", "-fPIC", "-shared", "-DNDEBUG"]
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]
    headers = {f"-I{sysconfig.get_path(name)}" for name in ("include", "platinclude")}
    command = [*compiler, *flags, *sorted(headers), str(SOURCE), "-o", str(new)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"the C core was not compiled: {problem}"
    if done.returncode or not new.exists():
        return f"the C core was not compiled by {compiler[0]}: {done.stderr.strip()[-500:]}"
    new.replace(made)  # a process that has loaded the old one keeps it
    return made


class CoreBuilder(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Puts the module into a wheel; an editable install finds it in the tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = SOURCE.parent if version == "editable" else Path(self.directory)
        folder.mkdir(parents=True, exist_ok=True)
        made = build(folder)
        if isinstance(made, str):
            self.app.display_warning(f"{made}; edi reads with Python alone")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        if version != "editable":
            build_data["force_include"][str(made)] = f"edi/model/{made.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            for made in Path(self.directory).glob("_core.*"):
                made.unlink()


if __name__ == "__main__":
    result = build(SOURCE.parent)
    print(result)
    sys.exit(isinstance(result, str))
