"""What is agreed with a payer is set by an admin, read back as it was given, and audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.store.tables import audit_entry
from tests.http.loop import Practice

FEES = "/v1/payers/60054/fees"
TREATMENTS = "/v1/payers/60054/treatments"


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def put(practice: Practice, path: str, *items: dict[str, Any], key: str = "ADMIN") -> Any:
    return practice.ask("PUT", path, key=key, json={"items": list(items)})


def test_fees_are_replaced_whole_and_read_back(practice: Practice) -> None:
    first = put(
        practice, FEES, {"code": "g0439", "amount": "110"}, {"code": "J1885", "amount": "0.335"}
    )
    assert first.status_code == 200, first.text
    second = put(
        practice,
        FEES,
        {"code": "G0439", "amount": "110.00", "validTo": "2026-12-31"},
        {"code": "G0439", "amount": "120.00", "validFrom": "2027-01-01"},
        {"code": "G0439", "modifiers": ["26"], "amount": "40"},
    )
    assert second.json() == practice.get(FEES)
    assert [(fee["code"], fee["modifiers"], fee["amount"]) for fee in second.json()["items"]] == [
        ("G0439", [], "110.00"),
        ("G0439", [], "120.00"),
        ("G0439", ["26"], "40.00"),
    ]
    assert practice.get("/v1/payers/87726/fees") == {"version": 0, "items": []}
    assert [practice.get(f"{FEES}?version={n}")["items"][0]["amount"] for n in (1, 2)] == [
        "110.00",
        "110.00",
    ]


def test_a_payer_has_treatments_of_its_own(practice: Practice) -> None:
    row = {"group": "CO", "reason": "bundled", "treatment": "bundled", "validFrom": "2026-07-01"}
    answered = put(practice, TREATMENTS, row)
    assert answered.status_code == 200, answered.text
    assert practice.get(TREATMENTS) == {"items": [row | {"validTo": None}]}
    with practice.engine.begin() as connection:
        acts = connection.execute(select(audit_entry.c.action)).scalars().all()
    assert "payer.treatments_set" in acts


WRONG = [
    (FEES, {"code": "G0439", "amount": 110}, "/items/0/amount"),
    (FEES, {"code": "G0439", "amount": "-1"}, "/items/0/amount"),
    (FEES, {"code": "G0439", "amount": "1", "validFrom": "2026-02-01", "validTo": "2026-01-01"},
     "/items/0/validTo"),
    (FEES, {"amount": "1"}, "/items/0/code"),
    (TREATMENTS, {"group": "CO", "reason": "197", "treatment": "contractual"},
     "/items/0/treatment"),
    (TREATMENTS, {"group": "CO", "reason": "1", "treatment": "patient"}, "/items/0/treatment"),
    *(
        (TREATMENTS, {"group": "PR", "reason": reason, "treatment": treatment},
         "/items/0/treatment")
        for reason, treatment in (("3", "contractual"), ("patient", "bundled"))
    ),
    (TREATMENTS, {"group": "XX", "reason": "1", "treatment": "patient"}, "/items/0/group"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "item", "place"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    practice: Practice, path: str, item: dict[str, Any], place: str
) -> None:
    refused = put(practice, path, item)
    assert refused.status_code == 400
    assert place in [fault["pointer"] for fault in refused.json()["errors"]]
    assert practice.get(path)["items"] == []


def test_two_fees_for_one_procedure_on_one_day_are_refused(practice: Practice) -> None:
    refused = put(
        practice, FEES, {"code": "G0439", "amount": "1"}, {"code": "G0439", "amount": "2"}
    )
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/items/1/validFrom"


def test_two_treatments_of_one_reason_on_one_day_are_refused(practice: Practice) -> None:
    early = {"group": "CO", "reason": "190", "validFrom": "2026-01-01", "validTo": "2026-06-30"}
    late = {"group": "CO", "reason": "190", "validFrom": "2026-06-30"}
    open_, bundled = {"treatment": "leave_open"}, {"treatment": "bundled"}
    refused = put(practice, TREATMENTS, early | open_, late | bundled)
    assert refused.status_code == 400
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/items/1/validFrom", "treatment_twice")
    late["validFrom"] = "2026-07-01"
    assert put(practice, TREATMENTS, early | open_, late | bundled).status_code == 200


@pytest.mark.parametrize("path", [FEES, TREATMENTS])
def test_only_an_admin_sets_them(practice: Practice, path: str) -> None:
    assert put(practice, path, key="ACME").status_code == 403
