"""Pages of long lists: opaque tokens that say behind which row the next page begins.

A token names a row and not a number of rows, so a list that grows meanwhile neither skips nor
repeats one.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

from app.documents.problem_json import ErrorItem
from app.documents.query import PageLength, Token
from app.http.problems import ApiProblem, Kind

T = TypeVar("T")

PageSize = Annotated[PageLength, Query(alias="pageSize")]
PageToken = Annotated[Token, Query(alias="pageToken")]

DEFAULT_SIZE = 100


def after_id(token: str | None) -> UUID | None:
    """The id behind which the page begins; raises ApiProblem for a token that is not ours."""
    content = _content(token)
    if content is None:
        return None
    if len(content) != 16:
        raise _foreign()
    return UUID(bytes=content)


def after_ordinal(token: str | None) -> int:
    """The ordinal behind which the page begins; 0 for the first page."""
    content = _content(token)
    if content is None:
        return 0
    if len(content) != 8:
        raise _foreign()
    return int.from_bytes(content, "big")


def after_key(token: str | None) -> tuple[int, UUID] | None:
    """Sort key and id behind which the page of a sorted list begins."""
    content = _content(token)
    if content is None:
        return None
    if len(content) != 24:
        raise _foreign()
    return int.from_bytes(content[:8], "big", signed=True), UUID(bytes=content[8:])


def page(rows: Sequence[T], size: int) -> tuple[Sequence[T], T | None]:
    """Of `size` + 1 rows asked for: those to show, and the last of them if there are more."""
    shown = rows[:size]
    return shown, shown[-1] if len(rows) > size else None


def token_of(row: UUID | int) -> str:
    """The token of the page behind that row."""
    content = row.bytes if isinstance(row, UUID) else row.to_bytes(8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token_of_key(key: int, row: UUID) -> str:
    """The token of the page behind the row of that sort key and id."""
    content = key.to_bytes(8, "big", signed=True) + row.bytes
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _content(token: str | None) -> bytes | None:
    if not token:
        return None
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise _foreign() from None


def _foreign() -> ApiProblem:
    return ApiProblem(
        Kind.INVALID_REQUEST,
        "A parameter is not valid.",
        errors=[
            ErrorItem(
                code="page_token",
                parameter="pageToken",
                message="This is not a nextPageToken of this list; begin without one.",
            )
        ],
    )
