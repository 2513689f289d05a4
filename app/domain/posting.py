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
from app.domain.underpayment import ExpectedPayment, expected_payments

_ADJUSTED = frozenset({Account.CONTRACTUAL, Account.SEQUESTRATION, Account.WRITE_OFF})

# PLB reason -> account; every other reason is a provider adjustment.
PROVIDER_ADJUSTMENT_ACCOUNT: dict[str, Account] = {
    "L6": Account.INTEREST,
    "WO": Account.PAYER_RECOUPMENT,
    "FB": Account.PAYER_RECOUPMENT,
}

HANDED_ON = "handed_on"  # source of entries that move what is open to the next payer's claim


@dataclass(frozen=True, slots=True)
class Posted:
    """What one claim payment puts on the books."""

    entry: JournalEntry
    paid: Decimal
    adjusted: Decimal
    patient_responsibility: Decimal
    by_line: Mapping[UUID, tuple[Decimal, Decimal, Decimal]]  # line id -> paid, adjusted, patient
    expected: tuple[ExpectedPayment, ...] = ()  # its lines held to what is agreed with the payer


class Remaining:
    """What is still owed of the charges at hand, while several payments are posted to them.

    A payment that takes more than its payer owes by its own claim, and more than all payers of the
    encounter together hold open, pays for something that is paid already, or corrects a payment
    whose reversal is missing: it waits, because a person has to see which. A payer may pay what
    another denied; and one that took its payment back may pay again though another paid meanwhile.
    """

    def __init__(self) -> None:
        self._left: dict[UUID, _Left] = {}

    def take(self, claim: StoredClaim, posted: Posted) -> str | None:
        """Take a posting off; when that cannot be, nothing is taken and a sentence says why."""
        sums = (posted.paid, posted.adjusted, posted.patient_responsibility)
        left = self._of(claim)
        after = {claim.id: left.less(claim, sums)}
        for line in claim.lines:
            if line.id in posted.by_line:
                of_line = self._of(line)
                after[line.id] = of_line.less(claim, posted.by_line[line.id])
                if after[line.id].is_overdrawn:
                    taken = sum(posted.by_line[line.id], ZERO)
                    return (
                        f"Line {line.line_control_number} has {money_text(of_line.most)} left to be"
                        f" paid; this payment accounts for {money_text(taken)}. Look for the"
                        " earlier payment and its reversal."
                    )
        if after[claim.id].is_overdrawn:
            return (
                f"The claim has {money_text(left.most)} left to be paid; this payment accounts for"
                f" {money_text(sum(sums, ZERO))}. Look for the earlier payment and its reversal."
            )
        self._left |= after
        return None

    def give_back(self, claim: StoredClaim, posted: Posted) -> None:
        """What a posting had taken is owed again."""
        sums = (-posted.paid, -posted.adjusted, -posted.patient_responsibility)
        self._left[claim.id] = self._of(claim).less(claim, sums)
        for line in claim.lines:
            if line.id in posted.by_line:
                paid, adjusted, patient = posted.by_line[line.id]
                back = (-paid, -adjusted, -patient)
                self._left[line.id] = self._of(line).less(claim, back)

    def _of(self, place: StoredClaim | ClaimLine) -> _Left:
        fresh = _Left(place.balance, place.balance + place.open_elsewhere)
        return self._left.get(place.id, fresh)


@dataclass(frozen=True, slots=True)
class _Left:
    """What is open of a claim or a line: with its own payer, and with all payers together."""

    own: Decimal
    with_all: Decimal

    @property
    def most(self) -> Decimal:
        return max(self.own, self.with_all)

    @property
    def is_overdrawn(self) -> bool:
        return self.most < ZERO

    def less(self, claim: StoredClaim, sums: tuple[Decimal, Decimal, Decimal]) -> _Left:
        """After a posting; what it leaves to a next payer stays open with all."""
        paid, adjusted, patient = sums
        of_all = paid + adjusted + (ZERO if claim.next_position else patient)
        return _Left(self.own - paid - adjusted - patient, self.with_all - of_all)


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
            expected=_fee(terms, line),
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
        expected=tuple(
            expected_payments(
                payment, claim, payment_id=payment_id, lines=lines, terms=terms, on=on
            )
        ),
    )


def _fee(terms: Terms, line: ClaimLine | None) -> Decimal | None:
    agreed = terms.agreed.get(line.id) if line else None
    return agreed.amount if agreed else None


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
    charge_id = line.charge_id if line else None
    journal = [
        moved
        for account, amount in moves
        if amount != ZERO
        for moved in _moved(account, amount, claim=claim, charge_id=charge_id)
    ]
    return (paid, adjusted, patient), journal


def _moved(
    account: Account, amount: Decimal, *, claim: StoredClaim, charge_id: UUID | None
) -> tuple[JournalLine, JournalLine]:
    """Off what this payer owes. The patient's share is the next payer's while there is one."""
    position = claim.responsibility
    if account is Account.RECEIVABLE_PATIENT and claim.next_position is not None:
        account, position = Account.RECEIVABLE_PAYER, claim.next_position
    return (
        JournalLine(account, amount, charge_id, claim.id, position),
        JournalLine(Account.RECEIVABLE_PAYER, -amount, charge_id, claim.id, claim.responsibility),
    )


def handed_on(
    *,
    charge_id: UUID | None,
    amount: Decimal,
    giver: StoredClaim,
    taker: StoredClaim,
) -> tuple[JournalLine, JournalLine]:
    """What one payer's claim holds open is asked of another payer from now on."""
    account = Account.RECEIVABLE_PAYER
    return (
        JournalLine(account, amount, charge_id, taker.id, taker.responsibility),
        JournalLine(account, -amount, charge_id, giver.id, giver.responsibility),
    )
