"""`claimloop verify`: exit 0 and no difference, or 1 and each with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import program
from app.store.engine import make_engine


def test_verify_says_what_differs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'claimloop.db'}"
    monkeypatch.setenv("CLAIMLOOP_DATABASE_URL", url)
    monkeypatch.setenv("CLAIMLOOP_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner().invoke
    assert run(program, ["keys", "create", "--tenant", "ACME"]).exit_code == 0
    honest = run(program, ["verify", "--json"])
    assert honest.exit_code == 0
    assert json.loads(honest.stdout) == {"tenants": 1, "differences": []}
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'x' WHERE sequence = 2")
    engine.dispose()
    tampered = run(program, ["verify", "--json"])
    assert tampered.exit_code == 1
    assert json.loads(tampered.stdout)["differences"] == [
        {
            "tenant": "ACME",
            "check": "audit",
            "place": "audit chain",
            "message": "entry 2 does not match its hash",
        }
    ]
    told = run(program, ["verify"])
    assert told.exit_code == 1
    assert "ACME: audit: audit chain: entry 2 does not match its hash" in told.stdout
