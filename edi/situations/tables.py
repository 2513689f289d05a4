"""All rules, in the order the guides have their loops."""

from __future__ import annotations

from edi.situations import (
    answers,
    claims,
    days,
    dental,
    diagnoses,
    institutional,
    lines,
    money,
    other_payers,
    parties,
    plain_claims,
    plain_payments,
    professional,
    remittance,
    revenue,
    subscribers,
)
from edi.situations.rule import Plain, Rule

RULES: tuple[Rule, ...] = (
    *parties.RULES,
    *subscribers.RULES,
    *claims.RULES,
    *diagnoses.RULES,
    *lines.RULES,
    *money.RULES,
    *days.RULES,
    *professional.RULES,
    *institutional.RULES,
    *revenue.RULES,
    *dental.RULES,
    *other_payers.RULES,
    *remittance.RULES,
    *answers.RULES,
)

PLAIN: tuple[Plain, ...] = (plain_claims.CLAIM, plain_payments.PAYMENT)
