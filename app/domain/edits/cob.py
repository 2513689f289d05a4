"""Other payers and what they decided: COB01, COB02, and Medicare behind another payer: SUB05."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.domain.claim import Claim
from app.domain.edits.edit import Fault, Place, ScrubContext, edit
from app.domain.encounter import ClaimType, Coverage
from app.domain.money import ZERO, money_text
from app.domain.other_payer import LineDecision, PriorAdjustment

_MEDICARE = frozenset({"MA", "MB"})
_LINE = Place("2430", "SVD", "02")


@edit(
    "SUB05",
    snip=4,
    place=Place("2000B", "SBR", "05"),
    rule="Medicare that is not the first payer comes with the reason (insuranceTypeCode).",
    claim_types=[ClaimType.PROFESSIONAL],
)
def medicare_secondary(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverage = claim.coverage
    behind = any(c.rank < coverage.rank for c in claim.encounter.coverages)
    if behind and coverage.claim_filing_code in _MEDICARE and not coverage.insurance_type_code:
        yield Fault(
            f"/coverages/{_index(claim, coverage)}/insuranceTypeCode",
            "The claim goes to Medicare behind another payer and does not say why.",
            "Enter the reason, such as 12 (working aged) or 43 (disabled).",
        )


@edit(
    "COB01",
    snip=3,
    place=Place("2320", "AMT", "02", "29"),
    rule="Each payer before the one asked has decided, or never covers this; what it paid and "
    "adjusted makes the charge of the claim, and of each line it decided on.",
)
def prior_decisions(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    asked = claim.coverage
    if asked.settled:
        yield Fault(
            f"/coverages/{_index(claim, asked)}",
            "This payer has decided already, or never covers this, and no other is left to ask.",
            "Add the coverage that is to be asked next, or leave the decision out.",
            Place("2000B", "SBR", "01"),
        )
    for index, coverage in enumerate(claim.encounter.coverages):
        at = f"/coverages/{index}"
        if coverage is asked:
            continue
        if coverage.rank < asked.rank and not coverage.settled:
            yield Fault(
                f"{at}/decision",
                f"The payer in position {coverage.responsibility} comes first and has not decided.",
                "Enter its decision, or ask it first.",
                Place("2320", "AMT", "02"),
            )
        if coverage.settled:
            yield from _unnamed(coverage, at)
        if coverage.decision is not None:
            yield from _balance(claim, coverage, at)


@edit(
    "COB02",
    snip=4,
    place=Place("2430", "SVD", "01"),
    rule="A line's decision names another coverage's payer, which no second coverage has; each "
    "payer's decision has one date, and a bundled line is a line of the claim.",
)
def decisions_of_lines(claim: Claim, context: ScrubContext) -> Iterator[Fault]:
    coverages = claim.encounter.coverages
    others = [c.payer_id for c in coverages if c is not claim.coverage]
    decided_lines = set()
    for number, line in enumerate(claim.lines):
        for position, decision in enumerate(line.decisions):
            at = f"/serviceLines/{number}/decisions/{position}"
            decided_lines.add(decision.payer_id)
            if decision.payer_id not in others:
                yield Fault(
                    f"{at}/payerId",
                    f"Line {number + 1} has a decision of a payer that is no other coverage's.",
                    "Enter the payerId of the coverage whose payer decided.",
                )
            if decision.bundled_line is not None and not 1 <= decision.bundled_line <= len(
                claim.lines
            ):
                yield Fault(
                    f"{at}/bundledLine",
                    f"Line {number + 1} was bundled into a line that the claim does not have.",
                    "Enter the number of the line, counted from 1.",
                    Place("2430", "SVD", "06"),
                )
    for index, coverage in enumerate(coverages):
        if coverage is claim.coverage or coverage.decision is None or coverage.payer_id is None:
            continue
        if [c.payer_id for c in coverages].count(coverage.payer_id) > 1:
            yield Fault(
                f"/coverages/{index}/payerId",
                "Two coverages have this payer id, so nobody can tell whose decision a line has.",
                "Enter the id by which the payer tells the two plans apart.",
                Place("2330B", "NM1", "09"),
                value=coverage.payer_id,
            )
        if coverage.payer_id not in decided_lines and coverage.decision.decided_on is None:
            yield Fault(
                f"/coverages/{index}/decision/decidedOn",
                "The payer's decision has no date, neither here nor on a line.",
                "Enter the date of its remittance.",
                Place("2330B", "DTP", "03"),
            )


def _unnamed(coverage: Coverage, at: str) -> Iterator[Fault]:
    """What 2330A and 2330B must say of a payer that has been asked."""
    for member, value, place in (
        ("payerId", coverage.payer_id, Place("2330B", "NM1", "09")),
        ("payerName", coverage.payer_name, Place("2330B", "NM1", "03", "9d")),
        ("memberId", coverage.member_id, Place("2330A", "NM1", "09", "9a")),
        (
            "subscriber",
            coverage.patient_is_subscriber or coverage.subscriber,
            Place("2330A", "NM1", "03", "9"),
        ),
    ):
        if not value:
            yield Fault(
                f"{at}/{member}",
                f"The next payer is told of this one, and {member} is missing.",
                "Enter it as that payer has it.",
                place,
            )


def _balance(claim: Claim, coverage: Coverage, at: str) -> Iterator[Fault]:
    """837.md section 7: the equations that the payer asked will run."""
    decision = coverage.decision
    assert decision is not None
    if coverage.never_covers:
        yield Fault(
            f"{at}/neverCovers",
            "This payer has decided, and is said never to cover this.",
            "Leave out one of the two.",
            Place("2320", "AMT", "02"),
        )
    by_lines = ZERO
    for number, line in enumerate(claim.lines):
        own = [d for d in line.decisions if d.payer_id == coverage.payer_id]
        by_lines += (adjusted := _adjusted_by(own))
        made = sum((d.paid for d in own), ZERO) + adjusted
        if own and made != line.charge:
            yield Fault(
                f"/serviceLines/{number}/decisions",
                f"The payer in position {coverage.responsibility} accounts for {money_text(made)} "
                f"of line {number + 1}, which charges {money_text(line.charge)}.",
                "Compare what it paid and adjusted with its remittance.",
                _LINE,
                value=money_text(made),
                expected=money_text(line.charge),
            )
    total = claim.encounter.total_charge
    made = decision.paid + _sum(decision.adjustments) + by_lines
    if made != total:
        yield Fault(
            f"{at}/decision",
            f"The payer in position {coverage.responsibility} accounts for {money_text(made)} of "
            f"the claim, which charges {money_text(total)}.",
            "What it paid, and all its adjustments of claim and lines, make the total charge.",
            value=money_text(made),
            expected=money_text(total),
        )


def _adjusted_by(decisions: Iterable[LineDecision]) -> Decimal:
    return sum((_sum(d.adjustments) for d in decisions), ZERO)


def _sum(adjustments: Iterable[PriorAdjustment]) -> Decimal:
    return sum((a.amount for a in adjustments), ZERO)


def _index(claim: Claim, coverage: Coverage) -> int:
    return next(i for i, c in enumerate(claim.encounter.coverages) if c is coverage)


EDITS = (medicare_secondary,)
COB_EDITS = (prior_decisions, decisions_of_lines)
