"""From a claim payment to journal entries: which adjustment moves which account.

What an adjustment does is a row of `app.domain.treatment`; what is in no row, and every denial,
stays open with the payer. Nothing is written off by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.domain.claim import ClaimLine, StoredClaim
from app.domain.ledger import Account, JournalEntry, JournalLine, transfer
from app.domain.money import ZERO, money_text
from app.domain.remittance import ClaimPayment, ProviderAdjustment, Remittance
from app.domain.treatment import ACCOUNT, NO_TERMS, Terms, Treatment, treated

_ADJUSTED = frozenset({Account.CONTRACTUAL, Account.SEQUESTRATION, Account.WRITE_OFF})

# PLB reason -> account; every other reason is a provider adjustment.
PROVIDER_ADJUSTMENT_ACCOUNT: dict[str, Account] = {
    "L6": Account.INTEREST,
    "WO": Account.PAYER_RECOUPMENT,
    "FB": Account.PAYER_RECOUPMENT,
}


@dataclass(frozen=True, slots=True)
class Posted:
    """What one claim payment puts on the books."""

    entry: JournalEntry
    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal
    by_line: Mapping[UUID, tuple[Decimal, Decimal, Decimal]]  # line id -> paid, adjusted, patient


class Remaining:
    """What the payer still owes of the claims at hand, while several payments are posted to them.

    A payment that would take a line or a claim below zero pays for something that is paid already,
    or corrects a payment whose reversal is missing: it waits, because a person has to see which.
    """

    def __init__(self) -> None:
        self._left: dict[UUID, Decimal] = {}

    def take(self, claim: StoredClaim, posted: Posted) -> str | None:
        """Take a posting off; when that cannot be, nothing is taken and a sentence says why."""
        total = posted.paid + posted.adjusted + posted.patient_responsibility
        after = {claim.id: self._left.get(claim.id, claim.balance) - total}
        for line in claim.lines:
            if line.id in posted.by_line:
                left = self._left.get(line.id, line.balance)
                after[line.id] = left - sum(posted.by_line[line.id], ZERO)
                if after[line.id] < ZERO:
                    return (
                        f"Line {line.line_control_number} has {money_text(left)} left to be paid;"
                        f" this payment accounts for {money_text(left - after[line.id])}. Look for"
                        " the earlier payment and its reversal."
                    )
        if after[claim.id] < ZERO:
            return (
                f"The claim has {money_text(after[claim.id] + total)} left to be paid; this payment"
                f" accounts for {money_text(total)}. Look for the earlier payment and its reversal."
            )
        self._left |= after
        return None

    def give_back(self, claim: StoredClaim, posted: Posted) -> None:
        """What a posting had taken is owed again."""
        total = posted.paid + posted.adjusted + posted.patient_responsibility
        self._left[claim.id] = self._left.get(claim.id, claim.balance) + total
        for line in claim.lines:
            if line.id in posted.by_line:
                left = self._left.get(line.id, line.balance)
                self._left[line.id] = left + sum(posted.by_line[line.id], ZERO)


def charge_entry(
    charge_id: UUID, amount: Decimal, *, claim_id: UUID, payer_position: str, ordinal: int = 0
) -> JournalEntry:
    """A service was charged: the payer owes it until an 835 says otherwise.

    `ordinal` counts the entries of this charge: a corrected charge is mirrored and charged anew.
    """
    return JournalEntry(
        source_type="charge",
        source_id=charge_id,
        lines=transfer(
            debit=Account.RECEIVABLE_PAYER,
            credit=Account.CHARGES,
            amount=amount,
            charge_id=charge_id,
            claim_id=claim_id,
            payer_position=payer_position,
        ),
        ordinal=ordinal,
    )


def deposit_entry(remittance: Remittance, *, remittance_id: UUID) -> JournalEntry:
    """The first entry of a remittance: its BPR02 arrives and is not applied to anything yet."""
    return JournalEntry(
        source_type="remittance",
        source_id=remittance_id,
        lines=transfer(debit=Account.CASH, credit=Account.UNAPPLIED, amount=remittance.deposit),
        effective_date=remittance.effective_date,
    )


def account_of(adjustment: ProviderAdjustment) -> Account:
    """The account that a PLB pair moves."""
    return PROVIDER_ADJUSTMENT_ACCOUNT.get(adjustment.reason, Account.PROVIDER_ADJUSTMENTS)


def provider_adjustment_entry(
    adjustment: ProviderAdjustment, *, adjustment_id: UUID, remittance: Remittance
) -> JournalEntry:
    """A PLB pair leaves unapplied; it never changes a claim. Positive reduced the deposit."""
    return JournalEntry(
        source_type="provider_adjustment",
        source_id=adjustment_id,
        lines=transfer(
            debit=account_of(adjustment), credit=Account.UNAPPLIED, amount=adjustment.amount
        ),
        effective_date=remittance.effective_date,
    )


def post(
    payment: ClaimPayment,
    claim: StoredClaim,
    *,
    payment_id: UUID,
    lines: Mapping[int, UUID],
    remittance: Remittance,
    terms: Terms = NO_TERMS,
) -> Posted:
    """The entry of one matched, balanced claim payment; `lines` maps service ordinals to line ids.

    Claim-level adjustments, payments of claims without lines, and services that the payer added (no
    line of ours) are posted to the claim itself.
    """
    on = payment.service_date or remittance.effective_date or date.max
    by_id = {line.id: line for line in claim.lines}
    movements: list[JournalLine] = []
    by_line: dict[UUID, tuple[Decimal, Decimal, Decimal]] = {}
    own_paid = payment.paid - sum((s.paid for s in payment.services), ZERO)
    own_parts = list(
        treated(payment.adjustments, charge=payment.charge, on=on, policy=terms.policy)
    )
    for service in payment.services:
        line = by_id[lines[service.ordinal]] if service.ordinal in lines else None
        parts = treated(
            service.adjustments,
            charge=service.charge,
            on=service.service_date or on,
            allowed=service.allowed,
            expected=terms.expected.get(line.id) if line else None,
            policy=terms.policy,
        )
        if line is None:
            own_paid += service.paid
            own_parts += parts
            continue
        sums, moved = _movements(service.paid, parts, claim=claim, line=line)
        movements += moved
        before = by_line.get(line.id, (ZERO, ZERO, ZERO))
        by_line[line.id] = (before[0] + sums[0], before[1] + sums[1], before[2] + sums[2])
    own, moved = _movements(own_paid, own_parts, claim=claim, line=None)
    movements += moved
    return Posted(
        entry=JournalEntry(
            source_type="claim_payment",
            source_id=payment_id,
            lines=tuple(movements),
            effective_date=remittance.effective_date,
        ),
        paid=own[0] + sum((x[0] for x in by_line.values()), ZERO),
        adjusted=own[1] + sum((x[1] for x in by_line.values()), ZERO),
        patient_responsibility=own[2] + sum((x[2] for x in by_line.values()), ZERO),
        by_line=by_line,
    )


def posted_of(entry: JournalEntry, claim: StoredClaim) -> Posted:
    """What a stored entry did to the claim, read from its own lines and no rule of today.

    Whatever left this payer's receivable and was neither paid nor adjusted is the patient's share,
    wherever it went.
    """
    line_of = {line.charge_id: line.id for line in claim.lines}
    by_line: dict[UUID, tuple[Decimal, Decimal, Decimal]] = {}
    own = (ZERO, ZERO, ZERO)
    for moved in entry.lines:
        change = _change(moved, claim.responsibility)
        line = line_of.get(moved.charge_id) if moved.charge_id else None
        before = own if line is None else by_line.get(line, (ZERO, ZERO, ZERO))
        after = (before[0] + change[0], before[1] + change[1], before[2] + change[2])
        if line is None:
            own = after
        else:
            by_line[line] = after
    parts = [own, *by_line.values()]
    return Posted(
        entry=entry,
        paid=sum((p[0] for p in parts), ZERO),
        adjusted=sum((p[1] for p in parts), ZERO),
        patient_responsibility=sum((p[2] for p in parts), ZERO),
        by_line=by_line,
    )


def _change(moved: JournalLine, position: str) -> tuple[Decimal, Decimal, Decimal]:
    """(paid, adjusted, patient) of one line of an entry."""
    if moved.account is Account.UNAPPLIED:
        return moved.amount, ZERO, -moved.amount
    if moved.account in _ADJUSTED:
        return ZERO, moved.amount, -moved.amount
    if moved.account is Account.RECEIVABLE_PAYER and moved.payer_position == position:
        return ZERO, ZERO, -moved.amount
    return ZERO, ZERO, ZERO


def _movements(
    paid: Decimal,
    parts: list[tuple[Treatment, Decimal]],
    *,
    claim: StoredClaim,
    line: ClaimLine | None,
) -> tuple[tuple[Decimal, Decimal, Decimal], list[JournalLine]]:
    """(paid, adjusted, patient) and the journal lines; zero moves nothing."""
    adjusted = patient = ZERO
    moves = [(Account.UNAPPLIED, paid)]
    for treatment, amount in parts:
        if treatment not in ACCOUNT:
            continue
        moves.append((ACCOUNT[treatment], amount))
        if treatment is Treatment.PATIENT:
            patient += amount
        else:
            adjusted += amount
    journal = [
        moved
        for account, amount in moves
        if amount != ZERO
        for moved in transfer(
            debit=account,
            credit=Account.RECEIVABLE_PAYER,
            amount=amount,
            charge_id=line.charge_id if line else None,
            claim_id=claim.id,
            payer_position=claim.responsibility,
        )
    ]
    return (paid, adjusted, patient), journal
