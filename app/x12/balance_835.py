"""The three equations of an 835 (835.md section 4), exact to the cent.

AMT and QTY never enter. That the lines' charges make up the claim's is expected but not asked for:
some payers send only some lines, and the claim's own equation then stands. `edi.balance` judges
files by the same equations; the gate of posting judges the values that would be posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.domain.money import LARGEST
from app.domain.remittance import Adjustment, Imbalance, ServicePayment

NOTHING = Decimal(0)


def transaction_imbalances(
    *, amount: Decimal, credit_debit: str, claims_paid: Decimal, provider_adjustments: Decimal
) -> Iterator[Imbalance]:
    """BPR02 = sum of CLP04 - sum of PLB; BPR03 = D takes BPR02 away instead."""
    expected = claims_paid - provider_adjustments
    found = -amount if credit_debit == "D" else amount
    if found != expected:
        yield Imbalance(
            "transaction",
            expected,
            found,
            f"BPR02 says {_text(found)}; the claim payments of {_text(claims_paid)} less provider"
            f" adjustments of {_text(provider_adjustments)} come to {_text(expected)}.",
        )


def claim_imbalances(
    *,
    charge: Decimal,
    paid: Decimal,
    adjustments: tuple[Adjustment, ...],
    services: tuple[ServicePayment, ...],
) -> Iterator[Imbalance]:
    """SVC03 = SVC02 - its CAS for each line; CLP04 = CLP03 - all CAS of claim and lines."""
    on_lines = NOTHING
    for service in services:
        adjusted = _sum(service.adjustments)
        on_lines += adjusted
        if service.paid != service.charge - adjusted:
            expected = service.charge - adjusted
            yield Imbalance(
                "line",
                expected,
                service.paid,
                f"Line {service.ordinal}: SVC03 says {_text(service.paid)}; the charge of"
                f" {_text(service.charge)} less adjustments of {_text(adjusted)} comes to"
                f" {_text(expected)}.",
            )
    adjusted = _sum(adjustments) + on_lines
    if paid != charge - adjusted:
        yield Imbalance(
            "claim",
            charge - adjusted,
            paid,
            f"CLP04 says {_text(paid)}; the charge of {_text(charge)} less adjustments of"
            f" {_text(adjusted)} comes to {_text(charge - adjusted)}.",
        )


def _sum(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((a.amount for a in adjustments), NOTHING)


def _text(amount: Decimal) -> str:
    """With two decimals, or with as many as it has."""
    if abs(amount) > LARGEST:  # nothing rounds it, and such a file fails as a whole
        return f"{amount:f}"
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}"
