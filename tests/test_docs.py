"""The commands in the documents work: a document whose command fails is a failing test.

A fenced block that opens with ```sh run is run, all such blocks of one document in order, as one
script, in a folder that looks like a fresh clone (so that databases and data made by a command stay
out of the real one). `claimloop` and `python` are those of this environment. Port 8000 becomes a
free port, so that documents can name the usual one. What the script starts in the background ends
with it. Blocks that open with ```sh alone are for reading.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
_BLOCK = re.compile(r"^```sh run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LONGEST_SECONDS = 300
_MADE_BY_COMMANDS = {"data", ".git", ".env", "claimloop.db", "claimloop.db-wal", "claimloop.db-shm"}


def commands(document: str) -> str:
    """The script that a document asks a reader to type."""
    return "".join(_BLOCK.findall(document))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_of_the_document_work(path: Path, tmp_path: Path) -> None:
    script = commands(path.read_text(encoding="utf-8"))
    if "curl " in script and shutil.which("curl") is None:
        pytest.skip("curl, which the document uses, is not here")
    if script:
        result = _run(script, tmp_path)
        assert result.returncode == 0, f"{path.name}:\n{result.stdout}"


def test_a_failing_command_is_seen(tmp_path: Path) -> None:
    document = "Type:\n```sh run\necho first\nfalse | cat\necho never\n```\n```sh\nexit 7\n```\n"
    result = _run(commands(document), tmp_path)
    assert result.returncode == 1
    assert result.stdout == "first\n"


def _run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clone = folder / "claimloop"
    clone.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in _MADE_BY_COMMANDS:
            (clone / entry.name).symlink_to(entry)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLAIMLOOP_")}
    programs = [str(Path(sys.executable).parent), environment["PATH"]]
    if shutil.which("claimloop", path=programs[0]) is None:
        programs.insert(0, str(_claimloop_of_this_tree(folder)))
    environment["PATH"] = os.pathsep.join(programs)
    # A virtual environment's python finds the packages; the clone's own folder finds app and edi.
    environment["PYTHONPATH"] = str(clone)
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script.replace("8000", _free_port())],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=(folder / "output").open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        code = process.wait(_LONGEST_SECONDS)
    finally:
        _end_group(process.pid)
    output = (folder / "output").read_text(encoding="utf-8", errors="replace")
    return subprocess.CompletedProcess(script, code, output)


def _claimloop_of_this_tree(folder: Path) -> Path:
    """The command for an environment that has the dependencies but not the package installed."""
    programs = folder / "programs"
    programs.mkdir()
    command = programs / "claimloop"
    command.write_text(f"#!{sys.executable}\nfrom app.cli import main\n\nmain()\n")
    command.chmod(0o755)
    return programs


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
