"""Scenarios under the names integrators use in test mode: SIM_ and what is to happen.

Most are rows of `scenarios` under a second name; two take a value out of the name itself, as
SIM_DENIED_50 and SIM_UNDERPAID_15.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from app.simulator.scenarios import (
    ANYTHING_ELSE,
    Adjudication,
    Rest,
    Scenario,
    Share,
    scenario_of,
)

UNAUTHORIZED = "197"  # CARC of a denial that names none: it needs no remark beside it

# A longer name stands before the one it begins with.
ALIASES = {
    "SIM_999_R": "SIM999R",
    "SIM_NOACK": "SIMNOACK",
    "SIM_PAID": "SIMPAID",
    "SIM_PARTIAL": "SIMPART",
    "SIM_DEDUCTIBLE": "SIMDED",
    "SIM_CAPITATED_24": "SIMCAP",
    "SIM_CROSSOVER_19": "SIMCROSS",
    "SIM_NOTOURS_23": "SIMNOTOURS",
    "SIM_REVERSAL_22_SPLIT": "SIMREVTWO",
    "SIM_REVERSAL_22": "SIMREV",
    "SIM_TAKEBACK_WO": "SIMWO",
    "SIM_FB": "SIMFB",
    "SIM_DUPLICATE_ERA": "SIMDUP",
    "SIM_OUT_OF_ORDER": "SIMREVODD",
    "SIM_BUNDLED_LINES": "SIMBUNDLE",
    "SIM_LINE_SPLIT": "SIMSPLIT",
    "SIM_UNBALANCED": "SIMBADSUM",
}
NAMED = (
    # Status codes of list 508, as payers send them beside each category.
    Scenario("SIM_277CA_A3", category="A3", status="481"),
    Scenario("SIM_277CA_A6", category="A6", status="187"),
    Scenario("SIM_277CA_A7", category="A7", status="164"),
    Scenario("SIM_277CA_A8", category="A8", status="178"),
    Scenario("SIM_DENY_AS_1", adjudication=Adjudication((Rest("CO", UNAUTHORIZED),), status="1")),
    Scenario("SIM_DENY_AS_4", adjudication=Adjudication((Rest("CO", UNAUTHORIZED),), status="4")),
)
DENIED = re.compile(r"SIM_DENIED_([A-Z]?[0-9]{1,3})(?![0-9])")
UNDERPAID = re.compile(r"SIM_UNDERPAID_([0-9]{1,2}|100)(?![0-9])")


def scenario_for(member_id: str) -> Scenario:
    """The scenario a member id asks for, by its name or by its prefix.

    A name that begins with SIM_ and is not known is decided as any other claim.
    """
    asked = member_id.upper()
    if not asked.startswith("SIM_"):
        return scenario_of(asked)
    if denied := DENIED.match(asked):
        return Scenario(denied[0], adjudication=Adjudication((Rest("CO", denied[1]),)))
    if underpaid := UNDERPAID.match(asked):
        # So much of the charge is cut on top of the usual fifth.
        cut = min(Decimal("0.20") + Decimal(underpaid[1]) / 100, Decimal(1))
        return Scenario(underpaid[0], adjudication=Adjudication((Share("CO", "45", cut),)))
    for name, prefix in ALIASES.items():
        if asked.startswith(name):
            return replace(scenario_of(prefix), prefix=name)
    return next((s for s in NAMED if asked.startswith(s.prefix)), ANYTHING_ELSE)
