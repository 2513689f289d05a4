"""Lesson 9: no control number goes out twice, whoever seals; a batch that fails spends its own.

A payer that has seen ISA13, GS06 and ST02, or BHT03, before refuses the file as a duplicate.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.flows.batches import seal_batches
from app.flows.partners import change_partner
from app.store import tables as t
from app.store.partners import within
from tests.flows.clinic import Clinic
from tests.store.practice import an_encounter

WORKERS, BATCHES, TAKES = 4, 4, 121  # of each worker: batches written, and numbers only taken

LAST_CONTROL_NUMBER = 999_999_999  # ISA13 has nine digits


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
def test_lesson_09_four_workers_at_once_never_use_a_number_twice(clinic: Clinic) -> None:
    practice, pattern = clinic.practice, an_encounter()
    claims = [
        [practice.claim(replace(pattern, external_id=f"E{w}-{b}")) for b in range(BATCHES)]
        for w in range(WORKERS)
    ]
    ready, faults = threading.Barrier(WORKERS), list[BaseException]()
    taken: list[tuple[int, int, str]] = []

    def work(worker: int) -> None:
        try:
            ready.wait(30)
            for claim in claims[worker]:
                with practice.work() as uow:
                    [batch] = seal_batches(uow, clinic.raw, claim_ids=[claim.id]).batches
                written.append(segments(clinic, batch.sha256))
            assert claim.payer_row is not None
            for _ in range(TAKES):
                with practice.work() as uow:
                    partner = uow.partners.for_payer(claim.payer_row)
                    numbers = uow.partners.take_control_numbers(partner.id)
                taken.append((numbers.interchange, numbers.group, numbers.batch_reference))
        except BaseException as fault:  # told below, in the test's own thread
            faults.append(fault)

    written: list[dict[str, list[str]]] = []
    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    sent = [(file["ISA"][13], file["GS"][6], file["ST"][2], file["BHT"][3]) for file in written]
    assert all(len(isa13) == 9 and isa13.isdigit() for isa13, _, _, _ in sent)
    assert all(gs06 == str(int(gs06)) for _, gs06, _, _ in sent)
    everything = [(int(isa13), int(gs06), bht03) for isa13, gs06, _, bht03 in sent] + taken
    assert len(everything) == WORKERS * (BATCHES + TAKES) == 500
    for numbers in zip(*everything, strict=True):
        assert len(set(numbers)) == 500
    # No gap either: every number is in a file or was taken here.
    assert sorted(isa13 for isa13, _, _ in everything) == list(range(1, 501))


def segments(clinic: Clinic, sha256: str) -> dict[str, list[str]]:
    """The first segment of each name in a file of ours."""
    data = clinic.raw.get(clinic.practice.tenant.id, sha256).decode()
    parts = [segment.strip().split("*") for segment in data.split("~")]
    return {p[0]: p for p in reversed(parts)}


def test_lesson_09_the_sets_of_one_group_are_numbered_apart(small_clinic: Clinic) -> None:
    clinic, practice, pattern = small_clinic, small_clinic.practice, an_encounter()
    claims = [practice.claim(replace(pattern, external_id=f"E{n}")) for n in range(5)]
    with practice.work() as uow:
        assert claims[0].payer_row is not None
        partner = uow.partners.for_payer(claims[0].payer_row)
        change_partner(uow, partner.id, {"claims_per_transaction": 2})
    with practice.work() as uow:
        [batch] = seal_batches(uow, clinic.raw, claim_ids=[claim.id for claim in claims]).batches
    data = clinic.raw.get(practice.tenant.id, batch.sha256).decode()
    parts = [segment.strip().split("*") for segment in data.split("~")]
    assert [p[2] for p in parts if p[0] == "ST"] == ["0001", "0002", "0003"]
    assert [p[2] for p in parts if p[0] == "SE"] == ["0001", "0002", "0003"]
    references = [p[3] for p in parts if p[0] == "BHT"]
    assert set(Counter(references).values()) == {1}


def test_lesson_09_behind_the_last_number_comes_the_first(small_clinic: Clinic) -> None:
    clinic, practice, pattern = small_clinic, small_clinic.practice, an_encounter()
    claims = [practice.claim(replace(pattern, external_id=f"E{n}")) for n in range(3)]
    with practice.engine.begin() as connection:
        connection.execute(
            update(t.trading_partner).values(interchange_number=LAST_CONTROL_NUMBER - 2)
        )
    files = []
    for claim in claims:
        with practice.work() as uow:
            [batch] = seal_batches(uow, clinic.raw, claim_ids=[claim.id]).batches
        files.append(segments(clinic, batch.sha256))
    assert [file["ISA"][13] for file in files] == ["999999998", "999999999", "000000001"]
    # BHT03 counts on: a 277CA names a batch by it alone.
    assert len({file["BHT"][3] for file in files}) == 3
    assert [within(n, digits=9) for n in (1, LAST_CONTROL_NUMBER, LAST_CONTROL_NUMBER + 1)] == [
        1, LAST_CONTROL_NUMBER, 1]  # fmt: skip


def test_lesson_09_a_batch_that_cannot_be_written_spends_its_number_and_shows(
    small_clinic: Clinic,
) -> None:
    clinic, practice, pattern = small_clinic, small_clinic.practice, an_encounter()
    good = practice.claim(replace(pattern, external_id="E1"))
    # A name that holds the element separator cannot be written to this partner.
    named = replace(pattern.patient.person, last_name="O*NEIL")
    patient = replace(pattern.patient, person=named)
    bad = practice.claim(replace(pattern, external_id="E2", patient=patient))
    with practice.work() as uow:
        sealed = seal_batches(uow, clinic.raw, claim_ids=[bad.id])
    assert sealed.batches == []
    assert sealed.held == [bad.id]
    with practice.work() as uow:
        [batch] = seal_batches(uow, clinic.raw, claim_ids=[good.id]).batches
    assert batch.interchange_control_number == 2
    with practice.engine.connect() as connection:
        told = connection.execute(
            select(t.audit_entry.c.detail).where(t.audit_entry.c.action == "batch.not_written")
        )
        assert [row.detail for row in told] == ['{"held":1,"interchangeControlNumber":1}']


class FullDisk:
    """Keeps bytes nowhere."""

    def put(self, tenant_id: object, data: bytes) -> str:
        raise OSError(28, "No space left on device")


def test_lesson_09_a_build_that_breaks_off_leaves_nothing_its_number_could_have_left_with(
    small_clinic: Clinic,
) -> None:
    """Number, batch and promise to send are one transaction: nothing under the number was sent, or
    can be, so the next file takes it, once."""
    clinic, practice = small_clinic, small_clinic.practice
    claim = practice.claim(an_encounter())
    with pytest.raises(OSError, match="No space"), practice.work() as uow:
        seal_batches(uow, FullDisk())  # type: ignore[arg-type]
    assert practice.enqueued == []
    with practice.work() as uow:
        assert uow.batches.holding([claim.id]) == {}
        [batch] = seal_batches(uow, clinic.raw).batches
    assert batch.interchange_control_number == 1
    with practice.work() as uow:
        assert seal_batches(uow, clinic.raw).batches == []
