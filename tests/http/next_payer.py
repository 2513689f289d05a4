"""Claims of the sample visit with a payer behind the first, told over HTTP."""

from __future__ import annotations

from typing import Any

import edi
from app.flows.verify import verify
from app.store.crypto import Cipher
from app.store.records import DatabaseRecords
from tests.http.eras import USUAL, era, received, told
from tests.http.loop import Practice
from tests.http.test_loop import SAMPLE, claimed
from tests.referee import pyx12_errors

COVERAGE = SAMPLE["coverages"][0] | {"memberId": "W123456789"}
NEXT = {
    "responsibility": "S",
    "payerId": "87726",
    "payerName": "SECOND HEALTH",
    "claimFilingCode": "CI",
    "memberId": "X5550001",
    "relationship": "18",
}
LAST = NEXT | {
    "responsibility": "T",
    "payerId": "33333",
    "payerName": "THIRD HEALTH",
    "memberId": "T777",
}
MONEY = ("paid", "adjusted", "patientResponsibility", "balance")


def true_books(practice: Practice) -> None:
    """What is kept twice agrees, in every tenant."""
    for tenant in practice.tenants.values():
        records = DatabaseRecords(practice.engine, cipher=Cipher())
        assert list(verify(records, practice.raw, tenant)) == []


def sent(
    practice: Practice, *coverages: dict[str, Any], number: int = 1, **changes: Any
) -> dict[str, Any]:
    """A claim of the sample visit that has left."""
    claim = claimed(practice, number, coverages=list(coverages or (COVERAGE, NEXT)), **changes)
    leave(practice)
    return again(practice, claim)


def leave(practice: Practice) -> None:
    practice.ask("POST", "/v1/batches")
    practice.work()


def again(practice: Practice, claim: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = practice.get(f"/v1/claims/{claim['id']}")
    return shown


def decided(practice: Practice, claim: dict[str, Any], text: str = USUAL, **how: Any) -> None:
    """An 835 of the first payer on the claim."""
    received(practice, era(told(text, claim["patientControlNumber"], **how)))


def next_of(practice: Practice, claim: dict[str, Any], **body: Any) -> dict[str, Any]:
    response = practice.ask("POST", f"/v1/claims/{claim['id']}:billNext", json=body)
    assert response.status_code == 201, response.text
    built: dict[str, Any] = response.json()
    return built


def written(practice: Practice, claim: dict[str, Any]) -> list[str]:
    """The claim's 2300 as it left, once the file has passed both validators."""
    data = practice.ask("GET", f"/v1/claims/{claim['id']}/x12").content
    assert edi.check(data).issues == []
    assert pyx12_errors(data) == []
    segments = data.decode().replace("\n", "").split("~")
    start = next(n for n, s in enumerate(segments) if s.startswith("CLM"))
    return segments[start : next(n for n, s in enumerate(segments) if s.startswith("SE*"))]


def accounts(practice: Practice) -> dict[str, str]:
    balance = practice.get("/v1/ledger/trial-balance")
    assert balance["sum"] == "0.00"
    found: dict[str, str] = balance["accounts"]
    return found
