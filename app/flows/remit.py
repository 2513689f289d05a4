"""An 835 onto the books: remittance by remittance, in chunks that a crash cannot post twice.

The file is read twice. The first pass gives each transaction set its verdict (seen before,
balanced) and its deposit; the second stores and posts its claim payments, CHUNK at a time, each
chunk with its cursor in one transaction. Whoever takes the job over skips what the cursor counts.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from app.domain.identity import Prefix, new_ids, public_id
from app.domain.ledger import JournalEntry
from app.domain.matching import fingerprint
from app.domain.money import ZERO, money_text
from app.domain.posting import (
    deposit_entry,
    provider_adjustment_entry,
)
from app.domain.remittance import CURRENCY, ClaimPayment, ProviderAdjustment, Remittance
from app.domain.seen_before import (
    Earlier,
    Seen,
    Verdict,
    judge,
    other_content_waits,
    whole_waits,
)
from app.flows.books import Booked, Source, put_on_the_books, tell
from app.flows.judging import Judged, judge_payments, waits_with_its_transaction
from app.flows.ports import (
    PaymentState,
    RemittanceState,
    StoredFile,
    StoredRemittance,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.settle import settle
from app.flows.split import complete_split
from app.x12.remittance_835 import RemittanceEnd, read_payments

CHUNK = 500


def remit(
    units: UnitsOfWork,
    source: BinaryIO,
    *,
    tenant_id: UUID,
    file: StoredFile,
    headers: Sequence[Remittance],
) -> list[StoredRemittance]:
    """Store and post every remittance of the file; gives them as they ended.

    `headers` are what the first pass found, one a transaction set.
    """
    with units(tenant_id, actor="system") as uow:
        uow.traces.hold(headers)
        started = {r.ordinal: _start(uow, r, file) for r in headers}
    _store_payments(units, source, tenant_id=tenant_id, file=file, started=started)
    with units(tenant_id, actor="system") as uow:
        return uow.remittances.of_file(file.id)


def _start(uow: UnitOfWork, remittance: Remittance, file: StoredFile) -> StoredRemittance:
    """The header and, unless we have seen this payment before, its deposit."""
    verdict = judge(remittance, earlier := uow.traces.earlier(remittance))
    reason = _why_it_waits(remittance, verdict, earlier)
    state = RemittanceState.WAITING if reason else RemittanceState.POSTING
    stored = uow.remittances.start(
        remittance, file_id=file.id, state=state, reason=reason, verdict=verdict
    )
    if stored.deposit != ZERO:
        uow.journal.post([deposit_entry(remittance, remittance_id=stored.id)])
    name = public_id(Prefix.REMITTANCE, stored.id)
    uow.event("remittance.received", resource=name, data={"state": stored.state})
    return stored


def _why_it_waits(
    remittance: Remittance, verdict: Verdict, earlier: Sequence[Earlier]
) -> str | None:
    """The sentence for the queue when nothing of the transaction may be posted."""
    if remittance.currency != CURRENCY:
        return f"It pays in {remittance.currency}; only {CURRENCY} is posted. Its money waits."
    if verdict.seen is Seen.OTHER_CONTENT:
        return other_content_waits(verdict, remittance, earlier)
    if remittance.imbalances:
        return whole_waits(remittance)
    return None


def _store_payments(
    units: UnitsOfWork,
    source: BinaryIO,
    *,
    tenant_id: UUID,
    file: StoredFile,
    started: dict[int, StoredRemittance],
) -> None:
    chunk: list[tuple[ClaimPayment, str]] = []
    seen: Counter[str] = Counter()

    def flush(stored: StoredRemittance) -> None:
        if chunk:
            with _uncollected(), units(tenant_id, actor="system") as uow:
                _store_chunk(uow, stored, chunk, file)
            chunk.clear()

    for ordinal, item in read_payments(source):
        stored = started[ordinal]
        if stored.state is RemittanceState.DUPLICATE:
            continue
        if isinstance(item, RemittanceEnd):
            flush(stored)
            seen.clear()
            with units(tenant_id, actor="system") as uow:
                _finish(uow, stored, item.provider_adjustments)
            if stored.state is RemittanceState.WAITING:
                complete_split(units, stored, tenant_id=tenant_id)
            continue
        mark = fingerprint(stored.remittance, item, occurrence=0)
        seen[mark] += 1
        if item.ordinal <= stored.cursor:
            continue  # stored by whoever had this job before
        if seen[mark] > 1:
            mark = fingerprint(stored.remittance, item, occurrence=seen[mark] - 1)
        chunk.append((item, mark))
        if len(chunk) == CHUNK:
            flush(stored)


def _store_chunk(
    uow: UnitOfWork,
    stored: StoredRemittance,
    chunk: list[tuple[ClaimPayment, str]],
    file: StoredFile,
) -> None:
    """Judge, store and post one chunk: rows, journal, evidence and cursor together or not."""
    ids = new_ids(uow.clock, len(chunk))
    fresh = [Judged(id, *one) for id, one in zip(ids, chunk, strict=True)]
    if stored.state is RemittanceState.POSTING:
        verdicts = judge_payments(uow, stored.remittance, fresh)
    else:
        verdicts = [(waits_with_its_transaction(one), None) for one in fresh]
    outcomes = [outcome for outcome, _ in verdicts]
    uow.remittances.add_payments(stored.id, outcomes, cursor=chunk[-1][0].ordinal)
    source = Source(stored, file)
    booked = [Booked(o, source, posted) for o, posted in verdicts if o.state is PaymentState.POSTED]
    put_on_the_books(uow, booked)
    booked += settle(uow, {o.claim.id for o in outcomes if o.claim})
    tell(uow, booked)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector, which would go through the many rows of a chunk over and over
    and find nothing: a fourth of the time (tests/bench/bench_post.py)."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _finish(
    uow: UnitOfWork, stored: StoredRemittance, adjustments: Iterable[ProviderAdjustment]
) -> None:
    """The PLB pairs of a balanced remittance leave unapplied; then the remittance has ended."""
    uow.traces.hold([stored.remittance])  # of two parts that end at once, one sees the other
    now = uow.remittances.get(stored.id)
    if now is None or now.finished:
        return  # whoever had this job before finished it
    pairs = list(adjustments)
    rows = list(zip(new_ids(uow.clock, len(pairs)), pairs, strict=True))
    uow.remittances.add_provider_adjustments(stored.id, rows)
    state = RemittanceState.WAITING
    if stored.state is RemittanceState.POSTING:
        entries: list[JournalEntry] = [
            provider_adjustment_entry(adjustment, adjustment_id=id, remittance=stored.remittance)
            for id, adjustment in rows
            if adjustment.amount != ZERO
        ]
        uow.journal.post(entries)
        state = RemittanceState.POSTED_WITH_EXCEPTIONS if now.waiting else RemittanceState.POSTED
    uow.remittances.finish(stored.id, state)
    name = public_id(Prefix.REMITTANCE, stored.id)
    figures = {
        "posted": now.posted,
        "waiting": now.waiting,
        "deposit": money_text(stored.deposit),
    }
    uow.audit(f"remittance.{state}", subject=name, detail=figures)
    uow.event(f"remittance.{state}", resource=name, data={"waiting": now.waiting})
