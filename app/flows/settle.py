"""What waits for a claim, judged again after something moved its books (domain/settling.py).

Bounded by what was touched: one query finds what waits for the claims of a chunk, and mostly there
is nothing. Everything else is done for all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.outcome import TAKEN_BACK, outcome_of
from app.domain.posting import posted_of
from app.domain.remittance import ClaimPayment
from app.domain.settling import SETTLED_LATER, Candidate, KeepWaiting, Post, Step, TakeBack
from app.domain.settling import settle as steps_of
from app.flows.books import (
    SOURCE_TYPE,
    Booked,
    Source,
    next_entries,
    posting_of,
    put_on_the_books,
    sources_of,
    submissions_of,
    taken_back_by,
)
from app.flows.payment_changes import posted_now, reversed_now
from app.flows.ports import (
    KeptPayment,
    PaymentChange,
    PaymentOutcome,
    PaymentState,
    RemittanceState,
    ReversalClue,
    StandingEntry,
    UnitOfWork,
)
from app.flows.underpayments import payments_taken_back

REVERSAL_METHOD = "reversal_of_posted_payment"


def settle(uow: UnitOfWork, claim_ids: Collection[UUID]) -> list[Booked]:
    """Post what can be posted now, of these claims; gives it, for `books.tell`."""
    waiting = uow.payments.waiting_for_claims(sorted(claim_ids), reasons=sorted(SETTLED_LATER))
    if not waiting:
        return []
    booked = _Settling(uow, waiting).carry_out()
    if payments_taken_back(uow, [b.original.id for b in booked if b.original]):
        booked += settle(uow, claim_ids)  # what was written off with them makes room
    return booked


def claim_of_reversal(uow: UnitOfWork, reversal: ClaimPayment) -> StoredClaim | None:
    """The claim that what it reverses was matched to by hand, held; None when there is none."""
    clue = clue_of(reversal)
    claim_id = uow.payments.claims_named([clue]).get(clue)
    return uow.claims.held([claim_id])[claim_id] if claim_id else None


def clue_of(payment: ClaimPayment) -> ReversalClue:
    told = (payment.original_claim_number, payment.payer_claim_control_number)
    return ReversalClue(payment.patient_control_number, tuple(number for number in told if number))


class _Settling:
    """What waits for some claims and all that is needed to judge it."""

    def __init__(self, uow: UnitOfWork, waiting: Sequence[KeptPayment]) -> None:
        self._uow = uow
        sources = sources_of(uow, [w.remittance_id for w in waiting])
        waiting = [
            w
            for w in waiting
            if sources[w.remittance_id].stored.state is not RemittanceState.UNPOSTED
            and (w.payment.is_reversal or w.fingerprint is not None)
        ]
        self._claims = uow.claims.held([w.claim_id for w in waiting if w.claim_id])
        takes_back = {w.claim_id for w in waiting if w.payment.is_reversal and w.claim_id}
        standing = uow.payments.standing(sorted(takes_back))
        self._kept = {k.id: k for k in [*waiting, *standing]}
        more = {k.remittance_id for k in standing} - sources.keys()
        self._sources = sources | sources_of(uow, more)
        self._outcomes = self._outcomes_of(waiting)
        terms = uow.terms.of_claims(self._claims.values())
        self._postings = {
            o.id: posting_of(o, self._source(o.id).stored.remittance, terms)
            for o in self._outcomes.values()
            if not o.payment.is_reversal
        }
        entries = uow.journal.standing(SOURCE_TYPE, [k.id for k in standing])
        self._named = uow.payments.originals([w.id for w in waiting if w.payment.is_reversal])
        self._waiting = _by_claim(waiting, self._waits)
        self._standing = _by_claim(standing, lambda kept: self._stands(kept, entries))

    def carry_out(self) -> list[Booked]:
        posted = self._on_the_books()
        steps = [
            step
            for claim_id, some in sorted(self._waiting.items())
            for step in steps_of(
                self._claims[claim_id],
                waiting=some,
                standing=self._standing.get(claim_id, []),
                posted=posted,
            )
        ]
        return self._apply(steps)

    def _on_the_books(self) -> set[str]:
        """Of what waits, the fingerprints that another payment holds the books with: one that was
        posted itself, and taken off, is no duplicate of itself."""
        waiting = [self._kept[c.id] for some in self._waiting.values() for c in some]
        known = self._uow.remittances.posted_fingerprints(
            [w.fingerprint for w in waiting if w.fingerprint]
        )
        return {
            w.fingerprint
            for w in waiting
            if w.fingerprint in known and self._uow.payments.twin_on_the_books(w) is not None
        }

    def _apply(self, steps: Sequence[Step]) -> list[Booked]:
        for step in steps:
            if isinstance(step, KeepWaiting):
                kept = self._kept[step.id]
                self._uow.payments.keep_waiting(
                    step.id,
                    reason=step.why.reason,
                    message=step.why.message,
                    claim_id=kept.claim_id,
                )
        posts = [step for step in steps if isinstance(step, Post)]
        posted = next_entries(self._uow, [p for s in posts if (p := self._postings[s.id])])
        entries = {one.entry.source_id: one for one in posted}
        booked = [
            Booked(self._outcomes[s.id], self._source(s.id), entries.get(s.id), waited=True)
            for s in posts
        ]
        put_on_the_books(self._uow, booked)
        back = self._take_back([step for step in steps if isinstance(step, TakeBack)])
        self._uow.payments.change([change for step in steps for change in self._changes(step)])
        return booked + back

    def _take_back(self, steps: Sequence[TakeBack]) -> list[Booked]:
        """Post the mirrors; an original that moved nothing needs none."""
        if not steps:
            return []
        entries = self._uow.journal.standing(SOURCE_TYPE, [step.original_id for step in steps])
        own = self._uow.journal.standing(SOURCE_TYPE, [step.id for step in steps])
        submissions = self._submissions([self._kept[step.original_id] for step in steps])
        booked = []
        for step in steps:
            outcome = self._outcomes[step.id]
            original = self._kept[step.original_id]
            assert outcome.claim is not None
            source = self._source(step.id)
            posted = taken_back_by(
                step.id,
                entries.get(step.original_id),
                claim=outcome.claim,
                ordinal=own[step.id].entries if step.id in own else 0,
                effective_date=source.stored.remittance.effective_date,
            )
            of_claim = replace(outcome.claim, submission_id=submissions[step.original_id])
            outcome = replace(outcome, claim=of_claim)
            booked.append(Booked(outcome, source, posted, original, waited=True))
        put_on_the_books(self._uow, booked)
        return booked

    def _changes(self, step: Step) -> list[PaymentChange]:
        if isinstance(step, KeepWaiting):
            return []
        outcome = self._outcomes[step.id]
        if isinstance(step, Post):
            return [posted_now(outcome, self._kept[step.id])]
        original = self._kept[step.original_id]
        posted = posted_now(outcome, self._kept[step.id], counterpart_id=original.id)
        return [posted, reversed_now(original, reversal_id=step.id)]

    def _outcomes_of(self, waiting: Sequence[KeptPayment]) -> dict[UUID, PaymentOutcome]:
        submissions = self._submissions(waiting)
        outcomes = {}
        for kept in waiting:
            assert kept.claim_id is not None
            claim = replace(self._claims[kept.claim_id], submission_id=submissions[kept.id])
            reverses = kept.payment.is_reversal
            outcomes[kept.id] = PaymentOutcome(
                id=kept.id,
                payment=kept.payment,
                state=PaymentState.POSTED,
                classified=TAKEN_BACK if reverses else outcome_of(kept.payment, claim),
                claim=claim,
                method=REVERSAL_METHOD if reverses else kept.method,
                lines=kept.lines,
                fingerprint=kept.fingerprint,
            )
        return outcomes

    def _submissions(self, payments: Sequence[KeptPayment]) -> dict[UUID, UUID]:
        return submissions_of(self._uow, payments, claims=self._claims, sources=self._sources)

    def _waits(self, kept: KeptPayment) -> Candidate:
        header = self._source(kept.id).stored.remittance
        day = header.effective_date or date.min
        order: tuple[Any, ...] = (day, header.trace_number, kept.payment.ordinal, kept.id.bytes)
        return Candidate(
            kept.id,
            kept.payment,
            self._postings.get(kept.id),
            fingerprint=kept.fingerprint,
            reason=kept.reason,
            order=order,
            took_back=self._named.get(kept.id),
        )

    def _stands(self, kept: KeptPayment, entries: Mapping[UUID, StandingEntry]) -> Candidate:
        assert kept.claim_id is not None
        entry = entries[kept.id].entry if kept.id in entries else None
        posted = posted_of(entry, self._claims[kept.claim_id]) if entry else None
        return Candidate(kept.id, kept.payment, posted)

    def _source(self, payment_id: UUID) -> Source:
        return self._sources[self._kept[payment_id].remittance_id]


def _by_claim(kept: Sequence[KeptPayment], make: Any) -> dict[UUID, list[Candidate]]:
    found: defaultdict[UUID, list[Candidate]] = defaultdict(list)
    for one in kept:
        assert one.claim_id is not None
        found[one.claim_id].append(make(one))
    return found
