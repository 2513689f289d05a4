"""The types of query parameters. One that is given without a value is absent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.documents.fields import Maybe
from app.domain.lifecycle import Stage, Status
from app.domain.reassociation import Reassociation
from app.domain.remittance import PaymentState

__all__ = [
    "ControlNumber",
    "OnePaymentReason",
    "OnePaymentState",
    "OneReassociation",
    "OneStage",
    "OneStatus",
    "OnlyOpen",
    "PageLength",
    "PublicId",
    "RowName",
    "Token",
]

# What CLM01 can hold at all (DE 1028); PostgreSQL refuses to compare with a NUL character.
ControlNumber = Maybe[Annotated[str, Field(max_length=38, pattern=r"^[\x20-\x7e]*$")]]
OneStage = Maybe[Stage]
OnePaymentState = Maybe[PaymentState]
OnePaymentReason = Maybe[Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")]]
PublicId = Maybe[Annotated[str, Field(max_length=40)]]
OneStatus = Maybe[Status]
OneReassociation = Maybe[Reassociation]
OnlyOpen = bool
RowName = Maybe[Annotated[str, Field(max_length=40)]]
PageLength = Maybe[Annotated[int, Field(ge=1, le=500)]]
Token = Maybe[Annotated[str, Field(max_length=64)]]
