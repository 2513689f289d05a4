"""An 835 as domain values: headers with the inputs of their gates, claim payments one at a time.

A file is read twice by its flow: once for the verdict on each remittance (`read_remittances`), once
for what it pays (`read_payments`). Nothing is dropped: what the domain does not model stays in the
edi report, and a claim payment that cannot be read leaves its remittance out of balance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import BinaryIO

import edi
from app.domain.ack import Place
from app.domain.procedure import Procedure
from app.domain.remittance import (
    CURRENCY,
    Adjustment,
    ClaimPayment,
    Imbalance,
    ProviderAdjustment,
    Remittance,
    ServicePayment,
)
from app.x12.balance_835 import claim_imbalances, transaction_imbalances
from app.x12.remittance_content import ContentReading
from edi.guides import x221_remittance as guide
from edi.segments import CAS, CLP, DTM
from edi.segments import Procedure as PaidProcedure

NOTHING = Decimal(0)
_DEFAULT_UNITS = Decimal(1)  # an absent SVC05 means one; a nought is said
_REMARKS = "HE"  # LQ01: remittance advice remark codes


@dataclass(frozen=True, slots=True)
class RemittanceEnd:
    """The end of a transaction set, with the money that belongs to no claim of it."""

    provider_adjustments: tuple[ProviderAdjustment, ...]


def read_remittances(source: bytes | BinaryIO) -> Iterator[Remittance]:
    """The header of each remittance of the file, when all of it has been seen.

    A set whose header lacks what makes it a payment (BPR, TRN, payer, payee) gives none; `inspect`
    names it as the reason why the file fails.
    """
    reading = RemittanceReading()
    for event in edi.read(source):
        remittance = reading.take(event)
        if remittance is not None:
            yield remittance


def read_payments(
    source: bytes | BinaryIO,
) -> Iterator[tuple[int, ClaimPayment | RemittanceEnd]]:
    """Claim payments with the ordinal of their remittance, and each remittance's end."""
    ordinal = 0  # of the remittance being read, as `RemittanceReading` counts
    for event in edi.read(source):
        if isinstance(event, edi.Unit):
            if event.loop_id == guide.ClaimPayment.id:
                payment = _payment(event)
                if payment is not None:
                    yield ordinal, payment
        elif isinstance(event, edi.TransactionOpened):
            ordinal += event.st01 == guide.Remittance.st01
        elif isinstance(event, edi.TransactionClosed) and isinstance(
            event.transaction, guide.Remittance
        ):
            yield ordinal, RemittanceEnd(_provider_adjustments(event))


class RemittanceReading:
    """Adds up the events of each 835 until its header can be given."""

    def __init__(self) -> None:
        self.ordinal = 0  # of the remittance being read, from 1 in its file
        self._started = 0
        self._clear()

    def _clear(self) -> None:
        self._claims = 0
        self._content = ContentReading()
        self._paid = NOTHING
        self._errors = 0
        self._unread = 0
        self._first_unread = 0  # its segment number

    def take(self, event: edi.Event) -> Remittance | None:
        """Give the remittance that this event completes."""
        if isinstance(event, edi.Unit):
            self._count(event)
        elif isinstance(event, edi.TransactionOpened):
            self._started = event.segment_number
            self._clear()
            self.ordinal += event.st01 == guide.Remittance.st01
        elif isinstance(event, edi.TransactionClosed) and isinstance(
            event.transaction, guide.Remittance
        ):
            return self._remittance(event, event.transaction)
        return None

    def _count(self, unit: edi.Unit) -> None:
        self._errors += sum(issue.severity == "error" for issue in unit.issues)
        if unit.loop_id != guide.ClaimPayment.id:
            return
        self._claims += 1
        self._content.take(unit)
        clp = unit.loop.clp if unit.loop is not None else _opening(unit)
        if clp is None:
            self._first_unread = self._first_unread or unit.segment_number
            self._unread += 1
        else:
            self._paid += clp.paid

    def _remittance(self, closed: edi.TransactionClosed, loop: guide.Remittance) -> Remittance:
        bpr, payer, payee = loop.bpr, loop.payer, loop.payee
        adjusted = sum(
            (a.amount for plb in loop.provider_adjustments for a in plb.adjustments), NOTHING
        )
        errors = self._errors + sum(issue.severity == "error" for issue in closed.issues)
        payer_ids = [(ref.qualifier, ref.value) for ref in payer.references]
        if payer.n1.id_qualifier and payer.n1.id:
            payer_ids.append((payer.n1.id_qualifier, payer.n1.id))
        trace, originator = loop.reassociation_trace
        return Remittance(
            ordinal=self.ordinal,
            control_number=closed.control_number,
            handling=bpr.handling,
            payment_amount=bpr.amount,
            credit_debit=bpr.credit_debit,
            payment_method=bpr.method,
            effective_date=bpr.effective_date,
            trace_number=trace,
            payer_identifier=originator,
            payer_name=payer.n1.name,
            payer_ids=tuple(payer_ids),
            payee_name=payee.n1.name,
            payee_qualifier=payee.n1.id_qualifier,
            payee_identifier=payee.n1.id,
            currency=loop.currency.currency if loop.currency else CURRENCY,
            claim_count=self._claims,
            claims_paid=self._paid,
            provider_adjustments_total=adjusted,
            body_sha256=closed.body_sha256,
            imbalances=(
                *self._payments_unread(),
                *transaction_imbalances(
                    amount=bpr.amount,
                    credit_debit=bpr.credit_debit,
                    claims_paid=self._paid,
                    provider_adjustments=adjusted,
                ),
            ),
            issues=errors,
            place=Place(self._started, guide.Remittance.id),
            content=self._content.content(loop),
            produced_on=loop.production_date.on if loop.production_date else None,
        )

    def _payments_unread(self) -> Iterator[Imbalance]:
        """What cannot be read cannot be added up, whatever the sums of the others say."""
        if self._unread:
            yield Imbalance(
                "transaction",
                Decimal(self._claims),
                Decimal(self._claims - self._unread),
                f"{self._unread} of its {self._claims} claim payments cannot be read, the first at"
                f" segment {self._first_unread}.",
            )


