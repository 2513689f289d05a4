"""Patients' payments onto the books, and their application to what payers left to the patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.domain.errors import Conflict, NotFound
from app.domain.identity import Prefix, public_id
from app.domain.ledger import mirror
from app.domain.money import money_text
from app.domain.patient_money import (
    SOURCE,
    Method,
    PatientPayment,
    PaymentKind,
    Received,
    apply,
    received_entry,
    received_of,
    refund_entry,
)
from app.flows.ports import Journal, PatientMoney, UnitOfWork


class PatientBooks(Protocol):
    """What says what patients paid and what became of it; a unit of work is one."""

    @property
    def patient_money(self) -> PatientMoney: ...
    @property
    def journal(self) -> Journal: ...


def take_payment(
    uow: UnitOfWork,
    encounter_id: UUID,
    *,
    amount: Decimal,
    method: Method,
    paid_on: date,
    reference: str | None,
) -> tuple[PatientPayment, bool]:
    """Book a payment and apply it; with a reference, the same again is the one that stands.

    Gives the payment and whether it is new.
    """
    uow.patient_money.hold(encounter_id)
    if uow.encounters.get(encounter_id) is None:
        raise NotFound("encounter", "of this id")
    rows = uow.patient_money.of_encounter(encounter_id)
    if reference is not None:
        voided = {row.payment_id for row in rows if row.kind is PaymentKind.VOID}
        told = (PaymentKind.PAYMENT, amount, method, paid_on, reference)
        for row in rows:
            same = (row.kind, row.amount, row.method, row.paid_on, row.reference) == told
            if same and row.id not in voided:
                return row, False
    payment = uow.patient_money.add(
        encounter_id=encounter_id,
        kind=PaymentKind.PAYMENT,
        amount=amount,
        method=method,
        paid_on=paid_on,
        reference=reference,
    )
    uow.journal.post([received_entry(payment.id, amount, on=paid_on)])
    apply_patient_money(uow, [encounter_id])
    _tell(uow, payment, "patient_payment.received")
    return payment, True


def refund(
    uow: UnitOfWork,
    payment_id: UUID,
    *,
    amount: Decimal,
    method: Method,
    paid_on: date,
    reference: str | None,
    reason: str | None,
) -> PatientPayment:
    """Give back what is left of a payment as credit, or a part of it. Raises NotFound, Conflict."""
    payment, received = _held(uow, payment_id)
    if amount > received.credit:
        raise Conflict(
            f"{money_text(received.credit)} of this payment is credit, and no more can be given"
            " back: the rest is applied to what the patient owes.",
            do="Refund at most the credit, or void the payment if it never was.",
        )
    given = uow.patient_money.add(
        encounter_id=payment.encounter_id,
        kind=PaymentKind.REFUND,
        payment_id=payment.id,
        amount=amount,
        method=method,
        paid_on=paid_on,
        reference=reference,
        reason=reason,
    )
    uow.journal.post([refund_entry(received, amount, on=paid_on)])
    _tell(uow, payment, "patient_payment.refunded")
    return given


def void(uow: UnitOfWork, payment_id: UUID, *, reason: str) -> PatientPayment:
    """Take a payment back that never was; what it was applied to is owed again.

    A second void of the same payment gives the first. Raises NotFound, and Conflict where part of
    the payment was refunded.
    """
    payment, received = _held(uow, payment_id)
    later = [
        row
        for row in uow.patient_money.of_encounter(payment.encounter_id)
        if row.payment_id == payment.id
    ]
    for row in later:
        if row.kind is PaymentKind.VOID:
            return row
    if later:
        raise Conflict(
            "Part of this payment was refunded, so it did happen.", do="Refund the rest instead."
        )
    taken_back = uow.patient_money.add(
        encounter_id=payment.encounter_id,
        kind=PaymentKind.VOID,
        payment_id=payment.id,
        amount=payment.amount,
        method=payment.method,
        paid_on=payment.paid_on,
        reference=payment.reference,
        reason=reason,
    )
    entry_id, entry = uow.journal.entries_of(SOURCE, payment.id)[0]
    uow.journal.post([mirror(entry, entry_id=entry_id, ordinal=received.entries)])
    apply_patient_money(uow, [payment.encounter_id])
    _tell(uow, payment, "patient_payment.voided")
    return taken_back


def apply_patient_money(uow: UnitOfWork, encounter_ids: Iterable[UUID]) -> None:
    """Bring what patients paid up to what they owe, after anything has changed either.

    Encounters without payments cost one question for all of them together.
    """
    for encounter_id in uow.patient_money.paying(sorted(set(encounter_ids))):
        uow.patient_money.hold(encounter_id)
        payments = [received for _, received in received_for(uow, encounter_id)]
        uow.journal.post(apply(uow.patient_money.shares(encounter_id), payments))


def received_for(books: PatientBooks, encounter_id: UUID) -> list[tuple[PatientPayment, Received]]:
    """The payments of an encounter as the journal has them, in the order they came."""
    return [
        (row, received(books, row.id))
        for row in books.patient_money.of_encounter(encounter_id)
        if row.kind is PaymentKind.PAYMENT
    ]


def received(books: PatientBooks, payment_id: UUID) -> Received:
    """One payment as the journal has it."""
    return received_of(payment_id, [e for _, e in books.journal.entries_of(SOURCE, payment_id)])


def _held(uow: UnitOfWork, payment_id: UUID) -> tuple[PatientPayment, Received]:
    payment = uow.patient_money.get(payment_id)
    if payment is None or payment.kind is not PaymentKind.PAYMENT:
        raise NotFound("patient payment", "of this id")
    uow.patient_money.hold(payment.encounter_id)
    return payment, received(uow, payment.id)


def _tell(uow: UnitOfWork, payment: PatientPayment, what: str) -> None:
    name = public_id(Prefix.PATIENT_PAYMENT, payment.id)
    uow.audit(what, subject=name, detail={"method": payment.method})
    uow.event(what, resource=name)
