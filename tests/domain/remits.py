"""Claims and claim payments for stories, written as short as the 835 writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from uuid import UUID

from app.domain.ack import Place
from app.domain.claim import ClaimLine, StoredClaim
from app.domain.lifecycle import Stage
from app.domain.money import ZERO
from app.domain.procedure import Procedure
from app.domain.remittance import Adjustment, ClaimPayment, Remittance, ServicePayment

HERE = Place(20, "2100")


def adjustments(text: str) -> tuple[Adjustment, ...]:
    """`"CO*45*20 PR*1*10"`, as the CAS segments say it."""
    triplets = (part.split("*") for part in text.split())
    return tuple(Adjustment(group, reason, D(amount)) for group, reason, amount in triplets)


def service(
    charge: str, paid: str, cas: str = "", *, line: str | None = "1", ordinal: int = 1
) -> ServicePayment:
    return ServicePayment(
        ordinal=ordinal,
        line_control_number=line,
        procedure=Procedure("G0439"),
        submitted_procedure=None,
        charge=D(charge),
        paid=D(paid),
        units=D(1),
        allowed=None,
        service_date=date(2026, 10, 5),
        adjustments=adjustments(cas),
        remarks=(),
        place=HERE,
    )


def payment(
    *services: ServicePayment,
    status: str = "1",
    charge: str | None = None,
    paid: str | None = None,
    cas: str = "",
    number: str = "C000000001-1",
) -> ClaimPayment:
    return ClaimPayment(
        ordinal=1,
        patient_control_number=number,
        status=status,
        charge=D(charge) if charge else sum((s.charge for s in services), ZERO),
        paid=D(paid) if paid is not None else sum((s.paid for s in services), ZERO),
        patient_responsibility=None,
        payer_claim_control_number="ICN1",
        member_id=None,
        adjustments=adjustments(cas),
        remarks=(),
        services=services,
        service_date=None,
        crossover=False,
        imbalances=(),
        place=HERE,
    )


def claim(*charges: str) -> StoredClaim:
    """A claim whose lines are numbered 1, 2, ..."""
    return StoredClaim(
        id=UUID(int=1),
        encounter_id=UUID(int=2),
        claim_type="professional",
        payer_row=UUID(int=3),
        payer_id="60054",
        payer_name="EXAMPLE HEALTH",
        responsibility="P",
        frequency="1",
        version=1,
        submission_id=UUID(int=4),
        attempt=1,
        patient_control_number="C000000001-1",
        payer_claim_control_number=None,
        charge=sum((D(c) for c in charges), ZERO),
        paid=ZERO,
        adjusted=ZERO,
        patient_responsibility=ZERO,
        stage=Stage.TRANSMITTED,
        reported_by="SYSTEM",
        as_of=None,
        first_service_date=date(2026, 10, 5),
        lines=tuple(
            ClaimLine(
                UUID(int=100 + n),
                UUID(int=200 + n),
                str(n),
                Procedure("G0439"),
                D(charge),
                service_date=date(2026, 10, 5),
            )
            for n, charge in enumerate(charges, 1)
        ),
    )


def remittance(amount: str = "100", *, credit_debit: str = "C") -> Remittance:
    return Remittance(
        ordinal=1,
        control_number="0001",
        handling="I",
        payment_amount=D(amount),
        credit_debit=credit_debit,
        payment_method="ACH",
        effective_date=date(2026, 10, 20),
        trace_number="EFT1",
        payer_identifier="1512345678",
        payer_name="EXAMPLE HEALTH",
        payer_ids=(("2U", "60054"),),
        payee_name="ACME MEDICAL",
        payee_qualifier="XX",
        payee_identifier="1234567893",
        currency="USD",
        claim_count=1,
        claims_paid=D(amount),
        provider_adjustments_total=ZERO,
        body_sha256="0" * 64,
        imbalances=(),
        issues=0,
        place=HERE,
    )
