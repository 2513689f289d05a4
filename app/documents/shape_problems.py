"""What the models found wrong, as problems in our own words.

The sentences of pydantic's own error types are filled in from our declarations alone, never from
the text that was read.
"""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.documents.fields import SHAPES
from app.documents.problem import Problem, plain_path, pointer

_SENTENCES = {
    "missing": "This member is required.",
    "extra_forbidden": "This member is not known here; docs/schema lists those there are.",
    "string_type": "A JSON string is expected here.",
    "int_type": "A JSON integer is expected here.",
    "bool_type": "true or false is expected here.",
    "list_type": "A JSON array is expected here.",
    "model_type": "A JSON object is expected here.",
    "string_too_short": "At least {min_length} characters are expected here.",
    "string_too_long": "At most {max_length} characters fit here.",
    "too_short": "At least {min_length} are expected here.",
    "too_long": "At most {max_length} fit here.",
    "greater_than_equal": "A number of {ge} or more is expected here.",
    "less_than_equal": "A number of {le} or less is expected here.",
    "union_tag_not_found": "The member {discriminator} says which kind it is, and is missing.",
    "union_tag_invalid": "One of {expected_tags} is expected in {discriminator}.",
    "literal_error": "One of {expected} is expected here.",
}


def shape_problems(refused: ValidationError) -> list[Problem]:
    """Every fault the models found, in the order of their members."""
    return [_problem(error) for error in refused.errors(include_url=False, include_input=False)]


def _problem(error: ErrorDetails) -> Problem:
    code = error["type"]
    context = error.get("ctx", {})
    if code == "string_pattern_mismatch":
        message = f"Expected here: {SHAPES[context['pattern']]}."
    elif code in _SENTENCES:
        message = _SENTENCES[code].format(**context)
    elif not context:  # our own PydanticCustomError, whose sentences are fixed
        message = error["msg"]
    else:
        raise AssertionError(f"no sentence for the error type {code}")
    return Problem(pointer(plain_path(error["loc"])), code, message)
