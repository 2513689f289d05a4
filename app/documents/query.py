"""The types of query parameters. One that is given without a value is absent."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.documents.fields import Maybe
from app.domain.appeal import AppealState
from app.domain.denial_categories import Category
from app.domain.lifecycle import Stage, Status
from app.domain.reassociation import Reassociation
from app.domain.remittance import PaymentState
from app.domain.task import TaskStatus, TaskType
from app.domain.underpayment import Finding, State

__all__ = [
    "ControlNumber",
    "OneAppealState",
    "OneCategory",
    "OneDay",
    "OneFinding",
    "OnePaymentReason",
    "OnePaymentState",
    "OneReassociation",
    "OneScenario",
    "OneStage",
    "OneState",
    "OneStatus",
    "OneTaskStatus",
    "OneTaskType",
    "OneUnderpaymentState",
    "OneVersion",
    "OnlyOpen",
    "PageLength",
    "PublicId",
    "RowName",
    "Token",
    "Word",
]


class OpenOrClosed(StrEnum):
    """Whether something is still to be worked."""

    OPEN = "open"
    CLOSED = "closed"


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
OneCategory = Maybe[Category]
OneAppealState = Maybe[AppealState]
OneTaskStatus = Maybe[TaskStatus]
OneTaskType = Maybe[TaskType]
OneFinding = Maybe[Finding]
OneUnderpaymentState = Maybe[State]
OneScenario = Maybe[Annotated[int, Field(ge=1, le=4)]]
OneState = Maybe[OpenOrClosed]
OneDay = Maybe[date]
OneVersion = Maybe[Annotated[int, Field(ge=1, le=1_000_000)]]
Word = Maybe[Annotated[str, Field(max_length=80, pattern=r"^[\x20-\x7e]*$")]]
PageLength = Maybe[Annotated[int, Field(ge=1, le=500)]]
Token = Maybe[Annotated[str, Field(max_length=64)]]
