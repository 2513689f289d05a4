"""A predetermination over HTTP: CLM19 goes out, CLP02 25 comes back, nothing is on the books."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from app.simulator.clearinghouse import reply
from tests.documents.test_fixtures import FOLDER
from tests.http.loop import Practice

ASKED = json.loads((FOLDER / "dental-predetermination.json").read_text())


def test_it_is_asked_answered_and_owes_nothing(database_url: str, tmp_path: Path) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    taken = practice.ask("POST", "/v1/encounters", json=ASKED).json()["id"]
    (claim,) = practice.ask("POST", f"/v1/encounters/{taken}/claims").json()["items"]
    assert (claim["stage"], claim["predetermination"]) == ("READY", True)
    assert (claim["charge"], claim["balance"]) == ("1140.00", "0.00")

    (batch,) = practice.ask("POST", "/v1/batches").json()["items"]
    practice.work()
    sent = practice.ask("GET", f"/v1/batches/{batch['id']}/x12").text
    assert "*PB~" in sent
    assert "DTP*472" not in sent
    assert batch["fileName"].startswith("837D_")

    given = reply(sent.encode())
    assert [deposit.amount for deposit in given.deposits] == [0]
    for answer in given.answers:
        practice.ask("POST", "/v1/files", content=answer.data)
        practice.work()
    now = practice.get(f"/v1/claims/{claim['id']}")
    assert (now["stage"], now["status"], now["paid"]) == ("PREDETERMINED", "PROCESSED", "0.00")
    timeline = practice.get(f"/v1/claims/{claim['id']}/timeline")["items"]
    assert timeline[-1]["code"] == "CLP02=25"
    balance = practice.get("/v1/ledger/trial-balance")
    assert all(Decimal(amount) == 0 for amount in balance["accounts"].values())
    practice.engine.dispose()


def test_made_a_claim_before_it_leaves_it_is_charged_and_back_again(
    database_url: str, tmp_path: Path
) -> None:
    practice = Practice(database_url, tmp_path / "raw")
    taken = practice.ask("POST", "/v1/encounters", json=ASKED).json()["id"]
    practice.ask("POST", f"/v1/encounters/{taken}/claims")
    done = ASKED | {"dental": {"serviceDate": "2026-10-06"}}
    for encounter, owed in ((done, "1140.00"), (ASKED, "0.00")):
        assert practice.ask("POST", "/v1/encounters", json=encounter).status_code == 200
        accounts = practice.get("/v1/ledger/trial-balance")["accounts"]
        assert accounts["receivable_payer"] == owed
    practice.engine.dispose()
