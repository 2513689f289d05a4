"""An 835 onto the books: remittance by remittance, in chunks that a crash cannot post twice.

The file is read twice. The first pass gives each transaction set its verdict (seen before,
balanced) and its deposit; the second stores and posts its claim payments, CHUNK at a time, each
chunk with its cursor in one transaction. Whoever takes the job over skips what the cursor counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.identity import Prefix, new_id, public_id
from app.domain.ledger import JournalEntry
from app.domain.matching import Match, Waits, fingerprint, match
from app.domain.money import ZERO, money_text
from app.domain.outcome import outcome_of
from app.domain.posting import (
    Posted,
    Remaining,
    deposit_entry,
    provider_adjustment_entry,
)
from app.domain.remittance import CURRENCY, ClaimPayment, ProviderAdjustment, Remittance
from app.domain.settling import OVERPAID
from app.flows.books import Booked, Source, posting_of, put_on_the_books, tell
from app.flows.ports import (
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    StoredFile,
    StoredRemittance,
    UnitOfWork,
    UnitsOfWork,
)
from app.flows.settle import claim_of_reversal, settle
from app.x12.remittance_835 import RemittanceEnd, read_payments

CHUNK = 200


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
        started = {r.ordinal: _start(uow, r, file) for r in headers}
    _store_payments(units, source, tenant_id=tenant_id, file=file, started=started)
    with units(tenant_id, actor="system") as uow:
        return uow.remittances.of_file(file.id)


def _start(uow: UnitOfWork, remittance: Remittance, file: StoredFile) -> StoredRemittance:
    """The header and, unless we have seen this remittance before, its deposit."""
    reason = _why_it_waits(remittance)
    state = RemittanceState.WAITING if reason else RemittanceState.POSTING
    stored = uow.remittances.start(remittance, file_id=file.id, state=state, reason=reason)
    if stored.state is not RemittanceState.DUPLICATE and remittance.deposit != ZERO:
        uow.journal.post([deposit_entry(remittance, remittance_id=stored.id)])
    name = public_id(Prefix.REMITTANCE, stored.id)
    uow.event("remittance.received", resource=name, data={"state": stored.state})
    return stored


def _why_it_waits(remittance: Remittance) -> str | None:
    """The sentence for the queue when nothing of the transaction may be posted."""
    if remittance.currency != CURRENCY:
        return f"It pays in {remittance.currency}; only {CURRENCY} is posted. Its money waits."
    if remittance.imbalances:
        first = remittance.imbalances[0]
        return f"{first.message} Nothing of it is posted; ask the payer for a corrected one."
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
            with units(tenant_id, actor="system") as uow:
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
    if stored.state is RemittanceState.POSTING:
        verdicts = _judge(uow, stored, chunk)
    else:
        verdicts = [(_waits_with_its_transaction(uow, *one), None) for one in chunk]
    outcomes = [outcome for outcome, _ in verdicts]
    uow.remittances.add_payments(stored.id, outcomes, cursor=chunk[-1][0].ordinal)
    source = Source(stored, file)
    booked = [Booked(o, source, posted) for o, posted in verdicts if o.state is PaymentState.POSTED]
    put_on_the_books(uow, booked)
    booked += settle(uow, {o.claim.id for o in outcomes if o.claim})
    tell(uow, booked)


def _judge(
    uow: UnitOfWork, stored: StoredRemittance, chunk: list[tuple[ClaimPayment, str]]
) -> list[tuple[PaymentOutcome, Posted | None]]:
    """Each payment through its gates, in order, with what it puts on the books."""
    numbers = sorted({payment.patient_control_number.strip() for payment, _ in chunk} - {""})
    claims = uow.claims.by_patient_control_number(numbers)
    known = uow.remittances.posted_fingerprints([mark for _, mark in chunk])
    terms = uow.terms.of_claims(claims.values())
    remaining = Remaining()
    verdicts: list[tuple[PaymentOutcome, Posted | None]] = []
    for payment, mark in chunk:
        claim = claims.get(payment.patient_control_number.strip())
        if claim is None and payment.is_reversal:
            claim = claim_of_reversal(uow, payment)
        verdict = match(payment, claim, fingerprint=mark, posted=known)
        posted = None
        if isinstance(verdict, Match):
            outcome = _passed(uow, payment, verdict, mark)
            posted = posting_of(outcome, stored.remittance, terms)
            overdrawn = remaining.take(verdict.claim, posted) if posted else None
            if overdrawn:  # it keeps its claim and lines: `settle` posts it when there is room
                outcome, posted = _put_off(outcome, Waits(OVERPAID, overdrawn)), None
        else:
            outcome = _put_off(_unmatched(uow, payment, claim, mark), verdict)
        verdicts.append((outcome, posted))
    return verdicts


def _passed(uow: UnitOfWork, payment: ClaimPayment, found: Match, mark: str) -> PaymentOutcome:
    return PaymentOutcome(
        id=new_id(uow.clock),
        payment=payment,
        state=PaymentState.POSTED,
        outcome=outcome_of(payment, found.claim).stage,
        claim=found.claim,
        method=found.method,
        lines=found.lines,
        fingerprint=mark,
    )


def _unmatched(
    uow: UnitOfWork, payment: ClaimPayment, claim: StoredClaim | None, mark: str
) -> PaymentOutcome:
    return PaymentOutcome(
        id=new_id(uow.clock),
        payment=payment,
        state=PaymentState.WAITING,
        claim=claim,
        fingerprint=mark,
    )


def _put_off(outcome: PaymentOutcome, why: Waits) -> PaymentOutcome:
    return replace(
        outcome, state=PaymentState.WAITING, outcome=None, reason=why.reason, message=why.message
    )


def _waits_with_its_transaction(
    uow: UnitOfWork, payment: ClaimPayment, mark: str
) -> PaymentOutcome:
    why = Waits("transaction_waits", "The whole remittance waits; see its reason.")
    return _put_off(_unmatched(uow, payment, None, mark), why)


def _finish(
    uow: UnitOfWork, stored: StoredRemittance, adjustments: Iterable[ProviderAdjustment]
) -> None:
    """The PLB pairs of a balanced remittance leave unapplied; then the remittance has ended."""
    now = uow.remittances.get(stored.id)
    if now is None or now.finished:
        return  # whoever had this job before finished it
    rows = [(new_id(uow.clock), adjustment) for adjustment in adjustments]
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
        "deposit": money_text(stored.remittance.deposit),
    }
    uow.audit(f"remittance.{state}", subject=name, detail=figures)
    uow.event(f"remittance.{state}", resource=name, data={"waiting": now.waiting})
