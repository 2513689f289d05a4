"""All encounters of the demo through the HTTP door and back: each ends as it is expected to."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from app.simulator.clearinghouse import reply
from tests.documents.test_fixtures import FOLDER, NAMES
from tests.http.loop import Practice


def test_each_encounter_of_the_demo_ends_as_written(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    claims = {name: _claim(practice, name) for name in NAMES}
    practice.ask("POST", "/v1/batches")
    practice.work()
    deposits = Decimal(0)
    for sent in practice.partner.delivered.values():
        answered = reply(sent)
        deposits += sum(deposit.amount for deposit in answered.deposits)
        for answer in answered.answers:
            file = practice.ask("POST", "/v1/files", content=answer.data).json()["fileId"]
            practice.work()
            assert practice.get(f"/v1/files/{file}")["state"] == "processed", answer.name
    for name, claim_id in claims.items():
        claim = practice.get(f"/v1/claims/{claim_id}")
        expected = json.loads((FOLDER / f"{name}.expected.json").read_text())
        assert {
            "stage": claim["stage"],
            "paid": claim["paid"],
            "adjusted": claim["adjusted"],
            "patient": claim["patientResponsibility"],
            "open": claim["balance"],
        } == expected, name
    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["sum"] == "0.00"
    assert balance["accounts"]["unapplied"] == "0.00"
    assert Decimal(balance["accounts"]["cash"]) == deposits > 0
    practice.engine.dispose()


def _claim(practice: Practice, name: str) -> str:
    raw = (FOLDER / f"{name}.json").read_bytes()
    taken = practice.ask("POST", "/v1/encounters", content=raw)
    path = f"/v1/encounters/{taken.json()['id']}/claims"
    (claim,) = practice.ask("POST", path).json()["items"]
    return str(claim["id"])
