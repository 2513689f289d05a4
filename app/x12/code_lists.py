"""Codes of HI and the lists they are of, both ways for every kind of 837: ICD-10 unless the code
names another list, so that no code changes its list between reading and writing (837.md 4.1, 5, 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.claim_details import Diagnosis
from app.x12.parts_837 import MissingMember
from edi.segments import HI, HealthCode

CodeLists = Mapping[str | None, str]  # C022-1 by the list
ICD10, ICD9, SNODENT, ABC = None, "ICD9", "SNODENT", "ABC"

# By the part the codes play in the claim.
PRINCIPAL: CodeLists = {ICD10: "ABK", ICD9: "BK", SNODENT: "TQ"}
OTHER: CodeLists = {ICD10: "ABF", ICD9: "BF", SNODENT: "TQ"}
ADMITTING: CodeLists = {ICD10: "ABJ", ICD9: "BJ"}
REASONS: CodeLists = {ICD10: "APR", ICD9: "PR"}
CAUSES: CodeLists = {ICD10: "ABN", ICD9: "BN"}
PROCEDURE: CodeLists = {ICD10: "BBR", ICD9: "BR", ABC: "CAH"}
PROCEDURES: CodeLists = {ICD10: "BBQ", ICD9: "BQ"}


def qualifier_of(part: CodeLists, list_of_code: str | None, *, at: str) -> str:
    """The qualifier, or MissingMember at the code whose list has no place in this part."""
    if list_of_code not in part:
        raise MissingMember(f"{at}/codeList")
    return part[list_of_code]


def list_of(part: CodeLists, qualifier: str) -> str | None:
    """The list behind a qualifier of this part."""
    return next(name for name, known in part.items() if known == qualifier)


def codes_of(loop: Any, *parts: CodeLists) -> list[HealthCode]:
    """The codes of a 2300 that play one of these parts, in their order."""
    known = {qualifier for part in parts for qualifier in part.values()}
    return [code for hi in loop.health_codes for code in hi.codes if code.qualifier in known]


def diagnoses_by(diagnoses: Sequence[Diagnosis], *, most: int) -> list[HI]:
    """The principal one first, all in their one HI; one more than fits is a fault of the edits."""
    if len(diagnoses) > most:
        raise MissingMember(f"/diagnoses/{most}")
    codes = [
        HealthCode(
            qualifier=qualifier_of(OTHER if n else PRINCIPAL, d.code_list, at=f"/diagnoses/{n}"),
            code=d.code,
        )
        for n, d in enumerate(diagnoses)
    ]
    return [HI(codes=codes)] if codes else []


def diagnoses_of(loop: Any) -> tuple[Diagnosis, ...]:
    """The diagnoses of a 2300: principal, then the others, as they stand."""
    return tuple(
        Diagnosis(
            code.code,
            code.present_on_admission,
            list_of(PRINCIPAL if code.qualifier in PRINCIPAL.values() else OTHER, code.qualifier),
        )
        for code in codes_of(loop, PRINCIPAL, OTHER)
    )
