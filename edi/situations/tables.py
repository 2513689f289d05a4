"""All rules, in the order the guides have their loops."""

from __future__ import annotations

from edi.situations import claims, days, diagnoses, lines, money, parties, subscribers
from edi.situations.rule import Rule

RULES: tuple[Rule, ...] = (
    *parties.RULES,
    *subscribers.RULES,
    *claims.RULES,
    *diagnoses.RULES,
    *lines.RULES,
    *money.RULES,
    *days.RULES,
)
