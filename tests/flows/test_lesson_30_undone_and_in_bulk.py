"""Lesson 30: what a biller does to many is what is done to one; what is undone is undone to a cent,
and no payment ever disappears."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

from sqlalchemy import func, select

from app.flows.unpost import unpost_payment, unpost_remittance
from app.store import tables as t
from tests.cash.desk import Desk
from tests.flows.clinic import Clinic
from tests.flows.stories import story
from tests.flows.test_undo import match
from tests.http.next_payer import again
from tests.http.test_again import acknowledged, sent

BILLED = {"charges": D(-230), "receivable_payer": D(230)}
TOOK = {"cash": D("100.75"), "unapplied": D("-100.75")}


def kept(clinic: Clinic) -> tuple[int, ...]:
    """How many claim payments, services, adjustments, acts and entries there are."""
    tables = (t.claim_payment, t.service_payment, t.adjustment, t.payment_act, t.journal_entry)
    with clinic.practice.engine.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )


def test_lesson_30_an_undone_posting_restores_every_balance_to_the_cent(clinic: Clinic) -> None:
    clinic.bill("1001-1", 150)
    clinic.bill("1002-1", 80)
    before = [clinic.figures(number) for number in ("1001-1", "1002-1")]
    clinic.take(story("30_posted_by_mistake"))
    posted, rows = clinic.balances(), kept(clinic)
    assert posted["receivable_patient"] == D("19.99")
    assert clinic.denials("1002-1") == [("197", "authorization", D("79.90"))]

    one = clinic.payments()[0]
    with clinic.work() as uow:
        unpost_payment(uow, one.id, reason="posted by mistake")
    assert clinic.figures("1001-1") == before[0]
    assert match(clinic, 0, "1001-1", (1, "1")) == []
    assert clinic.balances() == posted

    with clinic.work() as uow:
        unpost_remittance(uow, one.remittance_id, reason="posted by mistake")
    assert [clinic.figures(number) for number in ("1001-1", "1002-1")] == before
    assert clinic.balances() == BILLED | TOOK
    assert clinic.denials("1002-1") == []
    # Everything that was there is there, and the entries have mirrors beside them.
    payments, services, adjustments, acts, entries = kept(clinic)
    assert (payments, services, adjustments) == rows[:3]
    assert (acts - rows[3], entries - rows[4]) == (5, 6)
    assert clinic.verify() == []


def test_lesson_30_reopening_a_denial_deletes_no_payment(desk: Desk) -> None:
    claim = sent(desk)
    desk.send(story("25_b_denied"))
    denials = desk.items("/v1/denials")
    books, rows = desk.accounts(), desk.rows()
    for denial in denials:
        door = f"/v1/denials/{denial['id']}"
        desk.post(f"{door}:writeOff", {"reason": "lost"}, status=200, key="ADMIN")
        desk.post(f"{door}:reopen", {"reason": "entered in error"}, status=200)
    assert desk.accounts() == books
    assert again(desk, claim)["stage"] == "DENIED"
    after = desk.rows()
    assert after["claim_payment"] == rows["claim_payment"]
    assert after["journal_entry"] == rows["journal_entry"] + 2 * len(denials)
    assert [d["state"] for d in desk.items("/v1/denials")] == ["open"] * len(denials)


def test_lesson_30_many_go_again_as_one_does_or_none(desk: Desk) -> None:
    claims = [sent(desk, number) for number in (1, 2, 3, 4)]
    for claim in claims[:3]:
        acknowledged(desk, claim["patientControlNumber"], "A7")
    ids = [claim["id"] for claim in claims]
    everyone = desk.ask("POST", "/v1/claims:resubmit", json={"claimIds": ids})
    assert everyone.status_code == 409
    assert [again(desk, c)["attempt"] for c in claims] == [1, 1, 1, 1]

    alone = audited(desk)
    assert desk.ask("POST", f"/v1/claims/{ids[0]}:resubmit").status_code == 200
    one = audited(desk)[len(alone) :]
    two = desk.ask("POST", "/v1/claims:resubmit", json={"claimIds": ids[1:3]})
    assert [c["patientControlNumber"][-2:] for c in two.json()["items"]] == ["-2", "-2"]
    many = audited(desk)[len(alone) + len(one) :]
    # The same audit rows, as often as there are claims.
    assert one
    assert many == one * 2
    nobody = desk.ask("POST", "/v1/claims:resubmit", json={})
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (400, "/claimIds")


def audited(desk: Desk) -> list[tuple[str, Any]]:
    """What the audit chain tells of ACME, without whom it is about."""
    a = t.audit_entry
    tenant = desk.tenants["ACME"].id
    query = select(a.c.action, a.c.actor, a.c.detail).where(a.c.tenant_id == tenant)
    with desk.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(a.c.sequence))]
