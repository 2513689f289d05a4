"""A unit of work: all of it or nothing, one chain of audit, one order of events; and races."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from app.domain.audit import FIRST_LINK, AuditLink, broken_links, link_hash
from app.domain.batch import BatchState, ClaimPosition, StoredBatch
from app.domain.identity import new_id
from app.domain.ledger import Account
from app.flows.ports import FileState, Mode, Tenant, UnitOfWork
from app.store import tables as t
from app.store.partners import batch_reference
from app.store.tenants import Tenants
from tests.store.practice import CLOCK, ENCOUNTERS, Practice, an_encounter

T = TypeVar("T")


def together(act: Callable[[int], T], *, workers: int = 4) -> list[T]:
    """The act by several workers at once, each on a connection of its own."""
    results: list[T] = []
    faults: list[BaseException] = []
    ready = threading.Barrier(workers)

    def run(worker: int) -> None:
        try:
            ready.wait()
            results.append(act(worker))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return results


class Stopped(Exception):
    """The process ends here."""


def test_what_fails_leaves_nothing(practice: Practice) -> None:
    def fail() -> None:
        with practice.work() as uow:
            uow.audit("claim.created", subject="clm_1")
            uow.event("claim.created", resource="clm_1")
            uow.next_number("patient_control_number")
            uow.files.add(
                name="x", sha256="a" * 64, size=1, state=FileState.RECEIVED, duplicate_of=None
            )
            raise Stopped

    with pytest.raises(Stopped):
        fail()
    with practice.work() as uow:
        assert uow.files.original("a" * 64) is None
        assert uow.next_number("patient_control_number") == 1
    with practice.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(t.event)) == 0
        actions = connection.scalars(select(t.audit_entry.c.action)).all()
        assert actions == ["tenant.created"]


def test_jobs_are_promised_in_the_transaction(practice: Practice) -> None:
    with practice.work() as uow:
        uow.enqueue("process_file", queue="files", workflow_id="file-1", args=["a", "b"])
    assert practice.enqueued == ["files:process_file:file-1:a,b"]


def test_audit_and_events_take_their_turn_in_each_tenant(
    practice: Practice, neighbour: Tenant
) -> None:
    def act(worker: int) -> None:
        tenant = practice.tenant if worker % 2 else neighbour
        for _ in range(5):
            with practice.units(tenant.id, actor=f"worker {worker}") as uow:
                uow.audit("claim.held", subject=f"clm_{worker}", detail={"b": 1, "a": "\u00e9"})
                uow.audit("claim.released", subject=f"clm_{worker}")
                uow.event("claim.held", resource=f"clm_{worker}")

    together(act)
    with practice.engine.connect() as connection:
        for tenant in (practice.tenant, neighbour):
            rows = connection.execute(
                select(t.audit_entry)
                .where(t.audit_entry.c.tenant_id == tenant.id)
                .order_by(t.audit_entry.c.sequence)
            ).all()
            chain = [(link_of(row), row.hash) for row in rows]
            assert len(chain) == 21
            assert list(broken_links(chain, length=21)) == []
            events = connection.scalars(
                select(t.event.c.sequence)
                .where(t.event.c.tenant_id == tenant.id)
                .order_by(t.event.c.sequence)
            ).all()
            assert events == list(range(1, 11))


def link_of(row: object) -> AuditLink:
    members = row._mapping  # type: ignore[attr-defined]
    return AuditLink(**{name: members[name] for name in AuditLink.__slots__})


def test_a_chain_shows_what_was_done_to_it() -> None:
    previous, chain = FIRST_LINK, []
    for sequence in range(1, 5):
        link = AuditLink(
            sequence, datetime(2026, 1, sequence, tzinfo=UTC), "me", "act", "it", "{}", previous
        )
        previous = link_hash(link)
        chain.append((link, previous))
    assert list(broken_links(chain, length=4)) == []
    assert list(broken_links(chain[:3], length=4)) == ["it ends at entry 3, but 4 were written"]
    assert list(broken_links([*chain[:1], *chain[2:]], length=4)) == [
        "entry 2 is missing before entry 3"
    ]
    other = AuditLink(2, datetime(2026, 1, 2, tzinfo=UTC), "you", "act", "it", "{}", chain[0][1])
    assert list(broken_links([chain[0], (other, chain[1][1]), *chain[2:]], length=4)) == [
        "entry 2 does not match its hash"
    ]
    assert list(broken_links([chain[0], (other, link_hash(other)), *chain[2:]], length=4)) == [
        "entry 3 does not follow from the one before it"
    ]
    assert list(broken_links([], length=0)) == []


def test_workers_that_race_make_one_of_each(practice: Practice) -> None:
    encounter = an_encounter()
    claims = together(lambda _: practice.claim(encounter))
    assert len({claim.id for claim in claims}) == 1

    def receive(_: int) -> tuple[FileState, UUID | None]:
        with practice.work() as uow:
            known = uow.files.original("a" * 64)
            file = uow.files.add(
                name="x",
                sha256="a" * 64,
                size=1,
                state=FileState.DUPLICATE if known else FileState.RECEIVED,
                duplicate_of=known.id if known else None,
            )
            return file.state, file.duplicate_of

    states = together(receive)
    assert sorted(state for state, _ in states) == ["duplicate"] * 3 + ["received"]
    assert len({owner for state, owner in states if state is FileState.DUPLICATE}) == 1

    def ensure(_: int) -> UUID:
        with practice.work() as uow:
            return uow.payers.ensure(payer_id="99999", name="NEW PAYER").id

    assert len(set(together(ensure))) == 1
    with practice.work() as uow:
        assert uow.journal.trial_balance()[Account.CHARGES] == -encounter.total_charge


def test_control_numbers_are_given_out_once(practice: Practice) -> None:
    claim = practice.claim(an_encounter())
    assert claim.payer_row is not None
    payer_row = claim.payer_row

    def take(_: int) -> tuple[int, int, str]:
        with practice.work() as uow:
            partner = uow.partners.for_payer(payer_row)
            numbers = uow.partners.take_control_numbers(partner.id)
            return numbers.interchange, numbers.group, numbers.batch_reference

    assert sorted(together(take)) == [(n, n, batch_reference(1, n)) for n in range(1, 5)]

    def count(_: int) -> int:
        with practice.work() as uow:
            return uow.next_number("patient_control_number")

    assert sorted(together(count)) == [2, 3, 4, 5]


def test_tenants_of_one_name_are_one(engine: Engine) -> None:
    tenants = Tenants(engine, clock=CLOCK)
    made = together(lambda _: tenants.ensure("ACME", mode=Mode.LIVE).id)
    assert len(set(made)) == 1
    found = tenants.find(" ACME ")
    assert found is not None
    assert (found.id, found.mode) == (made[0], Mode.LIVE)
    assert tenants.find("acme") is None
    assert tenants.list() == [found]
    with pytest.raises(ValueError, match="needs a name"):
        tenants.ensure(" ")
    with pytest.raises(ValueError, match="no time zone Mars/Base"):
        tenants.ensure("ACME 2", time_zone="Mars/Base")


def test_a_payer_that_is_not_served_stays_so(practice: Practice) -> None:
    practice.claim(an_encounter())
    payer_id = str(an_encounter().coverages[0].payer_id)
    with practice.work() as uow:
        uow.payers.set_served(payer_id, served=False)
        again = uow.payers.ensure(payer_id=payer_id, name="Another spelling")
        assert not again.served
        assert uow.payers.find("\0") is None
        with pytest.raises(LookupError):
            uow.payers.set_served("nobody", served=True)


def a_batch(uow: UnitOfWork) -> tuple[StoredBatch, list[UUID]]:
    """A batch of all ready claims, each in a transaction set of its own."""
    claims = [claim for claim, _ in uow.claims.to_send(uow.claims.ready(limit=99))]
    partner = uow.partners.for_payer(claims[0].payer_row or UUID(int=0))
    numbers = uow.partners.take_control_numbers(partner.id)
    batch = StoredBatch(
        id=new_id(CLOCK),
        partner_id=partner.id,
        interchange_control_number=numbers.interchange,
        group_control_number=numbers.group,
        file_name="1.837",
        sha256="b" * 64,
        claims=len(claims),
        state=BatchState.SEALED,
        mode="test",
        created_at=CLOCK.now(),
    )
    positions = [
        ClaimPosition(
            submission_id=claim.submission_id,
            transaction_control_number=f"{turn:04d}",
            batch_reference=numbers.batch_reference + ("" if turn == 1 else f"-{turn}"),
            first_segment=8,
            last_segment=20,
        )
        for turn, claim in enumerate(claims, start=1)
    ]
    uow.batches.add(batch, positions=positions)
    return batch, [claim.id for claim in claims]


def test_a_batch_is_found_by_every_number_it_left_under(
    practice: Practice, neighbour: Tenant
) -> None:
    for path in ENCOUNTERS[:3]:
        practice.claim(an_encounter(path))
    with practice.work() as uow:
        batch, claims = a_batch(uow)
        reference = batch_reference(1, batch.interchange_control_number)
        assert uow.batches.get(batch.id) == batch
        assert uow.batches.by_interchange(batch.interchange_control_number) == batch
        assert uow.batches.by_group(batch.group_control_number) == batch
        assert uow.batches.by_reference(reference) == batch
        assert uow.batches.by_reference(f"{reference}-2") == batch
        for unknown in (f"{reference}-9", "", "\0"):
            assert uow.batches.by_reference(unknown) is None
        assert uow.batches.by_interchange(99) is None
        sent = uow.batches.claims(batch.id)
        assert [claim.claim_id for claim in sent] == claims
        assert [claim.transaction_control_number for claim in sent][:2] == ["0001", "0002"]
        found = uow.batches.of_claim(claims[1])
        assert found is not None
        assert (found[0], found[1].batch_reference) == (batch, f"{reference}-2")
        uow.batches.mark(batch.id, BatchState.TRANSMITTED)
    with practice.units(neighbour.id, actor="test") as uow:
        assert uow.batches.get(batch.id) is None
        assert uow.batches.by_interchange(batch.interchange_control_number) is None
        assert uow.batches.by_reference(reference) is None
        assert uow.batches.claims(batch.id) == []
        assert uow.batches.of_claim(claims[0]) is None
        assert uow.partners.get(batch.partner_id) is None
        uow.batches.mark(batch.id, BatchState.TA1_REJECTED)
    with practice.work() as uow:
        now = uow.batches.get(batch.id)
    assert now is not None
    assert now.state is BatchState.TRANSMITTED
