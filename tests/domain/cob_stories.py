"""Stories of edits about other payers: of a claim that the second payer is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.crossover import NotDue
from app.domain.encounter import Encounter
from app.domain.other_payer import LineDecision, PayerDecision, PriorAdjustment
from app.domain.scrub import ScrubContext
from tests.domain.encounters import CLEAN, SECOND, TODAY

CONTEXT = ScrubContext(today=TODAY)
Story = tuple[str, Encounter, str, ScrubContext]
CENT = Decimal("0.01")
DECIDED_ON = date(2026, 10, 20)
CONTRACT = PriorAdjustment("CO", "45", Decimal("25.00"))
FIRST_LINE = LineDecision(
    "60054",
    Decimal("105.00"),
    Decimal(1),
    DECIDED_ON,
    adjustments=(CONTRACT, PriorAdjustment("PR", "2", Decimal("20.00"))),
)
SECOND_LINE = LineDecision("60054", Decimal("75.50"), Decimal(2), DECIDED_ON)
DECISION = PayerDecision(Decimal("180.50"), payer_claim_control_number="ICN1")
PRIMARY = replace(CLEAN.coverages[0], decision=DECISION)
LINES = (
    replace(CLEAN.service_lines[0], decisions=(FIRST_LINE,)),
    replace(CLEAN.service_lines[1], decisions=(SECOND_LINE,)),
)
# The first payer paid 180.50, took 25.00 off and left 20.00: the second is asked now.
SECONDARY = replace(CLEAN, coverages=(PRIMARY, SECOND), service_lines=LINES)
# The same by claim alone, as an 835 without lines told it.
BY_CLAIM = replace(
    CLEAN,
    coverages=(
        replace(
            PRIMARY,
            decision=replace(DECISION, adjustments=FIRST_LINE.adjustments, decided_on=DECIDED_ON),
        ),
        SECOND,
    ),
)


def first(**changes: Any) -> Encounter:
    return replace(SECONDARY, coverages=(replace(PRIMARY, **changes), SECOND))


def line(**changes: Any) -> Encounter:
    decided = replace(LINES[0], decisions=(replace(FIRST_LINE, **changes),))
    return replace(SECONDARY, service_lines=(decided, LINES[1]))


def decided(of: Encounter, **changes: Any) -> Encounter:
    told = of.coverages[0].decision
    assert told is not None
    prior = replace(of.coverages[0], decision=replace(told, **changes))
    return replace(of, coverages=(prior, *of.coverages[1:]))


MEDICARE = replace(
    SECOND, claim_filing_code="MB", member_id="1EG4TE5MK73", relationship="18", subscriber=None
)
ASKED_SECOND = replace(CONTEXT, responsibility="S")

FIRES: list[Story] = [
    ("SUB05", replace(SECONDARY, coverages=(PRIMARY, MEDICARE)),
     "/coverages/1/insuranceTypeCode", CONTEXT),
    ("COB01", decided(SECONDARY, paid=Decimal("180.49")), "/coverages/0/decision", CONTEXT),
    ("COB01", line(paid=Decimal("104.99")), "/serviceLines/0/decisions", CONTEXT),
    ("COB01", decided(BY_CLAIM, adjustments=()), "/coverages/0/decision", CONTEXT),
    ("COB01", first(payer_name=None), "/coverages/0/payerName", CONTEXT),
    ("COB01", first(relationship="19"), "/coverages/0/subscriber", CONTEXT),
    ("COB01", first(never_covers=True), "/coverages/0/neverCovers", CONTEXT),
    ("COB01", replace(SECONDARY, coverages=(PRIMARY,)), "/coverages/0", CONTEXT),
    ("COB01", replace(CLEAN, coverages=(CLEAN.coverages[0], SECOND)), "/coverages/0/decision",
     ASKED_SECOND),
    ("COB02", line(payer_id="99999"), "/serviceLines/0/decisions/0/payerId", CONTEXT),
    ("COB02", line(bundled_line=3), "/serviceLines/0/decisions/0/bundledLine", CONTEXT),
    ("COB02", decided(BY_CLAIM, decided_on=None), "/coverages/0/decision/decidedOn", CONTEXT),
    ("COB04", line(decided_on=TODAY + timedelta(days=1)), "/serviceLines/0/decisions/0/decidedOn",
     CONTEXT),
    ("COB04", line(decided_on=date(2026, 9, 1)), "/serviceLines/0/decisions/0/decidedOn", CONTEXT),
    ("COB04", decided(BY_CLAIM, decided_on=TODAY + timedelta(days=1)),
     "/coverages/0/decision/decidedOn", CONTEXT),
    ("COB04", decided(BY_CLAIM, decided_on=date(2026, 9, 1)), "/coverages/0/decision/decidedOn",
     CONTEXT),
    ("COB04", line(remaining_patient_liability=LINES[0].charge + CENT),
     "/serviceLines/0/decisions/0/remainingPatientLiability", CONTEXT),
    ("COB04", line(remaining_patient_liability=-CENT),
     "/serviceLines/0/decisions/0/remainingPatientLiability", CONTEXT),
    ("COB04", decided(BY_CLAIM, remaining_patient_liability=CLEAN.total_charge + CENT),
     "/coverages/0/decision/remainingPatientLiability", CONTEXT),
    ("COB05", line(adjustments=(CONTRACT, CONTRACT)),
     "/serviceLines/0/decisions/0/adjustments/1", CONTEXT),
    ("COB05", decided(BY_CLAIM, adjustments=(CONTRACT, CONTRACT)),
     "/coverages/0/decision/adjustments/1", CONTEXT),
    ("COB06", SECONDARY, "/coverages",
     replace(CONTEXT, not_due=NotDue("It left nothing.", "Send a reason.", insist=True))),
    ("COB02", first(payer_id="87726"), "/coverages/0/payerId", CONTEXT),
]  # fmt: skip

NEAR_MISSES: list[Story] = [
    ("SUB05", replace(SECONDARY, coverages=(PRIMARY, replace(MEDICARE, insurance_type_code="12"))),
     "Medicare behind an employer's plan, with the reason", CONTEXT),
    ("SUB05", replace(CLEAN, coverages=(replace(MEDICARE, responsibility="P"),)),
     "Medicare alone", CONTEXT),
    ("COB01", SECONDARY, "every cent told", CONTEXT),
    ("COB01", BY_CLAIM, "every cent told, by claim alone", CONTEXT),
    ("COB01", first(decision=None, never_covers=True), "a plan that never covers it", CONTEXT),
    ("COB01", replace(CLEAN, coverages=(CLEAN.coverages[0], replace(SECOND, payer_name=None))),
     "a later payer that is only half known", CONTEXT),
    ("COB02", SECONDARY, "the date on each line", CONTEXT),
    ("COB02", BY_CLAIM, "the date on the claim", CONTEXT),
    ("COB04", line(decided_on=TODAY), "decided today", CONTEXT),
    ("COB04", line(decided_on=LINES[0].service_date), "decided on the day of service", CONTEXT),
    ("COB04", line(remaining_patient_liability=LINES[0].charge), "all of it is owed", CONTEXT),
    ("COB05", line(adjustments=(CONTRACT, replace(CONTRACT, group="PR"))),
     "the same reason of two groups", CONTEXT),
    ("COB06", SECONDARY, "something is left to ask for", CONTEXT),
    ("COB02", line(bundled_line=2), "bundled into the other line", CONTEXT),
]  # fmt: skip
