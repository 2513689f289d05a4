"""`claimloop batch list`: what was made of the claims, shown at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import program
from app.cli.failing import Failure
from tests.http.loop import Practice
from tests.http.test_loop import claimed


def test_batches_are_listed_with_state_partner_claims_and_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'claimloop.db'}"
    monkeypatch.setenv("CLAIMLOOP_DATABASE_URL", url)
    monkeypatch.setenv("CLAIMLOOP_DATA_DIR", str(tmp_path / "data"))
    made = CliRunner().invoke(program, ["keys", "create", "--tenant", "empty"])
    assert made.exit_code == 0
    none = CliRunner().invoke(program, ["batch", "list", "--tenant", "empty", "--json"])
    assert (none.exit_code, json.loads(none.stdout)) == (0, [])

    practice = Practice(url, tmp_path / "raw")
    claimed(practice)
    (sealed,) = practice.ask("POST", "/v1/batches").json()["items"]
    tenant = "ACME"
    shown = CliRunner().invoke(program, ["batch", "list", "--tenant", tenant, "--json"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout) == [
        {
            "id": sealed["id"],
            "state": sealed["state"],
            "partner": "default",
            "claims": 1,
            "fileName": sealed["fileName"],
            "reason": None,
        }
    ]
    table = CliRunner().invoke(program, ["batch", "list", "--tenant", tenant]).stdout
    assert "default" in table
    practice.engine.dispose()


def test_a_tenant_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLAIMLOOP_DATABASE_URL", f"sqlite:///{tmp_path / 'claimloop.db'}")
    answer = CliRunner().invoke(program, ["batch", "list", "--tenant", "nobody"])
    assert isinstance(answer.exception, Failure)
    assert "nobody" in str(answer.exception)
