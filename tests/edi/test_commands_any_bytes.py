"""Any bytes given to any command: issues or one plain reason, never a traceback, never silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edi.__main__ import main
from tests.edi.spoil import spoiled

ROOT = Path(__file__).parents[2]
CLAIM = (ROOT / "fixtures/x12/837p/pass/one_claim.edi").read_bytes()
COMMANDS = (
    ["check"], ["check", "--json"], ["check", "--issues", "2"], ["show"], ["show", "--html"],
    ["to-json"], ["scrub-phi", "--key", "k"],
)  # fmt: skip
ANY = {
    "nothing": b"",
    "blanks": b" \r\n\t\n" * 20,
    "text": b"Dear sir or madam,\n",
    "binary": bytes(range(256)) * 8,
    "zeros": b"\0" * 5000,
    "a zip": b"PK\x03\x04" + bytes(range(256)),
    "UTF-16": CLAIM.decode().encode("utf-16"),
    "UTF-16 without a mark": CLAIM.decode().encode("utf-16-be"),
    "EBCDIC": CLAIM.decode().encode("cp500"),
    "UTF-8": CLAIM.decode().replace("DOE", "DÖE\u200b").encode(),
    "control characters": CLAIM.replace(b"DOE", b"D\x1b[31mE\x07"),
    "an ISA alone": CLAIM[:106],
    "an ISA cut off": CLAIM[:80],
    "an ISA of separators": b"ISA" + b"*" * 200,
    "cut off": CLAIM[:700],
    "only terminators": b"~" * 1000,
}
NO_X12 = {
    "nothing", "blanks", "text", "binary", "zeros", "a zip", "UTF-16", "UTF-16 without a mark",
    "EBCDIC", "an ISA cut off", "an ISA of separators", "only terminators",
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", ANY)
def test_any_bytes(
    name: str, command: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "any.edi"
    path.write_bytes(ANY[name])
    code = main([*command, str(path)])
    out, err = capfdbinary.readouterr()
    assert out + err
    assert code == (2 if name in NO_X12 else code)
    assert code in (0, 1, 2)
    if name in NO_X12:
        assert any(w in out + err for w in (b"X12-UNREADABLE", b"ISA", b"empty", b"blanks"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_spoiled_files(
    command: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for seed in range(0, 1000, 20):
        path = tmp_path / "spoiled.edi"
        path.write_bytes(spoiled(seed))
        code = main([*command, str(path)])
        out, err = capfdbinary.readouterr()
        assert out + err, seed
        assert code in (0, 1, 2), seed
        if command == ["check", "--json"]:
            (report,) = json.loads(out)
            assert bool(report["errors"]) is (code > 0), seed


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_file_and_a_folder(
    command: list[str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for path in (tmp_path / "no such file", tmp_path):
        assert main([*command, str(path)]) == 2
        out, err = capfdbinary.readouterr()
        assert b"cannot be opened" in out + err


def test_a_guide_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["nothing"], [""], ["837P", "9999"], ["\x00"], ["837P", "Ünknown"]):
        assert main(["guide", *words]) == 2
        assert capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp037", "utf-16"])
@pytest.mark.parametrize("command", [["check"], ["show"], ["show", "--html"], ["to-json"]])
def test_whatever_the_terminal_can_show(command: list[str], encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "ÄÖ.edi"
    path.write_bytes(ANY["UTF-8"])
    done = subprocess.run(
        [sys.executable, "-m", "edi", *command, str(path)],
        cwd=ROOT,
        env={"PYTHONIOENCODING": encoding, "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert (done.returncode in (0, 1), done.stderr) == (True, b"")
    assert done.stdout


def test_what_a_file_holds_does_not_command_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "any.edi"
    path.write_bytes(ANY["control characters"])
    for command in (["check"], ["show"]):
        main([*command, str(path)])
        assert not any(c < " " and c != "\n" for c in capsys.readouterr().out)
