"""What a payer's decision says of itself: COB04 to COB06. Whether it adds up is COB01's to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.finding import Severity
from app.domain.money import ZERO, money_text
from app.domain.other_payer import PriorAdjustment

NEXT_PAYER_DUE = "COB06"

_DATE, _DATE_OF_LINE = Place("2330B", "DTP", "03"), Place("2430", "DTP", "03")
_OWED, _OWED_ON_LINE = Place("2320", "AMT", "02"), Place("2430", "AMT", "02")
_REASON, _REASON_OF_LINE = Place("2320", "CAS", "02"), Place("2430", "CAS", "02")


@edit(
    "COB04",
    snip=4,
    place=_DATE,
    rule="A payer has decided neither in the future nor before the service, and leaves the patient "
    "to owe no more than the charge.",
)
def likely_decisions(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    encounter = claim.encounter
    for index, coverage in enumerate(encounter.coverages):
        if coverage.decision is None:
            continue
        at, decision = f"/coverages/{index}/decision", coverage.decision
        yield from _day(at, decision.decided_on, encounter.first_date, context.today, _DATE)
        owed = decision.remaining_patient_liability
        yield from _owed(at, owed, encounter.total_charge, _OWED)
    for number, line in enumerate(claim.lines):
        served = line.service_date or encounter.first_date
        for position, told in enumerate(line.decisions):
            at = f"/serviceLines/{number}/decisions/{position}"
            yield from _day(at, told.decided_on, served, context.today, _DATE_OF_LINE)
            yield from _owed(at, told.remaining_patient_liability, line.charge, _OWED_ON_LINE)


def _day(
    at: str, decided: date | None, served: date | None, today: date, place: Place
) -> Iterator[Fault]:
    if decided is None:
        return
    if decided > today:
        message = "This decision lies in the future."
    elif served is not None and decided < served:
        message = "This decision lies before the service."
    else:
        return
    yield Fault(f"{at}/decidedOn", message, "Enter the date of the payer's remittance.", place)


def _owed(at: str, owed: Decimal | None, charge: Decimal, place: Place) -> Iterator[Fault]:
    if owed is not None and not ZERO <= owed <= charge:
        yield Fault(
            f"{at}/remainingPatientLiability",
            f"The patient is said to owe {money_text(owed)} of a charge of {money_text(charge)}.",
            "Enter what is left for the patient after this payer.",
            place,
            value=money_text(owed),
        )


@edit(
    "COB05",
    snip=3,
    place=_REASON,
    rule="A decision names the same reason of a group once; told twice, the two are sent as one "
    "with their sum.",
    severity=Severity.WARNING,
)
def each_reason_once(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    for index, coverage in enumerate(claim.encounter.coverages):
        if coverage.decision is not None:
            yield from _twice(
                f"/coverages/{index}/decision", coverage.decision.adjustments, _REASON
            )
    for number, line in enumerate(claim.lines):
        for position, told in enumerate(line.decisions):
            at = f"/serviceLines/{number}/decisions/{position}"
            yield from _twice(at, told.adjustments, _REASON_OF_LINE)


def _twice(at: str, adjustments: Sequence[PriorAdjustment], place: Place) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for number, told in enumerate(adjustments):
        key = told.group, told.reason
        if key in seen:
            yield Fault(
                f"{at}/adjustments/{number}",
                f"This decision names {told.group} {told.reason} twice.",
                "Remove one if it was entered twice, else enter their sum once.",
                place,
                value=f"{told.group} {told.reason}",
            )
        seen.add(key)


@edit(
    NEXT_PAYER_DUE,
    snip=4,
    place=_REASON,
    rule="The payer asked before left something to ask this one for, did not send the claim on by "
    "itself, and is done with it; else a person has asked for the claim all the same.",
)
def next_payer_due(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    if context.not_due is not None:
        yield Fault("/coverages", context.not_due.what, context.not_due.do, _REASON)


EDITS = (likely_decisions, each_reason_once, next_payer_due)
