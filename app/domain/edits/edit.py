"""How an edit is declared: its row of facts, and a function that yields what it finds.

    @edit("CLM02", snip=3, place=Place("2300", "CLM", "02", "28"), rule="The total is ...")
    def total_charge(claim: Claim, context: ScrubContext) -> Iterator[Fault]: ...

The row says what the edit is about (validation.md section 6); the function yields one `Fault` for
each place, and the two together make the `Finding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.claim import Claim
from app.domain.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class ScrubContext:
    """What an edit may know beside the claim. The lookups must not fail.

    `today` is the practice's own date; `payer_served` answers None for a payer id that nobody has
    decided about yet.
    """

    today: date
    responsibility: str | None = None  # of the coverage billed; None for the first that is due
    payer_served: Callable[[str], bool | None] = lambda payer_id: None
    patient_control_number: str | None = None  # of the submission, once it has one
    control_number_taken: Callable[[str], bool] = lambda number: False
    control_number_max: int = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where the fault shows: 837P loop, segment and element, and the box of the CMS-1500."""

    loop: str
    segment: str
    element: str
    form_box: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the rule is broken. The texts name places, never a patient's data."""

    pointer: str
    message: str
    fix: str
    place: Place | None = None  # where it differs from the edit's own
    value: str | None = None
    expected: str | None = None


Check = Callable[[Claim, ScrubContext], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule about a claim, with all that a reader, a form or a report wants to know of it."""

    id: str
    snip_type: int
    place: Place
    rule: str
    check: Check
    severity: Severity = Severity.ERROR

    def findings(self, claim: Claim, context: ScrubContext) -> Iterator[Finding]:
        for fault in self.check(claim, context):
            place = fault.place or self.place
            yield Finding(
                rule_id=self.id,
                severity=self.severity,
                snip_type=self.snip_type,
                pointer=fault.pointer,
                message=fault.message,
                fix=fault.fix,
                loop=place.loop,
                segment=place.segment,
                element=place.element,
                form_box=place.form_box,
                value=fault.value,
                expected=fault.expected,
            )


def edit(id: str, *, snip: int, place: Place, rule: str) -> Callable[[Check], Edit]:
    """Declares the decorated function as the check of edit `id`."""

    def declare(check: Check) -> Edit:
        return Edit(id=id, snip_type=snip, place=place, rule=rule, check=check)

    return declare
