"""Remittances, evidence and journal: taken once whoever asks, and exact to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.ack import Place
from app.domain.identity import new_id
from app.domain.ledger import Account, JournalEntry, mirror, transfer
from app.domain.lifecycle import Adjudication, Evidence, ReportedBy, Stage
from app.domain.money import ZERO
from app.domain.outcome import Outcome
from app.domain.remittance import Imbalance, ProviderAdjustment
from app.flows.ports import (
    FileState,
    MatchedEvidence,
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    StoredFile,
    StoredRemittance,
    Tenant,
)
from app.store import tables as t
from app.store.remittances import CursorMoved
from tests.domain import remits
from tests.store.practice import CLOCK, Practice, an_encounter

D = Decimal
SHA = "a" * 64
HEADER = replace(
    remits.remittance("120.10"),
    claim_count=2,
    imbalances=(Imbalance("transaction", D("120.10"), D("120.00"), "BPR02 is off"),),
)
PAIR = ProviderAdjustment(1, "1234567893", None, "L6", "int", D("-1.25"), Place(30, "PLB"))


def a_file(practice: Practice, sha256: str = SHA) -> StoredFile:
    with practice.work() as uow:
        return uow.files.add(
            name="835.edi", sha256=sha256, size=9, state=FileState.RECEIVED, duplicate_of=None
        )


def started(practice: Practice, file: StoredFile) -> StoredRemittance:
    with practice.work() as uow:
        return uow.remittances.start(
            HEADER, file_id=file.id, state=RemittanceState.POSTING, reason=None
        )


def outcomes() -> list[PaymentOutcome]:
    first = replace(
        remits.payment(
            remits.service("100", "80.05", "CO*45*19.95"), remits.service("50", "40.05", ordinal=2)
        ),
        remarks=("MA01",),
        member_id="W123",
    )
    second = replace(remits.payment(number="not ours \0"), ordinal=2)
    return [
        PaymentOutcome(
            new_id(CLOCK), first, PaymentState.POSTED, Outcome(Stage.PAID), fingerprint="f1"
        ),
        PaymentOutcome(new_id(CLOCK), second, PaymentState.WAITING, reason="unmatched"),
    ]


def test_a_remittance_comes_back_as_it_was(practice: Practice) -> None:
    file = a_file(practice)
    stored = started(practice, file)
    assert stored.remittance == HEADER
    with practice.work() as uow:
        uow.remittances.add_payments(stored.id, outcomes(), cursor=2)
        uow.remittances.add_provider_adjustments(stored.id, [(new_id(CLOCK), PAIR)])
        uow.remittances.finish(stored.id, RemittanceState.POSTED_WITH_EXCEPTIONS)
    with practice.work() as uow:
        now = uow.remittances.get(stored.id)
        assert now is not None
        assert (now.state, now.cursor, now.posted, now.waiting, now.finished) == (
            RemittanceState.POSTED_WITH_EXCEPTIONS,
            2,
            1,
            1,
            True,
        )
        assert uow.remittances.of_file(file.id) == [now]
        assert uow.remittances.page(limit=9, after=None) == [now]
        assert uow.remittances.page(limit=9, after=now.id) == []
        assert uow.remittances.provider_adjustments(stored.id) == [PAIR]
        paid, waiting = uow.remittances.payments(stored.id, limit=9, after=0)
        assert (paid.paid, paid.state) == (D("120.10"), PaymentState.POSTED)
        assert (waiting.reason, waiting.patient_control_number) == ("unmatched", "not ours \ufffd")
        assert uow.remittances.payments(stored.id, limit=9, after=1) == [waiting]
        assert uow.remittances.posted_fingerprints(["f1", "f2"]) == {"f1"}
    with practice.engine.connect() as connection:
        assert connection.scalar(select(func.sum(t.service_payment.c.paid))) == D("120.10")
        assert connection.scalars(select(t.adjustment.c.amount)).all() == [D("19.95")]
        assert connection.scalars(select(t.remark.c.code)).all() == ["MA01"]


def test_the_same_chunk_twice_ends_the_second_transaction(practice: Practice) -> None:
    stored = started(practice, a_file(practice))
    with practice.work() as uow:
        uow.remittances.add_payments(stored.id, outcomes(), cursor=2)
    entry = JournalEntry(
        "claim_payment",
        new_id(CLOCK),
        transfer(debit=Account.UNAPPLIED, credit=Account.RECEIVABLE_PAYER, amount=D(1)),
    )

    def late() -> None:
        with practice.work() as uow:
            uow.journal.post([entry])
            uow.remittances.add_payments(stored.id, outcomes(), cursor=2)

    with pytest.raises(CursorMoved):
        late()
    with practice.work() as uow:
        assert set(uow.journal.trial_balance().values()) == {ZERO}
        uow.remittances.finish(stored.id, RemittanceState.POSTED)
    with pytest.raises(CursorMoved), practice.work() as uow:
        uow.remittances.add_provider_adjustments(stored.id, [(new_id(CLOCK), PAIR)])


def test_the_same_body_in_another_file_is_a_duplicate(practice: Practice) -> None:
    first = started(practice, a_file(practice))
    assert started(practice, a_file(practice)).state is RemittanceState.DUPLICATE
    other = a_file(practice, "b" * 64)
    again = started(practice, other)
    assert (again.state, again.duplicate_of) == (RemittanceState.DUPLICATE, first.id)
    assert started(practice, other) == again
    with practice.work() as uow:
        assert (
            uow.remittances.start(
                HEADER, file_id=first.file_id, state=RemittanceState.POSTING, reason=None
            )
            == first
        )


def test_the_same_bytes_are_a_duplicate_whoever_comes_second(practice: Practice) -> None:
    first = a_file(practice)
    second = a_file(practice)
    assert (second.state, second.duplicate_of) == (FileState.DUPLICATE, first.id)
    with practice.work() as uow:
        assert uow.files.original(SHA) == first
        assert uow.files.original("c" * 64) is None
        assert uow.files.unfinished() == [first.id]
        uow.files.mark(
            first.id, FileState.PROCESSED, kind="835", claims=2, issues=[{"value": "\0 \ud800"}]
        )
        uow.files.mark(first.id, FileState.PROCESSED, kind="835", transaction_sets=1)
        file = uow.files.get(first.id)
        assert uow.files.unfinished() == []
    assert file is not None
    assert (file.kind, file.claims, file.transaction_sets) == ("835", 2, 1)
    assert file.issues == ({"value": "\0 \ud800"},)


def test_an_entry_is_posted_once_and_undone_by_its_mirror(practice: Practice) -> None:
    source = new_id(CLOCK)
    lines = transfer(debit=Account.CASH, credit=Account.UNAPPLIED, amount=D("90071992547409.93"))
    entry = JournalEntry("remittance", source, lines, effective_date=HEADER.effective_date)
    with practice.work() as uow:
        uow.journal.post([entry, entry])
        uow.journal.post([entry])
        [(entry_id, stored)] = uow.journal.entries_of("remittance", source)
        assert stored == entry
        assert uow.journal.trial_balance()[Account.CASH] == D("90071992547409.93")
        uow.journal.post([mirror(stored, entry_id=entry_id, ordinal=1)])
    with practice.work() as uow:
        assert set(uow.journal.trial_balance().values()) == {ZERO}
        [_, (_, undone)] = uow.journal.entries_of("remittance", source)
        assert undone.reverses_id == entry_id


def test_a_fact_read_twice_is_said_once(practice: Practice) -> None:
    claim = practice.claim(an_encounter())
    file = a_file(practice)
    paid = Evidence(
        Stage.PAID,
        ReportedBy.PAYER,
        CLOCK.now() + timedelta(days=1),
        kind="835",
        code="CLP02=1",
        file_sha256=SHA,
        segment_number=20,
        loop="2100",
        adjudication=Adjudication("1", D(100), D("80.05"), "ICN1"),
    )
    waits = MatchedEvidence(replace(paid, segment_number=21), (), file.id, subject="CLP01")
    with practice.work() as uow:
        for _ in range(2):
            uow.evidence.append(
                [MatchedEvidence(paid, (claim.submission_id,), file.id, subject="CLP01"), waits]
            )
    with practice.work() as uow:
        known = uow.evidence.of_submissions([claim.submission_id])[claim.submission_id]
        assert [fact for fact in known if fact.kind == "835"] == [paid]
        items = uow.evidence.timeline(claim.id)
    assert [(item.stage, item.file_id, item.loop) for item in items] == [
        (Stage.READY, None, None),
        (Stage.PAID, file.id, "2100"),
    ]
    with practice.engine.connect() as connection:
        from_file = select(func.count()).where(t.evidence.c.file_id.is_not(None))
        assert connection.scalar(from_file) == 2


def test_another_tenant_sees_no_file_no_money_and_may_take_the_same(
    practice: Practice, neighbour: Tenant
) -> None:
    file = a_file(practice)
    stored = started(practice, file)
    with practice.units(neighbour.id, actor="test") as uow:
        assert uow.files.get(file.id) is None
        assert uow.files.original(SHA) is None
        assert uow.files.unfinished() == []
        assert uow.remittances.get(stored.id) is None
        assert uow.remittances.of_file(file.id) == []
        assert uow.remittances.page(limit=9, after=None) == []
        with pytest.raises(LookupError):
            uow.remittances.add_payments(stored.id, outcomes(), cursor=2)
        uow.remittances.finish(stored.id, RemittanceState.POSTED)
        uow.files.mark(file.id, FileState.FAILED)
        own = uow.files.add(
            name="x", sha256=SHA, size=1, state=FileState.RECEIVED, duplicate_of=None
        )
        assert own.state is FileState.RECEIVED
    with practice.work() as uow:
        assert uow.remittances.get(stored.id) == stored
        assert uow.files.get(file.id) == file
