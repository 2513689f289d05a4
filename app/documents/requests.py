"""A body of JSON as its document, or every problem of its shape."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from app.documents.fields import Document
from app.documents.problem import Problem
from app.documents.shape_problems import shape_problems
from app.documents.strict_json import read_json

D = TypeVar("D", bound=Document)


def read_body(kind: type[D], raw: bytes) -> D | list[Problem]:
    """An empty body is an empty object."""
    value, problems = read_json(raw if raw.strip() else b"{}")
    if problems:
        return problems
    try:
        return kind.model_validate(value)
    except ValidationError as refused:
        return shape_problems(refused)