# ── Claim payments ─────────────────────────────────────────────────────────


def _payment(unit: edi.Unit) -> ClaimPayment | None:
    """The claim payment of a unit; of one that cannot be read as a whole, what its CLP says.

    Such a payment is out of balance by definition: it waits for a person, its money stays in
    unapplied, and the other claims of the remittance post. None where not even CLP can be read.
    """
    if unit.loop is not None:
        return claim_payment(unit.loop, ordinal=unit.ordinal)
    clp = _opening(unit)
    if clp is None:
        return None
    bare = guide.ClaimPayment(clp=clp)
    bare.at = unit.segment_number
    unread = Imbalance(
        "claim", clp.charge, clp.paid, "A required part of this claim payment cannot be read."
    )
    return replace(claim_payment(bare, ordinal=unit.ordinal), imbalances=(unread,))


def _opening(unit: edi.Unit) -> CLP | None:
    try:
        return CLP.parse(list(unit.opening))
    except ValueError:
        return None


def claim_payment(loop: guide.ClaimPayment, *, ordinal: int) -> ClaimPayment:
    """CLP and what follows it, with the verdict of the line and claim equations."""
    clp = loop.clp
    insured = loop.subscriber or loop.patient
    started = _first_date(loop.dates, "232")
    adjustments = _adjustments(loop.adjustments)
    services = tuple(
        _service(service, ordinal=number, claim_date=started)
        for number, service in enumerate(loop.services, start=1)
    )
    return ClaimPayment(
        ordinal=ordinal,
        patient_control_number=clp.patient_control_number or "",
        status=clp.status,
        charge=clp.charge,
        paid=clp.paid,
        patient_responsibility=clp.patient_responsibility,
        payer_claim_control_number=clp.payer_claim_control_number,
        member_id=insured.id if insured else None,
        adjustments=adjustments,
        remarks=tuple(loop.remarks),
        services=services,
        service_date=started
        or min((s.service_date for s in services if s.service_date), default=None),
        crossover=loop.crossover_carrier is not None,
        imbalances=tuple(
            claim_imbalances(
                charge=clp.charge, paid=clp.paid, adjustments=adjustments, services=services
            )
        ),
        place=Place(loop.at, loop.id),
        original_claim_number=loop.reference("F8"),
        corrected_member_id=loop.corrected.id if loop.corrected else None,
    )


def _service(
    loop: guide.ServicePayment, *, ordinal: int, claim_date: date | None
) -> ServicePayment:
    svc = loop.svc
    on = _first_date(loop.dates, "472") or _first_date(loop.dates, "150") or claim_date
    return ServicePayment(
        ordinal=ordinal,
        line_control_number=loop.line_control_number,
        procedure=_procedure(svc.procedure),
        submitted_procedure=_procedure(svc.submitted_procedure)
        if svc.submitted_procedure
        else None,
        charge=svc.charge,
        paid=svc.paid if svc.paid is not None else NOTHING,
        units=svc.units_paid if svc.units_paid is not None else _DEFAULT_UNITS,
        allowed=loop.allowed,
        service_date=on,
        adjustments=_adjustments(loop.adjustments),
        remarks=tuple(lq.code for lq in loop.remarks if lq.qualifier == _REMARKS),
        place=Place(loop.at, loop.id),
        revenue_code=svc.revenue_code,
    )


def _procedure(sent: PaidProcedure) -> Procedure:
    return Procedure(
        code=sent.code,
        modifiers=tuple(sent.modifiers),
        description=sent.description,
        qualifier=sent.qualifier,
    )


def _adjustments(segments: Iterable[CAS]) -> tuple[Adjustment, ...]:
    """Every triplet of every CAS in order; the same group and reason may come twice."""
    return tuple(
        Adjustment(cas.group, a.reason, a.amount, a.quantity)
        for cas in segments
        for a in cas.adjustments
    )


def _first_date(dates: Iterable[DTM], qualifier: str) -> date | None:
    return next((d.on for d in dates if d.qualifier == qualifier), None)


def _provider_adjustments(closed: edi.TransactionClosed) -> tuple[ProviderAdjustment, ...]:
    """Every PLB pair; the PLB segments are the last ones before SE."""
    plbs = closed.transaction.provider_adjustments
    first = closed.segment_number - len(plbs)
    pairs = [
        (plb, pair, Place(first + position, "PLB"))
        for position, plb in enumerate(plbs)
        for pair in plb.adjustments
    ]
    return tuple(
        ProviderAdjustment(
            ordinal=ordinal,
            provider=plb.provider,
            fiscal_period_end=plb.fiscal_period_end,
            reason=pair.reason.code,
            reference=pair.reason.reference,
            amount=pair.amount,
            place=place,
        )
        for ordinal, (plb, pair, place) in enumerate(pairs, start=1)
    )
