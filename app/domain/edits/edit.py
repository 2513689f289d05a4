"""How an edit is declared: its row of facts, and a function that yields what it finds.

    @edit("CLM02", snip=3, place=Place("2300", "CLM", "02", "28"), rule="The total is ...")
    def total_charge(claim: Claim, context: ScrubContext) -> Iterator[Fault]: ...

The row says what the edit is about (validation.md section 6); the function yields one `Fault` for
each place, and the two together make the `Finding`. An edit that concerns some kinds of claims only
names them in `claim_types`, and one that shows elsewhere in another guide names that place:

    @edit("LIN04", ..., place=Place("2400", "SV1", "02", "24F"), rule="The charge is ...",
          places={ClaimType.INSTITUTIONAL: Place("2400", "SV2", "03", "47")})
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.claim import Claim
from app.domain.crossover import NotDue
from app.domain.encounter import ClaimType
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
    not_due: NotDue | None = None  # why the payer asked before leaves nothing to ask this one for


@dataclass(frozen=True, slots=True)
class Place:
    """Where the fault shows: loop, segment and element of the 837, and the box of the paper form
    (CMS-1500, UB-04 or ADA)."""

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
    severity: Severity | None = None  # where it differs from the edit's own


Check = Callable[[Claim, ScrubContext], Iterator[Fault]]
EVERY_KIND = frozenset(ClaimType)


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule about a claim, with all that a reader, a form or a report wants to know of it."""

    id: str
    snip_type: int
    place: Place
    rule: str
    check: Check
    severity: Severity = Severity.ERROR
    claim_types: frozenset[ClaimType] = EVERY_KIND
    places: Mapping[ClaimType, Place] = field(default_factory=dict)  # where not at `place`

    def findings(self, claim: Claim, context: ScrubContext) -> Iterator[Finding]:
        kind = claim.encounter.claim_type
        if kind not in self.claim_types:
            return
        for fault in self.check(claim, context):
            place = self.place_of(kind, fault.place)
            yield Finding(
                rule_id=self.id,
                severity=fault.severity or self.severity,
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

    def place_of(self, kind: ClaimType, place: Place | None = None) -> Place:
        """Where it shows on that kind of claim; a box is named of that kind's own form alone."""
        if place is None and kind in self.places:
            return self.places[kind]
        found = place or self.place
        if kind is not ClaimType.PROFESSIONAL and ClaimType.PROFESSIONAL in self.claim_types:
            return replace(found, form_box=None)
        return found


def edit(
    id: str,
    *,
    snip: int,
    place: Place,
    rule: str,
    severity: Severity = Severity.ERROR,
    claim_types: Iterable[ClaimType] = EVERY_KIND,
    places: Mapping[ClaimType, Place] | None = None,
) -> Callable[[Check], Edit]:
    """Declares the decorated function as the check of edit `id`.

    It runs on claims of `claim_types` alone; its findings stand at `places` of their kind of
    claim, else at `place`, unless a fault has a place of its own.
    """

    def declare(check: Check) -> Edit:
        return Edit(
            id=id,
            snip_type=snip,
            place=place,
            rule=rule,
            check=check,
            severity=severity,
            claim_types=frozenset(claim_types),
            places=places or {},
        )

    return declare
