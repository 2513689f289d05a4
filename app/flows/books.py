"""Claim payments that go on the books or come off them: journal, figures and evidence together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.domain.claim import Frequency, StoredClaim
from app.domain.ledger import mirror
from app.domain.lifecycle import Adjudication, Evidence, ReportedBy, Stage
from app.domain.money import ZERO
from app.domain.posting import Posted, post, posted_of
from app.domain.remittance import Remittance
from app.domain.treatment import NO_TERMS, Terms
from app.domain.underpayment import Finding
from app.flows.denials import denials_of
from app.flows.evidence import at_midnight, record
from app.flows.next_claims import UNSENT, follow
from app.flows.patient_money import apply_patient_money
from app.flows.ports import (
    Added,
    Amounts,
    FactPlace,
    KeptPayment,
    MatchedEvidence,
    PaymentOutcome,
    StandingEntry,
    StoredFile,
    StoredRemittance,
    UnitOfWork,
)

SOURCE_TYPE = "claim_payment"  # of the journal entries

# These outcomes carry no money of this claim: nothing is posted for them.
_NO_MONEY = frozenset({Stage.PREDETERMINED, Stage.FORWARDED_TO_OTHER_PAYER})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim payment came from."""

    stored: StoredRemittance
    file: StoredFile


@dataclass(frozen=True, slots=True)
class Booked:
    """A claim payment that went on the books just now."""

    outcome: PaymentOutcome  # with its claim
    source: Source
    posted: Posted | None  # None where no money of the claim moves
    original: KeptPayment | None = None  # what a reversal took back
    waited: bool = False  # it was stored before, and may have been on the books once


def sources_of(uow: UnitOfWork, remittance_ids: Iterable[UUID]) -> dict[UUID, Source]:
    """Remittances, held in the order of their ids, with their files."""
    sources: dict[UUID, Source] = {}
    for id in sorted(set(remittance_ids)):
        stored = uow.remittances.get(id)
        file = uow.files.get(stored.file_id) if stored else None
        if stored is None or file is None:
            raise LookupError("a claim payment has a remittance, and that a file")
        sources[id] = Source(stored, file)
    return sources


def posting_of(
    outcome: PaymentOutcome, remittance: Remittance, terms: Mapping[UUID, Terms]
) -> Posted | None:
    """What a matched payment puts on the books, by the payer's terms for each claim."""
    if outcome.claim is None or outcome.outcome in _NO_MONEY:
        return None
    return post(
        outcome.payment,
        outcome.claim,
        payment_id=outcome.id,
        lines=outcome.lines,
        remittance=remittance,
        terms=terms.get(outcome.claim.id, NO_TERMS),
    )


def taken_back_by(
    payment_id: UUID,
    standing: StandingEntry | None,
    *,
    claim: StoredClaim,
    ordinal: int,
    effective_date: date | None,
) -> Posted | None:
    """The mirror of what stands, as the act of `payment_id`; None where nothing does."""
    if standing is None or standing.entry is None or standing.id is None:
        return None
    entry = mirror(standing.entry, entry_id=standing.id, ordinal=ordinal, source_id=payment_id)
    return posted_of(replace(entry, effective_date=effective_date), claim)


def put_on_the_books(uow: UnitOfWork, booked: Iterable[Booked]) -> None:
    """Their entries, what these add to claims and lines, and what was expected instead."""
    moved = [(b.outcome.claim, b.posted) for b in booked if b.posted and b.outcome.claim]
    uow.journal.post([posted.entry for _, posted in moved if posted.entry.lines])
    uow.claims.add_amounts([added(claim.id, posted) for claim, posted in moved])
    uow.underpayments.add([one for _, posted in moved for one in posted.expected])


def next_entries(uow: UnitOfWork, postings: Sequence[Posted]) -> list[Posted]:
    """As they are put on the books: one that was posted and taken back before has entries already,
    and what was judged of it then, and has no fee now, stands no more as it was judged.
    """
    before = uow.journal.standing(SOURCE_TYPE, [p.entry.source_id for p in postings])
    return [
        _posted_again(uow, posted, before[posted.entry.source_id].entries)
        if posted.entry.source_id in before
        else posted
        for posted in postings
    ]


def _posted_again(uow: UnitOfWork, posted: Posted, ordinal: int) -> Posted:
    judged = {one.service_ordinal for one in posted.expected}
    dropped = tuple(
        replace(one, finding=Finding.NOT_JUDGED, difference=ZERO, left_open=ZERO)
        for one in uow.underpayments.judged(posted.entry.source_id)
        if one.service_ordinal not in judged
    )
    entry = replace(posted.entry, ordinal=ordinal)
    return replace(posted, entry=entry, expected=posted.expected + dropped)


