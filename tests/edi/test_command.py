"""`python -m edi check` and `show`, as a shell sees them; and what edi needs to run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from edi.__main__ import main

ROOT = Path(__file__).parents[2]
RIGHT = ROOT / "fixtures/x12/835/pass/one_claim_paid.edi"
WRONG = ROOT / "fixtures/x12/837p/fail/charge_is_no_number.edi"


def test_check_prints_one_array_whatever_the_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing.edi"
    nothing.write_bytes(b"hello")
    assert main(["check", str(RIGHT), str(WRONG), str(nothing), "--json"]) == 2
    right, wrong, unread = json.loads(capsys.readouterr().out)
    assert right["readable"] is True
    assert right["issues"] == []
    assert right["transactionSets"] == [
        {
            "st01": "835",
            "guide": "005010X221A1",
            "controlNumber": "0001",
            "claims": 1,
            "accepted": True,
        }
    ]
    assert (right["interchanges"], right["functionalGroups"]) == (1, 1)
    assert right["segments"] == right["segmentsOwned"] + right["segmentsReported"] == 38
    assert (right["bytes"], right["bytesUnread"]) == (RIGHT.stat().st_size, 0)
    assert wrong["transactionSets"][0]["accepted"] is False
    (issue,) = wrong["issues"]
    message = issue.pop("message")
    assert issue == {
        "code": "IK403:6",
        "severity": "error",
        "snip": 1,
        "segmentNumber": 21,
        "byteOffset": WRONG.read_bytes().index(b"CLM*"),
        "loop": "2300",
        "ref": "CLM02",
        "value": "225,5",
        "segmentCount": 1,
    }
    assert message == "charge is not a decimal number; send only what this type may hold"
    assert unread["readable"] is False
    assert unread["bytesUnread"] == 5
    assert [i["code"] for i in unread["issues"]] == ["X12-UNREADABLE"]


@pytest.mark.parametrize(("path", "code"), [(RIGHT, 0), (WRONG, 1), (ROOT / "no such file", 2)])
def test_the_exit_code_says_how_it_went(
    path: Path, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(path)]) == code
    assert main(["show", str(path)]) == code
    capsys.readouterr()


def test_show_names_loops_and_elements_and_puts_issues_in_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["show", str(WRONG)])
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if " CLM " in line)
    assert "charge is not a decimal number" in lines[at + 1]
    assert any("2010AA  Billing provider name" in line for line in lines)
    assert any("last name MAPLE FAMILY CLINIC" in line for line in lines)
    assert any("2400  Service line" in line for line in lines)  # of the claim with the fault
    assert any("[service date] " in line for line in lines)
    numbers = [int(line[:6]) for line in lines if line[:6].strip().isdigit()]
    assert numbers == [*range(1, 38), 21]  # the last: the claim's money


def test_show_lets_no_file_command_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "file.edi"
    file.write_bytes(WRONG.read_bytes().replace(b"225,5", b"2\x1b[2J"))
    main(["show", str(file)])
    lines = capsys.readouterr().out.splitlines()
    assert not any("\x1b" in line for line in lines)
    assert "charge 2\u241b[2J" in lines[-1]


@pytest.mark.parametrize("command", ["check", "show", "to-json", "scrub-phi"])
def test_a_file_comes_from_a_pipe(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edi", command, "-"],
        cwd=ROOT,
        input=RIGHT.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) > 1


def test_a_wrong_number_of_issues_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--issues", "0", str(RIGHT)])
    assert "0 is no whole number from 1" in capsys.readouterr().err


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edi", "check", str(RIGHT)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_edi_needs_the_standard_library_only() -> None:
    foreign = set()
    for path in (ROOT / "edi").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            foreign |= {n.partition(".")[0] for n in names} - sys.stdlib_module_names - {"edi"}
    assert foreign == set()
