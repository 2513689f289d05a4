"""What is kept twice of deposits, PLB pairs and patients' money, compared with itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.identity import Prefix, public_id
from app.domain.ledger import Account
from app.domain.money import ZERO, money_text
from app.domain.patient_money import PaymentKind, apply
from app.domain.posting import account_of
from app.domain.recoupment import (
    FORWARDING,
    OVERPAYMENT,
    REFUND_RECEIVED,
    Recoupment,
    reference_tokens,
)
from app.domain.remittance import ProviderAdjustment
from app.flows.deposits import standings
from app.flows.patient_money import PatientBooks, received_for
from app.flows.ports import Deposits, RemittanceState, Stands

_Found = Iterator[tuple[str, str]]  # place and message

# Whose pairs are on the books; of all others nothing may be.
_BOOKED_STATES = frozenset({RemittanceState.POSTED, RemittanceState.POSTED_WITH_EXCEPTIONS})


@dataclass(frozen=True, slots=True)
class BookedPair:
    """A PLB pair of a finished remittance beside its entries."""

    remittance_id: UUID
    state: str  # of the remittance
    ordinal: int
    payer: str  # TRN03, else the payer's name
    pair: ProviderAdjustment
    tokens: list[str]  # by which claims find it
    booked: Mapping[str, Decimal]  # by account, unapplied apart

    @property
    def due(self) -> Decimal:
        """What of it must stand on the books."""
        return self.pair.amount if self.state in _BOOKED_STATES else ZERO


class CashRecords(PatientBooks, Protocol):
    """The rows of one tenant; ids come in parts, so that memory stays flat."""

    @property
    def deposits(self) -> Deposits: ...
    def deposit_ids(self) -> Iterator[list[UUID]]: ...
    def remittance_ids(self) -> Iterator[list[UUID]]:
        """Of those that are no duplicates; one may not have been looked at yet."""
        ...

    def paying_encounters(self) -> Iterator[UUID]: ...
    def pairs(self) -> Iterator[BookedPair]: ...
    def recoupments(self) -> list[Recoupment]:
        """The balances that lists and reports show."""
        ...

    def balance(self, account: Account) -> Decimal: ...
    def paid_otherwise(self) -> Iterator[tuple[UUID, Decimal, Decimal]]:
        """Claim payments whose entries do not take from unapplied what they paid, or, off the
        books, nothing; with both sums."""
        ...

    def adjusted_otherwise(self) -> Iterator[tuple[UUID, int, Decimal, Decimal]]:
        """Balanced claim payments (service 0) and services whose charge less adjustments is not
        what they paid; with both sums."""
        ...

    def arrived_otherwise(self) -> Iterator[tuple[UUID, Decimal, Decimal]]:
        """Remittances whose entry is not their deposit; with the deposit and what is booked."""
        ...


def _reassociations(records: CashRecords) -> _Found:
    for ids in records.deposit_ids():
        stands, _ = standings(records.deposits, deposit_ids=ids)
        kept = records.deposits.stands(ids)
        for id in ids:
            if id not in kept:
                yield public_id(Prefix.DEPOSIT, id), "it is not said where it stands"
        yield from _compare(Prefix.DEPOSIT, stands, kept)
    for ids in records.remittance_ids():
        _, stands = standings(records.deposits, remittance_ids=ids)
        yield from _compare(Prefix.REMITTANCE, stands, records.deposits.stands(ids))


def _compare(prefix: Prefix, stands: list[Stands], kept: Mapping[UUID, Stands]) -> _Found:
    for one in stands:
        there = kept.get(one.subject_id)
        if there is not None and there != one:
            yield (
                public_id(prefix, one.subject_id),
                f"it is kept as {_told(there)}, its matches say {_told(one)}",
            )


def _told(one: Stands) -> str:
    return f"{one.state} {money_text(one.expected)} / {money_text(one.arrived)}"


def _provider_adjustments(records: CashRecords) -> _Found:
    """Each pair stands in the account of its reason, and is found by what its reference says."""
    for one in records.pairs():
        place = f"{public_id(Prefix.REMITTANCE, one.remittance_id)} PLB pair {one.ordinal}"
        booked = sum(one.booked.values(), ZERO)
        if one.due != booked:
            yield place, f"its amount is {money_text(one.due)}, booked {money_text(booked)}"
        account = account_of(one.pair)
        for name, amount in one.booked.items():
            if amount and name != account:
                yield place, f"it is booked in {name}, its reason belongs in {account}"
        if one.tokens != reference_tokens(one.pair.reference):
            yield place, "what it is found by is not what its reference says"


def _recoupments(records: CashRecords) -> _Found:
    """Each balance is the sum of its pairs, all of them are the account."""
    balances: defaultdict[tuple[str, str, str, str], Decimal] = defaultdict(lambda: ZERO)
    refunds: defaultdict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for one in records.pairs():
        reference = (one.pair.reference or "").strip().upper()
        whose = (one.payer, one.pair.provider)
        if one.pair.reason == OVERPAYMENT:
            balances[OVERPAYMENT, *whose, reference] += one.due
        elif one.pair.reason == FORWARDING:
            balances[FORWARDING, *whose, ""] += one.due
        elif one.pair.reason == REFUND_RECEIVED:
            refunds[*whose, reference] += one.due
    total = ZERO
    for shown in records.recoupments():
        key = (shown.kind, shown.payer, shown.payee, shown.reference or "")
        place = f"recoupment {public_id(Prefix.PROVIDER_ADJUSTMENT, shown.id)}"
        told = balances.pop(key, ZERO)
        total += shown.balance
        if shown.balance != told:
            yield (
                place,
                f"its balance is {money_text(shown.balance)}, its pairs sum to {money_text(told)}",
            )
        refunded = refunds[key[1:]] if shown.kind == OVERPAYMENT else ZERO
        if shown.refunded != refunded:
            yield (
                place,
                f"{money_text(shown.refunded)} of it is refunded, its pairs sum to"
                f" {money_text(refunded)}",
            )
    for (kind, payer, _, _), told in balances.items():
        if told:
            yield f"recoupment {kind} of {payer}", f"{money_text(told)} is in no balance"
    booked = records.balance(Account.PAYER_RECOUPMENT)
    if total != booked:
        yield (
            "payer_recoupment",
            f"it holds {money_text(booked)}, the balances sum to {money_text(total)}",
        )


def _amounts(records: CashRecords) -> _Found:
    """What is stored of a payment adds up, and is what left unapplied."""
    for id, paid, booked in records.paid_otherwise():
        yield (
            public_id(Prefix.CLAIM_PAYMENT, id),
            f"{money_text(paid)} of it should be booked, {money_text(booked)} is",
        )
    for id, service, due, paid in records.adjusted_otherwise():
        place = public_id(Prefix.CLAIM_PAYMENT, id) + (f" service {service}" if service else "")
        yield (
            place,
            f"its charge less its adjustments is {money_text(due)}, it paid {money_text(paid)}",
        )
    for id, deposit, booked in records.arrived_otherwise():
        yield (
            public_id(Prefix.REMITTANCE, id),
            f"its deposit is {money_text(deposit)}, booked {money_text(booked)}",
        )


def _patients(records: CashRecords) -> _Found:
    for encounter_id in records.paying_encounters():
        given_back: dict[UUID | None, Decimal] = {}
        for row in records.patient_money.of_encounter(encounter_id):
            if row.kind is not PaymentKind.PAYMENT:
                given_back[row.payment_id] = given_back.get(row.payment_id, ZERO) + row.amount
        payments = received_for(records, encounter_id)
        for row, received in payments:
            place = public_id(Prefix.PATIENT_PAYMENT, row.id)
            kept = row.amount - given_back.get(row.id, ZERO)
            if received.kept != kept:
                yield (
                    place,
                    f"{money_text(kept)} of it is kept, booked {money_text(received.kept)}",
                )
            if received.credit < ZERO:
                yield place, f"more is applied than was paid: {money_text(-received.credit)}"
        late = apply(records.patient_money.shares(encounter_id), [r for _, r in payments])
        for entry in late:
            yield (
                public_id(Prefix.PATIENT_PAYMENT, entry.source_id),
                "what it is applied to is not what payers left to the patient",
            )


CASH_CHECKS: dict[str, Callable[[CashRecords], _Found]] = {
    "reassociation": _reassociations,
    "provider_adjustment": _provider_adjustments,
    "recoupment": _recoupments,
    "amounts": _amounts,
    "patient_money": _patients,
}
