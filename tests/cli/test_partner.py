"""`claimloop partner`: profiles shown and set at the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import program
from app.cli.failing import Failure


@pytest.fixture(autouse=True)
def _clinic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLAIMLOOP_DATABASE_URL", f"sqlite:///{tmp_path / 'claimloop.db'}")
    monkeypatch.setenv("CLAIMLOOP_DATA_DIR", str(tmp_path / "data"))
    assert run("keys", "create", "--tenant", "clinic").exit_code == 0


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, arguments)


def shown() -> Any:
    (partner,) = json.loads(run("partner", "show", "--tenant", "clinic", "--json").stdout)
    return partner


def test_a_profile_is_set_and_shown() -> None:
    before = shown()
    changed = run(
        "partner", "set", "default", "--tenant", "clinic", "--second-opinion", "block",
        "--answers", "ta1, 999", "--answers-to", "835,277ca", "--receiver", "PAYER7",
        "--receiver-qualifier", "30", "--json",
    )  # fmt: skip
    assert changed.exit_code == 0
    assert json.loads(changed.stdout) == [
        before
        | {
            "secondOpinion": "block",
            "answers": ["TA1", "999"],
            "answersTo": ["835", "277CA"],
            "receiver": "PAYER7",
            "receiverQualifier": "30",
        }
    ]
    assert json.loads(changed.stdout) == [shown()]
    table = run("partner", "show", "default", "--tenant", "clinic")
    assert "TA1, 999" in table.stdout
    assert (
        run("partner", "set", "default", "--tenant", "clinic", "--answers", "none").exit_code == 0
    )
    assert shown()["answers"] == []
    assert shown()["secondOpinion"] == "block"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "default", "--second-opinion", "maybe"), "secondOpinion: One of"),
        (("set", "default", "--answers", "997"), "answers/0: One of"),
        (("set", "default", "--receiver", "A*B"), "receiver: Expected here: 2 to 15"),
        (("set", "nobody", "--answers", "999"), "no trading partner 'nobody'; there are: default"),
        (("show", "nobody"), "no trading partner 'nobody'; there are: default"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    before = shown()
    result = run("partner", *arguments, "--tenant", "clinic")
    assert isinstance(result.exception, Failure)  # app.cli.main prints it and leaves with 2
    assert said in str(result.exception)
    assert shown() == before
