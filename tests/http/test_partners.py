"""Trading partners' profiles over HTTP: read by all, changed by an admin, audited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import shipped
from app.store.tables import audit_entry, trading_partner
from tests.http.loop import Practice
from tests.http.test_loop import claimed, encounter

PATH = "/v1/trading-partners"


@pytest.fixture
def practice(database_url: str, tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(database_url, tmp_path / "raw")
    yield practice
    practice.engine.dispose()


def the_partner(practice: Practice) -> dict[str, Any]:
    (partner,) = practice.get(PATH)["items"]
    assert isinstance(partner, dict)
    return partner


def audited(practice: Practice) -> list[Any]:
    with practice.engine.begin() as connection:
        query = select(audit_entry.c.detail).where(audit_entry.c.action == "partner.changed")
        return [json.loads(detail) for detail in connection.execute(query).scalars()]


def test_a_tenant_begins_with_one_partner_that_is_warned_of_and_not_answered(
    practice: Practice,
) -> None:
    partner = the_partner(practice)
    assert practice.get(f"{PATH}/{partner['id']}") == partner
    assert (partner["name"], partner["live"]) == ("default", False)
    assert (partner["secondOpinion"], partner["answers"]) == ("warn", [])
    assert partner["answersTo"] == ["837", "835"]


def test_what_is_given_is_changed_and_the_rest_stays(practice: Practice) -> None:
    before = the_partner(practice)
    after = practice.set_partner(
        secondOpinion="block", answers=["999", "TA1", "999"], receiver="PAYER 7", sender=None
    )
    assert after == before | {
        "secondOpinion": "block",
        "answers": ["TA1", "999"],
        "receiver": "PAYER 7",
    }
    assert the_partner(practice) == after
    (detail,) = audited(practice)
    assert detail == {
        "receiver": ["CLEARINGHOUSE", "PAYER 7"],
        "second_opinion": ["warn", "block"],
        "answers": [[], ["TA1", "999"]],
    }
    practice.set_partner(secondOpinion="block")  # the same again
    assert len(audited(practice)) == 1


WRONG = [
    ({"secondOpinion": "maybe"}, "/secondOpinion"),
    ({"answers": ["997"]}, "/answers/0"),
    ({"answersTo": ["999"]}, "/answersTo/0"),
    ({"receiver": "A*B"}, "/receiver"),
    ({"receiver": "A"}, "/receiver"),
    ({"receiverQualifier": "Z"}, "/receiverQualifier"),
    ({"live": True}, "/live"),
    ({"name": "other"}, "/name"),
]


@pytest.mark.parametrize(("members", "pointer"), WRONG, ids=lambda wrong: str(wrong))
def test_what_is_wrong_is_named_and_nothing_is_changed(
    practice: Practice, members: dict[str, Any], pointer: str
) -> None:
    before = the_partner(practice)
    response = practice.ask(
        "PATCH", f"{PATH}/{before['id']}", key="ADMIN", json={"answers": ["999"], **members}
    )
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert the_partner(practice) == before


def test_a_change_may_ask_that_nobody_else_was_faster(practice: Practice) -> None:
    path = f"{PATH}/{the_partner(practice)['id']}"
    tag = practice.ask("GET", path).headers["etag"]
    first = practice.ask(
        "PATCH", path, key="ADMIN", json={"answers": ["TA1"]}, headers={"If-Match": tag}
    )
    assert first.status_code == 200
    assert first.headers["etag"] == practice.ask("GET", path).headers["etag"] != tag
    late = practice.ask(
        "PATCH", path, key="ADMIN", json={"answers": ["999"]}, headers={"If-Match": tag}
    )
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert the_partner(practice)["answers"] == ["TA1"]


def test_only_an_admin_changes_and_only_its_own_tenants_partners(practice: Practice) -> None:
    path = f"{PATH}/{the_partner(practice)['id']}"
    assert practice.ask("PATCH", path, json={"answers": ["999"]}).status_code == 403
    (theirs,) = practice.get(PATH, key="OTHER")["items"]
    assert practice.ask("GET", f"{PATH}/{theirs['id']}").status_code == 404
    strange = practice.ask(
        "PATCH", f"{PATH}/{theirs['id']}", key="ADMIN", json={"answers": ["999"]}
    )
    assert strange.status_code == 404
    assert practice.get(PATH, key="OTHER")["items"] == [theirs]


def test_two_partners_cannot_be_known_by_the_same_ids(practice: Practice) -> None:
    """Until partners are made by users, a second one is made here."""
    first = the_partner(practice)
    with practice.engine.begin() as connection:
        of_acme = trading_partner.c.tenant_id == practice.tenants["ACME"].id
        row = dict(connection.execute(select(trading_partner).where(of_acme)).one()._mapping)
        row |= {"id": practice.tenants["OTHER"].id, "name": "second", "number": 2}
        row["profile"] = row["profile"] | {"receiver": "SECOND"}
        connection.execute(trading_partner.insert(), [row])
    refused = practice.ask(
        "PATCH", f"{PATH}/{first['id']}", key="ADMIN", json={"receiver": "SECOND"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert [p["receiver"] for p in practice.get(PATH)["items"]] == ["CLEARINGHOUSE", "SECOND"]


def test_a_profile_of_an_older_release_has_the_defaults(practice: Practice) -> None:
    with practice.engine.begin() as connection:
        (kept,) = {
            str(sorted(profile)): profile
            for profile in connection.execute(select(trading_partner.c.profile)).scalars()
        }.values()
        old = {
            k: v for k, v in kept.items() if k not in ("second_opinion", "answers", "answers_to")
        }
        assert len(old) == len(kept) - 3
        connection.execute(trading_partner.update().values(profile=old))
    partner = the_partner(practice)
    assert (partner["secondOpinion"], partner["answers"]) == ("warn", [])
    assert partner["answersTo"] == ["837", "835"]


CLEARINGHOUSE = {
    "name": "clearinghouse",
    "sender": "CLINIC01",
    "receiver": "EXAMPLECH",
    "submitterName": "ELM STREET CLINIC",
    "submitterIdentifier": "CLINIC01",
    "submitterContact": {"name": "EDI DESK", "phoneNumber": "5555550100"},
    "receiverName": "EXAMPLE CLEARINGHOUSE",
    "receiverIdentifier": "EXAMPLECH",
    "connection": {
        "kind": "sftp",
        "host": "sftp.example.org",
        "username": "clinic01",
        "hostKeys": [f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'B' * 43}"],
        "password": "clearinghouse-password",
        "pickups": [{"folder": "/outbound", "afterwards": "archive", "archive": "/done"}],
    },
    "payers": ["60054"],
    "delimiters": {"segment": "'", "lineEnd": "crlf"},
    "fileName": "{partner}-{kind}-{date}-{number}.txt",
    "cutOffs": [{"time": "16:30", "days": [1, 3]}],
}  # fmt: skip


def added(practice: Practice, **members: Any) -> Any:
    return practice.ask("POST", PATH, key="ADMIN", json=CLEARINGHOUSE | members)


def test_a_partner_is_made_from_one_document_and_the_same_again_is_the_same(
    practice: Practice,
) -> None:
    answer = added(practice)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert CLEARINGHOUSE["name"] == made["name"]
    assert made["connection"]["pickups"] == [
        {"folder": "/outbound", "pattern": "*", "afterwards": "archive", "archive": "/done"}
    ]
    assert (made["delimiters"]["segment"], made["delimiters"]["element"]) == ("'", "*")
    assert made["payers"] == ["60054"]
    again = added(practice)
    assert (again.status_code, again.json()) == (200, made)
    assert len(practice.get(PATH)["items"]) == 2


@pytest.mark.parametrize(
    ("members", "status", "at"),
    [
        ({"name": "default"}, 409, ""),
        ({"live": True}, 409, ""),
        ({"sender": "CLAIMLOOP", "receiver": "CLEARINGHOUSE"}, 409, ""),
        ({"delimiters": {"segment": "*"}}, 400, "/delimiters"),
        ({"delimiters": {"segment": "A"}}, 400, "/delimiters/segment"),
        ({"fileName": "claims.txt"}, 400, "/fileName"),
        ({"fileName": "../{number}"}, 400, "/fileName"),
        ({"outFolder": "inbound"}, 400, "/outFolder"),
        ({"cutOffs": [{"time": "24:00"}]}, 400, "/cutOffs/0/time"),
        ({"connection": {"kind": "ftp"}}, 400, "/connection"),
        ({"connection": {"kind": "https", "url": "http://10.0.0.1/", "token": "t"}}, 400,
         "/connection/https/url"),
        ({"connection": CLEARINGHOUSE["connection"] | {"hostKeys": []}}, 400,  # type: ignore[operator]
         "/connection/sftp/hostKeys"),
        ({"connection": CLEARINGHOUSE["connection"] | {"password": None}}, 400,  # type: ignore[operator]
         "/connection"),
        ({"claimsPerTransaction": 5001}, 400, "/claimsPerTransaction"),
    ],
)  # fmt: skip
def test_what_no_partner_can_be_is_refused_with_its_place(
    practice: Practice, members: dict[str, Any], status: int, at: str
) -> None:
    answer = added(practice, **members)
    assert answer.status_code == status, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == ([at] if at else [])
    assert len(practice.get(PATH)["items"]) == 1


def test_a_change_comes_into_force_on_its_day(practice: Practice) -> None:
    partner = the_partner(practice)
    path = f"{PATH}/{partner['id']}"
    for body in (
        {"receiver": "LATER", "validFrom": "2026-12-01"},
        {"claimsPerTransaction": 100},
    ):
        assert practice.ask("PATCH", path, key="ADMIN", json=body).status_code == 200
    now = the_partner(practice)
    assert (now["receiver"], now["claimsPerTransaction"]) == (partner["receiver"], 100)
    changes = practice.get(f"{path}/changes")["items"]
    assert [(c["validFrom"], c["members"]) for c in changes] == [
        ("2026-11-23", ["claimsPerTransaction"]),
        ("2026-12-01", ["receiver"]),
    ]
    body = {"receiver": "X1", "validFrom": "2026-11-01"}
    over = practice.ask("PATCH", path, key="ADMIN", json=body)
    assert over.status_code == 409
    practice.clock.pass_by(timedelta(days=9))
    then = the_partner(practice)
    assert (then["receiver"], then["claimsPerTransaction"]) == ("LATER", 100)


def test_claims_go_to_the_partner_of_their_payer_in_its_own_envelope(practice: Practice) -> None:
    other = added(practice, payers=[encounter()["coverages"][0]["payerId"]], connection=None).json()
    claimed(practice, 1)
    elsewhere = encounter()["coverages"][0] | {"payerId": "99999", "payerName": "ELSEWHERE"}
    claimed(practice, 2, coverages=[elsewhere])
    batches = practice.ask("POST", "/v1/batches", json={}).json()["items"]
    default = next(p for p in practice.get(PATH)["items"] if p["name"] == "default")
    assert {batch["partnerId"] for batch in batches} == {other["id"], default["id"]}
    written = {
        b["partnerId"]: practice.ask("GET", f"/v1/batches/{b['id']}/x12").content for b in batches
    }
    assert b"EXAMPLECH" in written[other["id"]]
    assert b"'\r\n" in written[other["id"]]
    assert b"EXAMPLECH" not in written[default["id"]]
    assert b"99999" not in written[other["id"]]
    name = next(b["fileName"] for b in batches if b["partnerId"] == other["id"])
    assert re.fullmatch(r"clearinghouse-837P-[0-9]{8}-000000001\.txt", name)
    practice.ask("PATCH", f"{PATH}/{other['id']}", key="ADMIN", json={"payers": []})
    assert practice.get(f"{PATH}/{other['id']}")["payers"] == []


def test_a_cut_off_batches_what_is_ready_for_its_partner_alone(practice: Practice) -> None:
    added(practice, payers=[encounter()["coverages"][0]["payerId"]], connection=None)
    claimed(practice, 1)
    elsewhere = encounter()["coverages"][0] | {"payerId": "99999", "payerName": "ELSEWHERE"}
    claimed(practice, 2, coverages=[elsewhere])
    due = []
    for _ in range(8 * 24):
        practice.clock.pass_by(timedelta(hours=1))
        due += practice.come_due()
        practice.work()
    # Monday and Wednesday 16:30: within eight days that is twice or thrice.
    assert set(due) == {"cut_off"}
    assert 2 <= len(due) <= 3
    (batch,) = practice.get("/v1/batches")["items"]
    assert batch["claims"] == 1


def test_the_documents_file_of_settings_is_taken(practice: Practice) -> None:
    text = (shipped("docs") / "partners.md").read_text()
    settings = text.split("```json\n")[1].split("```")[0]
    answer = practice.ask("POST", PATH, key="ADMIN", content=settings.encode())
    assert answer.status_code == 201, answer.text
