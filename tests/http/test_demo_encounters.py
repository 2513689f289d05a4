"""All encounters of the demo through the HTTP door and back: each ends as it is expected to."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

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
            copied = answer.name.endswith("-again.edi")
            state = practice.get(f"/v1/files/{file}")["state"]
            assert state == ("duplicate" if copied else "processed"), answer.name
    by_claim = Decimal(0)
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
        by_claim += _adds_up(claim)
    assert by_claim > 0, "some stay is paid as a whole"
    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["sum"] == "0.00"
    assert balance["accounts"]["unapplied"] == "-360.82"  # of the two that do not add up
    assert Decimal(balance["accounts"]["cash"]) == deposits > 0
    practice.engine.dispose()


def _adds_up(claim: dict[str, Any]) -> Decimal:
    """The money of a claim from its JSON alone; gives what was paid beside the lines."""
    whole = claim["claimLevel"]
    parts = ("paid", "adjusted", "patientResponsibility")
    for part in parts:
        of_lines = sum(Decimal(line[part]) for line in claim["lines"])
        assert Decimal(claim[part]) == of_lines + Decimal(whole[part])
    assert Decimal(claim["charge"]) == sum(Decimal(line["charge"]) for line in claim["lines"])
    told = sum(Decimal(claim[part]) for part in (*parts, "balance"))
    assert told == (0 if claim["predetermination"] else Decimal(claim["charge"]))
    open_lines = sum(Decimal(line["balance"]) for line in claim["lines"])
    assert open_lines - sum(Decimal(whole[part]) for part in parts) == Decimal(claim["balance"])
    return Decimal(whole["paid"])


def _claim(practice: Practice, name: str) -> str:
    raw = (FOLDER / f"{name}.json").read_bytes()
    taken = practice.ask("POST", "/v1/encounters", content=raw)
    path = f"/v1/encounters/{taken.json()['id']}/claims"
    (claim,) = practice.ask("POST", path).json()["items"]
    return str(claim["id"])