def added(claim_id: UUID, posted: Posted) -> Added:
    return Added(
        claim_id,
        Amounts(posted.paid, posted.adjusted, posted.patient_responsibility),
        {line: Amounts(*sums) for line, sums in posted.by_line.items()},
    )


def tell(uow: UnitOfWork, booked: Sequence[Booked]) -> None:
    """What went on the books in this transaction, as evidence: once, so that a reversal and its
    correction in one file change a claim's stage once.
    """
    _move_patient_money(uow, booked)
    too = _answered_too(uow, booked)
    told = [(b.waited, evidence_of(b, answered_too=too)) for b in booked]
    fresh = [item for waited, item in told if not waited]
    record(uow, fresh, again=[item for waited, item in told if waited])
    denials_of(uow, [b.outcome for b in booked])
    # Claims to the payers behind tell what stands now.
    follow(uow, {b.outcome.claim.id for b in booked if b.outcome.claim})


def _move_patient_money(uow: UnitOfWork, booked: Iterable[Booked]) -> None:
    """The patient's share has changed: so has what of the patient's money pays for it."""
    apply_patient_money(
        uow, [b.outcome.claim.encounter_id for b in booked if b.posted and b.outcome.claim]
    )


def _answered_too(uow: UnitOfWork, booked: Iterable[Booked]) -> dict[UUID, UUID]:
    """By claim, the later submission that a decision on an earlier one answers as well.

    Payers answer a void that has left by a CLP02 22 under the number of what it voids, often
    without a word (277CA) on the void itself; and what was rejected, and is sent again as it was,
    they may pay under its first number all the same.
    """
    asked = {b.outcome.claim.id for b in booked if b.outcome.claim and _goes_along(b.outcome.claim)}
    return {id: claim.submission_id for id, claim in uow.claims.held(sorted(asked)).items()}


def _goes_along(claim: StoredClaim) -> bool:
    if claim.frequency == Frequency.VOID:
        return claim.stage not in UNSENT
    return claim.frequency != Frequency.REPLACEMENT and claim.attempt > 1


def evidence_of(booked: Booked, *, answered_too: Mapping[UUID, UUID]) -> MatchedEvidence:
    """A claim payment as a fact; a reversal names its original, so that the fold pairs them.

    It is about the submission it names, and about the later one of its claim that it answers too.
    """
    outcome, payment = booked.outcome, booked.outcome.payment
    claim = outcome.claim
    about = (claim.submission_id, answered_too.get(claim.id)) if claim else ()
    named = booked.original.payment if booked.original else payment
    evidence = Evidence(
        outcome.outcome or Stage.UNKNOWN,
        ReportedBy.PAYER,
        at_midnight(booked.source.stored.remittance.effective_date),
        kind="835",
        code=f"CLP02={payment.status}",
        file_sha256=booked.source.file.sha256,
        segment_number=payment.place.segment_number,
        loop=payment.place.loop,
        adjudication=Adjudication(
            status=payment.status,
            charge=payment.charge,
            paid=payment.paid,
            payer_claim_control_number=named.payer_claim_control_number,
        ),
    )
    return MatchedEvidence(
        evidence,
        tuple(dict.fromkeys(id for id in about if id)),
        booked.source.file.id,
        method=outcome.method or "exact",
        confidence=outcome.confidence,
        subject="CLP01",
    )


def submissions_of(
    uow: UnitOfWork,
    payments: Sequence[KeptPayment],
    *,
    claims: Mapping[UUID, StoredClaim],
    sources: Mapping[UUID, Source],
) -> dict[UUID, UUID]:
    """Which submission of its claim each payment is about: the one its evidence says, else the one
    of its number, else the latest. `claims` are those in view, or the one a person named.
    """
    matches = uow.evidence.matches_of_claims(sorted(claims))
    numbers = sorted({p.payment.patient_control_number.strip() for p in payments} - {""})
    by_number = uow.claims.by_patient_control_number(numbers)
    found: dict[UUID, UUID] = {}
    for payment in payments:
        in_view = claims.get(payment.claim_id) if payment.claim_id else None
        claim = in_view or next(iter(claims.values()))
        file = sources[payment.remittance_id].file
        place = FactPlace(file.id, payment.payment.place.segment_number)
        named = by_number.get(payment.payment.patient_control_number.strip())
        if matches.get(place):
            found[payment.id] = matches[place][0].submission_id
        elif named is not None and named.id == claim.id:
            found[payment.id] = named.submission_id
        else:
            found[payment.id] = claim.submission_id
    return found
