"""What an edit says about an encounter, with its place in JSON, X12 and on the form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error holds the claim, a warning informs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one edit (api.md 2.4 `errors`); texts name places, never a patient's data."""

    rule_id: str  # CLM02, of validation.md section 6
    severity: Severity
    snip_type: int
    pointer: str  # JSON pointer into the encounter
    message: str
    fix: str | None = None
    loop: str | None = None
    segment: str | None = None
    element: str | None = None
    form_box: str | None = None
    value: str | None = None  # only of fields that are not PHI
    expected: str | None = None


def blocking(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Whether any finding holds the claim."""
    return any(f.severity is Severity.ERROR for f in findings)


# Findings of the writer (app/x12/claim_837.py): what no edit can see before the 837 is written.
WRITING_RULES: dict[str, str] = {
    "ENV04": "No value holds a delimiter of the partner or a character outside its character set.",
    "ENV06": "The claim fits the implementation guide: lengths, codes and what must be present.",
    "ENV09": "A second validator (pyx12) finds no fault, where the partner's profile says `block`.",
}
