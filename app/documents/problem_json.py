"""Errors as application/problem+json (RFC 9457, api.md 2.4), and findings in the same shape."""

from __future__ import annotations

from collections.abc import Iterable

from app.documents.answers import Answer
from app.documents.problem import Problem
from app.domain.finding import Finding

ERRORS_AT = "https://errors.claimloop"  # names the type; nothing needs to answer there


class ErrorItem(Answer):
    """One fault: of shape (`code`) or of meaning (`ruleId`), with its place."""

    rule_id: str | None = None
    code: str | None = None
    severity: str = "error"
    snip_type: int | None = None
    pointer: str | None = None
    parameter: str | None = None  # of the query, where the fault is there
    line: int | None = None
    column: int | None = None
    loop: str | None = None
    segment: str | None = None
    element: str | None = None
    form_box: str | None = None
    message: str
    value: str | None = None
    expected: str | None = None
    fix: str | None = None
    docs: str | None = None


class FindingDocument(Answer):
    """One result of one edit."""

    rule_id: str
    severity: str
    snip_type: int
    pointer: str
    loop: str | None
    segment: str | None
    element: str | None
    form_box: str | None
    message: str
    value: str | None
    expected: str | None
    fix: str | None
    docs: str

    @classmethod
    def of(cls, finding: Finding) -> FindingDocument:
        return cls(
            rule_id=finding.rule_id,
            severity=finding.severity.value,
            snip_type=finding.snip_type,
            pointer=finding.pointer,
            loop=finding.loop,
            segment=finding.segment,
            element=finding.element,
            form_box=finding.form_box,
            message=finding.message,
            value=finding.value,
            expected=finding.expected,
            fix=finding.fix,
            docs=f"docs/edits.md#{finding.rule_id.lower()}",
        )


class FindingsDocument(Answer):
    """What POST /v1/claims:validate answers."""

    findings: list[FindingDocument]


class ProblemDocument(Answer):
    """An error answer; `detail` and `errors` never hold a patient's data."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    retryable: bool
    errors: list[ErrorItem]


def error_items(problems: Iterable[Problem]) -> list[ErrorItem]:
    """Problems of shape as items of `errors`."""
    return [
        ErrorItem(code=p.code, pointer=p.pointer, message=p.message, line=p.line, column=p.column)
        for p in problems
    ]
