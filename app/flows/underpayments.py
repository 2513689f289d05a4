"""What people make of lines that were allowed otherwise than agreed.

Who disputes one gets a task with the payer's days for an appeal. Who accepts one gives up what
posting left open of it: receivable_payer to write_off. When its claim payment is taken back, that
is taken back with it, because what was given up was a part of that decision.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from app.domain.claim import StoredClaim
from app.domain.clock import local_date
from app.domain.denial_categories import Owner, Window
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.ledger import Account, JournalEntry, mirror, transfer
from app.domain.money import ZERO, money_text
from app.domain.payer_terms import deadline, program_of, terms_on
from app.domain.task import NewTask, TaskType
from app.domain.underpayment import (
    ACCEPTED,
    DISPUTED,
    REOPENED,
    State,
    StoredUnderpayment,
)
from app.flows.ports import Added, Amounts, UnitOfWork

SOURCE_TYPE = "underpayment"  # of the journal entries; the source is the act
_CHANCE = Decimal("0.5")  # of getting it, until there is a history


def dispute(uow: UnitOfWork, id: UUID, *, reason: str) -> StoredUnderpayment:
    """The payer is asked for it; raises NotFound and Conflict."""
    found, claim = _held(uow, id)
    _must_be(found, State.OPEN)
    if found.at_stake <= ZERO:
        raise Conflict("The payer allowed more than was agreed.", do="Accept it, or leave it.")
    uow.underpayments.add_act(id, DISPUTED, reason=reason)
    today = local_date(uow.clock, uow.tenant.time_zone)
    asked = uow.claims.snapshots([claim.id]).get(claim.id)
    terms = terms_on(
        found.decided_on or today,
        program=program_of(asked.coverage.claim_filing_code if asked else None),
        own=uow.denials.terms(claim.payer_row) if claim.payer_row else [],
    )
    task = NewTask(
        type=TaskType.UNDERPAYMENT,
        category=found.finding.value,
        subject_id=id,
        claim_id=claim.id,
        owner=Owner.BILLER,
        amount=found.at_stake,
        chance=_CHANCE,
        due=deadline(Window.APPEAL, terms, decided=found.decided_on or today, served=None),
    )
    uow.tasks.begin([task], today=today)
    return _done(uow, id, "underpayment.disputed")


def accept(uow: UnitOfWork, id: UUID, *, reason: str, limit: Decimal | None) -> StoredUnderpayment:
    """Leave it at that; what posting left open of it is written off.

    `limit` is what the caller may write off; None: any amount. Raises NotFound and Conflict.
    """
    found, claim = _held(uow, id)
    _must_be(found, State.OPEN, State.DISPUTED)
    line = next((x for x in claim.lines if x.id == found.service_line_id), None)
    owed = line.balance if line else claim.balance
    amount = max(min(found.left_open, owed), ZERO)
    if limit is not None and amount > limit:
        raise Conflict(
            f"More than {money_text(limit)} is written off by the role admin alone.",
            do="Ask an administrator.",
        )
    act = uow.underpayments.add_act(id, ACCEPTED, amount=amount, reason=reason)
    if amount:
        lines = transfer(
            debit=Account.WRITE_OFF,
            credit=Account.RECEIVABLE_PAYER,
            amount=amount,
            charge_id=line.charge_id if line else None,
            claim_id=claim.id,
            payer_position=claim.responsibility,
        )
        today = local_date(uow.clock, uow.tenant.time_zone)
        uow.journal.post([JournalEntry(SOURCE_TYPE, act.id, lines, effective_date=today)])
        _adjust(uow, claim.id, line.id if line else None, amount)
    uow.tasks.end(TaskType.UNDERPAYMENT, {id: ACCEPTED})
    return _done(uow, id, "underpayment.accepted", amount=amount)


def reopen(uow: UnitOfWork, id: UUID, *, reason: str) -> StoredUnderpayment:
    """Take back what a person decided, a write-off by its mirror; raises NotFound and Conflict."""
    found, _ = _held(uow, id)
    _must_be(found, State.ACCEPTED, State.DISPUTED)
    _take_back(uow, id, found.claim_id, found.service_line_id, reason=reason)
    return _done(uow, id, "underpayment.reopened")


def payments_taken_back(uow: UnitOfWork, payment_ids: Collection[UUID]) -> bool:
    """These claim payments stand no more: so does nothing that people decided of their lines.

    Says whether something was owed again by it.
    """
    states = uow.underpayments.of_payments(sorted(payment_ids)) if payment_ids else {}
    owed_again = False
    for id, state in states.items():
        if state not in (State.ACCEPTED, State.DISPUTED):
            continue
        claim_id, line_id = uow.underpayments.subject(id)
        why = "Its claim payment was taken back."
        owed_again |= _take_back(uow, id, claim_id, line_id, reason=why)
    return owed_again


def _take_back(
    uow: UnitOfWork, id: UUID, claim_id: UUID, line_id: UUID | None, *, reason: str
) -> bool:
    acts = uow.underpayments.acts(id)
    last = acts[-1]
    if last.act == ACCEPTED and last.amount:
        posted = uow.journal.entries_of(SOURCE_TYPE, last.id)
        [(entry_id, entry)] = posted
        uow.journal.post([mirror(entry, entry_id=entry_id, ordinal=len(posted))])
        _adjust(uow, claim_id, line_id, -last.amount)
    uow.underpayments.add_act(id, REOPENED, reason=reason)
    uow.tasks.end(TaskType.UNDERPAYMENT, {id: REOPENED})
    return bool(last.act == ACCEPTED and last.amount)


def _held(uow: UnitOfWork, id: UUID) -> tuple[StoredUnderpayment, StoredClaim]:
    """It and its claim, which is held first."""
    named = uow.underpayments.get(id)
    if named is None:
        raise NotFound("underpayment", "of this id")
    claim = uow.claims.held([named.claim_id])[named.claim_id]
    return _now(uow, id), claim


def _now(uow: UnitOfWork, id: UUID) -> StoredUnderpayment:
    found = uow.underpayments.get(id)
    if found is None:
        raise NotFound("underpayment", "of this id")
    return found


def _must_be(found: StoredUnderpayment, *states: State) -> None:
    if found.state not in states:
        raise Conflict(f"The underpayment is {found.state}.", do="Nothing was changed.")


def _adjust(uow: UnitOfWork, claim_id: UUID, line_id: UUID | None, amount: Decimal) -> None:
    change = Amounts(paid=ZERO, adjusted=amount, patient_responsibility=ZERO)
    uow.claims.add_amounts([Added(claim_id, change, {line_id: change} if line_id else {})])


def _done(uow: UnitOfWork, id: UUID, action: str, **detail: Decimal) -> StoredUnderpayment:
    name = public_id(Prefix.UNDERPAYMENT, id)
    figures = {key: money_text(amount) for key, amount in detail.items()}
    uow.audit(action, subject=name, detail=figures)
    uow.event(action, resource=name)
    return _now(uow, id)
