"""Trading partners' profiles over HTTP: read by all, changed by an admin, audited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.store.tables import audit_entry, trading_partner
from tests.http.loop import Practice

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
