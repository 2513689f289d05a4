"""A code list as JSON: the codes that a practice loads beside those we ship, and their days."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field, ValidationError

from app.documents import fields as f
from app.documents.answers import Answer, Day
from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json
from app.domain.payment_codes import DatedCode


class DatedCodeDocument(Document):
    """One code; without days it was and is always in use."""

    model_config = ConfigDict(title="DatedCode")

    code: f.Text80
    valid_from: f.Maybe[f.Day] = None
    valid_to: f.Maybe[f.Day] = None  # the last day


class CodeListDocument(Document):
    """All codes of a list that a practice adds; those that stood before are replaced."""

    model_config = ConfigDict(title="CodeList")

    items: list[DatedCodeDocument] = Field(max_length=20_000)


class DatedCodeAnswer(Answer):
    """A code that was loaded."""

    code: str
    valid_from: Day | None
    valid_to: Day | None

    @classmethod
    def of(cls, told: DatedCode) -> DatedCodeAnswer:
        return cls(
            code=told.code,
            valid_from=None if told.since == date.min else told.since,
            valid_to=None if told.until == date.max else told.until,
        )


def read_codes(raw: bytes) -> tuple[list[DatedCode], list[Problem]]:
    """The codes, or what is wrong with the document."""
    content, problems = read_json(raw)
    if problems:
        return [], problems
    try:
        told = CodeListDocument.model_validate(content)
    except ValidationError as refused:
        return [], shape_problems(refused)
    return [
        DatedCode(
            code=each.code.upper(),
            since=each.valid_from or date.min,
            until=each.valid_to or date.max,
        )
        for each in told.items
    ], []
