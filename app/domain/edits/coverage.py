"""Who pays, and for whom: SUB01 to SUB03, SUB06 and PAY01."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import SELF
from app.domain.formats import is_mbi
from app.domain.party import Person

MEDICARE = frozenset({"MA", "MB"})  # SBR09 of payers whose member id is an MBI
MOST_YEARS = 124
_ORDER = "PSTABCDEFGH"  # SBR01; U stands for unknown and takes no place in the order


@edit(
    "SUB01",
    snip=5,
    place=Place("2010BA", "NM1", "09", "1a"),
    rule="The coverage has a member id as on the card, without spaces and dashes.",
)
def member_id(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverage = claim.coverage
    at = f"{_billed(claim)}/memberId"
    if not coverage.member_id:
        yield Fault(at, "The coverage has no member id.", "Enter the id on the member's card.")
    elif re.search(r"[\s-]", coverage.member_id) or len(coverage.member_id) < 2:
        yield Fault(
            at,
            "The member id holds a space or a dash, or is a single character.",
            "Enter the letters and digits of the card only.",
        )
    elif coverage.claim_filing_code in MEDICARE and not is_mbi(coverage.member_id.upper()):
        yield Fault(
            at,
            "The claim goes to Medicare and the member id is no Medicare beneficiary identifier.",
            "Enter the eleven characters of the card; an older number or an SSN is refused.",
        )


@edit(
    "SUB02",
    snip=4,
    place=Place("2000B", "SBR", "02", "6"),
    rule="A patient who is the subscriber, and a dependent too, comes with address, date of birth "
    "and gender; a dependent's coverage names the subscriber.",
)
def subscriber_and_patient(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverage, patient = claim.coverage, claim.encounter.patient.person
    at = f"{_billed(claim)}/subscriber"
    if not coverage.patient_is_subscriber and coverage.subscriber is None:
        yield Fault(
            at,
            "The patient is a dependent and the coverage names no subscriber.",
            'Enter the subscriber, or relationship "18" if the patient holds the policy.',
        )
    if (
        coverage.relationship == SELF
        and coverage.subscriber is not None
        and _name(coverage.subscriber) != _name(patient)
    ):
        yield Fault(
            at,
            'Relationship "18" says that the patient is the subscriber, yet another is named.',
            "Correct the relationship, or leave the subscriber out.",
        )
    loop, box = ("2010BA", "5") if coverage.patient_is_subscriber else ("2010CA", "5")
    for member, value, place in (
        ("address", patient.address, Place(loop, "N3", "01", box)),
        ("dateOfBirth", patient.date_of_birth, Place(loop, "DMG", "02", "3")),
        ("gender", patient.gender, Place(loop, "DMG", "03", "3")),
    ):
        if value is None:
            yield Fault(
                f"/patient/{member}",
                f"The patient's {_WORDS[member]} is missing, and every claim carries it.",
                "Enter it as the payer has it on file.",
                place,
            )


@edit(
    "SUB03",
    snip=4,
    place=Place("2010BA", "DMG", "02", "3"),
    rule=f"Nobody is born after the first service or was more than {MOST_YEARS} years old then.",
)
def dates_of_birth(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverage, first = claim.coverage, claim.encounter.first_date
    patient = claim.encounter.patient.person
    dependent = not coverage.patient_is_subscriber
    for who, pointer, person, place in (
        ("patient", "/patient", patient, Place("2010CA", "DMG", "02", "3") if dependent else None),
        ("subscriber", f"{_billed(claim)}/subscriber", coverage.subscriber, None),
    ):
        born = person.date_of_birth if person is not None else None
        if born is None or first is None:
            continue
        if born > first or _years(born, first) > MOST_YEARS:
            yield Fault(
                f"{pointer}/dateOfBirth",
                f"The {who}'s date of birth is after the first service, or more than "
                f"{MOST_YEARS} years before it.",
                "Correct the date of birth or the date of service.",
                place,
            )


@edit(
    "SUB06",
    snip=4,
    place=Place("2000B", "SBR", "01"),
    rule="Each payer has its own place in the order P, S, T, A to H, without a gap.",
)
def payer_order(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, coverage in enumerate(claim.encounter.coverages):
        if coverage.responsibility in seen:
            yield Fault(
                f"/coverages/{index}/responsibility",
                f"Two coverages stand in position {coverage.responsibility}.",
                "Give each coverage its own position.",
                value=coverage.responsibility,
            )
        seen.add(coverage.responsibility)
    placed = [c for c in _ORDER if c in seen]
    missing = [c for c in _ORDER[: len(placed)] if c not in seen]
    if missing:
        index = next(
            i
            for i, c in enumerate(claim.encounter.coverages)
            if c.responsibility in placed
            and _ORDER.index(c.responsibility) > _ORDER.index(missing[0])
        )
        yield Fault(
            f"/coverages/{index}/responsibility",
            f"A coverage stands after position {missing[0]}, which no coverage holds.",
            f"Add the coverage in position {missing[0]}, or move the later ones up.",
            expected=missing[0],
        )


@edit(
    "PAY01",
    snip=7,
    place=Place("2010BB", "NM1", "09"),
    rule="The coverage names a payer by id and name, and the payer is served.",
)
def payer(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverage = claim.coverage
    at = _billed(claim)
    if coverage.payer_id is None:
        yield Fault(
            f"{at}/payerId",
            "The coverage has no payer id, so nobody knows where the claim goes.",
            "Enter the payer's id at the clearinghouse.",
        )
        return
    if context.payer_served(coverage.payer_id) is False:
        yield Fault(
            f"{at}/payerId",
            "This payer is marked as not served.",
            "Bill it another way, or change the payer's record if that is no longer true.",
            value=coverage.payer_id,
        )
    if coverage.payer_name is None:
        yield Fault(
            f"{at}/payerName",
            "The coverage gives the payer's id without its name, and a claim carries both.",
            "Enter the payer's name.",
            Place("2010BB", "NM1", "03"),
        )


_WORDS = {"address": "address", "dateOfBirth": "date of birth", "gender": "gender"}


def _billed(claim: Claim) -> str:
    """The pointer of the coverage that this claim asks."""
    positions = [c.responsibility for c in claim.encounter.coverages]
    return f"/coverages/{positions.index(claim.responsibility)}"


def _name(person: Person) -> tuple[str, str]:
    return person.last_name.upper(), (person.first_name or "").upper()


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


EDITS = (member_id, subscriber_and_patient, dates_of_birth, payer_order, payer)
