"""What is kept twice of deposits, PLB pairs and patients' money, compared with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.identity import Prefix, public_id
from app.domain.money import ZERO, money_text
from app.domain.patient_money import PaymentKind, apply
from app.flows.deposits import standings
from app.flows.patient_money import PatientBooks, received_for
from app.flows.ports import Deposits, Stands

_Found = Iterator[tuple[str, str]]  # place and message


class CashRecords(PatientBooks, Protocol):
    """The rows of one tenant; ids come in parts, so that memory stays flat."""

    @property
    def deposits(self) -> Deposits: ...
    def deposit_ids(self) -> Iterator[list[UUID]]: ...
    def remittance_ids(self) -> Iterator[list[UUID]]:
        """Of those that are no duplicates; one may not have been looked at yet."""
        ...

    def paying_encounters(self) -> Iterator[UUID]: ...
    def booked_otherwise(self) -> Iterator[tuple[UUID, int, Decimal, Decimal]]:
        """PLB pairs, by remittance and ordinal, whose entries sum neither to their amount nor,
        where they were taken back, to nothing; with both sums."""
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
    for remittance_id, ordinal, amount, booked in records.booked_otherwise():
        yield (
            f"{public_id(Prefix.REMITTANCE, remittance_id)} PLB pair {ordinal}",
            f"its amount is {money_text(amount)}, booked {money_text(booked)}",
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
    "patient_money": _patients,
}
