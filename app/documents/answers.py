"""What all JSON given out has in common: camelCase members, money as text, instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from app.domain.money import money_text

T = TypeVar("T")


class Answer(BaseModel):
    """A JSON object of ours; made by field names, written with camelCase ones."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=False,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
    )


class Page(Answer, Generic[T]):
    """A list, and the token of its next part if there is one."""

    items: list[T]
    next_page_token: str | None = None


class Items(Answer, Generic[T]):
    """A list that is always whole."""

    items: list[T]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Money = Annotated[
    Decimal,
    PlainSerializer(money_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}),
]
Instant = Annotated[
    datetime,
    PlainSerializer(_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    date,
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
