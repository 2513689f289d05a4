"""An 835 onto the books: remittance by remittance, in chunks that a crash cannot post twice.

The file is read twice. The first pass gives each transaction set its verdict (seen before,
balanced) and its deposit; the second stores and posts its claim payments, CHUNK at a time, each
chunk with its cursor in one transaction. Whoever takes the job over skips what the cursor counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import BinaryIO
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.identity import Prefix, new_id, public_id
from app.domain.ledger import JournalEntry
from app.domain.lifecycle import Adjudication, Evidence, ReportedBy, Stage
from app.domain.matching import Match, Waits, fingerprint, match
from app.domain.money import ZERO, money_text
from app.domain.outcome import outcome_of
from app.domain.posting import (
    Posted,
    Remaining,
    deposit_entry,
    post,
    provider_adjustment_entry,
)
from app.domain.remittance import CURRENCY, ClaimPayment, ProviderAdjustment, Remittance
from app.flows.evidence import at_midnight, record
from app.flows.patient_money import apply_patient_money
from app.flows.ports import (
    Amounts,
    MatchedEvidence,
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    StoredFile,
    StoredRemittance,
    UnitOfWork,
    UnitsOfWork,
)
from app.x12.remittance_835 import RemittanceEnd, read_payments

CHUNK = 200

# These outcomes carry no money of this claim: nothing is posted for them.
_NO_MONEY = frozenset({Stage.PREDETERMINED, Stage.FORWARDED_TO_OTHER_PAYER})


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
        verdicts = [(_waits_with_its_transaction(uow, payment), None) for payment, _ in chunk]
    outcomes = [outcome for outcome, _ in verdicts]
    uow.remittances.add_payments(stored.id, outcomes, cursor=chunk[-1][0].ordinal)
    uow.journal.post([posted.entry for _, posted in verdicts if posted and posted.entry.lines])
    for outcome, posted in verdicts:
        if posted and outcome.claim:
            _add_amounts(uow, outcome.claim.id, posted)
    apply_patient_money(uow, [o.claim.encounter_id for o, posted in verdicts if posted and o.claim])
    posted_outcomes = [o for o in outcomes if o.state is PaymentState.POSTED]
    record(
        uow,
        [_evidence(o, stored.remittance, file) for o in posted_outcomes],
        payer_numbers={
            o.claim.submission_id: o.payment.payer_claim_control_number
            for o in posted_outcomes
            if o.claim and o.payment.payer_claim_control_number
        },
    )


def _judge(
    uow: UnitOfWork, stored: StoredRemittance, chunk: list[tuple[ClaimPayment, str]]
) -> list[tuple[PaymentOutcome, Posted | None]]:
    """Each payment through its gates, in order, with what it puts on the books."""
    numbers = sorted({payment.patient_control_number.strip() for payment, _ in chunk} - {""})
    claims = uow.claims.by_patient_control_number(numbers)
    known = uow.remittances.posted_fingerprints([mark for _, mark in chunk])
    remaining = Remaining()
    verdicts: list[tuple[PaymentOutcome, Posted | None]] = []
    for payment, mark in chunk:
        claim = claims.get(payment.patient_control_number.strip())
        verdict = match(payment, claim, fingerprint=mark, posted=known)
        posted = None
        if isinstance(verdict, Match):
            outcome = _passed(uow, payment, verdict, mark)
            posted = _post(outcome, stored.remittance)
            overdrawn = remaining.take(verdict.claim, posted) if posted else None
            if overdrawn:
                verdict, posted = Waits("overpaid", overdrawn), None
        if isinstance(verdict, Waits):
            outcome = _held(uow, payment, verdict, claim)
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


def _held(
    uow: UnitOfWork, payment: ClaimPayment, why: Waits, claim: StoredClaim | None
) -> PaymentOutcome:
    return PaymentOutcome(
        id=new_id(uow.clock),
        payment=payment,
        state=PaymentState.WAITING,
        reason=why.reason,
        message=why.message,
        claim=claim,
    )


def _waits_with_its_transaction(uow: UnitOfWork, payment: ClaimPayment) -> PaymentOutcome:
    why = Waits("transaction_waits", "The whole remittance waits; see its reason.")
    return _held(uow, payment, why, None)


def _post(outcome: PaymentOutcome, remittance: Remittance) -> Posted | None:
    if outcome.claim is None or outcome.outcome in _NO_MONEY:
        return None
    return post(
        outcome.payment,
        outcome.claim,
        payment_id=outcome.id,
        lines=outcome.lines,
        remittance=remittance,
    )


def _add_amounts(uow: UnitOfWork, claim_id: UUID, posted: Posted) -> None:
    uow.claims.add_amounts(
        claim_id,
        total=Amounts(posted.paid, posted.adjusted, posted.patient_responsibility),
        lines={line: Amounts(*sums) for line, sums in posted.by_line.items()},
    )


def _evidence(outcome: PaymentOutcome, remittance: Remittance, file: StoredFile) -> MatchedEvidence:
    payment = outcome.payment
    evidence = Evidence(
        outcome.outcome or Stage.UNKNOWN,
        ReportedBy.PAYER,
        at_midnight(remittance.effective_date),
        kind="835",
        code=f"CLP02={payment.status}",
        file_sha256=file.sha256,
        segment_number=payment.place.segment_number,
        loop=payment.place.loop,
        adjudication=Adjudication(
            status=payment.status,
            charge=payment.charge,
            paid=payment.paid,
            payer_claim_control_number=payment.payer_claim_control_number,
        ),
    )
    submissions = (outcome.claim.submission_id,) if outcome.claim else ()
    return MatchedEvidence(
        evidence, submissions, file.id, method=outcome.method or "exact", subject="CLP01"
    )


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
