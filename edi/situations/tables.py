"""All rules, in the order the guides have their loops, and the tables each guide needs."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from edi.situations.rule import Plain, Rule

_CLAIMS = "parties subscribers claims diagnoses lines money days"
# The modules that have rules for a guide, and that of its screen.
TABLES = {
    "837P": f"{_CLAIMS} professional other_payers",
    "837I": f"{_CLAIMS} institutional revenue other_payers",
    "837D": f"{_CLAIMS} dental other_payers",
    "835": "parties remittance",
}
_REST = "parties subscribers answers"
_EVERY = f"{_CLAIMS} professional institutional revenue dental other_payers remittance answers"
SCREENS = {"837P": ("plain_claims", "CLAIM"), "835": ("plain_payments", "PAYMENT")}


def rules_of(guide: str) -> tuple[Rule, ...]:
    """The rules of one guide, by its short name; no table is loaded that has none."""
    rules = _rules_in(TABLES.get(guide, _REST))
    return tuple(r for r in rules if guide in r.guides.split())


def every_rule() -> tuple[Rule, ...]:
    """All of them."""
    return _rules_in(_EVERY)


def plain_of(guide: str) -> Plain | None:
    """The screen of a guide's units, if it has one."""
    if guide not in SCREENS:
        return None
    module, name = SCREENS[guide]
    found: Plain = getattr(_module(module), name)
    return found


@lru_cache(maxsize=32)
def _rules_in(tables: str) -> tuple[Rule, ...]:
    return tuple(rule for name in tables.split() for rule in _module(name).RULES)


def _module(name: str) -> Any:
    return import_module(f"edi.situations.{name}")
