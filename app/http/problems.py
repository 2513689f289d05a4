"""Errors as application/problem+json (api.md 2.4): one table of kinds, one way to answer.

Nothing a caller sent is repeated: sentences are ours, and what the framework would echo is
thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from app.documents.problem import Problem, plain_path, pointer
from app.documents.problem_json import ERRORS_AT, ErrorItem, ProblemDocument, error_items
from app.domain.errors import Conflict, NotFound

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class _Row:
    type: str
    status: int
    title: str
    retryable: bool = False


class Kind(Enum):
    """What can go wrong, as far as a caller can act on it."""

    INVALID_REQUEST = _Row("invalid-request", 400, "The request is not valid")
    UNAUTHENTICATED = _Row("unauthenticated", 401, "No valid API key came with the request")
    FORBIDDEN = _Row("forbidden", 403, "The API key may not do this")
    NOT_FOUND = _Row("not-found", 404, "There is nothing here")
    METHOD_NOT_ALLOWED = _Row("method-not-allowed", 405, "The path does not know this method")
    CONFLICT = _Row("conflict", 409, "The present state does not allow this")
    IN_FLIGHT = _Row("request-in-flight", 409, "The same request is being carried out", True)
    PRECONDITION_FAILED = _Row("precondition-failed", 412, "It is not what it was when it was read")
    TOO_LARGE = _Row("payload-too-large", 413, "The body is too large")
    UNSUPPORTED_MEDIA = _Row("unsupported-media-type", 415, "The body is of the wrong kind")
    KEY_REUSED = _Row("idempotency-key-reused", 422, "The key stands for another request")
    INTERNAL = _Row("internal-error", 500, "Something went wrong on our side", True)
    UNAVAILABLE = _Row("unavailable", 503, "Not ready to work", True)


class ApiProblem(Exception):
    """Ends a request with a problem answer; `detail` and `errors` hold no caller's data."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[ErrorItem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(detail)


def refused(problems: list[Problem]) -> ApiProblem:
    """The answer to a body whose shape is wrong."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ApiProblem(
        Kind.INVALID_REQUEST,
        f"The body has {count}; nothing was stored.",
        errors=error_items(problems),
    )


def answer(problem: ApiProblem, *, request_id: str) -> Response:
    """The problem as an HTTP answer."""
    row = problem.kind.value
    document = ProblemDocument(
        type=f"{ERRORS_AT}/{row.type}",
        title=row.title,
        status=row.status,
        detail=problem.detail,
        instance=f"/v1/requests/{request_id}",
        code=row.type.replace("-", "_"),
        request_id=request_id,
        retryable=row.retryable,
        errors=problem.errors,
    )
    return Response(
        document.model_dump_json(by_alias=True, exclude_none=True),
        status_code=row.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def install(app: FastAPI) -> None:
    """Make every error of the application a problem answer."""

    def ours(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, ApiProblem)
        return answer(problem, request_id=request.state.request_id)

    def not_found(request: Request, fault: Exception) -> Response:
        return ours(request, ApiProblem(Kind.NOT_FOUND, _capital(str(fault))))

    def conflict(request: Request, fault: Exception) -> Response:
        return ours(request, ApiProblem(Kind.CONFLICT, _capital(str(fault))))

    def of_parameters(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, RequestValidationError)
        return ours(request, _parameters(fault))

    def of_framework(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        kind, detail = _FRAMEWORK.get(
            fault.status_code, (Kind.INVALID_REQUEST, "The request cannot be read.")
        )
        return ours(request, ApiProblem(kind, detail, headers=fault.headers))

    app.add_exception_handler(ApiProblem, ours)
    app.add_exception_handler(NotFound, not_found)
    app.add_exception_handler(Conflict, conflict)
    app.add_exception_handler(RequestValidationError, of_parameters)
    app.add_exception_handler(HTTPException, of_framework)


_FRAMEWORK = {
    404: (Kind.NOT_FOUND, "No such path; /openapi.json lists those there are."),
    405: (Kind.METHOD_NOT_ALLOWED, "This path takes other methods; the Allow header lists them."),
}

# The framework's error types that can reach us, in our words; its own repeat what was sent.
_PARAMETER_SENTENCES = {
    "missing": "This parameter is required.",
    "int_parsing": "An integer is expected here.",
    "greater_than_equal": "This number is too small.",
    "less_than_equal": "This number is too large.",
    "string_too_long": "This text is too long.",
    "string_pattern_mismatch": "This text holds characters that no such value has.",
    "enum": "One of the values that /openapi.json lists is expected here.",
}


def _parameters(fault: RequestValidationError) -> ApiProblem:
    items = []
    for error in fault.errors():
        place, *path = error["loc"]
        items.append(
            ErrorItem(
                code=error["type"],
                message=_PARAMETER_SENTENCES.get(error["type"], "This value is not valid here."),
                parameter=".".join(map(str, path)) if place != "body" else None,
                pointer=pointer(plain_path(path)) if place == "body" else None,
            )
        )
    return ApiProblem(Kind.INVALID_REQUEST, "A parameter is not valid.", errors=items)


def _capital(sentence: str) -> str:
    text = sentence[:1].upper() + sentence[1:]
    return text if text.endswith(".") else f"{text}."
